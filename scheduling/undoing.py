"""Take back a publication that nobody has acted on yet."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from marketplace.models import Booking
from scheduling.models import Assignment, Plan, Visit
from scheduling.publishing import take_turn
from scheduling.visits import withdraw

TERM = timedelta(minutes=30)


class CannotUndo(Refused):
    """People act on the plan by now, or it is not published."""


@transaction.atomic(durable=True)
def undo(plan_id: int, *, by: User, at: datetime) -> Plan:
    """Take back a published plan: its bookings wait to be planned again, and who would go hears that they need not.

    :raises CannotUndo: it was published longer ago than the term, or somebody answered, came, or was replaced.
    """
    take_turn(Plan.objects.values_list("neighbourhood_id", flat=True).get(pk=plan_id))
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    visits = list(Visit.objects.select_for_update(no_key=True).filter(plan=plan).order_by("pk"))
    rows = list(
        Assignment.objects.select_for_update(no_key=True)
        .filter(visit__in=visits)
        .select_related("visit")
        .order_by("pk")
    )
    refusal = why_not(plan, visits, rows, at=at)
    if refusal:
        raise CannotUndo(refusal)
    for row in rows:
        withdraw(row, by_id=by.pk, at=at)
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(state=Visit.State.CANCELLED)
    Booking.objects.filter(pk__in=[visit.booking_id for visit in visits]).update(
        state=Booking.State.REQUESTED
    )
    plan.state = Plan.State.UNDONE
    plan.save(update_fields=["state"])
    record("plan.undone", plan, by_id=by.pk, at=at, visits=len(visits))
    return plan


def why_not(plan: Plan, visits: list[Visit], rows: list[Assignment], *, at: datetime) -> str:
    """Return why a plan cannot be taken back, or nothing when it can."""
    if plan.state != Plan.State.PUBLISHED or plan.published_at is None:
        return _("Dit rooster is niet gepubliceerd.")
    if at - plan.published_at > TERM:
        return _("Terugdraaien kan tot %(minutes)s minuten na publiceren.") % {"minutes": TERM.seconds // 60}
    if any(v.state != Visit.State.PUBLISHED or v.version != 1 or v.start_at <= at for v in visits):
        return _("Een bezoek van dit rooster is al veranderd of begonnen.")
    if any(row.answered_at or row.checked_in_at or row.state not in _TOLD for row in rows):
        return _("Iemand heeft al antwoord gegeven of is al gegaan.")
    return ""


_TOLD = (Assignment.State.OFFERED, Assignment.State.ASSIGNED)


def can_undo(plan: Plan, *, at: datetime) -> bool:
    """Tell whether a plan can still be taken back."""
    visits = list(Visit.objects.filter(plan=plan))
    return not why_not(plan, visits, list(Assignment.objects.filter(visit__in=visits)), at=at)
