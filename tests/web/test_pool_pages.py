"""The pool on its pages: hired, kept, away, and never why."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from identity.models import Membership, User
from scheduling.models import Assignment
from tests import build, build_work
from tests.build import NOON
from workers_pool import avoiding, contracts
from workers_pool.models import Absence, NotWith, Worker

pytestmark = pytest.mark.django_db
HIRE = {
    "name": "Ewa N.", "email": "ewa@example.org", "phone": "06 12345678", "postcode": "4818 CK", "house_number": "12",
    "mode": "bike", "languages": ["nl", "pl"], "contract_kind": "fixed", "week_minutes": "24", "wanted_minutes": "20,5",
    "from_on": "2026-11-09", "werk-cleaning": "qualified", "werk-moving": "learner", "week-d0": "9:00-12:00, 13-17",
}  # fmt: skip


@pytest.fixture
def here():
    build.postcode(where=build.neighbourhood())
    return build.neighbourhood()


@pytest.fixture
def office(visitor, here):
    return visitor(build.member("coordinator", where=here))


@pytest.fixture
def worker(here):
    return build_work.worker(where=here)


def change(office, worker, what, **typed):
    address = reverse("office:change-worker", args=[worker.ref, what])
    return office.post(address, {f"{what}-{name}": value for name, value in typed.items()})


class TestHire:
    def test_takes_somebody_on_with_all_that_is_agreed(self, office):
        office.post("/kantoor/medewerkers/nieuw/", HIRE)

        made = Worker.objects.get(user__email="ewa@example.org")
        contract = contracts.contract_on(made, date(2026, 11, 9))
        assert (contract.week_minutes, contract.wanted_minutes) == (1440, 1230)
        assert dict(made.skills.values_list("skill", "level")) == {
            "cleaning": "qualified",
            "moving": "learner",
        }
        assert list(made.availability.values_list("from_minute", "until_minute")) == [(540, 720), (780, 1020)]
        assert Membership.objects.get(user=made.user).role == "worker"
        assert "Ewa N." in office.get("/kantoor/medewerkers/").text

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"postcode": "9999 ZZ"}, "Wij werken nog niet op postcode 9999 ZZ"),
            ({"week_minutes": "0"}, "Kies de uren per week"),
            ({"wanted_minutes": "30"}, "Gewenste uren zijn niet meer"),
            ({"week_minutes": "-4"}, "wijk-field__error"),
            ({"week-d0": "ochtend"}, "Schrijf de tijden zo"),
            ({"week-d0": "17:00-9:00"}, "Het einde is later dan het begin"),
            ({"week-d0": "9-12, 11-14"}, "sluiten op elkaar aan"),
            ({"week-d0": "9-25"}, "Kies per dag een begin"),
            ({"from_on": "ooit"}, "Dit is geen datum"),
            ({"phone": "bel maar"}, "Dit telefoonnummer klopt niet"),
        ],
    )
    def test_keeps_what_was_typed_when_something_is_wrong_and_makes_nobody(self, office, wrong, said):
        answer = office.post("/kantoor/medewerkers/nieuw/", {**HIRE, **wrong}).text
        assert said in answer
        assert 'value="Ewa N."' in answer
        assert not User.objects.filter(email="ewa@example.org").exists()

    def test_hires_only_in_a_neighbourhood_of_ones_own(self, office):
        build.postcode("4899ZZ", where=build.neighbourhood("Noord"))
        assert "andere coördinator" in office.post(
            "/kantoor/medewerkers/nieuw/", {**HIRE, "postcode": "4899 ZZ"}
        ).text  # fmt: skip


class TestWorker:
    def test_shows_and_changes_what_somebody_can_do(self, office, worker):
        change(office, worker, "werk", cleaning="", small_jobs="learner")
        assert dict(worker.skills.values_list("skill", "level")) == {"small_jobs": "learner"}

    def test_a_contract_is_a_new_row_and_never_an_earlier_month(self, office, worker):
        typed = {"kind": "fixed", "week_minutes": "20", "wanted_minutes": "16", "from_on": "2026-12-01"}
        change(office, worker, "contract", **typed)
        said = change(office, worker, "contract", **{**typed, "from_on": "2026-10-31"}).text
        assert "Een nieuw contract begint deze maand of later" in said
        assert list(worker.contracts.order_by("from_on").values_list("from_on", "week_minutes")) == [
            (date(2026, 1, 1), 2160), (date(2026, 12, 1), 1200),
        ]  # fmt: skip

    def test_a_paper_that_ended_is_shown_as_ended(self, office, worker):
        change(office, worker, "papier", kind="vca", number="7", from_on="2025-01-01", until_on="2026-11-01")
        change(
            office, worker, "papier", kind="lifting", number="", from_on="2026-01-01", until_on="2026-12-01"
        )
        said = office.get(reverse("office:worker", args=[worker.ref])).text
        assert "verlopen" in said
        assert "verloopt gauw" in said
        wrong = change(office, worker, "papier", kind="vca", from_on="2026-01-02", until_on="2026-01-01").text
        assert "Dit papier eindigt voordat het begint" in wrong

    def test_a_week_that_cannot_be_read_changes_nothing(self, office, worker):
        before = worker.availability.count()
        assert "Schrijf de tijden zo" in change(office, worker, "week", d2="altijd").text
        assert worker.availability.count() == before
        change(office, worker, "week", d2="10:15-14.45")
        assert list(worker.availability.values_list("weekday", "from_minute", "until_minute")) == [
            (2, 615, 885)
        ]

    def test_languages_and_travel(self, office, worker):
        change(office, worker, "over", mode="walk", languages=["nl", "ar"], likes_late="on")
        worker.refresh_from_db()
        assert (worker.mode, worker.languages, worker.likes_late) == ("walk", ["nl", "ar"], True)

    def test_an_unknown_change_is_not_there(self, office, worker):
        assert change(office, worker, "salaris").status_code == 404


class TestAway:
    def test_frees_the_visits_and_ends_sooner(self, visitor):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        office = visitor(build.member("coordinator", where=visit.neighbourhood))
        address = reverse("office:worker", args=[row.worker.ref])
        office.post(f"{address}weg/", {"weg-from_on": "2026-11-09", "weg-until_on": "2026-11-10"})
        row.refresh_from_db()
        assert row.state not in Assignment.LIVE
        assert "Is er weer" in office.get(address).text
        office.post(f"{address}terug/", {"keer": "0"})
        assert Absence.objects.get().until_at < visit.start_at

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (
                {"weg-from_on": "2026-11-10", "weg-until_on": "2026-11-09"},
                "Het einde moet na het begin liggen",
            ),
            ({"weg-from_on": "morgen", "weg-until_on": ""}, "Dit is geen datum"),
        ],
    )
    def test_says_what_is_wrong(self, office, worker, typed, said):
        assert said in office.post(reverse("office:worker-away", args=[worker.ref]), typed).text
        assert not Absence.objects.exists()


class TestApart:
    def test_a_pair_is_kept_apart_without_saying_who_asked(self, office, worker, here):
        customer = build.customer(where=here)
        change(office, worker, "niet-naar", customer=customer.ref, side="customer")
        address = reverse("office:worker", args=[worker.ref])
        assert NotWith.objects.get().side == "customer"
        listed = office.get(address).text.split("Niet naar deze klanten")[1].split("Mag er weer heen")[0]
        assert customer.name in listed
        assert "checked" not in listed
        assert listed.count("selected") == 0, "neither side is marked"

    def test_only_the_side_that_asked_takes_it_back(self, office, worker, here):
        customer = build.customer(where=here)
        avoiding.keep_apart(worker.pk, customer_id=customer.pk, side="customer", by=build.user(), at=NOON)
        address = reverse("office:worker-together", args=[worker.ref])
        office.post(address, {"klant": customer.ref, "kant": "worker"})
        assert NotWith.objects.exists()
        office.post(address, {"klant": customer.ref, "kant": "customer"})
        assert not NotWith.objects.exists()


def test_goodbye_ends_the_work_from_that_day(office, worker):
    change(office, worker, "afscheid", left_on="2026-12-01")
    worker.refresh_from_db()
    assert worker.left_on == date(2026, 12, 1)
    assert (
        "Deze persoon werkt hier al niet meer"
        in change(office, worker, "afscheid", left_on="2026-12-02").text
    )


def test_a_coordinator_of_another_neighbourhood_sees_nobody(visitor, worker):
    other = visitor(build.member("coordinator", where=build.neighbourhood("Noord")), at=NOON + timedelta(1))
    assert worker.user.name not in other.get("/kantoor/medewerkers/").text
    assert other.get(reverse("office:worker", args=[worker.ref])).status_code == 404
