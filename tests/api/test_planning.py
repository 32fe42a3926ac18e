"""Reasons, comparisons, proposals and starts through the API."""

from datetime import timedelta
from uuid import uuid4

import pytest

from identity import clock
from scheduling import replanning
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, Repair
from tests import build, build_work
from tests.build import NOON
from tests.web.conftest import visitor

pytestmark = pytest.mark.django_db
__all__ = ["visitor"]


@pytest.fixture
def client(visitor):
    return visitor(build.member("coordinator", where=build.neighbourhood()))


def post(client, path, facts=None):
    return client.post(f"/api/{path}", facts or {}, content_type="application/json")


class TestReasons:
    def test_of_a_booking_with_nobody_are_worker_by_worker_with_what_helps(self, client):
        build_work.worker("Samira B.", windows=[(1, 480, 1200)])
        booking = build.booking()
        plan = build_work.plan()
        said = client.get(f"/api/bookings/{booking.ref}/why", {"plan": plan.ref}).json()
        assert said["crew"] == []
        (start,) = said["starts"]
        assert "niet beschikbaar" in start["others"]["Samira B."][0]
        assert said["remedies"]

    def test_of_who_goes_and_who_does_not(self, client):
        visit = build_work.published_visit()
        chosen, other = (
            build_work.only(visit).worker,
            build_work.worker("Kort", week_minutes=120, wanted_minutes=60),
        )
        address = f"/api/bookings/{visit.booking.ref}"
        assert client.get(f"{address}/why").json()["crew"] == [chosen.ref]
        said = client.get(f"{address}/why-not", {"chosen": chosen.ref, "other": other.ref}).json()
        assert "Kort zou in de week 180 minuten" in said["rules"][0]
        assert client.get(f"{address}/why-not", {"chosen": other.ref, "other": chosen.ref}).status_code == 404
        assert client.get(f"{address}/why-not").status_code == 400

    def test_a_plan_beside_what_is_published(self, client):
        build_work.worker()
        booking = build.booking()
        plan = build_work.plan()
        said = client.get(f"/api/plans/{plan.ref}/compare").json()
        assert said["is_better"] is True
        (line,) = said["lines"]
        assert (line["booking"], line["before"], line["after"]["workers"]) == (
            booking.ref,
            None,
            ["Samira B."],
        )
        unserved = said["parts"][0]
        assert (unserved["before"], unserved["after"], unserved["difference"]) == (180, 0, -180)
        assert client.get(f"/api/plans/{plan.ref}/compare", {"against": "niets"}).status_code == 404


class TestProposals:
    def test_are_asked_read_and_done(self, client):
        visit = build_work.published_visit()
        Assignment.objects.filter(visit=visit).update(state=Assignment.State.DECLINED)
        other = build_work.worker("Vrij")
        asked = post(client, "repairs", {"cause": "short", "visits": [visit.ref]})
        assert (asked.status_code, asked.json()["state"]) == (201, "asked")
        replanning.make(Repair.objects.get().pk, at=clock.now(), stop=lambda: Iterations(60))

        said = client.get(f"/api/repairs/{asked.json()['ref']}").json()
        (proposal,) = said["proposals"]
        assert proposal["costs"][0] == {
            "kind": "goes", "text": "Vrij gaat naar Fatma Yilmaz, maandag 9 november om 10.00 uur.",
        }  # fmt: skip
        done = post(client, f"proposals/{proposal['ref']}/apply")
        assert (done.status_code, done.json()["state"]) == (200, "applied")
        assert visit.assignments.get(state="assigned").worker == other
        again = post(client, f"proposals/{proposal['ref']}/apply")
        assert (again.status_code, again.json()["code"]) == (409, "NotReady")

    def test_about_nothing_or_two_weeks_are_refused(self, client):
        visit = build_work.published_visit()
        later = build.booking(starts=[NOON + timedelta(days=14)])
        assert post(client, "repairs", {"cause": "short"}).status_code == 400
        two = {"cause": "urgent", "visits": [visit.ref], "bookings": [later.ref]}
        assert post(client, "repairs", two).status_code == 400

    def test_a_move_names_the_rule_that_refuses(self, client):
        visit = build_work.published_visit()
        short = build_work.worker("Kort", week_minutes=120, wanted_minutes=60)
        facts = {"version": 1, "leaves": build_work.only(visit).worker.ref, "comes": short.ref}
        said = post(client, f"visits/{visit.ref}/move", facts)
        assert said.status_code == 409
        assert said.json()["code"] == "CannotGo"
        assert "Kort zou in de week 180 minuten" in said.json()["detail"]
        moved = post(
            client, f"visits/{visit.ref}/move", {"version": 1, "start_at": "2026-11-09T13:00:00+01:00"}
        )
        assert moved.json()["start_at"].startswith("2026-11-09T13:00")


class TestSlots:
    def test_a_start_that_is_offered_is_booked_and_then_gone(self, visitor):
        build_work.worker(windows=[(4, 13 * 60, 16 * 60)])
        customer, late = build.customer(), build.customer()
        for one in (customer, late):
            build.lot(one, hours=10)
        build.service()
        client = visitor(build.owner_of(customer))
        asked = {"service": "cleaning", "minutes": 180}
        found = client.get("/api/slots", asked).json()
        assert [one["start_at"][:16] for one in found] == ["2026-11-06T13:00", "2026-11-13T13:00"]

        def book(who):
            facts = {
                "service": "cleaning",
                "minutes": 180,
                "starts": [found[0]["start_at"]],
                "promised": True,
            }
            return visitor(build.owner_of(who)).post(
                "/api/bookings",
                facts,
                content_type="application/json",
                headers={"Idempotency-Key": str(uuid4())},
            )

        assert book(customer).status_code == 201
        refused = book(late)
        assert (refused.status_code, refused.json()["code"]) == (409, "Taken")
