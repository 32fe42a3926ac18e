"""Check in and check out: the first clock of an hour."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel import minutes as clockwork
from kernel.errors import Refused
from scheduling.models import Assignment, ClosedWeek, Visit

EARLIEST = timedelta(minutes=60)
LONGEST = timedelta(hours=14)


class NotAssigned(Refused):
    """The worker is not (or no longer) expected here."""


class TooEarly(Refused):
    """The visit is not near yet."""


class TooLate(Refused):
    """The visit is over: somebody else has to record who was there."""


class AlreadyCheckedIn(Refused):
    """It was recorded before."""


class NotCheckedIn(Refused):
    """Nobody can leave who did not come."""


class OutBeforeIn(Refused):
    """The end lies before the start."""


class AlreadyCheckedOut(Refused):
    """It was recorded before."""


class SentElsewhere(Refused):
    """The worker was at another visit at that time."""


@transaction.atomic(durable=True)
def check_in(assignment_id: int, *, by: User, at: datetime) -> Assignment:
    """Record that a worker is there.

    :raises NotAssigned: it is not the worker's own visit, or it was declined or withdrawn.
    :raises TooEarly: more than an hour before the start.
    :raises TooLate: after the end.
    :raises AlreadyCheckedIn: it was recorded before.
    """
    assignment = locked(assignment_id)
    if assignment.worker.user_id != by.pk or assignment.state != Assignment.State.ASSIGNED:
        raise NotAssigned(_("U staat niet (meer) op dit bezoek."))
    if assignment.checked_in_at:
        raise AlreadyCheckedIn(_("U was al aangemeld."))
    if at < assignment.visit.start_at - EARLIEST:
        raise TooEarly(_("U kunt zich vanaf een uur voor het bezoek aanmelden."))
    if at >= assignment.visit.end_at:
        raise TooLate(_("Dit bezoek is al voorbij. Bel de coördinator."))
    assignment.checked_in_at = at
    assignment.save(update_fields=["checked_in_at"])
    record("assignment.checked_in", assignment, by_id=by.pk, at=at)
    return assignment


@transaction.atomic(durable=True)
def check_out(assignment_id: int, *, by: User, at: datetime) -> Assignment:
    """Record that a worker is done. The minutes that passed are the recorded minutes.

    :raises NotCheckedIn: there is no start.
    :raises OutBeforeIn: the end is not after the start.
    :raises AlreadyCheckedOut: it was recorded before.
    """
    assignment = locked(assignment_id)
    if assignment.worker.user_id != by.pk:
        raise NotAssigned(_("U staat niet (meer) op dit bezoek."))
    return finish(assignment, at, by=by, at=at)


@transaction.atomic(durable=True)
def record_by_hand(
    assignment_id: int, *, checked_in_at: datetime, checked_out_at: datetime, by: User, at: datetime
) -> Assignment:
    """Record the times of a worker whose phone did not, as the coordinator.

    Also of one who came without answering the offer, or was noted as a no-show and came after all, while nobody went in
    their place.

    :raises NotAssigned: the worker was not expected here.
    :raises OutBeforeIn: the end is not after the start, or lies in the future.
    :raises SentElsewhere: the worker was somewhere else at that time.
    """
    assignment = locked(assignment_id)
    expected = assignment.state in {Assignment.State.ASSIGNED, Assignment.State.OFFERED}
    if not expected and not _came_after_all(assignment):
        raise NotAssigned(_("Deze persoon staat niet (meer) op dit bezoek."))
    if checked_out_at > at:
        raise OutBeforeIn(_("Het einde ligt nog in de toekomst."))
    assignment.checked_in_at = checked_in_at
    try:
        with transaction.atomic():
            return finish(assignment, checked_out_at, by=by, at=at)
    except IntegrityError as error:  # by never_in_two_places
        raise SentElsewhere(_("Deze persoon was toen bij iemand anders.")) from error


def _came_after_all(assignment: Assignment) -> bool:
    """Tell whether a no-show can still be undone: their place is free, no hours are settled, the week is open."""
    rows = list(assignment.visit.assignments.all())
    live = [row for row in rows if row.state in Assignment.LIVE]
    settled = [row for row in rows if row.outcome != Assignment.Outcome.AWAITING]
    return (
        assignment.state == Assignment.State.NO_SHOW
        and assignment.visit.state != Visit.State.CANCELLED
        and len(live) < assignment.visit.booking.crew
        and not settled
        and not is_closed(assignment.visit)
    )


def is_closed(visit: Visit) -> bool:
    """Tell whether the hours of a visit's week are accepted."""
    day = timezone.localdate(visit.start_at)
    monday = day - timedelta(days=day.weekday())
    return ClosedWeek.objects.filter(neighbourhood=visit.neighbourhood_id, monday=monday).exists()


def locked(assignment_id: int) -> Assignment:
    """Return an assignment with its visit locked before it, as the order of locks wants. Step."""
    visit_id = Assignment.objects.values_list("visit_id", flat=True).get(pk=assignment_id)
    Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    return (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("visit__booking", "worker")
        .get(pk=assignment_id)
    )


def finish(assignment: Assignment, ended_at: datetime, *, by: User, at: datetime) -> Assignment:
    """Write the end of a worker's time at a visit. Step: the caller locked the assignment.

    :raises AlreadyCheckedOut: it was recorded before.
    :raises NotCheckedIn: there is no start.
    :raises OutBeforeIn: the end is not after the start, or far from it.
    """
    if assignment.checked_out_at:
        raise AlreadyCheckedOut(_("Het einde was al bekend."))
    if assignment.checked_in_at is None:
        raise NotCheckedIn(_("U bent nog niet aangemeld."))
    minutes = clockwork.elapsed(assignment.checked_in_at, ended_at)
    if ended_at <= assignment.checked_in_at or minutes == 0 or ended_at - assignment.checked_in_at > LONGEST:
        raise OutBeforeIn(_("Het einde moet na het begin liggen, op dezelfde dag."))
    assignment.checked_out_at, assignment.recorded_minutes = ended_at, minutes
    assignment.state = Assignment.State.WORKED
    assignment.save(update_fields=["checked_in_at", "checked_out_at", "recorded_minutes", "state"])
    record("assignment.worked", assignment, by_id=by.pk, at=at, minutes=minutes)
    finish_when_done(assignment.visit, at=at)
    return assignment


def finish_when_done(visit: Visit, *, at: datetime) -> None:
    """Finish a visit where somebody worked and nobody is expected or busy any more. Step.

    An offer of before the start that nobody took by then is over, and any offer when the visit is.
    """
    rows = list(visit.assignments.all())
    for row in rows:
        asked_in_time = row.assigned_at < visit.start_at <= at
        if row.state == Assignment.State.OFFERED and (asked_in_time or visit.end_at <= at):
            withdraw(row, by_id=None, at=at)
    states = {row.state for row in rows}
    if Assignment.State.WORKED in states and not states & {
        Assignment.State.OFFERED,
        Assignment.State.ASSIGNED,
    }:
        Visit.objects.filter(pk=visit.pk, state=Visit.State.PUBLISHED).update(state=Visit.State.FINISHED)


def withdraw(assignment: Assignment, *, by_id: int | None, at: datetime) -> None:
    """Take a worker off a visit. Step: the caller locked the assignment."""
    assignment.state = Assignment.State.WITHDRAWN
    assignment.save(update_fields=["state"])
    record("assignment.withdrawn", assignment, by_id=by_id, at=at)


def billable_minutes(assignment: Assignment) -> int:
    """Return what the customer is asked to confirm: recorded, to the nearest quarter, at most as booked.

    At least a quarter: somebody came. Half a quarter counts as a quarter. Nothing when nobody opened the door.
    """
    recorded = assignment.recorded_minutes or 0
    if not recorded or assignment.absent_at:
        return 0
    return min(nearest_quarter(recorded), planned_minutes(assignment.visit))


def planned_minutes(visit: Visit) -> int:
    """Return how long a visit was to last, in elapsed minutes."""
    return clockwork.elapsed(visit.start_at, visit.end_at)


def nearest_quarter(recorded: int) -> int:
    """Return minutes to the nearest quarter, half a quarter up, and at least one."""
    return max(15, 15 * ((recorded * 2 + 15) // 30))
