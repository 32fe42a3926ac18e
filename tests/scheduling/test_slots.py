"""Starts that are offered can be had: next to what is published, what waits, and who else is booking."""

import time
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.utils import timezone

from cheques import lots
from scheduling import publishing, slots
from scheduling.engine import slots as engine
from scheduling.engine import weekfile
from scheduling.engine.check import violations
from scheduling.engine.model import Visit
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations
from scheduling.models import Visit as VisitRow
from tests import build, build_work
from tests.build import NOON
from tests.scheduling.engine import drawn
from tests.scheduling.engine.test_agreement import written

pytestmark = pytest.mark.django_db


def wanted(customer=None, *, minutes=180, crew=1, code="cleaning"):
    if customer is None:
        customer = build.customer()
        build.lot(customer, hours=200)
    return slots.Wanted(customer, build.service(code), customer.address, minutes, crew)


def book(ask, start, **facts):
    facts = {
        "service_id": ask.service.pk, "address_id": ask.address.pk, "starts": [start], "minutes": ask.minutes,
        "crew": ask.crew, "tasks": [], "note": "", "form_key": uuid4(), "by": build.owner_of(ask.customer), "at": NOON,
        **facts,
    }  # fmt: skip
    return slots.book(ask.customer.pk, **facts)


def local(moment):
    return timezone.localtime(moment)


class TestBest:
    def test_the_best_of_three_days_none_within_the_term_of_the_law(self):
        build_work.worker()
        found = slots.best(wanted(), at=NOON)
        assert [local(one.start_at).date().isoformat() for one in found] == [
            "2026-11-06", "2026-11-07", "2026-11-08",
        ]  # fmt: skip
        assert local(found[0].start_at).hour >= 12  # four days ahead by the clock

    def test_a_known_face_goes_before_what_costs_less(self):
        visit = build_work.worked_visit()
        known = build_work.only(visit).worker
        build_work.worker("Dichtbij")
        known.availability.filter(weekday__lt=5).delete()
        at = NOON + timedelta(days=14)
        found = slots.best(wanted(visit.booking.customer), at=at)
        assert [(local(one.start_at).weekday(), one.is_known) for one in found] == [
            (4, False), (5, True), (6, True),
        ]  # fmt: skip

    def test_nobody_is_free_and_nothing_is_offered(self):
        assert slots.best(wanted(), at=NOON) == []
        build_work.worker()
        assert slots.best(wanted(crew=2), at=NOON) == []
        assert slots.best(wanted(code="moving"), at=NOON) == []

    def test_a_published_visit_takes_its_time(self):
        visit = build_work.published_visit()
        ask = wanted()
        assert not slots.is_free(ask, visit.start_at, at=NOON)
        assert slots.is_free(ask, visit.end_at + timedelta(hours=1), at=NOON)


class TestBook:
    def test_what_was_offered_is_had_until_it_is_gone(self):
        build_work.worker(windows=[(4, 12 * 60, 18 * 60)], week_minutes=8 * 60, wanted_minutes=6 * 60)
        one, two = wanted(), wanted()
        start = slots.best(one, at=NOON)[0].start_at
        book(one, start)
        with pytest.raises(slots.Taken):
            book(two, start)
        assert lots.figures(two.customer.pk, at=NOON).held == 0

    def test_in_a_published_week_the_visit_is_there_at_once(self):
        build_work.published_visit()
        near = build_work.worker("Dichtbij")
        ask = wanted()
        start = NOON + timedelta(days=7, hours=-2)  # when the only other worker is busy
        booking = book(ask, start)
        booking.refresh_from_db()
        visit = VisitRow.objects.get(booking=booking)
        row = visit.assignments.get()
        assert (booking.state, visit.start_at, row.worker, row.state) == ("planned", start, near, "assigned")
        assert row.why[0]["nl"] == "0 minuten van huis"
        with pytest.raises(slots.Taken):
            book(wanted(), start)

    def test_several_starts_are_no_promise(self):
        build_work.worker()
        ask = wanted()
        start = slots.best(ask, at=NOON)[0].start_at
        with pytest.raises(slots.OneStart):
            book(ask, start, starts=[start, start + timedelta(hours=1)])

    def test_the_same_form_twice_is_one_booking(self):
        build_work.worker()
        ask, key = wanted(), uuid4()
        start = slots.best(ask, at=NOON)[0].start_at
        assert book(ask, start, form_key=key) == book(ask, start, form_key=key)

    def test_everything_that_was_promised_is_in_the_plan(self):
        for number in range(3):
            build_work.worker(
                f"W{number}", home=build.address(x=700 * number), week_minutes=20 * 60, wanted_minutes=18 * 60
            )
        promised = []
        for number in range(30):
            ask = wanted(minutes=(120, 180, 240)[number % 3], crew=1 + (number % 4 == 3))
            found = [
                one for one in slots.best(ask, at=NOON) if one.start_at < NOON + timedelta(days=6, hours=13)
            ]
            if found:
                promised.append(book(ask, found[0].start_at))
        assert len(promised) >= 10
        draft = build_work.plan(monday=build_work.MONDAY - timedelta(days=7))
        served = {row.booking_id: row.start_at for row in draft.visits.all()}
        assert served == {booking.pk: booking.starts[0] for booking in promised}
        publishing.publish(draft.pk, by=build.user(), at=NOON)


def a_week(folder, seed):
    return weekfile.load(written(folder, "week.json", drawn.week(Random(seed))))


class TestEngine:
    @pytest.mark.parametrize("seed", range(8))
    def test_a_free_slot_keeps_every_rule(self, tmp_path, seed):
        problem = a_week(tmp_path, seed)
        plan = solve(problem, stop=Iterations(20), seed=seed).plan
        left = [job for job in problem.jobs if job.id not in plan.by_job]
        board = engine.board_of_promises(problem, besides=[job.id for job in problem.jobs[::3]])
        for job in [*problem.jobs[::3], *left]:
            if job.id in board.visits:
                continue
            for slot in engine.free(board, job):
                with_it = board.plan.with_visit(Visit(job.id, slot.start, slot.crew))
                assert not [
                    one
                    for one in violations(problem, with_it)
                    if one.job == job.id or one.worker in slot.crew
                ]

    def test_takes_milliseconds(self, tmp_path):
        problem = a_week(tmp_path, 3)
        board = engine.board_of_promises(problem, besides=[problem.jobs[0].id])
        began = time.process_time()
        for _number in range(20):
            list(engine.free(board, problem.jobs[0]))
        assert (time.process_time() - began) / 20 < 0.05
