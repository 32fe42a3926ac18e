"""Awards and the money of towns: from the letter to the figures, and every refusal beside its form."""

from datetime import date

import pytest

from events.models import Event
from subsidies.models import Advance, Award, Ceiling, LocalScheme, TownRule, WageBenefit
from tests import build, build_pay, build_work
from tests.subsidies.claimed import APRIL, AT, paid, sent

pytestmark = pytest.mark.django_db
AWARDS, MONEY = "/kantoor/beschikkingen/", "/kantoor/gemeentegeld/"


@pytest.fixture
def office(visitor):
    build.organisation(iban=build_pay.ORGANISATION)
    return visitor(build.member("payroll"), at=AT)


def letter(worker, **facts):
    return {
        "worker": worker.ref, "municipality": build.municipality().ref, "route": "measured", "wage_value": "40", "week_hours": "24",
        "from_on": "2026-04-01", "until_on": "", "letter": "LKS-9", **facts,
    }  # fmt: skip


def test_an_award_is_copied_from_its_letter(office):
    worker = build_work.worker()
    build_pay.worker_file(worker)

    office.post(f"{AWARDS}nieuw/", letter(worker))

    award = Award.objects.get()
    assert (award.week_minutes, award.base_on, award.letter) == (24 * 60, APRIL, "LKS-9")
    text = office.get(AWARDS).content.decode()
    assert "LKS-9" in text
    assert "11.016,99" in text  # nine months of 1,224.11


@pytest.mark.parametrize(
    "wrong", [{"wage_value": ""}, {"until_on": "2026-03-01"}, {"week_hours": "0"}, {"wage_value": "101"}]
)
def test_a_letter_that_cannot_be_is_shown_again_with_what_was_typed(office, wrong):
    text = office.post(f"{AWARDS}nieuw/", letter(build_work.worker(), **wrong)).content.decode()

    assert 'value="LKS-9"' in text
    assert not Award.objects.exists()


def test_a_decision_follows_a_running_one(office):
    award = build_pay.award(build_work.worker(), wage_value=None)
    facts = {"wage_value": "60", "week_hours": "24", "from_on": "2026-07-01", "until_on": "", "letter": "M-1"}

    office.post(f"{AWARDS}{award.ref}/volgende/", facts)

    assert list(Award.objects.order_by("from_on").values_list("letter", flat=True))[1] == "M-1"
    assert (
        "niet op die dag"
        in office.post(f"{AWARDS}{award.ref}/volgende/", {**facts, "from_on": "2026-09-01"}).content.decode()
    )


def test_a_contract_without_money_says_why(office):
    award = build_pay.award(build_work.worker(), week_minutes=60)
    build_pay.worker_file(award.worker)
    office.post(f"{MONEY}nieuw/plafond/", {
        "municipality": build.municipality().ref, "source": "lks", "year": "2026", "amount": "100", "letter": "P-1",
    })  # fmt: skip
    assert Ceiling.objects.get().cents == 100_00

    text = office.post(f"{AWARDS}{award.ref}/contract/", {
        "week_hours": "24", "wanted_hours": "24", "from_on": "2026-12-07", "wage_value": "40",
    }).content.decode()  # fmt: skip

    assert "kan niet beginnen" in text
    assert award.worker.contracts.count() == 1


def test_what_ends_soon_stands_on_top(office):
    build_pay.award(build_work.worker(), until_on=date(2026, 12, 31))
    assert "Vraag een nieuwe beschikking" in office.get(AWARDS).content.decode()


def test_who_reads_wage_values_is_written_down(office):
    office.get(AWARDS)
    assert Event.objects.filter(kind="wagevalue.read").count() == 1


def test_a_year_the_lawbook_does_not_know_is_said(office):
    worker = build_work.worker()
    build_pay.worker_file(worker)
    build_pay.award(worker)
    assert "2027-01-01" in office.get(AWARDS, {"jaar": "2027"}).content.decode()


def test_a_wage_benefit_is_noted_once(office):
    facts = {"worker": build_work.worker().ref, "group": "disabled", "from_on": "2026-01-01", "statement": ""}
    assert "doelgroepverklaring" in office.post(f"{AWARDS}voordeel/", facts).content.decode()

    office.post(f"{AWARDS}voordeel/", {**facts, "statement": "D-1"})

    assert WageBenefit.objects.get().group == "disabled"


class TestTownMoney:
    def scheme(self, office, figures="cents_per_hour = 250\nmost_cents = 10000"):
        return office.post(f"{MONEY}nieuw/regeling/", {
            "municipality": build.municipality().ref, "kind": "by_law", "name": "Wijkgeld", "figures": figures,
            "from_on": "2026-01-01", "until_on": "", "letter": "B-1",
        })  # fmt: skip

    def test_a_scheme_is_a_row_and_is_asked_with_one_button(self, office):
        paid(build.member("payroll"), date(2026, 11, 1), 17)
        self.scheme(office)
        row = LocalScheme.objects.get()
        office.post(f"{MONEY}regeling/{row.ref}/vragen/", {"maand": "2026-11-01"})

        text = office.get(MONEY).content.decode()
        assert "7,50" in text

        office.post(f"{MONEY}bedrag/{row.grants.get().ref}/geweigerd/", {"reden": "te laat"})
        assert "te laat" in office.get(MONEY).content.decode()

    @pytest.mark.parametrize(
        "figures", ["cents_per_hour", "cents_per_hour = x", "cents_per_hour = 1", "a = 1\nb = 2"]
    )
    def test_figures_that_the_scheme_does_not_ask_are_shown_again(self, office, figures):
        assert "Wijkgeld" in self.scheme(office, figures).content.decode()
        assert not LocalScheme.objects.exists()

    def test_an_advance_pays_a_claim_only_when_it_came_in(self, office):
        officer = build.member("payroll")
        build_pay.award(paid(officer, APRIL))
        claim = sent(officer, APRIL)
        office.post(f"{MONEY}nieuw/voorschot/", {
            "municipality": build.municipality().ref, "amount": "1000", "from_on": "2026-01-01", "until_on": "2026-07-01", "letter": "V",
        })  # fmt: skip
        facts = {"advance": Advance.objects.get().ref, "claim": claim.ref, "amount": "500"}
        text = office.post(f"{MONEY}nieuw/verrekening/", facts).content.decode()

        assert "Zoveel staat er niet meer open" in text
        assert 'value="500"' in text

    def test_how_a_town_counts_hours_is_a_dated_row(self, office):
        facts = {
            "municipality": build.municipality().ref,
            "hours": "paid",
            "from_on": "2026-04-01",
            "letter": "U",
        }
        office.post(f"{MONEY}nieuw/uren/", facts)
        assert TownRule.objects.get().hours == "paid"
        assert "begint al" in office.post(f"{MONEY}nieuw/uren/", facts).content.decode()

    @pytest.mark.parametrize(
        "what", ["plafond", "regeling", "traject", "voorschot", "verrekening", "terugvordering", "uren"]
    )
    def test_every_form_opens(self, office, what):
        assert office.get(f"{MONEY}nieuw/{what}/").status_code == 200

    def test_what_does_not_exist_is_not_found(self, office):
        assert office.get(f"{MONEY}nieuw/iets/").status_code == 404
