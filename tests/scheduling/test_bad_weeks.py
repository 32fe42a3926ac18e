"""Bad weeks in the product: a clear sentence or a valid plan, never a stack trace; and processes that die."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from scheduling import mending, planning, publishing, replanning, slots, tasks
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, Plan, Repair, Unassigned, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from tests.scheduling.test_races import at_once
from tests.scheduling.test_slots import book, wanted
from workers_pool import availability
from workers_pool.models import Certificate, Contract

GUARD = {"skills": {"guarding": "qualified"}}


def reason(booking) -> str:
    return Unassigned.objects.get(booking=booking, plan=Plan.objects.latest("pk")).reason_nl


@pytest.mark.django_db
class TestBadWeeks:
    def test_a_worker_without_availability_is_left_at_home(self):
        build_work.worker("Nooit", windows=[])
        able = build_work.worker("Altijd")
        booking = build.booking()
        (visit,) = build_work.plan().visits.all()
        assert (visit.booking, [*visit.workers.all()]) == (booking, [able])

    def test_only_workers_without_availability(self):
        build_work.worker("Nooit", windows=[])
        booking = build.booking()
        assert build_work.plan().state == "draft"
        assert reason(booking) == "1 nodig, 0 vrij: 1 kunnen dan niet."

    def test_a_job_nobody_can_do(self):
        build_work.worker()
        booking = build.booking(code="moving")
        assert build_work.plan().figures["unserved_minutes"] == booking.minutes
        assert reason(booking) == "1 nodig, 0 vrij."

    def test_a_team_larger_than_the_pool(self):
        build_work.worker()
        booking = build.booking(crew=2)
        plan = build_work.plan()
        assert plan.visits.count() == 0
        assert reason(booking) == "2 nodig, 1 vrij."
        assert publishing.publish(plan.pk, by=build.user(), at=NOON) == []

    def test_a_paper_that_ends_before_the_visit(self):
        build.organisation()
        build_work.worker(certificates={"guard_pass": MONDAY - timedelta(days=1)}, **GUARD)
        booking = build.booking(code="guarding")
        assert build_work.plan().visits.count() == 0
        assert reason(booking) == "1 nodig, 0 vrij: 1 missen een geldig papier."

    def test_no_workers_at_all(self):
        booking = build.booking()
        plan = build_work.plan()
        assert (plan.state, plan.visits.count()) == ("draft", 0)
        assert reason(booking) == "1 nodig, 0 vrij."

    def test_no_jobs_at_all(self):
        build_work.worker()
        plan = build_work.plan()
        assert (plan.state, plan.figures["asked_minutes"], plan.figures["unserved_minutes"]) == (
            "draft",
            0,
            0,
        )
        assert publishing.publish(plan.pk, by=build.user(), at=NOON) == []

    def test_nothing_and_nobody(self):
        assert build_work.plan(build.neighbourhood("Leeg")).state == "draft"
        assert planning.what_breaks(build.neighbourhood("Leeg").pk, MONDAY) == []

    def test_windows_that_overlap_are_refused_where_they_are_typed(self):
        worker = build_work.worker()
        with pytest.raises(availability.WindowsMeet):
            availability.set_week(worker.pk, windows=[(0, 480, 720), (0, 700, 900)], by=build.user(), at=NOON)
        assert worker.availability.count() == 7


@pytest.mark.django_db
class TestPublishedAndNotRightAnyMore:
    """What is published stays as promised, is said to be wrong, and does not stand in the way of the rest."""

    def guarded(self):
        build.organisation()
        worker = build_work.worker(
            "Bewaker", certificates={"guard_pass": MONDAY + timedelta(days=90)}, **GUARD
        )
        build.booking(code="guarding")
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        return worker

    def test_a_paper_that_was_taken_away(self):
        worker = self.guarded()
        Certificate.objects.filter(worker=worker).delete()
        assert planning.what_breaks(build.neighbourhood().pk, MONDAY) == [
            "Bewaker heeft geen beveiligingspas die geldig is tot het eind van de klus."
        ]
        build_work.worker("Poetser")
        later = build.booking(starts=[NOON + timedelta(days=8)])
        plan = build_work.plan()
        assert [row.booking for row in plan.visits.all()] == [later]
        publishing.publish(plan.pk, by=build.user(), at=NOON)
        assert Visit.objects.count() == 2

    def test_a_contract_that_became_smaller_gives_no_more_work_to_who_has_too_much(self):
        worker = build_work.worker("Veel", home=build.address(x=0))
        build.booking()
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        Contract.objects.filter(worker=worker).update(week_minutes=60, wanted_minutes=60)
        assert "Veel zou in de week 180 minuten" in planning.what_breaks(build.neighbourhood().pk, MONDAY)[0]
        later = build.booking(starts=[NOON + timedelta(days=8)])
        assert build_work.plan().visits.count() == 0
        assert "boven hun contract" in reason(later)

    def test_a_right_week_says_nothing(self):
        self.guarded()
        assert planning.what_breaks(build.neighbourhood().pk, MONDAY) == []

    def test_proposals_replace_who_may_not_go_any_more(self):
        worker = self.guarded()
        Certificate.objects.filter(worker=worker).delete()
        able = build_work.worker("Wel", certificates={"guard_pass": MONDAY + timedelta(days=90)}, **GUARD)
        visit = Visit.objects.get()
        (repair,) = replanning.ask_for_visits("short", [visit.pk], by=build.user(), at=NOON)
        replanning.make(repair.pk, at=NOON, stop=lambda: Iterations(40))
        mending.apply(repair.proposals.get(rank=1).pk, by=build.user(), at=NOON)
        assert [row.worker for row in visit.assignments.filter(state__in=Assignment.LIVE)] == [able]


class _HoldsOn(Iterations):
    """Says in a pipe that the search has begun, and goes on until the process is killed."""

    def __init__(self, pipe: int) -> None:
        super().__init__(10**9)
        self.pipe, self.told = pipe, False

    def spent(self, iterations: int) -> float:
        if not self.told:
            self.told = True
            os.write(self.pipe, b"x")
        return super().spent(iterations)


def kill_while(work) -> None:
    """Run work in a process of its own, and kill it with -9 when it says that it searches."""
    heard, say = os.pipe()
    connection.close()  # the child must not share the parent's line to the database
    child = os.fork()
    if child == 0:
        try:
            work(_HoldsOn(say))
        finally:
            os._exit(1)
    assert os.read(heard, 1) == b"x"
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


class TestKilled:
    def test_a_plan_whose_process_is_killed_leaves_the_old_one_and_a_message(self, committed_db):
        build_work.worker()
        build.booking()
        old = build_work.plan()
        where = build.neighbourhood()
        asked = planning.ask(where.pk, monday=MONDAY, seconds=1, seed=1, by=build.user(), at=NOON)

        kill_while(lambda stop: planning.make(asked.pk, at=NOON, stop=stop))

        asked.refresh_from_db()
        assert asked.state == "running"
        Plan.objects.filter(pk=asked.pk).update(seen_at=Now() - 2 * planning.SILENT)
        tasks.end_silent_runs()
        asked.refresh_from_db()
        old.refresh_from_db()
        assert (old.state, old.visits.count(), asked.state) == ("draft", 1, "failed")
        assert "niet veranderd" in planning.what_went_wrong(asked)
        publishing.publish(old.pk, by=build.user(), at=NOON)

    def test_proposals_whose_process_is_killed_can_be_asked_again(self, committed_db):
        visit = build_work.published_visit()
        build_work.worker("Vrij")
        Assignment.objects.update(state=Assignment.State.DECLINED)
        (repair,) = replanning.ask_for_visits("short", [visit.pk], by=build.user(), at=NOON)

        kill_while(lambda stop: replanning.make(repair.pk, at=NOON, stop=lambda: stop))

        Repair.objects.filter(pk=repair.pk).update(seen_at=Now() - 2 * planning.SILENT)
        tasks.end_silent_runs()
        repair.refresh_from_db()
        assert (repair.state, repair.proposals.count()) == ("failed", 0)
        again = replanning.ask_again(repair.pk, by=build.user(), at=NOON)
        assert again != repair
        assert replanning.make(again.pk, at=NOON, stop=lambda: Iterations(40)).proposals.exists()


class TestTogether:
    def test_two_who_apply_a_proposal_do_it_once(self, committed_db):
        visit = build_work.published_visit()
        Assignment.objects.update(state=Assignment.State.DECLINED)
        for name in ("Een", "Twee"):
            build_work.worker(name)
        (repair,) = replanning.ask_for_visits("short", [visit.pk], by=build.user(), at=NOON)
        replanning.make(repair.pk, at=NOON, stop=lambda: Iterations(40))
        first, second = repair.proposals.order_by("rank")[:2]
        by = build.user()

        done = at_once(*(lambda one=one: mending.apply(one.pk, by=by, at=NOON) for one in (first, second)))

        assert done == ["NotReady", "done"]
        assert visit.assignments.filter(state__in=Assignment.LIVE).count() == 1

    def test_two_who_take_the_last_start_have_it_once(self, committed_db):
        build_work.worker(windows=[(4, 13 * 60, 16 * 60)])
        one, two = wanted(), wanted()
        start = slots.best(one, at=NOON)[0].start_at

        done = at_once(lambda: book(one, start), lambda: book(two, start))

        assert done == ["Taken", "done"]
