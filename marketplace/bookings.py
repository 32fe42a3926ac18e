"""Ask for a visit, with cheques held for it; take the request back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import holds
from cheques.lots import Use
from events.recording import record
from identity.models import Address, Customer, User
from kernel import minutes as clockwork
from kernel.errors import Refused
from marketplace import catalogue
from marketplace.models import Booking, Service

FURTHEST = timedelta(days=120)
LARGEST_MINUTES = 12 * 60


class InThePast(Refused):
    """The start is over."""


class TooFarAhead(Refused):
    """The start is further away than is planned."""


class AcrossMidnight(Refused):
    """The visit would end on the next day."""


class ClockChange(Refused):
    """The start is an hour that comes twice, or not at all."""


class NotInQuarters(Refused):
    """The length or the start is not a multiple of fifteen minutes."""


class TooShort(Refused):
    """Below the service's least time."""


class TooLong(Refused):
    """Above the service's most time."""


class CrewTooLarge(Refused):
    """More people, or fewer, than the service sends."""


class NoStart(Refused):
    """No start was chosen."""


class IsPlanned(Refused):
    """A planned booking is taken back through its visit."""


class AlreadyCancelled(Refused):
    """It was taken back before."""


class Asked(TypedDict):
    """What a booking asks, who asks it, and when."""

    service_id: int
    address_id: int
    starts: Sequence[datetime]
    minutes: int
    crew: int
    tasks: Sequence[str]
    note: str
    form_key: UUID
    by: User
    at: datetime
    series: NotRequired[str]
    purchase_order: NotRequired[str]


@transaction.atomic(durable=True)
def place(customer_id: int, **facts: Unpack[Asked]) -> Booking:
    """Ask for a visit and hold its cheques. The same form sent twice is one booking.

    :raises Refused: each with the sentence for what is wrong; nothing is held then.
    """
    return placed(customer_id, **facts)


def placed(  # noqa: PLR0913 - a booking is these facts
    customer_id: int, *, service_id: int, address_id: int, starts: Sequence[datetime], minutes: int, crew: int,
    tasks: Sequence[str], note: str, form_key: UUID, by: User, at: datetime, series: str = "",
    purchase_order: str = "",
) -> Booking:  # fmt: skip
    """Ask for a visit and hold its cheques. Step: the caller owns the transaction.

    :raises Refused: each with the sentence for what is wrong; nothing is held then.
    """
    known = Booking.objects.filter(form_key=form_key, customer_id=customer_id).first()
    if known:
        return known
    service = Service.objects.get(pk=service_id, active=True)
    address = Address.objects.select_related("neighbourhood").get(pk=address_id)
    _check_length(service, minutes, crew)
    _check_starts(service, starts, minutes, at=at)
    catalogue.check_tasks(service, tasks)
    try:
        with transaction.atomic():
            hold = holds.place(
                customer_id, minutes=minutes * crew, start_at=max(starts), key=f"booking:{form_key}", at=at,
                use=Use(service.code, address.pk, timezone.localdate(min(starts)), timezone.localdate(max(starts))),
            )  # fmt: skip
    except IntegrityError:  # the other click of a double click came first
        return Booking.objects.get(form_key=form_key, customer_id=customer_id)
    booking = Booking.objects.create(
        customer=Customer.objects.get(pk=customer_id), service=service, neighbourhood=address.neighbourhood,
        address=address, starts=sorted(starts), minutes=minutes, crew=crew, tasks=list(tasks), note=note.strip(),
        series=series, hold=hold, form_key=form_key, purchase_order=purchase_order, placed_at=at, placed_by=by,
    )  # fmt: skip
    record("booking.placed", booking, by_id=by.pk, at=at, minutes=minutes, crew=crew)
    return booking


@transaction.atomic(durable=True)
def cancel(booking_id: int, *, by: User, at: datetime) -> Booking:
    """Take back a booking that is not planned; its cheques are free again.

    :raises IsPlanned: people know of it; see `scheduling.cancellation`.
    :raises AlreadyCancelled: it was taken back before.
    """
    booking = Booking.objects.select_for_update(no_key=True).get(pk=booking_id)
    if booking.state == Booking.State.PLANNED:
        raise IsPlanned(_("Dit bezoek is al gepland."))
    return withdraw(booking, by_id=by.pk, at=at)


def withdraw(booking: Booking, *, by_id: int | None, at: datetime) -> Booking:
    """Take back a locked booking and free its cheques. Step: the caller owns the transaction.

    :raises AlreadyCancelled: it was taken back before.
    """
    if booking.state == Booking.State.CANCELLED:
        raise AlreadyCancelled(_("Dit bezoek is al afgezegd."))
    holds.release(booking.hold_id, key=f"cancel:{booking.pk}", at=at)
    booking.state, booking.cancelled_at = Booking.State.CANCELLED, at
    booking.save(update_fields=["state", "cancelled_at"])
    record("booking.cancelled", booking, by_id=by_id, at=at)
    return booking


def _check_length(service: Service, minutes: int, crew: int) -> None:
    if minutes <= 0 or not clockwork.is_quarter(minutes):
        raise NotInQuarters(_("Kies een tijd in hele kwartieren."))
    if minutes < service.min_minutes:
        raise TooShort(_("Een bezoek duurt minstens %(hours)s uur.") % {"hours": service.min_minutes // 60})
    if minutes > min(service.max_minutes, LARGEST_MINUTES):
        raise TooLong(_("Een bezoek duurt hoogstens %(hours)s uur.") % {"hours": service.max_minutes // 60})
    if not 1 <= crew <= service.max_crew:
        raise CrewTooLarge(_("U kunt 1 tot %(most)s mensen vragen.") % {"most": service.max_crew})


def _check_starts(service: Service, starts: Sequence[datetime], minutes: int, *, at: datetime) -> None:
    if not starts:
        raise NoStart(_("Kies een dag en een tijd."))
    for start in starts:
        if start <= at:
            raise InThePast(_("Deze tijd is al voorbij. Kies een latere tijd."))
        if start > at + FURTHEST:
            raise TooFarAhead(_("Zo ver vooruit plannen wij nog niet."))
        day, minute = clockwork.clock(start)
        if minute % 15:
            raise NotInQuarters(_("Kies een tijd op een heel kwartier."))
        if clockwork.is_doubled(day, minute) or clockwork.is_missing(day, minute):
            raise ClockChange(_("Die nacht gaat de klok om. Kies een andere tijd."))
        if timezone.localdate(start + timedelta(minutes=minutes, microseconds=-1)) != day:
            raise AcrossMidnight(_("Een bezoek is op één dag klaar. Kies een vroegere tijd of minder uren."))
        catalogue.check_permit(service, on=day)
