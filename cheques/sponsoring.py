"""Hours that somebody pays for others: bound to tasks, doors, people and a period.

A town pays carers, a landlord pays move-out cleaning, a family gives its mother ten hours, the organisation buys a
starter coaching. The money is an order like any other; its lot carries the purpose, and so does what is handed on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cheques import handing_on, lots, purchase
from cheques.models import Lot, Movement, Order, Purpose, Refund
from cheques.redemption import worth
from events.recording import record
from events.repeating import same_again
from identity import registration
from identity.models import Customer, User
from kernel.errors import Refused
from kernel.periods import local_day

DOOR = re.compile(r"([1-9][0-9]{3} ?[A-Za-z]{2})[ ,]+(\S.*)")


class NotAPeriod(Refused):
    """The purpose ends before it starts, or is over already."""


class NotForThisPerson(Refused):
    """The purpose names people, and this is not one of them."""


class NobodyThere(Refused):
    """No single customer has that phone number."""


class NoSuchDoor(Refused):
    """A line is not a postcode and a house number."""


class NamesNothing(Refused):
    """Public money is bound to something: tasks, doors or people."""


@dataclass(frozen=True)
class Limits:
    """What a purpose is bound to; an empty list sets no limit of its kind. `until_on` is exclusive."""

    from_on: date
    until_on: date
    services: Sequence[str] = ()
    address_ids: Sequence[int] = ()
    customer_ids: Sequence[int] = ()


@dataclass(frozen=True)
class Account:
    """What a sponsor sees of a purpose, in minutes: how much, never by whom."""

    paid: int
    given: int
    used: int
    free: int
    returned: int
    expired: int
    people: int


@transaction.atomic(durable=True)
def dedicate(
    sponsor_id: int, *, name: str, kind: str, limits: Limits, public_money: bool, by: User, at: datetime
) -> Purpose:
    """Write down what a sponsor's hours may be used for.

    :raises NotAPeriod: it ends before it starts, or has ended.
    :raises NamesNothing: public money without any limit.
    """
    return _made(sponsor_id, name=name, kind=kind, limits=limits, public_money=public_money, by=by, at=at)


@transaction.atomic(durable=True)
def order(purpose_id: int, *, hours: int, form_key: UUID, way: str, by: User, at: datetime) -> Order:
    """Order hours for a purpose, paid by its sponsor in one of the usual ways.

    :raises purchase.NotANumberOfHours: below the smallest or above the largest order.
    """
    sponsor = Purpose.objects.get(pk=purpose_id).sponsor_id
    return purchase.write_order(
        sponsor, hours=hours, form_key=form_key, by=by, at=at, way=way, purpose_id=purpose_id
    )


@transaction.atomic(durable=True)
def order_for(  # noqa: PLR0913 - a purpose and its order
    sponsor_id: int, *, name: str, kind: str, limits: Limits, public_money: bool, hours: int, form_key: UUID,
    way: str, by: User, at: datetime,
) -> Order:  # fmt: skip
    """Write down a purpose and order its hours: both or neither. The same form sent twice is one.

    :raises Refused: as `dedicate` and `order` do.
    """
    if known := Order.objects.filter(form_key=form_key).first():
        return same_again(known, customer_id=sponsor_id, hours=hours, way=way)
    made = _made(sponsor_id, name=name, kind=kind, limits=limits, public_money=public_money, by=by, at=at)
    return purchase.write_order(
        sponsor_id, hours=hours, form_key=form_key, by=by, at=at, way=way, purpose_id=made.pk
    )


def _made(
    sponsor_id: int, *, name: str, kind: str, limits: Limits, public_money: bool, by: User, at: datetime
) -> Purpose:
    if limits.until_on <= max(limits.from_on, local_day(at)):
        raise NotAPeriod(_("De laatste dag moet na vandaag en na de eerste dag liggen."))
    if public_money and not (limits.services or limits.address_ids or limits.customer_ids):
        raise NamesNothing(_("Kies voor wie, waar of waarvoor deze cheques zijn."))
    purpose = Purpose.objects.create(
        kind=kind, name=name.strip(), sponsor_id=sponsor_id, services=list(limits.services), from_on=limits.from_on,
        until_on=limits.until_on, public_money=public_money, made_at=at, made_by=by,
    )  # fmt: skip
    purpose.addresses.set(limits.address_ids)
    purpose.people.set(limits.customer_ids)
    record("purpose.made", purpose, by_id=by.pk, at=at, kind=kind, public_money=public_money)
    return purpose


@transaction.atomic(durable=True)
def give(
    purpose_id: int, customer_id: int, *, minutes: int, form_key: UUID, by: User, at: datetime
) -> list[Lot]:
    """Hand hours of a purpose to somebody, oldest lot first. The same form sent twice gives once.

    :raises NotForThisPerson: the purpose names people, and not this one.
    :raises handing_on.NothingToHandOn: fewer hours are left than are given.
    """
    purpose = Purpose.objects.get(pk=purpose_id)
    if purpose.people.exists() and not purpose.people.filter(pk=customer_id).exists():
        raise NotForThisPerson(_("Deze cheques zijn voor iemand anders."))
    wallet = lots.locked_wallets([purpose.sponsor_id, customer_id])[purpose.sponsor_id]
    known = Lot.objects.filter(movements__key__startswith=f"receive:give:{form_key}:")
    if known:
        return list(known)
    rows = Lot.objects.filter(
        wallet=wallet, purpose=purpose, parent=None, free_minutes__gt=0, expires_at__gt=at
    )
    made, wanted = [], minutes
    for lot in rows.order_by("expires_at", "pk"):
        part = min(wanted, lot.free_minutes)
        if part > 0:
            key = f"give:{form_key}:{lot.pk}"
            made.append(handing_on.hand_on(lot.pk, customer_id, minutes=part, key=key, at=at))
            wanted -= part
    if wanted > 0 or minutes <= 0:
        raise handing_on.NothingToHandOn(_("Zoveel uren zijn er niet over van deze cheques."))
    record("purpose.given", purpose, by_id=by.pk, at=at, minutes=minutes, customer_id=customer_id)
    return made


@transaction.atomic(durable=True)
def regain(purpose_id: int, *, by: User, at: datetime) -> int:
    """Take back what receivers did not use, so that it can be given to others; return the minutes.

    Minutes that are held for a visit, or used, stay.
    """
    purpose = Purpose.objects.get(pk=purpose_id)
    lots.locked_wallet(purpose.sponsor_id)
    rows = Lot.objects.filter(purpose=purpose, free_minutes__gt=0, expires_at__gt=at).exclude(parent=None)
    total = 0
    for lot in rows.order_by("pk"):
        total += handing_on.take_back(lot.pk, key=f"{lot.pk}:{lot.movements.count()}", at=at)
    record("purpose.regained", purpose, by_id=by.pk, at=at, minutes=total)
    return total


def receiver(phone: str, *, neighbourhood_ids: Sequence[int]) -> Customer:
    """Return the resident with a phone number in these neighbourhoods.

    :raises NobodyThere: none, or more than one.
    """
    found = list(
        Customer.objects.filter(
            kind=Customer.Kind.RESIDENT, phone=registration.telephone(phone) or "-", neighbourhood__in=neighbourhood_ids
        )[:2]
    )  # fmt: skip
    if len(found) != 1:
        raise NobodyThere(_("Wij vinden niet één klant met telefoonnummer %(phone)s.") % {"phone": phone})
    return found[0]


def doors(text: str) -> list[int]:
    """Return the addresses that were typed, one a line: '4818 CK 12'.

    :raises NoSuchDoor: a line is not a postcode and a house number; it is named.
    :raises registration.OutsideArea: we do not work there.
    """
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = DOOR.fullmatch(line)
        if parts is None:
            raise NoSuchDoor(
                _("Deze regel is geen adres: %(line)s. Schrijf het zo: 4818 CK 12.") % {"line": line}
            )
        found.append(registration.find_place(parts[1], parts[2]).pk)
    return found


def left(purpose_id: int, *, at: datetime) -> int:
    """Return the minutes of a purpose that nobody received yet."""
    rows = Lot.objects.filter(purpose_id=purpose_id, parent=None, expires_at__gt=at)
    return int(rows.aggregate(total=Coalesce(Sum("free_minutes"), 0))["total"])


def account(purpose_id: int) -> Account:
    """Return what became of a purpose's hours, without names."""
    every = Lot.objects.filter(purpose_id=purpose_id)
    sums = every.aggregate(
        used=Coalesce(Sum("used_minutes"), 0), free=Coalesce(Sum("free_minutes"), 0) + Coalesce(Sum("held_minutes"), 0),
        expired=Coalesce(Sum("expired_minutes"), 0), returned=Coalesce(Sum("refunded_minutes"), 0),
    )  # fmt: skip
    bought = every.filter(parent=None)
    return Account(
        paid=bought.aggregate(total=Coalesce(Sum("minutes"), 0))["total"],
        given=bought.aggregate(total=Coalesce(Sum("handed_minutes"), 0))["total"],
        people=every.exclude(parent=None).values("wallet").distinct().count(),
        **sums,
    )


def return_unused(*, at: datetime) -> int:
    """Bring back what nobody used of public money that is past its day; ask its refund; return the minutes."""
    due = Lot.objects.filter(expires_at__lte=at, free_minutes__gt=0, purpose__public_money=True)
    for lot_id in list(due.exclude(parent=None).order_by("pk").values_list("pk", flat=True)):
        _regain(lot_id, at=at)
    return sum(
        _ask_back(lot_id, at=at) for lot_id in list(due.filter(parent=None).values_list("pk", flat=True))
    )


@transaction.atomic(durable=True)
def _regain(lot_id: int, *, at: datetime) -> None:
    lot = Lot.objects.get(pk=lot_id)
    minutes = handing_on.take_back(lot_id, key=f"{lot_id}:{lot.movements.count()}", at=at)
    record("lot.returned", lot, by_id=None, at=at, minutes=minutes)


@transaction.atomic(durable=True)
def _ask_back(lot_id: int, *, at: datetime) -> int:
    """Put the unused minutes of a funder's lot on their way back to it; the treasurer sends it."""
    lot = Lot.objects.select_related("wallet", "purpose").get(pk=lot_id)
    lots.locked_wallet(lot.wallet.customer_id)
    lot.refresh_from_db()
    if not lot.free_minutes:
        return 0
    assert lot.purpose is not None
    refund = Refund.objects.create(
        lot=lot, minutes=lot.free_minutes, cents=worth(lot.free_minutes, lot.price_cents), requested_at=at,
        requested_by=lot.purpose.made_by,
    )  # fmt: skip
    figures = Movement.Figure
    lots.move(lot.pk, figures.FREE, figures.REFUNDED, refund.minutes, key=f"refund:{refund.pk}", at=at)
    record("refund.requested", refund, by_id=None, at=at, minutes=refund.minutes, cents=refund.cents)
    return refund.minutes
