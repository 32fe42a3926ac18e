"""A worker's day and week, walked from visit to visit. Every rule and every cost reads these facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from scheduling.engine.model import Job, Minutes, Plan, Problem, Worker, WorkerId


@dataclass(frozen=True, slots=True)
class Turn:
    """One worker at one job."""

    start: Minutes
    end: Minutes
    job: Job

    @property
    def order(self) -> tuple[Minutes, Minutes, str]:
        return self.start, self.end, self.job.id


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies between two turns of a day: the way there, and the time that is left over (below zero: too little)."""

    before: Turn
    after: Turn
    travel: Minutes
    idle: Minutes


def travel(problem: Problem, worker: Worker, here: Worker | Job, there: Worker | Job) -> Minutes:
    """Return the minutes along the streets by the worker's means of transport, rounded up."""
    metres = abs(here.x - there.x) + abs(here.y - there.y)
    return -(-metres // problem.rules.speed[worker.mode])


@dataclass(frozen=True)
class Day:
    """The turns of one worker on one day, in order, with the gaps between them. There is at least one turn."""

    day: int
    turns: tuple[Turn, ...]
    gaps: tuple[Gap, ...]
    travel: Minutes
    """From home, between the turns, and home again."""
    paid: Minutes
    longest_run: Minutes
    """The most work without a break."""

    @property
    def first_start(self) -> Minutes:
        return self.turns[0].start

    @cached_property
    def last_end(self) -> Minutes:
        return max(turn.end for turn in self.turns)

    @cached_property
    def visit_minutes(self) -> Minutes:
        return sum(turn.end - turn.start for turn in self.turns)


def _gap(problem: Problem, worker: Worker, before: Turn, after: Turn) -> Gap:
    way = travel(problem, worker, before.job, after.job)
    same_place = (before.job.x, before.job.y) == (after.job.x, after.job.y)
    setup = 0 if same_place else problem.rules.setup
    return Gap(before, after, way, after.start - before.end - way - setup)


def walk(problem: Problem, worker: Worker, day: int, turns: Iterable[Turn]) -> Day:
    """Return the facts of a day. A break is taken where the turn before ends, so paid travel counts in the new run."""
    ordered = tuple(sorted(turns, key=lambda turn: turn.order))
    gaps = tuple(_gap(problem, worker, a, b) for a, b in pairwise(ordered))
    rules = problem.rules
    run = longest = ordered[0].end - ordered[0].start
    for gap in gaps:
        run = 0 if gap.idle >= rules.break_minutes else run
        run += gap.after.end - gap.after.start + (gap.travel if rules.travel_is_work else 0)
        longest = max(longest, run)
    between = sum(gap.travel for gap in gaps)
    home = travel(problem, worker, worker, ordered[0].job) + travel(problem, worker, ordered[-1].job, worker)
    work = sum(turn.end - turn.start for turn in ordered)
    return Day(day, ordered, gaps, home + between, work + (between if rules.travel_is_work else 0), longest)


Week = Mapping[int, Day]
"""The worked days of one worker, by day, in order."""


def week(problem: Problem, worker: Worker, turns: Iterable[Turn]) -> Week:
    """Return the worked days of a worker."""
    by_day: dict[int, list[Turn]] = {}
    for turn in turns:
        by_day.setdefault(problem.day_of(turn.start), []).append(turn)
    return {day: walk(problem, worker, day, by_day[day]) for day in sorted(by_day)}


def paid_minutes(week: Week) -> Minutes:
    """Return the paid minutes of a week."""
    return sum(day.paid for day in week.values())


def turns_of(problem: Problem, plan: Plan) -> Mapping[WorkerId, list[Turn]]:
    """Return the turns of every worker with a visit. Unknown jobs and workers have none, a second visit of a job neither."""
    turns: dict[WorkerId, list[Turn]] = {}
    for visit in plan.by_job.values():
        job = problem.job.get(visit.job)
        if job is None:
            continue
        for worker in _known(problem, visit.workers):
            turns.setdefault(worker, []).append(Turn(visit.start, visit.start + job.minutes, job))
    return turns


def _known(problem: Problem, workers: Iterable[WorkerId]) -> Iterator[WorkerId]:
    return (worker for worker in dict.fromkeys(workers) if worker in problem.worker)


def weeks(problem: Problem, plan: Plan) -> Mapping[WorkerId, Week]:
    """Return the week of every worker who has a visit."""
    return {id_: week(problem, problem.worker[id_], turns) for id_, turns in turns_of(problem, plan).items()}
