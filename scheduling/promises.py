"""Starts that customers were promised in a week that is not published yet: whatever plan is made keeps them."""

from collections.abc import Iterable
from datetime import date, datetime

from marketplace.models import Booking
from scheduling.models import Promise
from scheduling.week_problem import Week


def promise(booking: Booking, *, at: datetime) -> Promise:
    """Note that a booking's one start is promised. Step."""
    return Promise.objects.create(booking=booking, start_at=booking.starts[0], promised_at=at)


def waiting(neighbourhood_id: int, monday: date) -> frozenset[str]:
    """Return the jobs of a week that were promised and have no visit yet."""
    week = Week(monday)
    rows = Promise.objects.filter(
        booking__neighbourhood=neighbourhood_id, booking__state=Booking.State.REQUESTED,
        start_at__gte=week.start, start_at__lt=week.end,
    )  # fmt: skip
    return frozenset(map(str, rows.values_list("booking_id", flat=True)))


def are_promised(booking_ids: Iterable[int]) -> set[int]:
    """Return which of these bookings have a promised start."""
    return set(Promise.objects.filter(booking__in=booking_ids).values_list("booking_id", flat=True))
