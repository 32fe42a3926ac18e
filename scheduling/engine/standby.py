"""The stand-by rota: who is kept free for what falls out, in turn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scheduling.engine.model import Problem, Window, Worker, WorkerId


def rota(
    problem: Problem, windows: Sequence[Window], *, before: Mapping[WorkerId, int] | None = None
) -> Mapping[Window, WorkerId]:
    """Return who stands by in each window; a window that nobody can take is left out.

    Whoever stood by least often comes first, counted with `before`, the times of earlier weeks; then whoever knows the most
    kinds of work; then the first by name. Nobody stands by who is pinned to a visit then.
    """
    times = {worker.id: (before or {}).get(worker.id, 0) for worker in problem.workers}
    found: dict[Window, WorkerId] = {}
    for window in sorted(windows):
        free = [worker for worker in problem.workers if _is_free(problem, worker, window)]
        if free:
            chosen = min(free, key=lambda one: (times[one.id], -len(one.skills), one.id))
            times[chosen.id] += 1
            found[window] = chosen.id
    return found


def keep_free(problem: Problem, duties: Mapping[Window, WorkerId]) -> Problem:
    """Return the problem in which those who stand by are sent nowhere then."""
    kept: dict[WorkerId, list[Window]] = {}
    for window, worker in duties.items():
        kept.setdefault(worker, []).append(window)
    workers = tuple(
        replace(worker, standby=(*worker.standby, *sorted(kept.get(worker.id, ()))))
        for worker in problem.workers
    )
    return replace(problem, workers=workers)


def call_up(problem: Problem, worker: WorkerId) -> Problem:
    """Return the problem in which the worker stands by no longer and can be sent."""
    workers = tuple(replace(one, standby=()) if one.id == worker else one for one in problem.workers)
    return replace(problem, workers=workers)


def _is_free(problem: Problem, worker: Worker, window: Window) -> bool:
    since, until = window
    if not any(opens <= since and until <= closes for opens, closes in worker.availability):
        return False
    return not any(
        worker.id in visit.workers
        and visit.start < until
        and visit.start + problem.job[visit.job].minutes > since
        for visit in problem.published
        if problem.is_locked(visit.job) and visit.job in problem.job
    )
