"""Do a proposal: every move of it in one transaction, when the week is still the one it was made for."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from marketplace.models import Booking
from scheduling import planning, publishing
from scheduling.engine.check import violations
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Problem
from scheduling.engine.model import Visit as EngineVisit
from scheduling.engine.rulebook import Refusal
from scheduling.models import Assignment, Proposal, Repair, Visit
from scheduling.repair_week import is_begun, live
from scheduling.visits import withdraw
from scheduling.week_problem import Week
from workers_pool.models import Worker

MoveRow = Mapping[str, Any]


class NotReady(Refused):
    """The proposal was done, or another one of the same question."""


class WorldMoved(Refused):
    """What the proposal is about changed since; nothing was done."""


@transaction.atomic(durable=True)
def apply(proposal_id: int, *, by: User, at: datetime) -> Repair:
    """Do everything a proposal says.

    :raises NotReady: one of its question was done before.
    :raises WorldMoved: a visit of it changed, began, or went off since, or its time is over.
    :raises publishing.BreaksARule: somebody's week changed, and a rule would be broken.
    """
    found = Proposal.objects.select_related("repair").get(pk=proposal_id)
    publishing.take_turn(found.repair.neighbourhood_id)
    repair = Repair.objects.select_for_update(no_key=True).get(pk=found.repair_id)
    if repair.state != Repair.State.READY:
        raise NotReady(_("Dit is al gedaan. Kijk op het bord hoe het nu is."))
    bookings, visits = _locked(found.moves)
    for move in found.moves:
        _check_same(move, bookings[move["booking"]], visits.get(move["visit"]), at=at)
    broken = broken_rules(repair.neighbourhood_id, repair.monday, found.moves)
    if broken:
        raise publishing.BreaksARule(broken)
    carry_out(found.moves, bookings, visits, by=by, at=at)
    Proposal.objects.filter(pk=found.pk).update(chosen=True)
    repair.state, repair.applied_at, repair.applied_by = Repair.State.APPLIED, at, by
    repair.save(update_fields=["state", "applied_at", "applied_by"])
    record("repair.applied", repair, by_id=by.pk, at=at, proposal=found.rank, moves=len(found.moves))
    return repair


def carry_out(
    moves: Sequence[MoveRow], bookings: Mapping[int, Booking], visits: Mapping[int, Visit], *, by: User, at: datetime
) -> None:  # fmt: skip
    """Do moves that were checked, all of them. Step: the caller holds the turn, the bookings and the visits.

    :raises WorldMoved: somebody was sent elsewhere by another neighbourhood, at this very moment.
    """
    try:
        for move in moves:
            _take_off(move, visits.get(move["visit"]), by=by, at=at)
        for move in moves:
            _do(move, bookings[move["booking"]], visits.get(move["visit"]), by=by, at=at)
    except IntegrityError as error:  # by never_in_two_places; all of it is undone
        raise WorldMoved(_moved()) from error


def _locked(moves: list[MoveRow]) -> tuple[dict[int, Booking], dict[int, Visit]]:
    bookings = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "service", "customer"
    )
    wanted = bookings.filter(pk__in=[move["booking"] for move in moves]).order_by("pk")
    visits = Visit.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=[move["visit"] for move in moves if move["visit"]]
    )
    found = {row.pk: row for row in wanted}
    rows = visits.select_related("booking__service").prefetch_related("assignments__worker").order_by("pk")
    return found, {row.pk: row for row in rows}


def _moved(name: str = "") -> str:
    if not name:
        return _("Intussen is er iets veranderd. Er is niets gedaan. Maak nieuwe voorstellen.")
    return _("Intussen is er iets veranderd bij %(name)s. Er is niets gedaan. Maak nieuwe voorstellen.") % {
        "name": name
    }


def _check_same(move: MoveRow, booking: Booking, visit: Visit | None, *, at: datetime) -> None:
    """Check that a visit is as it was when the proposal was made.

    :raises WorldMoved: it is not.
    """
    before, after = move["before"], move["after"]
    same = booking.state == (Booking.State.PLANNED if before else Booking.State.REQUESTED)
    if same and before:
        same = visit is not None and (
            visit.state == Visit.State.PUBLISHED and visit.version == move["version"] and not is_begun(visit)
            and visit.start_at == start_of(before) and live(visit) == before["workers"]
        )  # fmt: skip
    if not same:
        raise WorldMoved(_moved(booking.customer.name))
    moved = after and (not before or start_of(after) != start_of(before))
    if moved and start_of(after) <= at:
        raise WorldMoved(
            _("De tijd van dit voorstel is voorbij. Er is niets gedaan. Maak nieuwe voorstellen.")
        )


def broken_rules(neighbourhood_id: int, monday: date, moves: Sequence[MoveRow]) -> tuple[Refusal, ...]:
    """Return the hard rules that moves would break in the week as it is now."""
    clock = Week(monday)
    week = planning.neighbourhood_week(neighbourhood_id, monday)
    after = {
        str(move["booking"]): EngineVisit(
            str(move["booking"]), clock.minute(start_of(move["after"])),
            tuple(str(pk) for pk in move["after"]["workers"]),
        )
        for move in moves if move["after"]
    }  # fmt: skip
    touched = {str(move["booking"]) for move in moves}
    week = _opened(week, touched, after)
    stays = [visit for visit in week.published if visit.job not in touched]
    sent = {name for visit in after.values() for name in visit.workers}
    return tuple(
        refusal for refusal in violations(week, EnginePlan((*stays, *after.values())))
        if refusal.worker in sent or refusal.job in after
    )  # fmt: skip


def _opened(week: Problem, touched: set[str], after: Mapping[str, EngineVisit]) -> Problem:
    """Return the week in which these visits may change, and begin when the proposal says."""
    return dataclasses.replace(
        week,
        jobs=tuple(
            dataclasses.replace(job, starts=(*job.starts, after[job.id].start)) if job.id in after else job
            for job in week.jobs
        ),
        published=tuple(visit for visit in week.published if visit.job not in touched),
        locked=week.locked - touched,
    )


def _take_off(move: MoveRow, visit: Visit | None, *, by: User, at: datetime) -> None:
    """Free who leaves. All moves do this first: nobody is in two places, not even on paper."""
    if visit is None:
        return
    stay = () if _is_off(move) else move["after"]["workers"]
    rows = visit.assignments.select_for_update(no_key=True).filter(state__in=Assignment.LIVE)
    for row in rows.exclude(worker__in=stay).order_by("pk"):
        withdraw(row, by_id=by.pk, at=at)
        if not (move["after"] and row.worker_id in move["after"]["workers"]):
            record("assignment.freed", row, by_id=by.pk, at=at)


def _is_off(move: MoveRow) -> bool:
    """Tell whether the visit as it was told falls away: nobody goes, or at another time."""
    return move["after"] is None or start_of(move["after"]) != start_of(move["before"])


def start_of(said: MoveRow) -> datetime:
    """Return the start that a move says, before or after."""
    return datetime.fromisoformat(said["start"])


def _do(move: MoveRow, booking: Booking, visit: Visit | None, *, by: User, at: datetime) -> None:
    if visit is not None and _is_off(move):
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.CANCELLED)
        record("visit.let_go", visit, by_id=by.pk, at=at, moved=move["after"] is not None)
    if move["after"] is None:
        Booking.objects.filter(pk=booking.pk).update(state=Booking.State.REQUESTED)
    elif visit is None or _is_off(move):
        send_all(move, booking, by=by, at=at)
    else:
        Visit.objects.filter(pk=visit.pk).update(version=visit.version + 1)
        for pk in move["after"]["workers"]:
            if pk not in move["before"]["workers"]:
                row = _send(visit, pk, why=move["why"].get(str(pk), []), at=at)
                record("visit.crew_changed", visit, by_id=by.pk, at=at, assignment_id=row.pk)


def send_all(move: MoveRow, booking: Booking, *, by: User, at: datetime) -> Visit:
    """Make a visit of its own: a visit at another time is another promise, and the old one keeps its history. Step."""
    start = start_of(move["after"])
    visit = Visit.objects.create(
        booking=booking, neighbourhood_id=booking.neighbourhood_id, start_at=start,
        end_at=start + timedelta(minutes=booking.minutes), published_at=at,
    )  # fmt: skip
    for pk in move["after"]["workers"]:
        publishing.assign(visit, _worker(pk), why=move["why"].get(str(pk), []), at=at)
    Booking.objects.filter(pk=booking.pk).update(state=Booking.State.PLANNED)
    record("visit.arranged", visit, by_id=by.pk, at=at)
    return visit


def _send(visit: Visit, pk: int, *, why: list[dict[str, str]], at: datetime) -> Assignment:
    """Send somebody who is new to a visit, or who was taken off it before."""
    back = visit.assignments.filter(worker=pk, state=Assignment.State.WITHDRAWN).first()
    if back is None:
        return publishing.assign(visit, _worker(pk), why=why, at=at)
    told = publishing.in_time(visit.start_at, at=at)
    back.state = Assignment.State.ASSIGNED if told else Assignment.State.OFFERED
    back.assigned_at, back.answered_at, back.why = at, None, why
    back.save(update_fields=["state", "assigned_at", "answered_at", "why"])
    return back


def _worker(pk: int) -> Worker:
    return Worker.objects.prefetch_related("skills").get(pk=pk)
