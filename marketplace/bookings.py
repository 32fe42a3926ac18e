"""Ask for a visit, with cheques held for it; take the request back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import holds
from cheques.lots import Use
from events.recording import record
from events.repeating import same_again
from identity.models import Address, User
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


def placed(customer_id: int, **facts: Unpack[Asked]) -> Booking:
    """Ask for a visit and hold its cheques. Step: the caller owns the transaction.

    :raises Refused: each with the sentence for what is wrong; nothing is held then.
    """
    if known := placed_before(customer_id, facts):
        return known
    starts, minutes, crew, at = facts["starts"], facts["minutes"], facts["crew"], facts["at"]
    service = Service.objects.get(pk=facts["service_id"], active=True)
    address = Address.objects.select_related("neighbourhood").get(pk=facts["address_id"])
    _check_length(service, minutes, crew)
    _check_starts(service, starts, minutes, at=at)
    catalogue.check_tasks(service, facts["tasks"])
    try:
        with transaction.atomic():
            hold = holds.place(
                customer_id, minutes=minutes * crew, start_at=max(starts), key=f"booking:{facts['form_key']}", at=at,
                use=Use(service.code, address.pk, timezone.localdate(min(starts)), timezone.localdate(max(starts))),
            )  # fmt: skip
    except IntegrityError:  # the other click of a double click came first
        known = placed_before(customer_id, facts)
        assert known is not None, "a hold is kept for a booking"
        return known
    booking = Booking.objects.create(
        **_kept(customer_id, facts), neighbourhood=address.neighbourhood, hold=hold, form_key=facts["form_key"],
        placed_at=at, placed_by=facts["by"],
    )  # fmt: skip
    record("booking.placed", booking, by_id=facts["by"].pk, at=at, minutes=minutes, crew=crew)
    return booking


def placed_before(customer_id: int, facts: Asked) -> Booking | None:
    """Return the booking that this form made already; None for a new form.

    :raises events.repeating.KeyUsedBefore: the key asked something else, or for somebody else.
    """
    known = Booking.objects.filter(form_key=facts["form_key"]).first()
    return same_again(known, **_kept(customer_id, facts)) if known else None


def _kept(customer_id: int, facts: Asked) -> dict[str, Any]:
    """Return what was asked as a booking keeps it."""
    return {
        "customer_id": customer_id, "service_id": facts["service_id"], "address_id": facts["address_id"],
        "starts": sorted(facts["starts"]), "minutes": facts["minutes"], "crew": facts["crew"],
        "tasks": list(facts["tasks"]), "note": facts["note"].strip(), "series": facts.get("series", ""),
        "purchase_order": facts.get("purchase_order", ""),
    }  # fmt: skip


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
