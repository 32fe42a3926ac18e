"""Other weights are tried on the last published week; nothing is written, and the reference scorer has the last word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from events.models import Event
from scheduling import publishing, weight_trial, weighting
from scheduling.comparing import PARTS
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Weights
from scheduling.engine.score import score
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, DraftVisit, Plan, Weighting
from scheduling.week_problem import problem
from tests import build, build_work
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db


def tried(then: Weights, *, steps: int = 300):
    return weight_trial.trial(
        build.neighbourhood(), now=weighting.weights(), then=then, stop=lambda: Iterations(steps)
    )


def test_weighs_the_published_plan_as_the_reference_scorer_does():
    build_work.published_visit(minutes=120)
    then = replace(Weights(), travel=7, short=100)
    week = problem(build.neighbourhood(), MONDAY, weights=then)
    found = tried(then)
    assert found.monday == MONDAY
    assert found.cost_then == score(week, EnginePlan(week.published)).soft_cost
    assert found.cost_now == score(replace(week, weights=Weights()), EnginePlan(week.published)).soft_cost
    assert found.cost_then != found.cost_now


def test_plans_anew_with_the_other_weights():
    near = build_work.worker(home=build.address(x=0), skills={"cleaning": "qualified"}, wanted_minutes=0)
    far = build_work.worker(home=build.address(x=9000), wanted_minutes=30 * 60)
    build.booking(minutes=180)
    publishing.publish(build_work.plan().pk, by=build.user(), at=build.NOON)
    assert Assignment.objects.get().worker == far  # who wants hours goes, however far
    found = tried(Weights(travel=1000, hours=0))
    assert found.differs == 1
    travel = next(part for part in found.parts if part.label == PARTS["travel"])
    assert travel.anew_then < travel.anew_now == travel.count
    assert travel.difference < 0
    assert near.pk != far.pk


def test_writes_nothing():
    build_work.published_visit()
    before = (Plan.objects.count(), DraftVisit.objects.count(), Event.objects.count())
    tried(replace(Weights(), late=90))
    assert (Plan.objects.count(), DraftVisit.objects.count(), Event.objects.count()) == before
    assert not Weighting.objects.exists()


def test_needs_a_week_that_was_published():
    build_work.worker()
    build_work.plan()
    with pytest.raises(weight_trial.NothingToTryOn):
        tried(replace(Weights(), late=90))


def test_takes_the_last_of_the_weeks_that_were_published():
    build_work.published_visit()
    build_work.plan(monday=MONDAY + timedelta(weeks=1))  # a draft only
    assert weight_trial.last_week(build.neighbourhood()) == MONDAY
