"""The one door of the engine: a problem in, a plan out, with a reason for every job that stays unserved."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from scheduling.engine import compiled
from scheduling.engine.check import violations
from scheduling.engine.model import JobId, Plan, Problem
from scheduling.engine.plain_search import Layers, PlainSearch
from scheduling.engine.reasons import Reason, explain_all
from scheduling.engine.rulebook import Refusal
from scheduling.engine.score import Score, score
from scheduling.engine.stop import Stop

Backend = Literal["auto", "plain", "compiled"]
BLINK = 0.04
SMALL = 40
"""A week of fewer jobs is planned in plain Python: compiled code would take longer to load than to help."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: the share of its allowance, its iterations, and the layers of its best plan."""

    spent: float
    iterations: int
    layers: Layers


@dataclass(frozen=True)
class Solution:
    """A plan with its figures, and with reasons for who asks for them.

    `violations` is empty unless a locked visit breaks a rule by itself, which no plan can mend.
    """

    problem: Problem = field(repr=False)
    plan: Plan
    score: Score
    violations: tuple[Refusal, ...]
    iterations: int

    @cached_property
    def unserved(self) -> tuple[Reason, ...]:
        """Why each job that the plan does not serve stays unserved, in the order of the jobs."""
        return explain_all(self.problem, self.plan)

    @cached_property
    def reason(self) -> Mapping[JobId, Reason]:
        """The same by job."""
        return {reason.job: reason for reason in self.unserved}


class Search(Protocol):
    """A plan that improves step by step; `best` keeps every rule at any moment."""

    @property
    def piece(self) -> int:
        """How many steps to take between two looks at the stop, at first."""
        ...

    @property
    def best(self) -> Plan: ...

    @property
    def layers(self) -> Layers: ...

    def run(self, steps: int, *, heat_from: float, heat_to: float) -> None: ...


def solve(
    problem: Problem,
    *,
    stop: Stop,
    seed: int,
    start: Plan | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    backend: Backend = "auto",
) -> Solution:
    """Return the best plan found before `stop` ends the search.

    It goes on from `start`, or from what was published, as far as that still meets the rules. With the same seed and a
    stop that counts iterations the answer is always the same. `on_progress` is called now and then, and may raise to
    give up.
    """
    begin = start if start is not None else Plan(problem.published)
    search = _search(problem, seed, begin, backend)
    iterations = _run(search, stop, on_progress)
    plan = _in_order(problem, search.best)
    return Solution(problem, plan, score(problem, plan), violations(problem, plan), iterations)


def _search(problem: Problem, seed: int, start: Plan, backend: Backend) -> Search:
    if backend == "plain" or (backend == "auto" and len(problem.jobs) < SMALL):
        return PlainSearch(problem, seed, start)
    kernels = compiled.kernels()
    if kernels is None:
        return PlainSearch(problem, seed, start)
    from scheduling.engine.compiled_search import CompiledSearch

    return CompiledSearch(kernels, problem, seed, start)


def _run(search: Search, stop: Stop, on_progress: Callable[[Progress], None] | None) -> int:
    """Search in pieces, so that a stop is heard within a blink.

    A stop that counts gets pieces of one size, because the answer may not depend on the speed of the machine.
    """
    iterations, steps, spent = 0, search.piece, stop.spent(0)
    while spent < 1:
        began, most = time.monotonic(), stop.most()
        steps = steps if most is None else min(search.piece, most - iterations)
        search.run(steps, heat_from=1 - spent, heat_to=1 - spent)
        iterations += steps
        spent = stop.spent(iterations)
        if on_progress is not None:
            on_progress(Progress(min(1.0, spent), iterations, search.layers))
        steps = _next_piece(steps, time.monotonic() - began)
    return iterations


def _next_piece(steps: int, seconds: float) -> int:
    if seconds < BLINK / 4:
        return steps * 2
    return max(1, steps // 2) if seconds > BLINK else steps


def _in_order(problem: Problem, plan: Plan) -> Plan:
    place = {job.id: number for number, job in enumerate(problem.jobs)}
    return Plan(tuple(sorted(plan.visits, key=lambda visit: place[visit.job])))
