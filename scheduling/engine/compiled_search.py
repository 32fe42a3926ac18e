"""The compiled search, with the face of the plain one."""

from types import ModuleType

import numpy as np

from scheduling.engine.board import Board
from scheduling.engine.model import Job, Minutes, Plan, Problem, Visit, Worker
from scheduling.engine.plain_search import Layers, keep
from scheduling.engine.prices import Prices
from scheduling.engine.tables import HEAD, WIDE, Ints, Tables, build, locked_crew

MOST_LIFTED = 8
OVERLOOKED = 10
"""Of 1024 offers."""
COLDEST = 0.02


class CompiledSearch:
    """A plan as integers, improved by the kernels; `best` is turned back into a plan when asked for."""

    piece = 500

    def __init__(
        self, kernels: ModuleType, problem: Problem, seed: int, start: Plan, *, serve: bool = True
    ) -> None:
        self._kernels, self._problem = kernels, problem
        self._t: Tables = build(problem)
        jobs, workers, tables = len(problem.jobs), len(problem.workers), self._t
        self._random = np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64)
        self._days = np.zeros((workers * problem.days, HEAD + WIDE * tables.room), np.int32)
        self._crews = np.zeros((len(tables.series_size), workers), np.int64)
        self._sizes = tables.series_size.copy()
        self._plan = np.full((jobs, 1 + tables.widest), -1, np.int64)
        self._paid = np.zeros(workers, np.int64)
        self._totals = np.array([_asked(problem), 0, _idle_cost(problem)], np.int64)
        self._heat = Prices.of(problem).heat
        self._take_over(start)
        if serve:
            self._serve()
        self._best, self._best_totals = self._plan.copy(), self._totals.copy()

    def _take_over(self, start: Plan) -> None:
        """Place the locked visits, and what may stay of the plan."""
        numbers = {job.id: number for number, job in enumerate(self._problem.jobs)}
        board = Board(self._problem)
        keep(board, start)
        for visit in sorted(
            board.visits.values(), key=lambda v: (v.start, self._problem.job[v.job].minutes, v.job)
        ):
            self._place(numbers[visit.job], visit)

    def _serve(self) -> None:
        """Serve the scarcest jobs first, each as cheaply as it can be."""
        ease = self._t.jobs[:, 8] * 10**6 - self._t.jobs[:, 0] * self._t.jobs[:, 1]
        order = np.argsort(ease, kind="stable").astype(np.int64)
        self._kernels.fill(order, self._random, *self._state())

    def _place(self, number: int, visit: Visit) -> None:
        row = self._t.jobs[number]
        options = range(row[3], row[4])
        option = next((o for o in options if self._t.options[o, 1] == visit.start), None)
        if option is not None:
            crew = locked_crew(self._problem, visit)
            names = np.array([self._t.index[worker] for worker in crew] or [0], np.int64)
            self._kernels.place(option, names, *self._state())

    def _state(self) -> tuple[Ints | np.ndarray[tuple[int, ...], np.dtype[np.int32]], ...]:
        t = self._t
        state = (self._crews, self._sizes, self._plan, self._paid, self._totals)
        return (t.jobs, t.options, t.able, self._days, t.workers, t.rules, *state)

    def run(self, steps: int, *, heat_from: float, heat_to: float) -> None:
        """Take so many steps. The heat, from 1 to 0, says how much worse a step may make the plan."""
        hot, cold = (self._heat * COLDEST ** (1 - heat) for heat in (heat_from, heat_to))
        tail = (self._t.series_jobs, self._t.series_from, self._best, self._best_totals)
        if len(self._problem.jobs) > 0 and len(self._problem.workers) > 0:
            args = (steps, hot, cold, MOST_LIFTED, OVERLOOKED, self._random)
            self._kernels.search(*args, *self._state(), *tail)

    def turn_cost(self, worker: Worker, job: Job, start: Minutes) -> int | None:
        """Return what the worker's week costs more with the job, or None when a rule of the day or week refuses it."""
        who, day = self._t.index[worker.id], self._problem.day_of(start)
        where = (job.x, job.y, start, start + job.minutes)
        cost = self._kernels.turn_cost(
            who, day, *where, self._days, self._t.workers, self._paid, self._t.rules
        )
        return None if cost == self._kernels.REFUSED else int(cost)

    @property
    def layers(self) -> Layers:
        """Unserved minutes, changes and soft cost of the best plan so far."""
        unserved, changes, soft = (int(total) for total in self._best_totals)
        return unserved, changes, soft

    @property
    def best(self) -> Plan:
        visits = []
        for job, row in zip(self._problem.jobs, self._best.tolist(), strict=True):
            told = self._problem.told.get(job.id)
            if told is not None and self._problem.is_locked(job.id):
                visits.append(told)
            elif row[0] >= 0:
                crew = tuple(self._problem.workers[worker].id for worker in row[1 : 1 + job.team])
                visits.append(Visit(job.id, int(self._t.options[row[0], 1]), crew))
        return Plan(tuple(visits))


def _asked(problem: Problem) -> int:
    return sum(job.team * job.minutes for job in problem.jobs)


def _idle_cost(problem: Problem) -> int:
    """The soft cost of a week in which nobody works."""
    steps = (abs(worker.wanted) // 30 for worker in problem.workers)
    return problem.weights.hours * sum(step * step for step in steps)
