"""The real thing: the relay sends, a Celery worker in a process of its own makes. Who is sick waits for no plan."""

import sys
import time

import pytest
from django.db.models.functions import Now

from identity import clock
from scheduling import planning, publishing, replanning, tasks
from scheduling.models import Assignment, Plan, Repair
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from tests.programs import programs
from tests.standins import eventually
from tools import running, supervised

pytestmark = pytest.mark.journey
ONE_FOR_ALL = [
    sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency", "1", "--without-mingle",
    "--without-gossip", "--hostname", "all@localhost",
]  # fmt: skip


@pytest.fixture(params=["a worker for each queue", "one worker that takes every queue"])
def workers(request) -> list[list[str]]:
    if "each" in request.param:
        return [supervised.relay(), supervised.planner(), supervised.repairer()]
    return [supervised.relay(), ONE_FOR_ALL]


def states() -> list[str]:
    return list(Plan.objects.order_by("pk").values_list("state", flat=True))


def disturbed():
    """A published week in which somebody said no, and somebody else is free."""
    visit = build_work.published_visit()
    build_work.worker("Vrij")
    Assignment.objects.update(state=Assignment.State.DECLINED)
    return visit


def test_a_repair_is_answered_before_plans_that_wait(committed_db, settings, workers):
    settings.SANDBOX = True
    clock.shift_to(NOON)
    visit, by = disturbed(), build.user()
    asked = [
        planning.ask(build.neighbourhood(f"Buurt {n}").pk, monday=MONDAY, seconds=2, seed=1, by=by, at=NOON)
        for n in range(6)
    ]
    with programs(committed_db, workers):
        eventually(lambda: "running" in states(), seconds=200)
        (repair,) = replanning.ask_for_visits("short", [visit.pk], by=by, at=NOON)
        began = time.monotonic()
        eventually(lambda: Repair.objects.get(pk=repair.pk).state not in Repair.BUSY, seconds=200)
        waited, at_answer = time.monotonic() - began, states()[-len(asked) :]
        assert repair.proposals.count() >= 1
        assert at_answer.count("asked") >= 1, f"no plan waited any more after {waited:.1f} s: {at_answer}"


def test_a_worker_that_is_killed_while_it_plans_leaves_the_old_plan_and_a_message(committed_db, settings):
    settings.SANDBOX = True
    clock.shift_to(NOON)
    build_work.worker()
    build.booking()
    old, where = build_work.plan(), build.neighbourhood()
    facts = {"monday": MONDAY, "seconds": 120, "seed": 1, "by": build.user("Noor K."), "at": NOON}
    asked = planning.ask(where.pk, **facts)
    mine = Plan.objects.filter(pk=asked.pk)
    with programs(committed_db, [supervised.relay(), supervised.planner()]) as site:
        eventually(lambda: mine.filter(state="running").exclude(progress={}).exists(), seconds=200)
        running.kill(site.folder)

        with pytest.raises(planning.IsBeingMade, match="Noor K"):  # it may live still
            planning.ask(where.pk, **facts)
        mine.update(seen_at=Now() - 2 * planning.SILENT)
        tasks.end_silent_runs()

        (killed,) = mine
        old.refresh_from_db()
        assert (old.state, old.visits.count(), killed.state) == ("draft", 1, "failed")
        assert "Wat er al stond, is niet veranderd" in planning.what_went_wrong(killed)
        assert len(publishing.publish(old.pk, by=build.user(), at=NOON)) == 1
