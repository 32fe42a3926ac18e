"""Three that judge a plan agree to the last unit: the compiled search, the clear reference, the independent checker."""

import importlib.util
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.engine import compiled, weekfile
from scheduling.engine.bound import changes_bound, unserved_bound, unserved_slots_bound
from scheduling.engine.check import violations
from scheduling.engine.model import Plan, Problem
from scheduling.engine.plain_search import PlainSearch
from scheduling.engine.replan import merge
from scheduling.engine.score import score
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations
from tests.scheduling.engine import drawn

CHECKER = Path(__file__).resolve().parents[4] / "shared" / "scheduling" / "check_week.py"
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def kernels() -> ModuleType:
    found = compiled.kernels()
    assert found is not None, "the kernels compile on every machine that runs the tests"
    return found


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    if not CHECKER.parent.parent.is_dir():
        pytest.skip("the shared folder with the independent checker is not here")
    spec = importlib.util.spec_from_file_location("check_week", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(folder: Path, name: str, content: object) -> Path:
    file = folder / name
    file.write_text(json.dumps(content))
    return file


def read(folder: Path, week: drawn.Json, told: drawn.Json, case: drawn.Json) -> Problem:
    problem = weekfile.load(written(folder, "week.json", week))
    published = weekfile.load_published(written(folder, "told.json", told))
    return merge(problem, published, weekfile.load_case(written(folder, "case.json", case), problem))


def as_json(plan: Plan) -> drawn.Json:
    return {"visits": [{"job": v.job, "start": v.start, "workers": list(v.workers)} for v in plan.visits]}


def named(found: list[Mapping[str, Any]]) -> Counter[tuple[str, str, str]]:
    return Counter((one["rule"], str(one["job"]), str(one["worker"])) for one in found)


@settings(max_examples=150)
@given(seed=seeds)
def test_the_reference_agrees_with_the_checker_on_any_plan_after_any_events(seed, checker, tmp_path_factory):
    # Given a week, what was told, what happened, and a plan that looks at no rule
    draw, folder = Random(seed), tmp_path_factory.mktemp("drawn")
    week = drawn.week(draw)
    told = drawn.published(draw, drawn.plan(draw, week), week)
    case = drawn.case(draw, week, told)
    plan = drawn.plan(draw, week)

    # When both judge it
    problem = read(folder, week, told, case)
    loaded = weekfile.load_plan(written(folder, "plan.json", plan))
    mine, broken = score(problem, loaded), violations(problem, loaded)
    theirs = checker.check(checker.apply_case(week, told, case), plan)

    # Then they say the same
    assert named(theirs["violations"]) == Counter((r.rule, str(r.job), str(r.worker)) for r in broken)
    assert dict(mine.parts) == theirs["parts"]
    assert (*mine.layers, mine.unserved_slots) == (
        theirs["unserved_minutes"], theirs["changes"], theirs["soft_cost"], theirs["unserved_slots"],
    )  # fmt: skip
    assert all(r.sentence and r.say("nl") and r.article for r in broken)


@settings(max_examples=60)
@given(seed=seeds, paid_travel=st.booleans())
def test_the_compiled_search_counts_what_the_reference_counts_and_breaks_no_rule(
    seed, paid_travel, kernels, tmp_path_factory
):
    from scheduling.engine.compiled_search import CompiledSearch

    # Given a week with promises, some of which may break rules by now
    draw, folder = Random(seed), tmp_path_factory.mktemp("drawn")
    week = drawn.week(draw)
    told = drawn.published(draw, drawn.plan(draw, week), week)
    problem = read(folder, week, told, drawn.case(draw, week, told))
    problem = enriched(draw, replace(problem, rules=replace(problem.rules, travel_is_work=paid_travel)))
    begun = PlainSearch(problem, 1, Plan()).best

    # When the compiled search goes on from it
    search = CompiledSearch(kernels, problem, seed, Plan(problem.published))
    search.run(300, heat_from=1, heat_to=0)

    # Then it has not gone below what is proved to be impossible
    assert search.layers[0] >= unserved_bound(problem)
    assert score(problem, search.best).unserved_slots >= unserved_slots_bound(problem)
    assert search.layers[1] >= changes_bound(problem, search.best)

    # And its running totals are the score, and no rule is broken that the locked visits do not break by themselves
    assert search.layers == score(problem, search.best).layers
    assert set(rules_of(problem, search.best)) <= set(rules_of(problem, begun))


def enriched(draw: Random, problem: Problem) -> Problem:
    """Return the problem with what the public format does not know."""
    workers = tuple(
        replace(
            one,
            cannot=frozenset(draw.sample(["ironing", "windows"], draw.randint(0, 1))),
            standby=((1440 * draw.randrange(7) + 480, 1440 * 7),) if draw.random() < 0.2 else (),
            history=tuple((draw.randrange(1500), 700) for _ in range(draw.randint(0, 4))),
            limits={"four-weeks": draw.choice([200, 600, 3000])} if draw.random() < 0.3 else {},
        )
        for one in problem.workers
    )
    names = [one.id for one in workers]
    clients = tuple(
        replace(one, preferred_workers=frozenset(draw.sample(names, draw.randint(0, min(2, len(names))))))
        for one in problem.clients
    )
    jobs = tuple(
        replace(one, tasks=frozenset(draw.sample(["ironing", "windows"], draw.randint(0, 1))))
        for one in problem.jobs
    )
    return replace(problem, workers=workers, clients=clients, jobs=jobs)


def rules_of(problem: Problem, plan: Plan) -> list[tuple[str, str | None, str | None]]:
    return [(r.rule, r.job, r.worker) for r in violations(problem, plan)]


@settings(max_examples=60)
@given(seed=seeds, paid_travel=st.booleans())
def test_the_compiled_search_allows_and_prices_each_move_as_the_reference_does(
    seed, paid_travel, kernels, tmp_path_factory
):
    from scheduling.engine.compiled_search import CompiledSearch

    # Given a plan half made
    draw, folder = Random(seed), tmp_path_factory.mktemp("drawn")
    problem = weekfile.load(written(folder, "week.json", drawn.week(draw)))
    problem = enriched(draw, replace(problem, rules=replace(problem.rules, travel_is_work=paid_travel)))
    plan = solve(problem, stop=Iterations(20), seed=seed, backend="plain").plan
    some = Plan(tuple(visit for visit in plan.visits if draw.random() < 0.6))
    search = CompiledSearch(kernels, problem, seed, some, serve=False)
    board = PlainSearch(problem, 1, some).board

    # Then sending anybody to any other job costs the same, or is refused, in both
    for job in problem.jobs:
        for start in job.starts if job.id not in some.by_job else ():
            for worker in board.who(job, start):
                assert search.turn_cost(worker, job, start) == board.turn_cost(worker, job, start)


@pytest.mark.parametrize("backend", ["plain", "compiled"])
def test_the_same_seed_and_steps_give_the_same_plan(backend, kernels, tmp_path):
    week = weekfile.load(written(tmp_path, "week.json", drawn.week(Random(20))))

    plans = {solve(week, stop=Iterations(700), seed=5, backend=backend).plan for _run in range(2)}

    assert len(plans) == 1


def test_a_search_that_may_not_take_a_step_still_has_a_plan(kernels, tmp_path):
    week = weekfile.load(written(tmp_path, "week.json", drawn.week(Random(20))))

    solution = solve(week, stop=Iterations(0), seed=5, backend="compiled")

    assert solution.plan.visits
    assert solution.violations == ()


def test_without_the_kernels_a_week_is_planned_in_plain_python(monkeypatch, tmp_path):
    week = weekfile.load(written(tmp_path, "week.json", drawn.week(Random(20))))
    monkeypatch.setattr(compiled, "kernels", lambda: None)

    without = solve(week, stop=Iterations(60), seed=5, backend="compiled")

    assert without.plan == solve(week, stop=Iterations(60), seed=5, backend="plain").plan
