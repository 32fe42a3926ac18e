"""What to do when a published week is disturbed: the best few proposals, and one of them done whole or not at all."""

import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Neighbourhood, User
from kernel.errors import Refused
from marketplace.models import Booking
from scheduling import explaining, repair_week, sick_call
from scheduling.engine.bound import changes_bound
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Problem
from scheduling.engine.proposals import Move, proposals
from scheduling.engine.proposals import Proposal as Found
from scheduling.engine.score import score
from scheduling.engine.stop import Seconds, Stop
from scheduling.models import Assignment, Proposal, Repair, Visit
from scheduling.planning import KILLED, SILENT
from scheduling.week_problem import Week

SECONDS = 0.15
"""For one of the searches of a repair."""


class NothingToMend(Refused):
    """There is no visit and no booking that it could be about."""


def ask(
    cause: str, *, visits: Sequence[int] = (), bookings: Sequence[int] = (), not_before: datetime | None = None,
    neighbourhood_id: int, monday: date, by: User, at: datetime,
) -> Repair:  # fmt: skip
    """Ask what can be done; a worker finds out. Asked again while it is being found out, it is one question.

    :param visits: published visits of the week that cannot go on as they are.
    :param bookings: bookings of the week that have no visit, and should get one.
    :param not_before: when a late client is at home.
    :raises NothingToMend: neither is given.
    """
    if not visits and not bookings:
        raise NothingToMend(_("Er is niets om een voorstel voor te maken."))
    about: dict[str, Any] = {"visits": sorted(visits), "bookings": sorted(bookings)}
    if not_before is not None:
        about["not_before"] = not_before.isoformat()
    return _ask(cause, about, neighbourhood_id=neighbourhood_id, monday=monday, by=by, at=at)


@transaction.atomic(durable=True)
def _ask(
    cause: str, about: dict[str, Any], *, neighbourhood_id: int, monday: date, by: User, at: datetime
) -> Repair:
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood_id)
    facts = {"neighbourhood_id": neighbourhood_id, "monday": monday, "cause": cause, "about": about}
    busy = Repair.objects.filter(state__in=Repair.BUSY, **facts).first()
    if busy:
        return busy
    Repair.objects.filter(state=Repair.State.READY, **facts).update(state=Repair.State.DROPPED)
    repair = Repair.objects.create(asked_at=at, asked_by=by, **facts)
    record("repair.asked", repair, by_id=by.pk, at=at, cause=cause)
    return repair


def ask_for_visits(
    cause: str, visit_ids: Sequence[int], *, by: User, at: datetime, not_before: datetime | None = None
) -> list[Repair]:
    """Ask what can be done for visits: one question for each week and neighbourhood."""
    weeks: dict[tuple[int, date], list[int]] = {}
    for visit in Visit.objects.filter(pk__in=visit_ids).order_by("start_at", "pk"):
        key = visit.neighbourhood_id, repair_week.monday_of(visit.start_at)
        weeks.setdefault(key, []).append(visit.pk)
    return [
        ask(cause, visits=found, not_before=not_before, neighbourhood_id=where, monday=monday, by=by, at=at)
        for (where, monday), found in weeks.items()
    ]


def call_in_sick(
    worker_id: int, *, from_at: datetime, until_at: datetime, by: User, at: datetime
) -> tuple[list[Assignment], list[Repair]]:
    """Note an absence, and ask at once what can be done: whoever looks at the board finds proposals there."""
    lost = sick_call.report(worker_id, from_at=from_at, until_at=until_at, by=by, at=at)
    return lost, ask_for_visits(Repair.Cause.ABSENT, [row.visit_id for row in lost], by=by, at=at)


def open_repairs(neighbourhood_ids: Collection[int], *, at: datetime) -> list[Repair]:
    """Return the questions about this week and later that wait for a choice and still need one, the last one first."""
    rows = Repair.objects.filter(
        neighbourhood__in=neighbourhood_ids, state__in=[*Repair.BUSY, Repair.State.READY],
        monday__gte=repair_week.monday_of(at),
    )  # fmt: skip
    return [row for row in rows.order_by("-pk") if _is_needed(row)]


def _is_needed(repair: Repair) -> bool:
    """Tell whether one of the visits still cannot go on as it is, or one of the bookings still waits."""
    if Booking.objects.filter(pk__in=repair.about["bookings"], state=Booking.State.REQUESTED).exists():
        return True
    visits = Visit.objects.filter(pk__in=repair.about["visits"], state=Visit.State.PUBLISHED)
    late = repair.about.get("not_before")
    return any(
        len(repair_week.live(visit)) < visit.booking.crew
        or (late and visit.start_at < datetime.fromisoformat(late))
        for visit in visits.select_related("booking").prefetch_related("assignments")
        if not repair_week.is_begun(visit)
    )


def ask_after_cancelling(visit: Visit, *, by: User, at: datetime) -> Repair | None:
    """Ask who of those that wait can have the time that came free; None when nobody waits for that day."""
    waiting = repair_week.waiting_on(visit.neighbourhood_id, timezone.localdate(visit.start_at))
    if not waiting or visit.start_at <= at:
        return None
    return ask(
        Repair.Cause.CANCELLED, bookings=waiting, neighbourhood_id=visit.neighbourhood_id,
        monday=repair_week.monday_of(visit.start_at), by=by, at=at,
    )  # fmt: skip


def ask_again(repair_id: int, *, by: User, at: datetime) -> Repair:
    """Ask the same question in the week as it is now."""
    old = Repair.objects.get(pk=repair_id)
    return _ask(old.cause, old.about, neighbourhood_id=old.neighbourhood_id, monday=old.monday, by=by, at=at)


def make(repair_id: int, *, at: datetime, stop: Callable[[], Stop] | None = None) -> Repair:
    """Find the proposals. No lock is held, and no transaction is open, while the engine searches.

    :param stop: makes the end of one search.
    """
    repair = _begin(repair_id, at=at)
    if repair is None:
        return Repair.objects.get(pk=repair_id)
    week = repair_week.repair_week(repair, at=at)
    found = proposals(
        week.problem, affected=week.affected, near=week.near, stop=stop or _seconds, seed=repair.pk
    )
    return _write(repair, week.problem, found, at=at)


def _seconds() -> Stop:
    return Seconds(SECONDS)


@transaction.atomic(durable=True)
def _begin(repair_id: int, *, at: datetime) -> Repair | None:
    repair = (
        Repair.objects.select_for_update(no_key=True, of=("self",))
        .select_related("neighbourhood")
        .get(pk=repair_id)
    )
    if repair.state != Repair.State.ASKED:
        return None
    repair.state, repair.run = Repair.State.RUNNING, uuid.uuid4()
    repair.save(update_fields=["state", "run"])
    Repair.objects.filter(pk=repair_id).update(seen_at=Now())
    record("repair.begun", repair, by_id=None, at=at)
    return repair


@transaction.atomic(durable=True)
def _write(repair: Repair, week: Problem, found: Sequence[Found], *, at: datetime) -> Repair:
    """Write what was found, unless the run was given up meanwhile."""
    mine = Repair.objects.select_for_update(no_key=True).get(pk=repair.pk)
    if mine.state != Repair.State.RUNNING or mine.run != repair.run:
        return mine
    told = score(week, EnginePlan(week.published))
    rows = {str(row.booking_id): row for row in repair_week.visits_of(mine.neighbourhood_id, mine.monday)}
    for rank, one in enumerate(found, start=1):
        why = explaining.reasons(week, one.plan)
        Proposal.objects.create(
            repair=mine, rank=rank,
            figures={
                "unserved_minutes": one.score.unserved_minutes, "broken": one.broken, "changes": one.score.changes,
                "soft_cost": one.score.soft_cost, "unserved": [int(job) for job in one.unserved],
                "changes_at_least": changes_bound(week, one.plan),  # proved; zero says nothing
                "travel": one.score.counts["travel"] - told.counts["travel"],
            },
            moves=[_as_json(week, Week(mine.monday), move, rows.get(move.job), why.get(move.job, {})) for move in one.moves],
        )  # fmt: skip
    mine.state, mine.ready_at = Repair.State.READY, at
    mine.save(update_fields=["state", "ready_at"])
    record("repair.ready", mine, by_id=None, at=at, proposals=len(found))
    return mine


def _as_json(
    week: Problem, clock: Week, move: Move, row: Visit | None, why: dict[str, list[explaining.Line]]
) -> dict[str, Any]:
    """Return a move as it is kept: what people were told then, so that it is seen when that changed."""
    job = week.job[move.job]
    return {
        "booking": int(move.job),
        "visit": row.pk if row else None,
        "version": row.version if row else 0,
        "before": {"start": row.start_at.isoformat(), "workers": repair_week.live(row)} if row else None,
        "after": {
            "start": clock.moment(move.after.start).isoformat(),
            "workers": sorted(int(worker) for worker in move.after.workers),
        } if move.after else None,
        "new_faces": sorted(int(worker) for worker in move.come if worker not in job.regulars),
        "why": {worker: why[worker] for worker in move.come if worker in why},
    }  # fmt: skip


@transaction.atomic(durable=True)
def fail(repair_id: int, *, why: str, at: datetime) -> None:
    """Note that no proposals could be made."""
    repair = Repair.objects.select_for_update(no_key=True).get(pk=repair_id)
    if repair.state in Repair.BUSY:
        repair.state, repair.error = Repair.State.FAILED, why
        repair.save(update_fields=["state", "error"])
        record("repair.failed", repair, by_id=None, at=at, why=why[:200])


@transaction.atomic(durable=True)
def hand_back(repair_id: int) -> None:
    """Let a repair that is in hand wait for its turn again."""
    Repair.objects.filter(pk=repair_id, state=Repair.State.RUNNING).update(
        state=Repair.State.ASKED, seen_at=None
    )


def end_silent_runs(*, at: datetime) -> int:
    """Fail repairs whose process was killed. What was published stays as it is."""
    found = list(
        Repair.objects.filter(Q(seen_at__lt=Now() - SILENT), state=Repair.State.RUNNING).values_list(
            "pk", flat=True
        )
    )
    for repair_id in found:
        fail(repair_id, why=KILLED, at=at)
    return len(found)
