"""The compiled search, with the face of the plain one."""

from types import ModuleType
from typing import Any

import numpy as np

from scheduling.engine.board import Board
from scheduling.engine.model import Job, Minutes, Plan, Problem, Visit, Worker
from scheduling.engine.plain_search import Layers, keep
from scheduling.engine.prices import Prices
from scheduling.engine.tables import HEAD, WIDE, Ints, Tables, build, locked_crew

MOST_LIFTED = 8
OVERLOOKED = 100
"""About one offer in so many is overlooked."""
SHARE = 64
"""Of 256 workers who have nothing to do with a step, so many are looked at for each job."""
MIX = (90, 40, 20, 35, 42, 90)
"""Of 100 steps so many begin a chain; of 100 chains so many go on at each link, and so many (each figure holds those
before it) begin with an unserved job, a pair that is worth a bonus, or a series; of 100 chains so many place their first pair at
any cost."""
SERVE_MIX = (90, 40, 90, 92, 94, 90)
"""The same while a search only serves: most chains begin with an unserved job, for elsewhere nothing is to be won."""
SERVE_SHARE, SERVE_AT_LEAST, PATIENCE = 0.25, 0.1, 4
"""So much of a search goes to serving more, before soft cost decides more than which of two equals it is. It ends sooner,
but not before so much, when it took so many times as long as it needed to win something."""
SERVE_HEAT, SERVE_COLDEST = 5.0, 0.33
"""How many times hotter than the other steps it begins, and what is left of that heat at its end."""
SERVE_PRICE, HOLD_PRICE = 20, 4
"""How many times dearer it is to leave jobs unserved and to break promises: meanwhile, and when soft cost is brought
down afterwards without giving up what is served."""
FIRST_STEPS = 1000
"""Steps in the cold that belong to the first plan, some milliseconds that halve what it leaves unserved."""
LOOK = 6
"""How many unserved jobs a step tries to serve besides what it took off."""
COLDEST = 0.02
UPPER = slice(15, 17)
"""Where the rules have the prices of what is unserved and of a broken promise."""
LATEST = 10**9
"""The clock of versions starts again before it outgrows its column."""


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
        self._names = np.ascontiguousarray(tables.able[:, 0])
        self._known = np.zeros((len(tables.able), 3), np.int32)
        self._versions = np.ones(workers * problem.days, np.int64)
        self._clock = np.ones(1, np.int64)
        self._crews = np.zeros((len(tables.series_size), workers), np.int64)
        self._sizes = tables.series_size.copy()
        self._plan = np.full((jobs, 1 + tables.widest), -1, np.int64)
        self._paid = np.zeros(workers, np.int64)
        self._totals = np.array([_asked(problem), 0, _idle_cost(problem)], np.int64)
        self._heat = Prices.of(problem).heat
        self._prices = tables.rules[UPPER].copy()
        self._serves_first = serve and not problem.published
        self._began = self._won_at = self._held_from = -1.0
        self._least = _asked(problem)
        self._work = self._room_for_work()
        self._take_over(start)
        self._best, self._best_totals = self._plan.copy(), self._totals.copy()
        if serve:
            self._serve()
            self._best[:], self._best_totals[:] = self._plan, self._totals
            self.run(FIRST_STEPS, heat_from=0, heat_to=0)

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
        self._kernels.fill(order, self._random, *self._state(), self._names, self._known, *self._work[:3])

    def _room_for_work(self) -> tuple[np.ndarray[Any, Any], ...]:
        """The arrays that the kernels work in; compiled code asks for no memory of its own."""
        jobs, workers, cells, wide = (
            len(self._problem.jobs),
            len(self._problem.workers),
            *(self._days.shape[0], self._plan.shape[1]),
        )
        most = MOST_LIFTED + LOOK + 4
        return (
            np.zeros((workers, 3), np.int64),
            np.zeros(workers, np.int64),
            np.zeros((2, wide), np.int64),
            np.zeros((4, jobs), np.int64),
            np.zeros((3, cells), np.int64),
            np.zeros((min(cells, 2 * most * wide), self._days.shape[1]), np.int32),
            np.zeros((6, most), np.int64),
            np.zeros((most, wide), np.int64),
        )

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
        days = (self._days, self._versions, self._clock)
        return (t.jobs, t.options, t.able, *days, t.workers, t.rules, *state)

    def run(self, steps: int, *, heat_from: float, heat_to: float) -> None:
        """Take so many steps. The heat, from 1 to 0, says how much worse a step may make the plan."""
        heat, mix = self._phase(1 - (heat_from + heat_to) / 2)
        if self._clock[0] > LATEST:
            self._clock[0], self._versions[:], self._known[:, 0] = 1, 1, 0
        tables = self._t
        tail = (
            tables.series_jobs,
            tables.series_from,
            tables.wished,
            self._names,
            self._known,
            self._best,
            self._best_totals,
            *self._work,
        )
        if len(self._problem.jobs) > 0 and len(self._problem.workers) > 0:
            args = (steps, heat, MOST_LIFTED, OVERLOOKED, LOOK, SHARE, np.array(mix, np.int64), self._random)
            self._kernels.search(*args, *self._state(), *tail)

    def _phase(self, spent: float) -> tuple[float, tuple[int, ...]]:
        """Set the prices for this share of the search; return its heat and its mix."""
        if not self._serves_first:
            return self._heat * COLDEST**spent, MIX
        if spent >= 1:
            return self._heat * COLDEST, MIX
        if self._held_from < 0 and self._serves(spent):
            self._t.rules[UPPER] = self._prices * SERVE_PRICE
            heat = self._heat * SERVE_PRICE * SERVE_HEAT * SERVE_COLDEST ** (spent / SERVE_SHARE)
            return heat, SERVE_MIX
        if self._held_from < 0:
            self._held_from = spent
            self._back_to_best()
            self._t.rules[UPPER] = self._prices * HOLD_PRICE
        return self._heat * COLDEST ** ((spent - self._held_from) / (1 - self._held_from)), MIX

    def _serves(self, spent: float) -> bool:
        """Is it still worth while to serve more before anything else?"""
        unserved = int(self._best_totals[0])
        if self._began < 0:
            self._began = spent
        if unserved < self._least:
            self._least, self._won_at = unserved, spent
        enough = max(SERVE_AT_LEAST, PATIENCE * (self._won_at - self._began))
        return unserved > 0 and spent < SERVE_SHARE and spent - self._began <= enough

    def _back_to_best(self) -> None:
        """Go on from the best plan."""
        moved = np.flatnonzero((self._plan != self._best).any(axis=1)).tolist()
        for job in moved:
            if self._plan[job, 0] >= 0:
                self._kernels.lift(job, *self._state())
        for job in moved:
            if self._best[job, 0] >= 0:
                self._kernels.place(int(self._best[job, 0]), self._best[job, 1:].copy(), *self._state())

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
    steps = (abs(worker.aim) // 30 for worker in problem.workers)
    return problem.weights.hours * sum(step * step for step in steps)
