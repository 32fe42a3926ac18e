"""A start that was promised is kept whatever it is worth; a search by itself serves what is worth most."""

from collections.abc import Callable, Collection
from dataclasses import replace

from scheduling.engine.check import violations
from scheduling.engine.model import JobId, Plan, Problem
from scheduling.engine.score import score
from scheduling.engine.solve import Progress, Solution, solve
from scheduling.engine.stop import Stop


def is_kept(plan: Plan, promised: Collection[JobId]) -> bool:
    """Whether the plan serves every promised job."""
    return all(job in plan.by_job for job in promised)


def kept(
    found: Solution, promised: Collection[JobId], *, stop: Callable[[], Stop], seed: int,
    on_progress: Callable[[Progress], None] | None = None,
) -> Solution:  # fmt: skip
    """Return what was found when it serves every promised job; else a plan that does, as far as all of them can be.

    The promised jobs are placed first, near to how they were found; then the rest is planned round them.

    :param stop: a new stop for each of the two searches that this may take.
    """
    week = found.problem
    wanted = {job for job in promised if job in week.job}
    if is_kept(found.plan, wanted):
        return found
    first = solve(_only(week, wanted), stop=stop(), seed=seed, start=found.plan, on_progress=on_progress).plan
    pinned = tuple(first.by_job[job] for job in sorted(wanted & first.by_job.keys()))
    round_them = replace(
        week,
        published=(*week.published, *pinned),
        locked=week.locked | {visit.job for visit in pinned},
    )
    again = solve(
        round_them, stop=stop(), seed=seed, on_progress=on_progress,
        start=Plan((*pinned, *(visit for visit in found.plan.visits if visit.job not in wanted))),
    )  # fmt: skip
    plan = again.plan
    return Solution(
        week, plan, score(week, plan), violations(week, plan), found.iterations + again.iterations
    )


def _only(week: Problem, wanted: Collection[JobId]) -> Problem:
    """The week with nothing but the promised jobs beside what is published."""
    return replace(week, jobs=tuple(job for job in week.jobs if job.id in wanted or job.id in week.told))
