"""Why a booking has nobody and what would help; why these people go on it, and not others. In people's words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from marketplace.models import Booking
from scheduling import weighting
from scheduling.comparing import whole
from scheduling.engine.board import Board
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Problem
from scheduling.engine.reasons import board_of, refusals_on
from scheduling.engine.remedies import remedies
from scheduling.engine.why import why_not
from scheduling.explaining import Names, language, sentence
from scheduling.models import Plan, Visit
from scheduling.week_problem import Week, problem
from workers_pool.models import Worker


@dataclass(frozen=True)
class AtStart:
    """Who could go at one of the wanted starts, and what keeps each of the others away."""

    start: datetime
    able: list[str]
    others: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Unserved:
    """Why nobody goes: start by start, worker by worker; and what would help, the cheapest first."""

    starts: list[AtStart]
    remedies: list[str]


@dataclass(frozen=True)
class WhyNot:
    """Why one and not the other: rules, or what would cost more; and what would turn it round."""

    rules: list[str]
    parts: list[str]
    dearer: int
    turn: str


class Reasons:
    """A booking in its week, with a draft or with what is published."""

    def __init__(self, booking: Booking, plan: Plan | None) -> None:
        self.booking, self.key = booking, str(booking.pk)
        monday = plan.monday if plan else _monday(booking)
        self.clock = Week(monday)
        self.week: Problem = problem(booking.neighbourhood, monday, weights=weighting.weights())
        self.plan: EnginePlan = whole(self.week, plan)
        self.names = Names(self.week)

    @property
    def is_known(self) -> bool:
        """Whether the booking is (still) asked for in this week."""
        return self.key in self.week.job

    @property
    def crew(self) -> list[str]:
        """The workers who go, as the engine names them."""
        visit = self.plan.by_job.get(self.key)
        return list(visit.workers) if visit else []

    @property
    def start(self) -> datetime | None:
        visit = self.plan.by_job.get(self.key)
        return self.clock.moment(visit.start) if visit else None

    def unserved(self) -> Unserved:
        """Return why nobody goes, and what would help."""
        board, job = board_of(self.week, self.plan), self.week.job[self.key]
        found = remedies(self.week, self.plan, self.key)
        return Unserved(
            [self._at(board, start) for start in job.starts],
            [remedy.say(self.week, language(), self.names) for remedy in found],
        )

    def _at(self, board: Board, start: int) -> AtStart:
        job, able, others = self.week.job[self.key], list[str](), list[tuple[str, list[str]]]()
        for worker in self.week.workers:
            refused = refusals_on(board, job, worker, start)
            if refused:
                others.append((self.names.worker(worker.id), [sentence(r, self.names) for r in refused]))
            else:
                able.append(self.names.worker(worker.id))
        return AtStart(self.clock.moment(start), able, others)

    def why_not(self, chosen: Worker, other: Worker) -> WhyNot | None:
        """Return why one goes and the other does not; None when that is not the question (any more)."""
        one, two = str(chosen.pk), str(other.pk)
        if one not in self.crew or two in self.crew or two not in self.week.worker:
            return None
        answer = why_not(self.week, self.plan, self.plan.by_job[self.key], one, two)
        return WhyNot(
            [sentence(refusal, self.names) for refusal in answer.refusals], answer.say_parts(language()), answer.dearer,
            answer.say_turns(self.week, language(), self.names),
        )  # fmt: skip


def _monday(booking: Booking) -> date:
    visit = Visit.objects.filter(booking=booking).exclude(state=Visit.State.CANCELLED).first()
    day = timezone.localdate(visit.start_at if visit else booking.starts[0])
    return day - timedelta(days=day.weekday())
