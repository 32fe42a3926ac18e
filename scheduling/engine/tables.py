"""A problem as tables of integers for the compiled search. The columns are named in `kernels.py`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scheduling.engine.hard_rules import start_refusals
from scheduling.engine.model import Job, Minutes, Problem, Visit, Worker
from scheduling.engine.prices import Prices
from scheduling.engine.score import visit_counts

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
HEAD = WIDE = 8


@dataclass(frozen=True)
class Tables:
    """The tables of a problem that do not change during a search; `room` is the most turns of a day."""

    jobs: Ints
    options: Ints
    able: NDArray[np.int32]
    wished: Ints
    """The rows of `able` that are worth a bonus: a client who knows the worker, a learner."""
    workers: Ints
    rules: Ints
    series_size: Ints
    series_jobs: Ints
    series_from: Ints
    room: int
    widest: int
    index: dict[str, int]
    """The row of each worker."""


@dataclass(frozen=True)
class _Option:
    start: Minutes
    moved: int
    cost: int
    able: NDArray[np.int32]


def build(problem: Problem) -> Tables:
    """Return the tables of the problem."""
    able = _Able(problem)
    options: list[list[_Option]] = [list(able.options(job)) for job in problem.jobs]
    entries = _entries(problem, options)
    series = {name: number for number, name in enumerate(problem.series_size)}
    members = [[n for n, job in enumerate(problem.jobs) if job.series == name] for name in series]
    room = _room(problem)
    return Tables(
        jobs=_jobs(problem, options, series),
        options=_options(problem, options),
        able=entries,
        wished=np.flatnonzero(entries[:, 2] < 0).astype(np.int64),
        workers=_rows([_worker(problem, worker) for worker in problem.workers], 8),
        rules=_rules(problem, room),
        series_size=np.array([[size, 0] for size in problem.series_size.values()], np.int64).reshape(-1, 2),
        series_jobs=np.array([job for row in members for job in row], np.int64),
        series_from=np.cumsum([0, *(len(row) for row in members)], dtype=np.int64),
        room=room,
        widest=max([1, *(size_of(problem, job) for job in problem.jobs)]),
        index=able.index,
    )


def size_of(problem: Problem, job: Job) -> int:
    """Return how many workers are at the job when it is served: its team, or whoever a locked visit names."""
    return len(locked_crew(problem, problem.told[job.id])) if problem.is_locked(job.id) else job.team


def locked_crew(problem: Problem, visit: Visit) -> tuple[str, ...]:
    """Return the workers of a locked visit who are in the week, each once."""
    return tuple(worker for worker in dict.fromkeys(visit.workers) if worker in problem.worker)


class _Able:
    """Who is able for a job at a start if nothing else is planned: the pair rules, for all workers at once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.index = {worker.id: number for number, worker in enumerate(problem.workers)}
        windows = [(a, b, n) for n, worker in enumerate(problem.workers) for a, b in worker.availability]
        self._windows = _rows(windows, 3)
        kept = [(a, b, n) for n, worker in enumerate(problem.workers) for a, b in worker.standby]
        self._standby = _rows(kept, 3)
        self._limited = {n: worker.cannot for n, worker in enumerate(problem.workers) if worker.cannot}
        self._levels: dict[str, Ints] = {}
        self._until: dict[tuple[str, ...], Ints] = {}
        self._speaks: dict[frozenset[str], Truths] = {}
        self._barred = {
            client.id: self._crew(client.excluded_workers)
            for client in problem.clients
            if client.excluded_workers
        }
        for number, worker in enumerate(problem.workers):
            for client in worker.excluded_clients:
                self._barred.setdefault(client, self._crew(()))[number] = True

    def options(self, job: Job) -> Iterator[_Option]:
        """Yield the starts at which the job could be served, with those able to."""
        told = self._problem.told.get(job.id)
        if told is not None and self._problem.is_locked(job.id):
            if self._in_week(told.start):
                yield self._locked(job, told)
            return
        for start in dict.fromkeys(job.starts):
            if self._in_week(start) and not any(start_refusals(self._problem, job, start)):
                able = np.flatnonzero(self._able(job, start))
                qualified = self._level(job.skill)[able] == 2
                if len(able) >= job.team and qualified.any():
                    yield self._option(job, start, able[qualified] if job.team == 1 else able)

    def _in_week(self, start: Minutes) -> bool:
        return self._problem.day_starts[0] <= start < self._problem.day_starts[-1]

    def _crew(self, names: Iterable[str]) -> Truths:
        row = np.zeros(len(self.index), np.bool_)
        row[[self.index[name] for name in names if name in self.index]] = True
        return row

    def _level(self, skill: str) -> Ints:
        if skill not in self._levels:
            worth = {"qualified": 2, "learner": 1, None: 0}
            levels = [worth.get(worker.skills.get(skill), 0) for worker in self._problem.workers]
            self._levels[skill] = np.array(levels, np.int64)
        return self._levels[skill]

    def _valid_until(self, certificates: tuple[str, ...]) -> Ints:
        if certificates not in self._until:
            ends = [
                min((worker.certificates.get(name, -(10**9)) for name in certificates), default=10**9)
                for worker in self._problem.workers
            ]
            self._until[certificates] = np.array(ends, np.int64)
        return self._until[certificates]

    def _shares_language(self, languages: frozenset[str]) -> Truths:
        if languages not in self._speaks:
            shared = [not languages or bool(languages & worker.languages) for worker in self._problem.workers]
            self._speaks[languages] = np.array(shared, np.bool_)
        return self._speaks[languages]

    def _able(self, job: Job, start: Minutes) -> Truths:
        problem, end = self._problem, start + job.minutes
        client = problem.client[job.client]
        there = np.zeros(len(self.index), np.bool_)
        there[self._windows[(self._windows[:, 0] <= start) & (self._windows[:, 1] >= end), 2]] = True
        there &= self._level(job.skill) > 0
        there &= self._valid_until(tuple(problem.certificates_for(job))) >= end
        there &= self._shares_language(client.languages)
        if client.id in self._barred:
            there &= ~self._barred[client.id]
        there[self._standby[(self._standby[:, 0] < end) & (self._standby[:, 1] > start), 2]] = False
        there[[number for number, tasks in self._limited.items() if tasks & job.tasks]] = False
        if problem.now is not None and start < problem.now + problem.rules.notice:
            told = problem.told.get(job.id)
            there &= self._crew(told.workers if told is not None and told.start == start else ())
        return there

    def _locked(self, job: Job, told: Visit) -> _Option:
        """Whoever was published is there, be it too many, too few, or people who are not able."""
        crew = locked_crew(self._problem, told)
        able, weights = np.flatnonzero(self._crew(crew)), self._problem.weights
        rows = np.zeros((len(able), 3), np.int32)
        level = self._level(job.skill)[able]
        rows[:, 0], rows[:, 1], rows[:, 2] = able, level == 2, weights.learner * (level == 1)
        missed = visit_counts(self._problem, job, crew)["continuity"]
        return _Option(told.start, 0, weights.continuity * missed, rows)

    def _option(self, job: Job, start: Minutes, able: NDArray[np.intp]) -> _Option:
        weights, told = self._problem.weights, self._problem.told.get(job.id)
        rows = np.zeros((len(able), 3), np.int32)
        level = self._level(job.skill)[able]
        rows[:, 0], rows[:, 1] = able, level == 2
        rows[:, 1] += 0 if told is None else 2 * ~self._crew(told.workers)[able]
        rows[:, 2] = (
            weights.learner * (level == 1) - weights.continuity * self._crew(self._problem.welcome(job))[able]
        )
        moved = job.team if told is not None and told.start != start else 0
        missed = min(job.team, len(self._problem.welcome(job)))
        return _Option(start, moved, weights.continuity * missed, rows)


def _rows(rows: Iterable[tuple[int, ...]], width: int) -> Ints:
    return np.array(list(rows), np.int64).reshape(-1, width)


def _jobs(problem: Problem, options: list[list[_Option]], series: dict[str, int]) -> Ints:
    rows, at = [], 0
    for job, row in zip(problem.jobs, options, strict=True):
        able = {int(worker) for option in row for worker in option.able[:, 0]}
        number = -1 if job.series is None else series[job.series]
        locked, size = int(problem.is_locked(job.id)), size_of(problem, job)
        ease = 16 * len(able) // job.team
        rows.append((job.minutes, job.team, number, at, at + len(row), locked, job.x, job.y, ease, size))
        at += len(row)
    return _rows(rows, 10)


def _entries(problem: Problem, options: list[list[_Option]]) -> NDArray[np.int32]:
    """Return a row for each worker who is able for an option, with the option and the cell."""
    every = [option for row in options for option in row]
    able = np.concatenate([np.zeros((0, 3), np.int32), *(option.able for option in every)])
    rows = np.zeros((len(able), 5), np.int32)
    rows[:, :3] = able
    sizes = [len(option.able) for option in every]
    rows[:, 3] = np.repeat(np.arange(len(every)), sizes)
    day = np.repeat(np.array([problem.day_of(option.start) for option in every], np.int64), sizes)
    rows[:, 4] = rows[:, 0] * problem.days + day
    return rows


def _options(problem: Problem, options: list[list[_Option]]) -> Ints:
    rows, at = [], 0
    for number, row in enumerate(options):
        for option in row:
            day, until = problem.day_of(option.start), at + len(option.able)
            rows.append((number, option.start, day, at, until, option.cost, option.moved))
            at = until
    return _rows(rows, 7)


def _worker(problem: Problem, worker: Worker) -> tuple[int, ...]:
    locked = any(problem.is_locked(visit.job) and worker.id in visit.workers for visit in problem.published)
    return (
        worker.x,
        worker.y,
        problem.rules.speed[worker.mode],
        min([worker.contract, *worker.limits.values()]),
        worker.aim,
        int(worker.likes_late),
        worker.previous_end,
        int(locked or _longest_off(problem, worker) < problem.rules.weekly_rest),
    )


def _longest_off(problem: Problem, worker: Worker) -> Minutes:
    """The longest stretch in which the worker is not available; as long as the weekly rest, and no plan can break it."""
    free, longest = problem.day_starts[0], 0
    for since, until in [*sorted(worker.availability), (problem.day_starts[-1],) * 2]:
        longest, free = max(longest, since - free), max(free, until)
    return longest


def _rules(problem: Problem, room: int) -> Ints:
    rules, weights, prices = problem.rules, problem.weights, Prices.of(problem)
    figures = [
        *(
            rules.setup,
            rules.max_day,
            rules.break_after,
            rules.break_minutes,
            rules.daily_rest,
            rules.weekly_rest,
        ),
        *(rules.short_day, rules.split_gap, int(rules.travel_is_work)),
        *(weights.travel, weights.series, weights.hours, weights.late, weights.short, weights.split),
        *(prices.unserved, prices.change, problem.days, room, problem.day_starts[0], problem.day_starts[-1]),
        *(problem.late_from(day) for day in range(problem.days)),
    ]
    return np.array(figures, np.int64)


def _room(problem: Problem) -> int:
    """No day holds more turns than fit into the longest one, beside those that are locked."""
    shortest = min((job.minutes for job in problem.jobs), default=1)
    longest = max(end - start for start, end in pairwise(problem.day_starts))
    most = min(problem.rules.max_day, longest) // shortest
    locked: dict[tuple[str, int], int] = {}
    for visit in problem.published:
        if problem.is_locked(visit.job):
            for worker in set(visit.workers):
                key = worker, problem.day_of(visit.start)
                locked[key] = locked.get(key, 0) + 1
    return max(1, most, *locked.values()) + 1 if locked else max(1, most) + 1
