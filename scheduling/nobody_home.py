"""Nobody opens the door: the worker waits, goes, and is paid for the visit; the customer is asked for nothing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from lawbook.cheques import WAIT_MINUTES
from scheduling import confirming, visits
from scheduling.models import Assignment, Visit


class WaitLonger(Refused):
    """The customer may still come to the door."""


def wait_until(assignment: Assignment) -> datetime:
    """Return the moment from which a worker who came may leave a closed door."""
    came = assignment.checked_in_at or assignment.visit.start_at
    wait = WAIT_MINUTES.on(timezone.localdate(assignment.visit.start_at))
    return max(came, assignment.visit.start_at) + timedelta(minutes=wait)


@transaction.atomic(durable=True)
def report(assignment_id: int, *, by: User, at: datetime) -> Assignment:
    """Say that nobody opened the door, and leave.

    The minutes that were waited are recorded; at week close the whole visit is accepted for pay, as with a
    cancellation within four days (7:628b BW), and borne by the organisation. When nobody of the crew was let in the
    customer's cheques are free again at once.

    :raises visits.NotAssigned: it is not the worker's own visit.
    :raises visits.NotCheckedIn: the worker is not there.
    :raises WaitLonger: the time to wait is not over.
    """
    assignment = visits.locked(assignment_id)
    if assignment.worker.user_id != by.pk or assignment.state != Assignment.State.ASSIGNED:
        raise visits.NotAssigned(_("U staat niet (meer) op dit bezoek."))
    if assignment.checked_in_at is None:
        raise visits.NotCheckedIn(_("U bent nog niet aangemeld."))
    if at < wait_until(assignment):
        until = timezone.localtime(wait_until(assignment))
        raise WaitLonger(
            _("Wacht nog tot %(time)s. Bel intussen de coördinator.") % {"time": f"{until:%H:%M}"}
        )
    assignment.absent_at = at
    assignment.save(update_fields=["absent_at"])
    visits.finish(assignment, at, by=by, at=at)
    record("assignment.nobody_home", assignment, by_id=by.pk, at=at)
    _settle_when_all_left(assignment.visit_id, at=at)
    return assignment


def _settle_when_all_left(visit_id: int, *, at: datetime) -> None:
    visit, rows = confirming.locked(visit_id, at=at)
    if visit.state == Visit.State.FINISHED and all(row.absent_at for row in rows):
        minutes = dict.fromkeys((row.pk for row in rows), 0)
        confirming.settle(visit, minutes, Assignment.Outcome.ABSENT, by=None, at=at)
