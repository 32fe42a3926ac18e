"""Rows become the engine's problem: who, where, when, under which law."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.periods import AMSTERDAM
from marketplace.models import Booking
from scheduling import publishing
from scheduling.engine.model import Visit as EngineVisit
from scheduling.models import Assignment, Visit
from scheduling.week_problem import Week, problem
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from workers_pool import absences, avoiding, contracts, hiring, skills

pytestmark = pytest.mark.django_db


def week(monday: date = MONDAY, **facts):
    return problem(build.neighbourhood(), monday, **facts)


def one(worker, monday: date = MONDAY):
    return week(monday).worker[str(worker.pk)]


class TestWeek:
    @pytest.mark.parametrize(
        ("monday", "hours"), [(MONDAY, 168), (date(2026, 10, 19), 169), (date(2026, 3, 23), 167)]
    )
    def test_lasts_as_long_as_it_lasts(self, monday, hours):
        assert Week(monday).day_starts[-1] == hours * 60

    def test_comes_back_from_minutes_to_the_same_moment(self):
        clock = Week(date(2026, 10, 19))
        moment = datetime(2026, 10, 25, 9, tzinfo=AMSTERDAM)
        assert clock.moment(clock.minute(moment)) == moment


class TestWorkers:
    def test_carry_what_was_agreed(self):
        worker = build_work.worker(
            home=build.address(x=300, y=40), mode="walk", languages=["nl", "ar"], likes_late=True,
            skills={"cleaning": "qualified", "moving": "learner"}, certificates={"lifting": date(2026, 11, 10)},
        )  # fmt: skip

        found = one(worker)

        assert (found.x, found.y, found.mode, found.likes_late) == (300, 40, "walk", True)
        assert (found.contract, found.wanted) == (2160, 1800)
        assert found.languages == {"nl", "ar"}
        assert found.skills == {"cleaning": "qualified", "moving": "learner"}
        assert found.certificates == {"lifting": 2 * 1440}  # to the end of Tuesday
        assert found.availability[0] == (8 * 60, 20 * 60)

    def test_of_the_product_travel_as_work_under_the_law_of_the_week(self):
        rules = week().rules
        assert (rules.travel_is_work, rules.daily_rest, rules.weekly_rest) == (True, 660, 2160)

    def test_are_not_there_before_they_start_or_after_they_leave(self):
        build_work.worker("Later", from_on=MONDAY + timedelta(days=7))
        gone = build_work.worker("Gone")
        with transaction.atomic():
            hiring.end(gone.pk, left_on=MONDAY, by=build.user(), at=NOON)
        assert week().workers == ()

    def test_of_two_contracts_in_a_week_the_smaller_holds(self):
        worker = build_work.worker()
        contracts.change(
            worker.pk,
            week_minutes=600,
            wanted_minutes=600,
            from_on=MONDAY + timedelta(days=3),
            by=build.user(),
            at=NOON,
        )
        assert (one(worker).contract, one(worker, MONDAY - timedelta(days=7)).contract) == (600, 2160)

    def test_guard_from_the_monday_their_pass_covers(self):
        worker = build_work.worker(skills={"guarding": "qualified"})
        skills.add_certificate(
            worker.pk, kind="guard_pass", number="7", from_on=MONDAY + timedelta(days=2), until_on=date(2027, 1, 1),
            by=build.user(), at=NOON,
        )  # fmt: skip
        assert "guard_pass" not in one(worker).certificates
        assert "guard_pass" in one(worker, MONDAY + timedelta(days=7)).certificates

    def test_rest_after_the_week_before_and_before_the_week_after(self):
        sunday = build_work.published_visit(starts=[NOON + timedelta(days=13, hours=4)])  # 16:00 to 19:00
        worker = build_work.only(sunday).worker
        assert one(worker, MONDAY + timedelta(days=7)).previous_end == -5 * 60

        early = build_work.worker("Early")
        booking = build.booking(starts=[NOON + timedelta(days=14, hours=-5)])  # Monday 7:00
        visit = Visit.objects.create(
            booking=booking, neighbourhood=booking.neighbourhood, start_at=booking.starts[0],
            end_at=booking.starts[0] + timedelta(hours=3), published_at=NOON,
        )  # fmt: skip
        assert one(early).availability[-1] == (6 * 1440 + 8 * 60, 6 * 1440 + 20 * 60)
        publishing.assign(visit, early, why=[], at=NOON)

        # Eleven hours before seven on Monday it is eight on Sunday evening; an hour earlier it is seven.
        assert one(early).availability[-1][1] == 6 * 1440 + 20 * 60
        Visit.objects.filter(pk=visit.pk).update(start_at=visit.start_at - timedelta(hours=1))
        assert one(early).availability[-1][1] == 6 * 1440 + 19 * 60

    def test_keep_away_from_whom_they_are_kept_apart(self):
        worker, booking = build_work.worker(), build.booking()
        facts = {"customer_id": booking.customer_id, "by": build.user(), "at": NOON}
        avoiding.keep_apart(worker.pk, side="worker", **facts)
        avoiding.keep_apart(worker.pk, side="customer", **facts)

        found = week()

        assert found.worker[str(worker.pk)].excluded_clients == {str(booking.customer_id)}
        assert found.client[str(booking.customer_id)].excluded_workers == {str(worker.pk)}


class TestJobs:
    def test_are_the_requests_of_the_week(self):
        booking = build.booking(crew=2, minutes=120)
        build.booking(starts=[NOON + timedelta(days=14)])
        Booking.objects.filter(pk=build.booking().pk).update(state=Booking.State.CANCELLED)

        (job,) = week().jobs

        assert (job.id, job.team, job.minutes, job.starts) == (str(booking.pk), 2, 120, (10 * 60,))

    def test_with_starts_in_two_weeks_stand_in_both(self):
        build.booking(starts=[NOON + timedelta(days=7), NOON + timedelta(days=14)])
        starts = [week(MONDAY + timedelta(days=days)).jobs[0].starts for days in (0, 7)]
        assert starts == [(12 * 60,), (12 * 60,)]

    def test_know_who_came_in_the_last_weeks(self):
        visit = build_work.worked_visit()
        row = build_work.only(visit)
        build.booking(visit.booking.customer, starts=[NOON + timedelta(days=14)])
        build.booking(visit.booking.customer, starts=[NOON + timedelta(days=100)])

        assert week(MONDAY + timedelta(days=7)).jobs[0].regulars == (str(row.worker_id),)
        assert week(date(2027, 2, 8)).jobs[0].regulars == ()

    def test_that_were_published_are_locked_with_who_is_still_expected(self):
        visit = build_work.published_visit(crew=2)
        lost, kept = visit.assignments.order_by("pk")
        Assignment.objects.filter(pk=lost.pk).update(state="withdrawn")

        found = week()

        assert found.published == (EngineVisit(str(visit.booking_id), 600, (str(kept.worker_id),)),)
        assert found.locked == {str(visit.booking_id)}

    def test_survive_a_worker_whose_contract_ended(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        row.worker.contracts.update(until_on=MONDAY)

        found = week()

        assert (found.workers, found.published[0].workers) == ((), ())


def test_an_absence_is_cut_out():
    worker = build_work.worker(windows=[(0, 8 * 60, 20 * 60)])
    with transaction.atomic():
        absences.report(
            worker.pk,
            from_at=NOON + timedelta(days=7),
            until_at=NOON + timedelta(days=7, hours=1),
            by=worker.user,
            at=NOON,
        )
    assert one(worker).availability == ((480, 720), (780, 1200))


def test_the_number_of_queries_does_not_grow_with_the_bookings():
    customer = build.customer()
    build.lot(customer, hours=40)
    counts = []
    for size in (1, 6):
        for day in range(size):
            build_work.worker(f"W{day}")
            build.booking(customer, starts=[NOON + timedelta(days=7 + day, hours=size - 5)])
        with CaptureQueriesContext(connection) as queries:
            week()
        counts.append(len(queries))
    assert counts[0] == counts[1]
