"""Why a job stays unserved: which rule refuses which workers, counted, and said in one sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from scheduling.engine.board import Board, with_turn
from scheduling.engine.day import Turn
from scheduling.engine.hard_rules import day_refusals, pair_refusals, start_refusals, week_refusals
from scheduling.engine.model import Job, JobId, Minutes, Plan, Problem, Worker
from scheduling.engine.rulebook import Refusal

NOBODY, TOO_FEW, NO_MENTOR, NO_START, FITS = "nobody", "too-few", "no-mentor", "no-start", "fits"

_WORDS: Mapping[str, tuple[str, str]] = {
    "skill": ("did not learn this work", "hebben dit werk niet geleerd"),
    "certificate": ("lack a valid certificate", "missen een geldig papier"),
    "exclusion": ("are not sent to this client", "gaan niet naar deze klant"),
    "language": ("speak no shared language", "spreken geen gedeelde taal"),
    "availability": ("are not available then", "kunnen dan niet"),
    "standby": ("are on stand-by then", "staan dan reserve"),
    "task": ("do not do one of the tasks", "doen een van de taken niet"),
    "four-weeks": (
        "would pass the average over four weeks",
        "zouden boven het gemiddelde over vier weken komen",
    ),
    "sixteen-weeks": (
        "would pass the average over sixteen weeks",
        "zouden boven het gemiddelde over zestien weken komen",
    ),
    "notice": ("would hear of it too late", "zouden het te laat horen"),
    "overlap": ("are with somebody else then", "zijn dan bij iemand anders"),
    "max-day": ("would work too long that day", "zouden die dag te lang werken"),
    "break": ("would miss their break", "zouden hun pauze missen"),
    "daily-rest": ("would rest too short at night", "zouden te kort rusten tussen twee dagen"),
    "weekly-rest": ("would rest too short that week", "zouden te kort rusten die week"),
    "contract": ("would pass their contract", "zouden boven hun contract komen"),
    "start": ("can begin at no asked time", "kunnen op geen gevraagde tijd beginnen"),
    "past": ("would start in the past", "zouden in het verleden beginnen"),
}
_BEGIN: Mapping[str, tuple[str, str]] = {
    NO_MENTOR: ("Only learners could go", "Alleen leerlingen kunnen"),
    NO_START: ("No time was asked", "Er is geen tijd gevraagd"),
    FITS: ("It fits as the plan stands", "Het past in het rooster"),
}


@dataclass(frozen=True)
class Reason:
    """Why a job is unserved: how many could go at the best start, and which rules refuse the others.

    A job that `fits` can be served as the plan stands: the search was stopped before it saw that.
    """

    job: JobId
    code: str
    needed: int
    able: int
    refused: Mapping[str, int]

    @property
    def sentence(self) -> str:
        return self.say("en")

    def say(self, language: str) -> str:
        """Return the reason in Dutch (`nl`) or English."""
        dutch = language == "nl"
        parts = [
            f"{count} {_WORDS.get(rule, (rule, rule))[1 if dutch else 0]}"
            for rule, count in sorted(self.refused.items(), key=lambda item: (-item[1], item[0]))
            if rule != "skill"
        ]
        if self.code in _BEGIN:
            begin = _BEGIN[self.code][1 if dutch else 0]
        elif dutch:
            begin = f"{self.needed} nodig, {self.able} vrij"
        else:
            begin = f"{self.needed} needed, {self.able} free"
        return f"{begin}: {', '.join(parts)}." if parts else f"{begin}."


def explain(problem: Problem, plan: Plan, job: JobId) -> Reason:
    """Return why a job of the problem is not served by the plan."""
    return _explain(board_of(problem, plan), problem.job[job])


def explain_all(problem: Problem, plan: Plan) -> tuple[Reason, ...]:
    """Return the reason of every job that the plan does not serve, in the order of the jobs."""
    board = board_of(problem, plan)
    return tuple(_explain(board, job) for job in problem.jobs if job.id not in plan.by_job)


def refusals(problem: Problem, plan: Plan, job: JobId, worker: str, start: Minutes) -> tuple[Refusal, ...]:
    """Return every rule that refuses a worker at a job at a start, next to the rest of the plan."""
    board = board_of(problem, plan.without(job))
    return tuple(_refusals(board, problem.job[job], problem.worker[worker], start))


def board_of(problem: Problem, plan: Plan) -> Board:
    """Return the plan as a board; a job that the week does not have is left out."""
    board = Board(problem)
    for visit in plan.by_job.values():
        if visit.job in problem.job:
            board.place(visit)
    return board


def refusals_on(board: Board, job: Job, worker: Worker, start: Minutes) -> list[Refusal]:
    """Return why the worker cannot be at the job then, as the board stands."""
    return list(_refusals(board, job, worker, start))


def _refusals(board: Board, job: Job, worker: Worker, start: Minutes) -> Iterator[Refusal]:
    """Yield what refuses the pair; only when nothing does, what the rest of the plan refuses."""
    alone = True
    for refusal in chain(
        start_refusals(board.problem, job, start), pair_refusals(board.problem, job, worker, start)
    ):
        alone = False
        yield refusal
    if alone:
        turn = Turn(start, start + job.minutes, job)
        day, week = with_turn(board.problem, worker, board.weeks[worker.id], turn)
        yield from day_refusals(board.problem, worker, day)
        yield from week_refusals(board.problem, worker, week)


def _explain(board: Board, job: Job) -> Reason:
    best: tuple[int, Counter[str], bool] | None = None
    for start in job.starts:
        tally: Counter[str] = Counter()
        mentor, able = False, 0
        for worker in board.problem.workers:
            found = next(_refusals(board, job, worker, start), None)
            if found is not None:
                tally[found.rule] += 1
            else:
                able += 1
                mentor = mentor or worker.skills[job.skill] == "qualified"
        if best is None or able > best[0]:
            best = able, tally, mentor
    if best is None:
        return Reason(job.id, NO_START, job.team, 0, {})
    able, tally, mentor = best
    return Reason(job.id, _code(job, able, mentor=mentor), job.team, able, tally)


def _code(job: Job, able: int, *, mentor: bool) -> str:
    if able < job.team:
        return TOO_FEW if able else NOBODY
    return FITS if mentor else NO_MENTOR
