"""Which starts can be promised for one more job, next to what is planned and what waits for a plan."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from scheduling.engine.board import Board
from scheduling.engine.model import Job, JobId, Minutes, Plan, Problem, WorkerId
from scheduling.engine.plain_search import keep


@dataclass(frozen=True, slots=True)
class Slot:
    """A start with a crew that can go then, whether the client knows one of them, and what it costs."""

    start: Minutes
    crew: tuple[WorkerId, ...]
    is_known: bool
    cost: int

    @property
    def rank(self) -> tuple[bool, int, Minutes]:
        """A known face first, then what costs least."""
        return not self.is_known, self.cost, self.start


def board_of_promises(
    problem: Problem,
    *,
    draft: Plan | None = None,
    besides: Iterable[JobId] = (),
    first: Collection[JobId] = (),
) -> Board:
    """Return the published plan with every job that waits in it, each as cheaply as it can be, in order.

    Who asked first keeps a place, so that what is free on this board stays free for who comes next: a start that was
    promised to one is not promised to another.

    :param draft: where jobs that wait may go by the last plan that was made.
    :param besides: jobs that are only asked about.
    :param first: jobs that were promised: they go before others that wait.
    """
    board, asked = Board(problem), set(besides)
    keep(board, Plan((*problem.published, *(draft.visits if draft else ()))))
    for job in sorted(problem.jobs, key=lambda job: job.id not in first):
        if job.id not in board.visits and job.id not in asked:
            option = board.best_option(job)
            if option is not None:
                board.place(option.visit)
    return board


def free(board: Board, job: Job) -> Iterator[Slot]:
    """Yield the starts of a job that is not on the board at which a whole crew can go."""
    welcome = board.problem.welcome(job)
    for start in job.starts:
        option = board.option(job, start)
        if option is not None:
            crew = option.visit.workers
            yield Slot(start, crew, bool(welcome & set(crew)), option.cost)
