"""A start that a customer was promised is in every plan, whatever else is asked and whenever it was promised."""

from datetime import timedelta

import pytest

from marketplace.models import Booking
from scheduling import planning, publishing, slots
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, Promise, Unassigned, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from tests.scheduling.test_slots import book, wanted

pytestmark = pytest.mark.django_db
FRIDAY = [(4, 12 * 60, 18 * 60)]
WEEK = MONDAY - timedelta(days=7)


def promised(*, minutes=120, **facts):
    ask = wanted(minutes=minutes)
    return book(ask, slots.best(ask, at=NOON)[0].start_at, **facts)


def worth_more(booking):
    """Five hours, at no other time than over the promised one."""
    return build.booking(starts=[booking.starts[0]], minutes=300)


def served(plan) -> dict[int, object]:
    return {row.booking_id: row.start_at for row in plan.visits.all()}


class TestPlan:
    def test_keeps_a_promise_before_what_is_worth_more(self):
        build_work.worker(windows=FRIDAY)
        booking = promised()
        larger = worth_more(booking)
        plan = build_work.plan(monday=WEEK)
        assert served(plan) == {booking.pk: booking.starts[0]}
        assert Unassigned.objects.get(plan=plan).booking == larger
        assert plan.figures["unserved_minutes"] == larger.minutes

    def test_without_a_promise_what_is_worth_more_goes_first(self):
        build_work.worker(windows=FRIDAY)
        booking = promised()
        larger = worth_more(booking)
        Promise.objects.all().delete()
        assert served(build_work.plan(monday=WEEK)) == {larger.pk: larger.starts[0]}

    def test_serves_the_rest_round_a_promise(self):
        for name in ("Een", "Twee"):
            build_work.worker(name, windows=FRIDAY)
        booking = promised()
        larger = worth_more(booking)
        assert set(served(build_work.plan(monday=WEEK))) == {booking.pk, larger.pk}

    def test_who_cannot_be_sent_any_more_is_said(self):
        worker = build_work.worker(windows=FRIDAY)
        booking = promised()
        worker.availability.all().delete()
        plan = build_work.plan(monday=WEEK)
        assert (plan.state, served(plan)) == ("draft", {})
        assert Unassigned.objects.get(plan=plan).booking == booking

    def test_a_promise_made_during_the_search_is_in_it(self, monkeypatch):
        build_work.worker(windows=FRIDAY)
        larger = build.booking(starts=[NOON + timedelta(days=4, hours=2)], minutes=120)
        made: list[Booking] = []

        def spent(self, iterations):
            if iterations == 20 and not made:
                made.append(promised())
            return iterations / 50

        monkeypatch.setattr(Iterations, "spent", spent)
        plan = build_work.plan(monday=WEEK)
        assert set(served(plan)) == {larger.pk, made[0].pk}


class TestDraft:
    def test_a_start_promised_beside_a_draft_is_published_with_it(self):
        worker = build_work.worker(windows=FRIDAY)
        draft = build_work.plan(monday=WEEK)
        booking = promised()
        assert served(draft) == {booking.pk: booking.starts[0]}
        publishing.publish(draft.pk, by=build.user(), at=NOON)
        row = Assignment.objects.get(visit=Visit.objects.get(booking=booking))
        assert (row.worker, row.why[0]["nl"]) == (worker, "0 minuten van huis")

    def test_a_booking_without_a_promise_waits_for_the_next_plan(self):
        build_work.worker(windows=FRIDAY)
        draft = build_work.plan(monday=WEEK)
        build.booking(starts=[NOON + timedelta(days=4, hours=2)])
        assert served(draft) == {}
        assert planning.ask(draft.neighbourhood_id, monday=WEEK, seconds=1, seed=1, by=build.user(), at=NOON)
