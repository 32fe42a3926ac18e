"""Take back a visit people count on."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from lawbook.cheques import CANCEL_FREE_HOURS
from marketplace import bookings
from marketplace.models import Booking
from scheduling.models import Assignment, Visit
from scheduling.visits import withdraw


class TooLate(Refused):
    """The term to cancel free of charge is over."""


class HasBegun(Refused):
    """The visit has begun or is over."""


@transaction.atomic(durable=True)
def cancel(booking_id: int, *, by: User, at: datetime, despite_term: bool = False) -> Booking:
    """Cancel a booking, planned or not; its cheques are free again.

    A visit to which nobody is sent (any more) is cancelled at any time, also after its start.

    :param despite_term: the desk may, after a call.
    :raises TooLate: less than the dated term before the start.
    :raises HasBegun: somebody is or was there.
    """
    booking = Booking.objects.select_for_update(no_key=True).get(pk=booking_id)
    if booking.state != Booking.State.PLANNED:
        return bookings.withdraw(booking, by_id=by.pk, at=at)
    visit = (
        Visit.objects.select_for_update(no_key=True)
        .filter(booking=booking)
        .exclude(state=Visit.State.CANCELLED)
        .get()
    )
    expected = visit.assignments.filter(state__in=[Assignment.State.OFFERED, Assignment.State.ASSIGNED])
    came = visit.assignments.filter(checked_in_at__isnull=False)
    if came.exists() or (visit.start_at <= at and expected.exists()):
        raise HasBegun(_("Dit bezoek is al begonnen."))
    if not despite_term and expected.exists() and at > free_until(visit):
        raise TooLate(_("Gratis afzeggen kan niet meer. Bel ons: dan zoeken we samen een oplossing."))
    for row in expected.select_for_update(no_key=True).order_by("pk"):
        withdraw(row, by_id=by.pk, at=at)
    visit.state = Visit.State.CANCELLED
    visit.save(update_fields=["state"])
    record("visit.cancelled", visit, by_id=by.pk, at=at)
    return bookings.withdraw(booking, by_id=by.pk, at=at)


def free_until(visit: Visit) -> datetime:
    """Return until when a visit is cancelled free of charge."""
    return visit.start_at - timedelta(hours=CANCEL_FREE_HOURS.on(timezone.localdate(visit.start_at)))
