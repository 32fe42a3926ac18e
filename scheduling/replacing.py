"""Find somebody else for a visit, and send them."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from scheduling import explaining, publishing
from scheduling.engine.board import Board
from scheduling.engine.day import paid_minutes
from scheduling.engine.hard_rules import mentored
from scheduling.engine.model import Job, Problem
from scheduling.engine.reasons import refusals
from scheduling.engine.rulebook import Refusal
from scheduling.models import Assignment, Visit
from scheduling.travelling import minutes_between
from scheduling.week_problem import Week, problem
from workers_pool.models import Worker


class NotReplaceable(Refused):
    """The visit is complete, over, or off."""


class CannotGo(Refused):
    """A rule keeps this worker from going; the sentence names it."""


@dataclass(frozen=True)
class Candidate:
    """A worker who may go by every rule, and what speaks for them."""

    worker: Worker
    cost: int
    travel_minutes: int
    why: list[dict[str, str]]


def candidates(visit_id: int, *, most: int = 10) -> list[Candidate]:
    """Return who can take a free place in a visit's crew, best first."""
    visit = Visit.objects.select_related("booking__service", "neighbourhood").get(pk=visit_id)
    week, job, board = _board_without(visit)
    gone = _gone(visit)
    crew = tuple(str(pk) for pk in _live(visit) if str(pk) in week.worker)
    found = [
        offer
        for offer in board.offers(job, job.starts[0])
        if offer.worker not in crew
        and offer.worker not in gone
        and mentored(week, job, (*crew, offer.worker))
    ]
    rows = {
        str(row.pk): row
        for row in Worker.objects.filter(pk__in=[int(offer.worker) for offer in found[:most]]).select_related(
            "user"
        )
    }
    return [_candidate(week, job, board, rows[offer.worker], offer.cost) for offer in found[:most]]


@transaction.atomic(durable=True)
def replace(visit_id: int, *, worker_id: int, by: User, at: datetime) -> Assignment:
    """Give a free place in a visit's crew to a worker: told in time, or as an offer.

    :raises NotReplaceable: there is no free place.
    :raises CannotGo: with the rule that refuses it.
    """
    publishing.take_turn(Visit.objects.values_list("neighbourhood_id", flat=True).get(pk=visit_id))
    visit = (
        Visit.objects.select_for_update(no_key=True, of=("self",))
        .select_related("booking__service", "neighbourhood")
        .get(pk=visit_id)
    )
    if visit.state != Visit.State.PUBLISHED or len(_live(visit)) >= visit.booking.crew or visit.end_at <= at:
        raise NotReplaceable(_("Op dit bezoek is geen plaats vrij."))
    week, job, board = _board_without(visit)
    name = str(worker_id)
    _refuse(visit, week, job, board, name)
    worker = Worker.objects.prefetch_related("skills").get(pk=worker_id)
    try:
        with transaction.atomic():
            row = publishing.assign(visit, worker, why=_why(week, job, board, name), at=at)
    except IntegrityError as error:  # sent elsewhere, by another neighbourhood, a moment ago
        raise CannotGo(_("Deze persoon is dan bij iemand anders.")) from error
    visit.version += 1
    visit.save(update_fields=["version"])
    record("visit.crew_changed", visit, by_id=by.pk, at=at, assignment_id=row.pk)
    return row


def _refuse(visit: Visit, week: Problem, job: Job, board: Board, name: str) -> None:
    """Refuse a worker whom a rule keeps from the visit, in words.

    :raises CannotGo: with the rule.
    """
    if name not in week.worker:
        raise CannotGo(_("Deze persoon werkt die week niet in deze wijk."))
    if name in _gone(visit):
        raise CannotGo(_("Deze persoon stond al op dit bezoek."))
    refused = refusals(week, board.plan, job.id, name, job.starts[0])
    if refused:
        raise CannotGo(explaining.sentence(refused[0]))
    crew = (*(str(pk) for pk in _live(visit) if str(pk) in week.worker), name)
    if not mentored(week, job, crew):
        raise CannotGo(explaining.sentence(Refusal("learner", job.id, facts={"skill": job.skill})))


def short_crews(neighbourhood_ids: list[int], *, since: datetime, until: datetime) -> list[Visit]:
    """Return published visits in [since, until) with a free place in their crew."""
    rows = (
        Visit.objects.filter(
            neighbourhood__in=neighbourhood_ids,
            state=Visit.State.PUBLISHED,
            start_at__gte=since,
            start_at__lt=until,
        )
        .select_related("booking__service", "booking__customer", "booking__address")
        .prefetch_related("assignments")
        .order_by("start_at", "pk")
    )
    return [row for row in rows if len(_live(row)) < row.booking.crew]


def _live(visit: Visit) -> list[int]:
    return [row.worker_id for row in visit.assignments.all() if row.state in Assignment.LIVE]


def _gone(visit: Visit) -> set[str]:
    return {str(row.worker_id) for row in visit.assignments.all() if row.state not in Assignment.LIVE}


def _board_without(visit: Visit) -> tuple[Problem, Job, Board]:
    """Return the week without this visit on anybody's board."""
    local = timezone.localdate(visit.start_at)
    monday = local - timedelta(days=local.weekday())
    week = problem(visit.neighbourhood, monday)
    board = Board(week)
    for other in week.published:
        if other.job != str(visit.booking_id) and other.job in week.job:
            board.place(other)
    start = Week(monday).minute(visit.start_at)
    job = week.job[str(visit.booking_id)]
    return week, dataclasses.replace(job, starts=(start,)), board


def _why(week: Problem, job: Job, board: Board, name: str) -> list[explaining.Line]:
    paid = paid_minutes(board.weeks[name]) + job.minutes
    return explaining.for_worker(week, job, name, paid=paid)


def _candidate(week: Problem, job: Job, board: Board, row: Worker, cost: int) -> Candidate:
    worker = week.worker[str(row.pk)]
    travel = minutes_between((worker.x, worker.y), (job.x, job.y), worker.mode)
    return Candidate(row, cost, travel, _why(week, job, board, str(row.pk)))
