"""The best few ways to mend a plan that something happened to: each whole, each different, few promises broken."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from scheduling.engine.model import Job, JobId, Plan, Problem, Visit, Worker, WorkerId
from scheduling.engine.prices import Prices
from scheduling.engine.score import Score, score
from scheduling.engine.solve import Solution, solve
from scheduling.engine.stop import Stop

Pair = tuple[JobId, WorkerId]


@dataclass(frozen=True, slots=True)
class Move:
    """A job that is done otherwise than people were told; no visit means that nobody goes."""

    job: JobId
    before: Visit | None
    after: Visit | None

    @property
    def is_moved(self) -> bool:
        """Whether the visit begins at another time."""
        return self.before is not None and self.after is not None and self.before.start != self.after.start

    @property
    def leave(self) -> frozenset[WorkerId]:
        """Who was told to go, and need not any more."""
        before = set(self.before.workers) if self.before else set()
        return frozenset(before - set(self.after.workers if self.after else ()))

    @property
    def come(self) -> frozenset[WorkerId]:
        """Who goes and was not told so."""
        after = set(self.after.workers) if self.after else set()
        return frozenset(after - set(self.before.workers if self.before else ()))


@dataclass(frozen=True)
class Proposal:
    """A plan that mends, what it changes, and whom it leaves without help."""

    plan: Plan
    moves: tuple[Move, ...]
    unserved: tuple[JobId, ...]
    score: Score
    broken: int
    """Promises that break: a start that moves, a worker who is taken off, a visit that falls away."""


def without(problem: Problem, pairs: Collection[Pair]) -> Problem:
    """Return the problem in which none of these workers is sent to that job."""
    if not pairs:
        return problem
    barred = {job for job, _worker in pairs}
    of_worker: dict[WorkerId, set[str]] = {}
    for job, worker in pairs:
        of_worker.setdefault(worker, set()).add(_token(job))
    return replace(
        problem,
        jobs=tuple(_marked(job) if job.id in barred else job for job in problem.jobs),
        workers=tuple(
            _barred(worker, of_worker[worker.id]) if worker.id in of_worker else worker
            for worker in problem.workers
        ),
    )


def _token(job: JobId) -> str:
    return f"not:{job}"


def _marked(job: Job) -> Job:
    return replace(job, tasks=job.tasks | {_token(job.id)})


def _barred(worker: Worker, tokens: set[str]) -> Worker:
    return replace(worker, cannot=worker.cannot | tokens)


def proposals(
    problem: Problem, *, affected: Collection[JobId], near: Collection[JobId], stop: Callable[[], Stop], seed: int,
    most: int = 3,
) -> tuple[Proposal, ...]:  # fmt: skip
    """Return the best ways to serve the affected jobs again, best first; none of them changes nothing.

    Everything stays as it was told but the affected jobs and, where that helps, those that are near. A team goes whole or
    not at all, and who takes another's place is replaced in the same proposal.

    :param near: told jobs that may change as well.
    :param stop: makes the end of one search; there are `SEARCHES`.
    """
    found: dict[frozenset[tuple[JobId, int, frozenset[WorkerId]]], Proposal] = {}
    for solution in _solutions(problem, set(affected), set(near), stop, seed):
        proposal = _proposal(problem, solution.plan, set(affected))
        if proposal.moves:
            found.setdefault(_key(proposal), proposal)
    prices = Prices.of(problem)
    ranked = sorted(found.values(), key=lambda one: _rank(prices, one))
    return tuple(one for one in ranked if _is_a_choice(one, ranked[0]))[:most]


def _is_a_choice(one: Proposal, best: Proposal) -> bool:
    """Whether somebody could want it: it leaves no more undone than the best, or it breaks fewer promises."""
    return one.score.unserved_minutes <= best.score.unserved_minutes or one.broken < best.broken


def _solutions(
    problem: Problem, affected: set[JobId], near: set[JobId], stop: Callable[[], Stop], seed: int
) -> Iterator[Solution]:
    """Search wide and narrow; then again without the people who were chosen, so that there is something to choose."""
    seen: set[Pair] = set()
    sizes = {job.id: job.team * job.minutes for job in problem.jobs}
    largest = max(affected & sizes.keys(), key=lambda job: (sizes[job], job), default=None)
    for number, (is_wide, barred_of) in enumerate(_ROUNDS):
        free = affected | near if is_wide else affected
        kept = {visit.job for visit in problem.published if visit.job not in free}
        barred = {pair for pair in seen if barred_of(pair[0] == largest)} or seen
        week = without(replace(problem, locked=problem.locked | kept), barred if number > 1 else ())
        solution = solve(week, stop=stop(), seed=seed + number)
        yield solution
        seen |= set(_chosen(problem, solution.plan, affected))


_ROUNDS: tuple[tuple[bool, Callable[[bool], bool]], ...] = (
    (True, bool), (False, bool), (False, lambda is_largest: is_largest), (True, lambda is_largest: not is_largest),
    (False, lambda _is_largest: True),
)  # fmt: skip
"""Whether what is near may change too; and of which jobs, the largest or the others, those chosen before stay at home."""
SEARCHES = len(_ROUNDS)


def _chosen(problem: Problem, plan: Plan, affected: set[JobId]) -> Iterator[Pair]:
    for job in affected:
        visit, told = plan.by_job.get(job), problem.told.get(job)
        for worker in visit.workers if visit else ():
            if told is None or worker not in told.workers:
                yield job, worker


def _proposal(problem: Problem, plan: Plan, affected: set[JobId]) -> Proposal:
    moves = []
    for job in problem.jobs:
        before, after = problem.told.get(job.id), plan.by_job.get(job.id)
        if _said(before) != _said(after):
            moves.append(Move(job.id, before, after))
    unserved = tuple(job.id for job in problem.jobs if job.id not in plan.by_job)
    broken = sum(_broken(move, affected) for move in moves)
    return Proposal(plan, tuple(moves), unserved, score(problem, plan), broken)


def _broken(move: Move, affected: set[JobId]) -> int:
    """A start or a visit is one promise to the client; each worker who is taken off is one to them."""
    gone = move.before is not None and move.after is None
    return int(gone or move.is_moved) + (len(move.leave) if move.job not in affected or gone else 0)


def _said(visit: Visit | None) -> tuple[int, frozenset[WorkerId]] | None:
    return None if visit is None else (visit.start, frozenset(visit.workers))


def _key(proposal: Proposal) -> frozenset[tuple[JobId, int, frozenset[WorkerId]]]:
    return frozenset(
        (
            move.job,
            move.after.start if move.after else -1,
            frozenset(move.after.workers if move.after else ()),
        )
        for move in proposal.moves
    )


def _rank(prices: Prices, one: Proposal) -> tuple[int, int]:
    return prices.rank(one.score.unserved_minutes, one.broken + one.score.changes, one.score.soft_cost)
