"""Search in plain Python: fill the scarcest jobs first, then take a few visits off and put them back better.

Slow and clear. It plans small weeks, and any week where the compiled search cannot run.
"""

import math
from random import Random

from scheduling.engine.board import Board
from scheduling.engine.model import Job, Plan, Problem, Visit
from scheduling.engine.score import Score, score

Layers = tuple[int, int, int]


class PlainSearch:
    """A plan that grows and then improves, step by step; the best one is kept."""

    piece = 1

    def __init__(self, problem: Problem, seed: int, start: Plan) -> None:
        self._problem = problem
        self._random = Random(seed)  # noqa: S311 - a plan is no secret, and the same seed must give the same plan
        self.board = Board(problem)
        keep(self.board, start)
        self._waiting = self._scarcest_last()
        self._current = self._best_score = score(problem, self.board.plan)
        self.best = self.board.plan

    @property
    def layers(self) -> Layers:
        """Unserved minutes, changes and soft cost of the best plan so far."""
        best = score(self._problem, self.best) if self._waiting else self._best_score
        return best.layers

    @property
    def is_ready(self) -> bool:
        """Whether every job has had its turn once."""
        return not self._waiting

    def run(self, steps: int, *, heat_from: float, heat_to: float) -> None:
        """Take so many steps. The heat, from 1 to 0, says how much worse a step may make the plan."""
        for step in range(steps):
            if self._waiting:
                self._fill(self._waiting.pop())
                self.best = self.board.plan
                if not self._waiting:
                    self._current = self._best_score = score(self._problem, self.best)
            else:
                self._ruin_and_recreate(heat_from + (heat_to - heat_from) * step / steps)

    def _scarcest_last(self) -> list[Job]:
        def ease(job: Job) -> tuple[float, int]:
            able = {worker.id for start in job.starts for worker in self.board.who(job, start)}
            return len(able) / job.team, -job.minutes * job.team

        return sorted(
            (job for job in self._problem.jobs if job.id not in self.board.visits), key=ease, reverse=True
        )

    def _fill(self, job: Job) -> bool:
        option = self.board.best_option(job)
        if option is not None:
            self.board.place(option.visit)
        return option is not None

    def _keep_best(self, now: Score) -> None:
        self._current = now
        rank = self.board.prices.rank
        if rank(*now.layers) < rank(*self._best_score.layers):
            self.best, self._best_score = self.board.plan, now

    def _ruin_and_recreate(self, heat: float) -> None:
        board = self.board
        lifted = [board.lift(job) for job in self._ruins()]
        if not lifted and len(board.visits) == len(self._problem.jobs):
            return
        absent = [job for job in self._problem.jobs if job.id not in board.visits]
        self._random.shuffle(absent)
        if self._random.random() < 0.5:
            absent.sort(key=lambda job: -job.team * job.minutes)
        placed = [job.id for job in absent if self._fill(job)]
        now = score(self._problem, board.plan)
        if self._accepts(now, heat):
            self._keep_best(now)
        else:
            self._undo(lifted, placed)

    def _undo(self, lifted: list[Visit], placed: list[str]) -> None:
        for job in placed:
            self.board.lift(job)
        for visit in lifted:
            self.board.place(visit)

    def _accepts(self, now: Score, heat: float) -> bool:
        prices = self.board.prices

        def price(it: Score) -> int:
            return prices.unserved * it.unserved_minutes + prices.change * it.changes + it.soft_cost

        worse = price(now) - price(self._current)
        return worse <= -math.log(1 - self._random.random()) * prices.heat * max(heat, 0.01)

    def _ruins(self) -> list[str]:
        """Choose visits that may compete for the same workers: of one day, near to one of them in time."""
        open_ = [visit for visit in self.board.visits.values() if not self._problem.is_locked(visit.job)]
        if not open_:
            return []
        centre = self._random.choice(open_)
        day = self._problem.day_of(centre.start)
        near = [visit for visit in open_ if self._problem.day_of(visit.start) == day]
        if self._random.random() < 0.3:
            near = [visit for visit in open_ if set(visit.workers) & set(centre.workers)]
        count = min(len(near), self._random.randint(1, 6))
        return [visit.job for visit in self._random.sample(near, count)]


def keep(board: Board, plan: Plan) -> None:
    """Place the locked visits, then whatever of the plan still meets every rule."""
    for visit in board.problem.published:
        job = board.problem.job.get(visit.job)
        if job is not None and board.problem.is_locked(visit.job):
            known = tuple(worker for worker in visit.workers if worker in board.problem.worker)
            board.place(Visit(visit.job, visit.start, known))
    for visit in plan.by_job.values():
        job = board.problem.job.get(visit.job)
        if job is not None and visit.job not in board.visits and _still_fits(board, job, visit):
            board.place(visit)


def _still_fits(board: Board, job: Job, visit: Visit) -> bool:
    able = {worker.id: worker for worker in board.who(job, visit.start)}
    crew = set(visit.workers)
    if len(crew) != job.team or len(visit.workers) != job.team or not crew <= able.keys():
        return False
    if not any(able[worker].skills[job.skill] == "qualified" for worker in crew):
        return False
    return all(board.turn_cost(able[worker], job, visit.start) is not None for worker in visit.workers)
