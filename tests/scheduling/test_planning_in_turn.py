"""One plan at a time: asked twice, stopped half-way, killed, overtaken."""

import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from events.models import Event
from scheduling import planning, publishing, tasks
from scheduling.engine.solve import Progress
from scheduling.engine.stop import Iterations
from scheduling.models import DraftVisit, Plan, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db


def ask(*, where=None, monday=MONDAY, by=None) -> Plan:
    where = where or build.neighbourhood()
    return planning.ask(where.pk, monday=monday, seconds=1, seed=1, by=by or build.user(), at=NOON)


def make(plan) -> Plan:
    return planning.make(plan.pk, at=NOON, stop=Iterations(50))


def during(monkeypatch, act):
    """Do something while the engine searches, once, a second or more after the last word of the run."""
    told: list[bool] = []

    def spent(self, iterations):
        if iterations == 20 and not told:
            told.append(True)
            act()
            passed.append(2.0)
        return iterations / 50

    passed: list[float] = []
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + sum(passed))
    monkeypatch.setattr(Iterations, "spent", spent)


class TestAsk:
    def test_a_second_press_hears_who_was_first(self):
        ask(by=build.user("Noor K."))
        with pytest.raises(planning.IsBeingMade, match=r"Noor K\. vroeg dat net"):
            ask()
        assert Plan.objects.count() == 1

    def test_each_neighbourhood_has_its_own_turn(self):
        ask()
        ask(where=build.neighbourhood("Noord"))
        assert Plan.objects.filter(state="asked").count() == 2

    def test_plans_of_a_week_are_counted(self):
        assert [make(ask()).version for _ in range(3)] == [1, 2, 3]
        assert make(ask(monday=MONDAY + timedelta(days=7))).version == 1


class TestWhileItIsMade:
    def test_says_how_far_it_is_and_is_alive(self, monkeypatch):
        build_work.worker()
        build.booking()
        plan, told = ask(), []
        during(monkeypatch, lambda: None)
        real = planning._Watch.__call__

        def watch(self, progress: Progress):
            real(self, progress)
            told.append(Plan.objects.get().progress)

        monkeypatch.setattr(planning._Watch, "__call__", watch)
        make(plan)
        assert {"percent", "unserved_minutes", "soft_cost"} <= set(told[-1])

    def test_stop_keeps_what_there_is(self, monkeypatch):
        build_work.worker()
        build.booking()
        plan = ask()
        during(monkeypatch, lambda: planning.stop(plan.pk, by=build.user(), at=NOON))

        made = make(plan)

        assert (made.state, made.visits.count()) == ("draft", 1)
        assert made.figures["iterations"] < 50

    def test_one_that_waits_is_dropped_by_stop_and_makes_room(self):
        planning.stop(ask().pk, by=build.user(), at=NOON)
        assert Plan.objects.get().state == "dropped"
        assert make(ask()).state == "draft"

    def test_a_plan_that_is_ready_cannot_be_stopped(self):
        with pytest.raises(planning.NotBusy):
            planning.stop(make(ask()).pk, by=build.user(), at=NOON)


class TestKilled:
    def silent(self, plan):
        Plan.objects.filter(pk=plan.pk).update(seen_at=Now() - 2 * planning.SILENT)

    def killed(self, monkeypatch) -> Plan:
        def kill(*_args, **_facts):
            raise KeyboardInterrupt

        plan = ask()
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(DraftVisit.workers.through.objects, "bulk_create", kill)
            make(plan)
        return plan

    def test_leaves_the_old_draft_and_a_message(self, monkeypatch):
        build_work.worker()
        build.booking()
        old = make(ask())
        plan = self.killed(monkeypatch)
        self.silent(plan)

        tasks.end_silent_runs()

        plan.refresh_from_db()
        old.refresh_from_db()
        assert (old.state, plan.state, plan.visits.count()) == ("draft", "failed", 0)
        assert "niet veranderd" in planning.what_went_wrong(plan)

    def test_who_asks_again_is_not_kept_waiting(self, monkeypatch):
        build_work.worker()
        build.booking()
        plan = self.killed(monkeypatch)
        with pytest.raises(planning.IsBeingMade):
            ask()
        self.silent(plan)
        assert make(ask()).visits.count() == 1

    def test_a_second_delivery_leaves_a_run_that_lives_alone(self, monkeypatch):
        build_work.worker()
        build.booking()
        plan = ask()
        during(monkeypatch, lambda: planning.make(plan.pk, at=NOON))
        assert make(plan).visits.count() == 1
        assert Event.objects.filter(kind="plan.begun").count() == 1

    def test_a_late_result_of_a_run_that_was_given_up_is_not_written(self, monkeypatch):
        build_work.worker()
        build.booking()
        plan = ask()
        newer = []

        def give_up():
            self.silent(plan)
            planning.end_silent_runs(at=NOON)
            newer.append(make(ask()))

        during(monkeypatch, give_up)
        make(plan)
        assert [row.state for row in Plan.objects.order_by("pk")] == ["failed", "draft"]

    def test_a_draft_of_a_week_that_was_published_meanwhile_is_dropped(self, monkeypatch):
        build_work.worker()
        build.booking()
        old, plan = make(ask()), ask()
        during(
            monkeypatch, lambda: publishing.publish(old.pk, by=build.user(), at=NOON + timedelta(minutes=1))
        )
        assert make(plan).state == "dropped"
        assert Visit.objects.count() == 1
