"""How many minutes nobody could serve, proved: what a plan leaves unserved below that is nobody's fault.

At any minute the jobs that must be under way then, whenever they begin, each need workers of their own. The most valuable
jobs that can be staffed at one minute are found exactly (a matching, taken greedily by worth), and what is left over is
unserved in every plan. Minutes of one day add up as long as no job counts twice; the worst minute is taken first, then the
worst for the jobs that are left. Travel, rests, contracts and the rest of the day are left out, so the true figure may be
higher.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduling.engine.model import Minutes, Problem
from scheduling.engine.tables import Tables, build


@dataclass(frozen=True, slots=True)
class _Must:
    """A job that is under way from `since` to `until` whenever it begins."""

    job: int
    since: Minutes
    until: Minutes
    able: tuple[int, ...]


def unserved_bound(problem: Problem) -> Minutes:
    """Return minutes that no plan can serve. Zero says nothing."""
    tables = build(problem)
    lost, by_day = 0, dict[int, list[_Must]]()
    for number, job in enumerate(problem.jobs):
        if problem.is_locked(job.id):
            continue
        options = range(tables.jobs[number, 3], tables.jobs[number, 4])
        if len(options) == 0:
            lost += job.team * job.minutes
            continue
        days = {int(tables.options[option, 2]) for option in options}
        starts = [int(tables.options[option, 1]) for option in options]
        since, until = max(starts), min(starts) + job.minutes
        if len(days) == 1 and since < until:
            by_day.setdefault(days.pop(), []).append(_Must(number, since, until, _able(tables, options)))
    return lost + sum(_of_day(problem, musts) for musts in by_day.values())


def _able(tables: Tables, options: range) -> tuple[int, ...]:
    rows = (tables.able[tables.options[o, 3] : tables.options[o, 4], 0] for o in options)
    return tuple(sorted({int(worker) for row in rows for worker in row}))


def _of_day(problem: Problem, musts: Sequence[_Must]) -> Minutes:
    """Return what is left over at the worst minute, and at the worst minute for the jobs that are not under way then, ..."""
    lost, left = 0, list(musts)
    while left:
        at, worst = _worst(problem, left)
        if not worst:
            break
        lost += worst
        left = [must for must in left if not must.since <= at < must.until]
    return lost


def _worst(problem: Problem, musts: Sequence[_Must]) -> tuple[Minutes, Minutes]:
    """Return the minute of the day at which most is left over, and how much; the earliest of several."""
    found = {
        at: _left_over(problem, [must for must in musts if must.since <= at < must.until])
        for at in {must.since for must in musts}
    }
    return max(found.items(), key=lambda one: (one[1], -one[0]))


def _left_over(problem: Problem, musts: Sequence[_Must]) -> Minutes:
    able = {must.job: must.able for must in musts}
    slots = [must.job for must in musts for _ in range(problem.jobs[must.job].team)]
    slots.sort(key=lambda job: (-problem.jobs[job].minutes, job))
    taken: dict[int, int] = {}
    return sum(problem.jobs[job].minutes for job in slots if not _staff(job, able, taken, set()))


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
