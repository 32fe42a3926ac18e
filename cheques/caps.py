"""How many cheques a resident and a household may buy in a year (rule C9, T2), and who may buy more.

A purchase counts for the household where the buyer lived that day and stays there; the count of a person moves along.
Firms, sponsors and holders of paper have no cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques.cap_models import CapException
from cheques.models import Lot, Order
from events.recording import record
from identity.models import Customer, Household, User
from kernel.errors import Refused
from kernel.minutes import HOUR
from lawbook.cheques import HOUSEHOLD_YEAR_HOURS, PERSON_YEAR_HOURS

OWN_MONEY = (Order.Way.CHECKOUT, Order.Way.TRANSFER, Order.Way.CASH)


class OverTheCap(Refused):
    """The order is more than the person or the household may still buy this year; `left` says how much is."""

    def __init__(self, left: int, sentence: str) -> None:
        super().__init__(sentence)
        self.left = left


class NoReason(Refused):
    """An exception says why."""


class SecondPersonNeeded(Refused):
    """Who asked for an exception does not agree to it, nor does who gets it."""


@dataclass(frozen=True)
class Room:
    """Hours that may still be bought this year."""

    person: int
    household: int

    @property
    def left(self) -> int:
        """The smaller of the two, never below zero."""
        return max(0, min(self.person, self.household))


def check(customer: Customer, hours: int, *, at: datetime) -> None:
    """Refuse an order above the caps. Step: the caller owns the transaction and writes the order in it.

    :raises OverTheCap: with what may still be bought.
    """
    if customer.kind != Customer.Kind.RESIDENT:
        return
    if customer.household_id:  # two of a household at once: the second sees what the first bought
        Household.objects.select_for_update(no_key=True).get(pk=customer.household_id)
    room = room_of(customer, at=at)
    if hours <= room.left:
        return
    if room.person <= room.household:
        said = _("U kunt dit jaar nog %(left)s cheques kopen. Hebt u meer nodig? Bel ons.")
    else:
        said = _("Uw huishouden kan dit jaar nog %(left)s cheques kopen. Hebt u meer nodig? Bel ons.")
    raise OverTheCap(room.left, said % {"left": room.left})


def room_of(customer: Customer, *, at: datetime) -> Room:
    """Return what a resident and the household may still buy in the year of a moment."""
    today = timezone.localdate(at)
    orders = _bought(today.year)
    more = CapException.objects.filter(year=today.year, approved_by__isnull=False)
    here = Q(household=customer.household_id) | Q(household=None, customer__household=customer.household_id)
    household = orders.filter(here) if customer.household_id else orders.filter(customer=customer)
    return Room(
        person=PERSON_YEAR_HOURS.on(today) + _sum(more.filter(customer=customer)) - _hours(orders.filter(customer=customer)),
        household=HOUSEHOLD_YEAR_HOURS.on(today)
        + _sum(more.filter(household=customer.household_id) if customer.household_id else more.filter(customer=customer))
        - _hours(household),
    )  # fmt: skip


def _bought(year: int) -> "QuerySet[Order]":
    """Return what people ordered with their own money in a year, paid or still to be paid."""
    return Order.objects.filter(placed_at__year=year, way__in=OWN_MONEY, purpose=None).exclude(
        state=Order.State.CANCELLED
    )


def _hours(orders: "QuerySet[Order]") -> int:
    """Return the hours of orders; what was paid back does not count, a quarter that was kept counts as an hour."""
    back = Lot.objects.filter(order__in=orders).aggregate(total=Sum("refunded_minutes"))["total"] or 0
    return _sum(orders) - int(back) // HOUR


def _sum(rows: "QuerySet[Order] | QuerySet[CapException]") -> int:
    return int(rows.aggregate(total=Sum("hours"))["total"] or 0)


def in_bands(had: int, hours: int, bands: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Share hours out over bands of (up to how many a year, price in cents): what falls in each, and its price.

    Hours above the last band are left out: nobody may buy them.
    """
    shared, start = [], had
    for most, price in bands:
        part = min(hours, max(0, most - start))
        if part:
            shared.append((part, price))
            start, hours = start + part, hours - part
    return shared


@transaction.atomic(durable=True)
def ask_for_more(customer_id: int, *, hours: int, reason: str, by: User, at: datetime) -> CapException:
    """Ask that a resident, and the household, may buy more this year.

    :raises NoReason: nobody said why.
    """
    if not reason.strip() or hours <= 0:
        raise NoReason(_("Schrijf op hoeveel uren erbij komen en waarom."))
    customer = Customer.objects.get(pk=customer_id)
    asked = CapException.objects.create(
        customer=customer, household=customer.household, year=timezone.localdate(at).year, hours=hours,
        reason=reason.strip(), asked_at=at, asked_by=by,
    )  # fmt: skip
    record("cap.asked", asked, by_id=by.pk, at=at, hours=hours)
    return asked


@transaction.atomic(durable=True)
def agree(exception_id: int, *, by: User, at: datetime) -> CapException:
    """Agree that somebody buys more, as the second person.

    :raises SecondPersonNeeded: who asked, or who gets it, agrees.
    """
    row = CapException.objects.select_for_update(no_key=True).get(pk=exception_id)
    if row.asked_by_id == by.pk or row.customer.members.filter(user=by).exists():
        raise SecondPersonNeeded(_("Iemand anders moet dit goedkeuren."))
    if row.approved_by_id is None:
        row.approved_by, row.approved_at = by, at
        row.save(update_fields=["approved_by", "approved_at"])
        record("cap.agreed", row, by_id=by.pk, at=at, hours=row.hours)
    return row
