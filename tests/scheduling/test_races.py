"""Two people press at the same moment, with real commits: one wins, the other hears why."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError, OperationalError
from psycopg.errors import DeadlockDetected

from books.prove import invariants
from cheques import lots
from kernel.errors import Refused
from scheduling import cancellation, confirming, offers, planning, publishing, replacing, sick_call, visits
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, ClosedWeek, Plan, Visit
from tests import build, build_work
from tests.build import NOON

AFTER = NOON + timedelta(days=8)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run acts in threads that start together; return how each ended, sorted."""
    outcomes: list[str] = []
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            act()
            outcomes.append("done")
        except (Refused, IntegrityError) as error:
            outcomes.append(type(error).__name__)
        except OperationalError as error:
            # Two rows that exclude each other, written in the same instant: PostgreSQL may end one as a deadlock.
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
            outcomes.append("DeadlockDetected")
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def free_visit(hours: int = 0) -> Visit:
    """A published visit next Monday with nobody on it."""
    booking = build.booking(starts=[NOON + timedelta(days=7, hours=hours - 2)])
    return Visit.objects.create(
        booking=booking, neighbourhood=booking.neighbourhood, start_at=booking.starts[0],
        end_at=booking.starts[0] + timedelta(minutes=booking.minutes), published_at=NOON,
    )  # fmt: skip


@pytest.fixture
def clerk(committed_db):
    return build.user("Clerk")


class TestOneWorkerTwoVisits:
    def test_one_is_sent_and_the_other_hears_it(self, clerk):
        worker = build_work.worker()
        one, two = free_visit(), free_visit(hours=1)

        outcomes = at_once(*(
            lambda visit=visit: replacing.replace(visit.pk, worker_id=worker.pk, by=clerk, at=NOON) for visit in (one, two)
        ))  # fmt: skip

        assert outcomes == ["CannotGo", "done"]
        assert Assignment.objects.filter(state="assigned").count() == 1

    def test_the_database_alone_holds_too(self, clerk):
        worker = build_work.worker()
        rows = [free_visit(), free_visit(hours=1)]

        def send(visit):
            with transaction.atomic():
                publishing.assign(visit, worker, why=[], at=NOON)

        outcomes = at_once(*(lambda visit=visit: send(visit) for visit in rows))

        assert outcomes in (["IntegrityError", "done"], ["DeadlockDetected", "done"])
        assert Assignment.objects.filter(state="assigned").count() == 1

    def test_two_acts_within_the_law_never_break_it_together(self, clerk):
        """Three hours each, eight hours a week agreed: two of three fit, whoever presses first."""
        worker = build_work.worker(week_minutes=480, wanted_minutes=480)
        rows = [free_visit(hours=hours) for hours in (-2, 2, 6)]

        outcomes = at_once(*(
            lambda visit=visit: replacing.replace(visit.pk, worker_id=worker.pk, by=clerk, at=NOON) for visit in rows
        ))  # fmt: skip

        assert outcomes == ["CannotGo", "done", "done"]


class TestPublish:
    def test_by_two_coordinators_happens_once(self, clerk):
        build_work.worker()
        build.booking()
        plan = build_work.plan()

        outcomes = at_once(*[lambda: publishing.publish(plan.pk, by=clerk, at=NOON)] * 2)

        assert outcomes == ["NotADraft", "done"]
        assert Visit.objects.count() == 1

    def test_of_two_drafts_serves_a_booking_once(self, clerk):
        build_work.worker()
        build.booking()
        first, second = build_work.plan(), build_work.plan()
        Plan.objects.filter(pk=first.pk).update(state="draft")

        outcomes = at_once(*(
            lambda plan=plan: publishing.publish(plan.pk, by=clerk, at=NOON) for plan in (first, second)
        ))  # fmt: skip

        assert outcomes == ["done", "done"]
        assert (Visit.objects.count(), Assignment.objects.count()) == (1, 1)

    def test_beside_a_replacement_sends_a_worker_to_one_of_them(self, clerk):
        worker = build_work.worker()
        build.booking()
        plan = build_work.plan()
        other = free_visit(hours=1)

        outcomes = at_once(
            lambda: publishing.publish(plan.pk, by=clerk, at=NOON),
            lambda: replacing.replace(other.pk, worker_id=worker.pk, by=clerk, at=NOON),
        )

        assert outcomes in (["BreaksARule", "done"], ["CannotGo", "done"])
        assert Assignment.objects.count() == 1

    def test_beside_a_cancellation_leaves_no_visit_without_cheques(self, clerk):
        build_work.worker()
        booking = build.booking()
        plan = build_work.plan()

        at_once(
            lambda: publishing.publish(plan.pk, by=clerk, at=NOON),
            lambda: cancellation.cancel(booking.pk, by=clerk, at=NOON),
        )

        booking.refresh_from_db()
        assert booking.state == "cancelled"
        assert not Visit.objects.exclude(state="cancelled").exists()
        assert not Assignment.objects.filter(state__in=Assignment.LIVE).exists()
        assert lots.figures(booking.customer_id, at=NOON).held == 0


class TestConfirm:
    def test_twice_takes_the_cheques_once(self, clerk):
        visit = build_work.worked_visit()

        outcomes = at_once(
            lambda: confirming.confirm(visit.pk, by=clerk, at=AFTER),
            lambda: confirming.confirm(visit.pk, by=clerk, at=AFTER),
            lambda: confirming.confirm_by_silence(visit.pk, at=AFTER + timedelta(days=9)),
        )

        assert outcomes == ["AlreadyConfirmed", "AlreadyConfirmed", "done"]
        assert lots.figures(visit.booking.customer_id, at=AFTER).used == 180

    def test_beside_closing_the_week_settles_every_minute(self, clerk):
        visit = build_work.worked_visit(minutes=187)

        outcomes = at_once(
            lambda: confirming.confirm(visit.pk, by=clerk, at=AFTER), lambda: build_work.close_week(visit)
        )

        row = build_work.only(visit)
        assert outcomes == ["done", "done"]
        assert (row.accepted_minutes, row.confirmed_minutes, row.borne.get().minutes) == (187, 180, 7)
        assert [found for found in invariants() if not found.holds] == []


class TestAnswer:
    def test_beside_a_cancellation_sends_nobody_to_a_closed_door(self, clerk):
        visit = build_work.published_visit(at=NOON + timedelta(days=4))
        row = build_work.only(visit)

        at_once(
            lambda: offers.answer(row.pk, takes=True, by=row.worker.user, at=NOON + timedelta(days=4)),
            lambda: cancellation.cancel(visit.booking_id, by=clerk, at=NOON + timedelta(days=4)),
        )

        row.refresh_from_db()
        assert row.state == "withdrawn"


class TestCheckOut:
    def test_of_a_whole_crew_at_once_finishes_the_visit(self, clerk):
        visit = build_work.published_visit(crew=2)
        rows = list(visit.assignments.select_related("worker__user"))
        for row in rows:
            visits.check_in(row.pk, by=row.worker.user, at=visit.start_at)

        outcomes = at_once(*(
            lambda row=row: visits.check_out(row.pk, by=row.worker.user, at=visit.end_at) for row in rows
        ))  # fmt: skip

        visit.refresh_from_db()
        assert (outcomes, visit.state) == (["done", "done"], "finished")

    def test_beside_a_no_show_one_of_them_is_true(self, clerk):
        visit = build_work.published_visit()
        row = build_work.only(visit)

        outcomes = at_once(
            lambda: visits.check_in(row.pk, by=row.worker.user, at=visit.start_at + timedelta(minutes=5)),
            lambda: sick_call.mark_no_show(row.pk, by=clerk, at=visit.start_at + timedelta(minutes=5)),
        )

        assert outcomes in (["NotAssigned", "done"], ["NotExpected", "done"])


class TestCloseWeek:
    def test_by_two_people_happens_once(self, clerk):
        visit = build_work.worked_visit()
        outcomes = at_once(*[lambda: build_work.close_week(visit)] * 2)
        assert outcomes == ["AlreadyClosed", "done"]
        assert ClosedWeek.objects.count() == 1


class TestOnePlan:
    def test_two_who_press_together(self, clerk):
        where, facts = build.neighbourhood(), {"monday": build_work.MONDAY, "seconds": 1, "seed": 1}
        acts = [lambda: planning.ask(where.pk, by=clerk, at=NOON, **facts)] * 2
        assert at_once(*acts) == ["IsBeingMade", "done"]
        assert Plan.objects.count() == 1

    def test_while_it_is_made_no_transaction_is_open_and_nothing_is_locked(self, clerk, monkeypatch):
        build_work.worker()
        build.booking()
        found = []

        class Looks(Iterations):
            def spent(self, iterations):
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
                        " WHERE relname LIKE 'scheduling%' AND pid <> pg_backend_pid()"
                    )
                    found.append((connection.in_atomic_block, cursor.fetchone()[0]))
                return super().spent(iterations)

        plan = planning.ask(
            build.neighbourhood().pk, monday=build_work.MONDAY, seconds=1, seed=1, by=clerk, at=NOON
        )
        planning.make(plan.pk, at=NOON, stop=Looks(10))
        assert set(found) == {(False, 0)}
