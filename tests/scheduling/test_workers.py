"""The real thing: the relay sends, a Celery worker in a process of its own makes. Who is sick waits for no plan."""

import sys
import time

import pytest

from identity import clock
from scheduling import planning, replanning
from scheduling.models import Assignment, Plan, Repair
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from tests.programs import programs
from tests.standins import eventually
from tools import supervised

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
