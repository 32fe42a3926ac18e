"""Move one visit by hand: to another worker, to another time, or both. The board's drag and its form do this."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel import minutes as clockwork
from kernel.errors import Refused
from marketplace.models import Booking
from scheduling import explaining, mending, planning, publishing
from scheduling.engine.day import paid_minutes
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.reasons import board_of
from scheduling.models import Assignment, Visit
from scheduling.repair_week import is_begun, live, monday_of
from workers_pool.models import Worker


class NotMovable(Refused):
    """The visit has begun, is over or is off, or the worker is not on it."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the visit since it was looked at."""


class NothingMoves(Refused):
    """The visit is asked to stay as it is."""


class NotThen(Refused):
    """No visit can begin then."""


class CannotGo(Refused):
    """A rule keeps the worker from going; the sentence names it."""


@transaction.atomic(durable=True)
def move(
    visit_id: int, *, version: int, leaves: int | None, comes: int | None, start_at: datetime, by: User, at: datetime
) -> Visit:  # fmt: skip
    """Let one worker take the place of another, and let the visit begin at a time. Everybody it concerns hears it.

    :param version: of the visit, when it was looked at.
    :param leaves: who goes off the visit; None when nobody does.
    :param comes: who takes that place, or a free one; None when nobody does.
    :raises NotMovable: it cannot be moved any more.
    :raises ChangedMeanwhile: it was changed since.
    :raises NothingMoves: everything is as asked.
    :raises NotThen: the start is over, not on a quarter, or ends on another day.
    :raises CannotGo: with the rule that would be broken.
    """
    publishing.take_turn(Visit.objects.values_list("neighbourhood_id", flat=True).get(pk=visit_id))
    bookings = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "service", "customer"
    )
    booking = bookings.get(pk=Visit.objects.values_list("booking_id", flat=True).get(pk=visit_id))
    visit = (
        Visit.objects.select_for_update(no_key=True, of=("self",))
        .select_related("booking__service").prefetch_related("assignments__worker").get(pk=visit_id)
    )  # fmt: skip
    before = live(visit)
    after = sorted({*before} - {leaves} | ({comes} if comes else set()))
    _check(visit, before, after, leaves, version=version, start_at=start_at, at=at)
    row = _as_move(visit, before, after, start_at)
    _check_rules(visit, row, short=len(before) < booking.crew)
    row["why"] = _why(visit, row, [pk for pk in after if pk not in before])
    mending.carry_out([row], {booking.pk: booking}, {visit.pk: visit}, by=by, at=at)
    record("visit.moved_by_hand", visit, by_id=by.pk, at=at, leaves=leaves, comes=comes)
    return Visit.objects.exclude(state=Visit.State.CANCELLED).get(booking=booking)


def _check(
    visit: Visit, before: list[int], after: list[int], leaves: int | None, *, version: int, start_at: datetime, at: datetime
) -> None:  # fmt: skip
    if visit.version != version:
        raise ChangedMeanwhile(_("Iemand anders heeft dit bezoek net veranderd. Kijk hoe het nu is."))
    if visit.state != Visit.State.PUBLISHED or is_begun(visit) or visit.end_at <= at:
        raise NotMovable(_("Dit bezoek is begonnen, voorbij of afgezegd. Het kan niet meer schuiven."))
    if leaves is not None and leaves not in before:
        raise NotMovable(_("Deze persoon gaat hier niet (meer) heen."))
    if before == after and start_at == visit.start_at:
        raise NothingMoves(_("Er verandert niets."))
    if start_at != visit.start_at:
        _check_start(start_at, visit.booking.minutes, at=at)
    _check_newcomers(visit, [pk for pk in after if pk not in before], moved=start_at != visit.start_at)


def _check_start(start_at: datetime, minutes: int, *, at: datetime) -> None:
    day, minute = clockwork.clock(start_at)
    if start_at <= at:
        raise NotThen(_("Deze tijd is al voorbij. Kies een latere tijd."))
    if minute % 15:
        raise NotThen(_("Kies een tijd op een heel kwartier."))
    if timezone.localdate(start_at + timedelta(minutes=minutes, microseconds=-1)) != day:
        raise NotThen(_("Een bezoek is op één dag klaar. Kies een vroegere tijd."))


def _check_newcomers(visit: Visit, newcomers: list[int], *, moved: bool) -> None:
    said_no = {Assignment.State.DECLINED, Assignment.State.NO_SHOW}
    for row in visit.assignments.all():
        if row.worker_id in newcomers and row.state in said_no and not moved:
            raise CannotGo(_("Deze persoon zei nee tegen dit bezoek, of kwam niet."))


def _as_move(visit: Visit, before: list[int], after: list[int], start_at: datetime) -> dict[str, Any]:
    return {
        "booking": visit.booking_id, "visit": visit.pk, "version": visit.version,
        "before": {"start": visit.start_at.isoformat(), "workers": before},
        "after": {"start": start_at.isoformat(), "workers": after}, "why": {},
    }  # fmt: skip


def _check_rules(visit: Visit, row: dict[str, Any], *, short: bool) -> None:
    """Refuse what a rule forbids. A crew that was too small may stay so for now."""
    broken = mending.broken_rules(visit.neighbourhood_id, monday_of(visit.start_at), [row])
    broken = tuple(refusal for refusal in broken if not (short and refusal.rule == "team"))
    if broken:
        raise CannotGo(explaining.sentence(broken[0]))


def _why(visit: Visit, row: dict[str, Any], newcomers: list[int]) -> dict[str, list[dict[str, str]]]:
    week = planning.neighbourhood_week(visit.neighbourhood_id, monday_of(visit.start_at))
    board = board_of(week, EnginePlan(week.published).without(str(visit.booking_id)))
    job = week.job[str(row["booking"])]
    return {
        str(pk): explaining.for_worker(
            week, job, str(pk), paid=paid_minutes(board.weeks[str(pk)]) + job.minutes
        )
        for pk in newcomers
    }


def candidates(visit: Visit) -> list[Worker]:
    """Return everybody of the pool who could be sent, by name; the rules are asked when one is chosen."""
    rows = Worker.objects.filter(neighbourhood=visit.neighbourhood_id, left_on=None)
    return list(rows.select_related("user").order_by("user__name", "pk"))
