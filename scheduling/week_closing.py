"""Close a neighbourhood's week: accept the hours that will be paid. The second clock of an hour."""

from datetime import date, datetime
from itertools import groupby, pairwise

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.minutes import elapsed
from marketplace import bookings
from marketplace.models import Booking
from scheduling import bearing
from scheduling.models import Assignment, ClosedWeek, Travel, Visit
from scheduling.travelling import minutes_between
from scheduling.visits import billable_minutes, finish_when_done, planned_minutes
from scheduling.week_problem import Week


class NotAMonday(Refused):
    """A week is closed by its Monday."""


class WeekNotOver(Refused):
    """The week still runs."""


class StillOpen(Refused):
    """Somebody's hours are not known yet; `names` says whose."""


class AlreadyClosed(Refused):
    """The week was closed before."""


@transaction.atomic(durable=True)
def close(neighbourhood_id: int, *, monday: date, by: User, at: datetime) -> ClosedWeek:
    """Accept the hours of a week: never less than worked, whatever a customer says.

    Bookings of the week to which nobody came are taken back, and their cheques are free again.

    :raises NotAMonday: the day is another one.
    :raises WeekNotOver: it has not ended.
    :raises StillOpen: an assignment is neither worked, nor a no-show, nor off.
    :raises AlreadyClosed: it was closed before.
    """
    if monday.weekday() != 0:
        raise NotAMonday(_("Kies een maandag."))
    week = Week(monday)
    if at < week.end:
        raise WeekNotOver(_("Deze week is nog niet voorbij."))
    try:
        with transaction.atomic():
            closed = ClosedWeek.objects.create(
                neighbourhood_id=neighbourhood_id, monday=monday, closed_at=at, closed_by=by
            )
    except IntegrityError as error:
        raise AlreadyClosed(_("Deze week is al afgesloten.")) from error
    visits = _locked_visits(neighbourhood_id, week)
    rows = list(
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .filter(visit__in=visits)
        .select_related("visit__booking__address", "worker__user")
        .order_by("pk")
    )
    _refuse_open(rows)
    for visit in visits:
        finish_when_done(visit, at=at)
    lapsed = _let_go(neighbourhood_id, week, by=by, at=at)
    worked = [row for row in rows if row.state == Assignment.State.WORKED]
    for row in worked:
        _accept(row, at=at)
    travelled = _accept_travel(worked, at=at)
    record(
        "week.closed", closed, by_id=by.pk, at=at, minutes=sum(row.accepted_minutes or 0 for row in worked),
        travel_minutes=travelled, lapsed=lapsed,
    )  # fmt: skip
    return closed


def _locked_visits(neighbourhood_id: int, week: Week) -> list[Visit]:
    """Return the week's visits, locked after their bookings."""
    visits = Visit.objects.filter(
        neighbourhood_id=neighbourhood_id, start_at__gte=week.start, start_at__lt=week.end
    )
    bookings = Booking.objects.select_for_update(no_key=True).filter(pk__in=visits.values("booking"))
    list(bookings.order_by("pk"))
    return list(visits.select_for_update(no_key=True).order_by("pk"))


def _refuse_open(rows: list[Assignment]) -> None:
    open_ = [row for row in rows if row.state == Assignment.State.ASSIGNED]
    if open_:
        names = ", ".join(sorted({row.worker.user.name for row in open_})[:5])
        raise StillOpen(
            _("Van %(count)s bezoeken zijn de uren nog niet bekend: %(names)s.")
            % {"count": len(open_), "names": names}
        )


def _let_go(neighbourhood_id: int, week: Week, *, by: User, at: datetime) -> int:
    """Take back what nobody came to in the week, so that its cheques are free again; return how many bookings."""
    missed = Visit.objects.filter(
        neighbourhood_id=neighbourhood_id, start_at__gte=week.start, start_at__lt=week.end,
        state=Visit.State.PUBLISHED,
    )  # fmt: skip
    planned = Booking.objects.filter(state=Booking.State.PLANNED, pk__in=missed.values("booking"))
    unplanned = Booking.objects.filter(
        state=Booking.State.REQUESTED, neighbourhood_id=neighbourhood_id, starts__0__lt=week.end
    )
    rows = list((planned | unplanned).select_for_update(no_key=True).order_by("pk"))
    over = [row for row in rows if row.state == Booking.State.PLANNED or max(row.starts) < week.end]
    for visit in missed:
        visit.state = Visit.State.CANCELLED
        visit.save(update_fields=["state"])
        record("visit.cancelled", visit, by_id=by.pk, at=at)
    for row in over:
        bookings.withdraw(row, by_id=by.pk, at=at)
    return len(over)


def _accept(row: Assignment, *, at: datetime) -> None:
    promised = (
        planned_minutes(row.visit) if row.absent_at else 0
    )  # who stood before a closed door loses no pay
    row.accepted_minutes = max(
        row.recorded_minutes or 0, billable_minutes(row), row.confirmed_minutes, promised
    )
    row.accepted_at = at
    row.save(update_fields=["accepted_minutes", "accepted_at"])
    if row.outcome not in {Assignment.Outcome.AWAITING, Assignment.Outcome.DISPUTED}:
        bearing.bear_rest(row, at=at)


def _accept_travel(worked: list[Assignment], *, at: datetime) -> int:
    """Accept the way between two visits of a day: working time, and never more than the time between them.

    The time is the one recorded, so that no minute is paid both as work and as travel.
    """
    total = 0
    rows = sorted(worked, key=lambda row: (row.worker_id, row.visit.start_at, row.pk))
    for _who, group in groupby(rows, key=lambda row: (row.worker_id, timezone.localdate(row.visit.start_at))):
        for before, after in pairwise(group):
            total += _accept_way(before, after, at=at)
    return total


def _accept_way(before: Assignment, after: Assignment, *, at: datetime) -> int:
    left, came = before.checked_out_at, after.checked_in_at
    assert left is not None, "who worked has left"
    if before.absent_at:
        left = max(left, before.visit.end_at)  # the time until then is paid already
    assert came is not None, "who worked came"
    origin, destination = before.visit.booking.address, after.visit.booking.address
    way = minutes_between((origin.x, origin.y), (destination.x, destination.y), before.worker.mode)
    minutes = min(way, elapsed(left, came)) if left < came else 0
    if minutes <= 0:
        return 0
    Travel.objects.create(
        worker_id=before.worker_id, origin=before.visit, destination=after.visit, start_at=left, minutes=minutes,
        accepted_at=at,
    )  # fmt: skip
    return minutes
