"""What no plan can do, proved, layer by layer: what a plan leaves unserved below that is nobody's fault.

At any minute the jobs that must be under way then, whenever they begin, each need workers of their own. The most valuable
jobs that can be staffed at one minute are found exactly (a matching, taken greedily by worth), and what is left over is
unserved in every plan. Minutes of one day add up as long as no job counts twice; the worst minute is taken first, then the
worst for the jobs that are left. Travel, rests, contracts and the rest of the day are left out, so the true figure may be
higher.

When every job can be served, a plan that serves them all must break the promises that cannot be kept: a told worker who may
not go any more is replaced, or the visit moves. Of the soft cost nothing is proved: no bound of it is cheap.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scheduling.engine.model import Job, Minutes, Plan, Problem, Visit
from scheduling.engine.tables import Tables, build


@dataclass(frozen=True, slots=True)
class _Must:
    """A job that is under way from `since` to `until` whenever it begins."""

    job: int
    since: Minutes
    until: Minutes
    able: tuple[int, ...]


Worth = Callable[[Job], int]


def unserved_bound(problem: Problem) -> Minutes:
    """Return minutes that no plan can serve. Zero says nothing."""
    return _unserved(problem, lambda job: job.minutes)


def unserved_slots_bound(problem: Problem) -> int:
    """Return how many slots, a worker at a job each, no plan can fill. Zero says nothing."""
    return _unserved(problem, lambda _job: 1)


def changes_bound(problem: Problem, plan: Plan) -> int:
    """Return how many changes every plan makes that leaves no more unserved than this one. Zero says nothing.

    Where a job is unserved nothing is said: another plan might leave out another job.
    """
    if any(job.id not in plan.by_job for job in problem.jobs):
        return 0
    tables = build(problem)
    told = ((number, problem.told.get(job.id)) for number, job in enumerate(problem.jobs))
    return sum(
        _changes(problem, tables, number, visit)
        for number, visit in told
        if visit is not None and not problem.is_locked(visit.job)
    )


def _changes(problem: Problem, tables: Tables, number: int, told: Visit) -> int:
    """Return the fewest changes with which a job can be served: newcomers at the told start, or another start."""
    team = problem.jobs[number].team
    fewest = team
    for option in range(tables.jobs[number, 3], tables.jobs[number, 4]):
        if int(tables.options[option, 1]) == told.start:
            able = {problem.workers[index].id for index in _able(tables, range(option, option + 1))}
            fewest = min(fewest, max(0, team - len(able & set(told.workers))))
    return fewest


def _unserved(problem: Problem, worth: Worth) -> int:
    tables = build(problem)
    lost, by_day = 0, dict[int, list[_Must]]()
    for number, job in enumerate(problem.jobs):
        if problem.is_locked(job.id):
            continue
        options = range(tables.jobs[number, 3], tables.jobs[number, 4])
        if len(options) == 0:
            lost += job.team * worth(job)
            continue
        days = {int(tables.options[option, 2]) for option in options}
        starts = [int(tables.options[option, 1]) for option in options]
        since, until = max(starts), min(starts) + job.minutes
        if len(days) == 1 and since < until:
            by_day.setdefault(days.pop(), []).append(_Must(number, since, until, _able(tables, options)))
    return lost + sum(_of_day(problem, musts, worth) for musts in by_day.values())


def _able(tables: Tables, options: range) -> tuple[int, ...]:
    rows = (tables.able[tables.options[o, 3] : tables.options[o, 4], 0] for o in options)
    return tuple(sorted({int(worker) for row in rows for worker in row}))


def _of_day(problem: Problem, musts: Sequence[_Must], worth: Worth) -> int:
    """Return what is left over at the worst minute, and at the worst minute for the jobs that are not under way then, ..."""
    lost, left = 0, list(musts)
    while left:
        at, worst = _worst(problem, left, worth)
        if not worst:
            break
        lost += worst
        left = [must for must in left if not must.since <= at < must.until]
    return lost


def _worst(problem: Problem, musts: Sequence[_Must], worth: Worth) -> tuple[Minutes, int]:
    """Return the minute of the day at which most is left over, and how much; the earliest of several."""
    found = {
        at: _left_over(problem, [must for must in musts if must.since <= at < must.until], worth)
        for at in {must.since for must in musts}
    }
    return max(found.items(), key=lambda one: (one[1], -one[0]))


def _left_over(problem: Problem, musts: Sequence[_Must], worth: Worth) -> int:
    able = {must.job: must.able for must in musts}
    slots = [must.job for must in musts for _ in range(problem.jobs[must.job].team)]
    slots.sort(key=lambda job: (-worth(problem.jobs[job]), job))
    taken: dict[int, int] = {}
    return sum(worth(problem.jobs[job]) for job in slots if not _staff(job, able, taken, set()))


def _staff(job: int, able: Mapping[int, Sequence[int]], taken: dict[int, int], seen: set[int]) -> bool:
    """Give the job a worker of its own, moving others on where that helps."""
    for worker in able[job]:
        if worker in seen:
            continue
        seen.add(worker)
        if worker not in taken or _staff(taken[worker], able, taken, seen):
            taken[worker] = job
            return True
    return False
