"""Social return and fair competition on their pages: from the letter to the paper, refusals beside the field."""

import pytest

from events.models import Event
from subsidies.fair_models import AidRow, DisplacementCheck, MarketSample, RefusedWork
from subsidies.models import SocialContract, SocialPlacement
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db
HERE, FAIR = "/kantoor/social-return/", "/kantoor/concurrentie/"


@pytest.fixture
def office(visitor):
    build.organisation()
    return visitor(build.member("payroll"), at=NOON)


def contract(office, **facts):
    firm = build.firm()
    asked = {
        "customer": firm.ref, "municipality": build.municipality().ref, "number": "SR-7", "amount": "1000000", "from_on": "2026-07-01",
        "until_on": "2027-01-01", **facts,
    }  # fmt: skip
    return office.post(f"{HERE}nieuw/", asked)


def test_t19_from_the_contract_to_the_statement(office):
    contract(office)
    row = SocialContract.objects.get()
    placed = {
        "worker": build_work.worker("Samira Geheim").ref, "category": "participatiewet", "week_hours": "24", "from_on": "2026-07-01",
        "until_on": "2027-01-01", "proof": "urenlijst",
    }  # fmt: skip
    office.post(f"{HERE}{row.ref}/iemand/", placed)
    text = office.get(f"{HERE}{row.ref}/").content.decode()

    assert SocialPlacement.objects.get().week_minutes == 24 * 60
    for amount in ("50.000,00", "13.333,33", "36.666,67"):
        assert amount in text
    assert "Samira" not in text
    assert "Laat uren van iemand meetellen" in text
    assert "36666.67" in office.get(f"{HERE}{row.ref}/", {"vorm": "csv"}).content.decode()
    assert office.get(f"{HERE}{row.ref}/", {"vorm": "pdf"}).content.startswith(b"%PDF")
    assert "SR-7" in office.get(HERE).content.decode()
    assert Event.objects.filter(kind="wagevalue.read").count() == 4

    twice = office.post(f"{HERE}{row.ref}/iemand/", {**placed, "from_on": "2026-08-01"}).content.decode()
    assert "tellen al voor een ander contract" in twice
    assert 'value="urenlijst"' in twice


@pytest.mark.parametrize("wrong", [{"amount": "99999"}, {"until_on": "2026-07-01"}, {"number": ""}])
def test_a_contract_that_cannot_be_is_shown_again(office, wrong):
    text = contract(office, **wrong).content.decode()

    assert 'value="2026-07-01"' in text
    assert not SocialContract.objects.exists()


def test_the_table_of_a_town_takes_the_place_of_the_example(office):
    facts = {"municipality": build.municipality().ref, "from_on": "2026-01-01", "letter": "T-1"}
    wrong = office.post(f"{HERE}tabel/", {**facts, "text": "participatiewet"}).content.decode()
    assert "Regel 1" in wrong
    assert "voorbeeldwaarden" in office.get(HERE).content.decode()

    office.post(f"{HERE}tabel/", {**facts, "text": "participatiewet;30000"})

    text = office.get(HERE).content.decode()
    assert "30.000,00" in text
    assert "voorbeeldwaarden" not in text


class TestFairCompetition:
    def test_everything_is_written_down_and_shown(self, office):
        firm, day = build.firm(), "2026-11-02"
        office.post(
            f"{FAIR}nieuw/prijs/",
            {
                "service": build.service().code,
                "kind": "resident",
                "amount": "16",
                "on": day,
                "source": "site",
            },
        )
        office.post(
            f"{FAIR}nieuw/steun/",
            {"customer": "", "giver": "Stad", "amount": "100", "on": day, "letter": "B-1"},
        )
        assert "Nog niet alle bedrijven" in office.get(FAIR).content.decode()
        office.post(f"{FAIR}nieuw/vragenlijst/", {"customer": firm.ref, "council": "none", "on": day})
        text = office.get(FAIR, {"periode": "2026-4"}).content.decode()

        assert MarketSample.objects.get().cents == 16_00
        assert AidRow.objects.get().customer is None
        assert DisplacementCheck.objects.get().customer == firm
        assert "299.900,00" in text
        assert "Nog niet alle bedrijven" not in text
        assert office.get(FAIR, {"vorm": "pdf"}).content.startswith(b"%PDF")
        assert "16,00" in office.get(FAIR, {"vorm": "csv"}).content.decode()

    def test_a_worry_without_words_is_asked_again(self, office):
        facts = {"customer": build.firm().ref, "same_work": "on", "council": "none", "on": "2026-11-02"}
        assert "Een antwoord is een zorg" in office.post(f"{FAIR}nieuw/vragenlijst/", facts).content.decode()
        assert not DisplacementCheck.objects.exists()

    def test_a_coordinator_writes_down_what_was_refused(self, visitor):
        build.service()
        coordinator = visitor(build.member("coordinator", where=build.neighbourhood()), at=NOON)
        facts = {
            "asked_by": "Bouw BV",
            "service": "cleaning",
            "why": "staff",
            "words": "Dit doet de conciërge",
            "on": "2026-11-02",
        }
        answer = coordinator.post(f"{FAIR}geweigerd/", facts)

        assert answer["Location"] == "/kantoor/klanten/"
        assert RefusedWork.objects.get().asked_by == "Bouw BV"
