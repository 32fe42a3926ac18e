"""Two plans of one week, part by part."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.engine.model import JobId, Plan, Problem, Visit
from scheduling.engine.score import PARTS, Score, score


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of both plans; less is better."""

    name: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Difference:
    """A job that the two plans serve otherwise; a plan that does not serve it has no visit."""

    job: JobId
    before: Visit | None
    after: Visit | None

    @property
    def is_moved(self) -> bool:
        """Whether both serve it, at different starts."""
        return self.before is not None and self.after is not None and self.before.start != self.after.start


@dataclass(frozen=True)
class Comparison:
    """Every part of the cost of both plans, and every job in which they differ, in the order of the week."""

    parts: tuple[Part, ...]
    jobs: tuple[Difference, ...]

    @property
    def is_better(self) -> bool | None:
        """Whether the second plan is better, layer by layer; None when they are as good."""
        layers = {part.name: part for part in self.parts}
        for name in ("unserved_minutes", "changes", "soft_cost"):
            if layers[name].difference:
                return layers[name].difference < 0
        return None


def compare(problem: Problem, before: Plan, after: Plan) -> Comparison:
    """Return what differs between two plans of one week, by the same rules and weights."""
    first, second = score(problem, before), score(problem, after)
    parts = tuple(
        Part(name, one, other)
        for (name, one), (_, other) in zip(_figures(first), _figures(second), strict=True)
    )
    return Comparison(parts, tuple(_differences(problem, before, after)))


def _figures(found: Score) -> Iterator[tuple[str, int]]:
    yield "unserved_minutes", found.unserved_minutes
    yield "unserved_slots", found.unserved_slots
    yield "changes", found.changes
    yield "soft_cost", found.soft_cost
    for name in PARTS:
        yield name, found.parts[name]


def _differences(problem: Problem, before: Plan, after: Plan) -> Iterator[Difference]:
    for job in problem.jobs:
        one, other = before.by_job.get(job.id), after.by_job.get(job.id)
        if _said(one) != _said(other):
            yield Difference(job.id, one, other)


def _said(visit: Visit | None) -> tuple[int, frozenset[str]] | None:
    return None if visit is None else (visit.start, frozenset(visit.workers))
