"""An assignment told too late is an offer: the worker takes it or leaves it, and both are recorded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from scheduling import visits
from scheduling.models import Assignment


class NotAnOffer(Refused):
    """There is nothing to answer (any more)."""


class NotYours(Refused):
    """Only the worker who was asked can answer."""


@transaction.atomic(durable=True)
def answer(assignment_id: int, *, takes: bool, by: User, at: datetime) -> Assignment:
    """Take or decline an offer, also after the start: whoever comes in a missing person's place is late anyhow.

    :raises NotYours: somebody else was asked.
    :raises NotAnOffer: it was answered before, withdrawn, or the visit is over.
    """
    assignment = visits.locked(assignment_id)
    if assignment.worker.user_id != by.pk:
        raise NotYours(_("Deze vraag is voor iemand anders."))
    if assignment.state != Assignment.State.OFFERED or assignment.visit.end_at <= at:
        raise NotAnOffer(_("Deze vraag staat niet meer open."))
    assignment.state = Assignment.State.ASSIGNED if takes else Assignment.State.DECLINED
    assignment.answered_at = at
    assignment.save(update_fields=["state", "answered_at"])
    record(f"assignment.{assignment.state}", assignment, by_id=by.pk, at=at)
    return assignment
