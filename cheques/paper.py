"""Printed cheques: who holds the paper holds the hour. Printed, sold, turned in or blocked, each once.

The code has 80 random bits and a check sign; we keep only its keyed hash, so nobody can make a cheque out of our
database, and nobody can print one twice.
"""

import secrets
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from cheques import handing_on, issuing, lots, purchase
from cheques.counter_models import PaperCheque
from cheques.models import Lot, Order
from events.recording import record
from events.sealing import keyed_hash
from identity.models import Address, Customer, Neighbourhood, User
from kernel.errors import Refused
from ledger.models import Account

RANDOM_BYTES = 10  # 80 bits: sixteen letters and digits
MOST_AT_ONCE = 200
HOUR = 60
State = PaperCheque.State


class Printed(NamedTuple):
    """A cheque as it goes to the printer: its number, and the code that only the paper will know."""

    serial: int
    code: str


class NotACode(Refused):
    """Mistyped: the check sign does not fit."""


class NotKnown(Refused):
    """No such cheque."""


class NotForSale(Refused):
    """It was sold before, or is blocked, or lies at another desk."""


class NotToBeUsed(Refused):
    """It was never sold, was turned in before, or is blocked."""


def checked(typed: str) -> str:
    """Return a code without spaces and dashes, or refuse it. Pure.

    :raises NotACode: the check sign (ISO 7064, mod 37-36) does not fit.
    """
    try:
        return str(mod_37_36.validate(typed.replace(" ", "").replace("-", "").upper()))
    except ValidationError:
        raise NotACode(_("Deze code klopt niet. Kijk of u alles goed hebt overgenomen.")) from None


@transaction.atomic(durable=True)
def print_some(count: int, *, neighbourhood_id: int, by: User, at: datetime) -> list[Printed]:
    """Make so many cheques that are worth nothing until they are sold. Their codes are told once, here.

    :raises purchase.NotANumberOfHours: fewer than one, or more than go in one print run.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise purchase.NotANumberOfHours(
            _("Kies een aantal van %(least)s tot en met %(most)s cheques.")
            % {"least": 1, "most": MOST_AT_ONCE}
        )
    where = Neighbourhood.objects.select_for_update().get(pk=neighbourhood_id)
    last = PaperCheque.objects.order_by("-serial").values_list("serial", flat=True).first() or 100_000
    made = []
    for number in range(last + 1, last + 1 + count):
        stem = b32encode(secrets.token_bytes(RANDOM_BYTES)).decode()
        code = stem + mod_37_36.calc_check_digit(stem)
        PaperCheque.objects.create(
            serial=number, code_hash=keyed_hash(code), neighbourhood=where, printed_at=at
        )
        made.append(Printed(number, code))
    record("paper.printed", where, by_id=by.pk, at=at, count=count, first=last + 1)
    return made


@transaction.atomic(durable=True)
def sell(serials: Sequence[int], *, neighbourhood_id: int, form_key: UUID, by: User, at: datetime) -> Order:
    """Sell printed cheques for cash to whoever stands at the desk; the same form sent twice sells once.

    :raises NotForSale: one of them cannot be sold here; nothing is sold then.
    """
    known = Order.objects.filter(form_key=form_key).first()
    if known:
        return known
    rows = list(
        PaperCheque.objects.select_for_update().filter(serial__in=serials, neighbourhood=neighbourhood_id).order_by("serial")
    )  # fmt: skip
    wrong = sorted(set(serials) - {row.serial for row in rows if row.state == State.PRINTED})
    if wrong or not rows:
        raise NotForSale(
            _("Deze cheques kunt u niet verkopen: %(numbers)s.")
            % {"numbers": ", ".join(map(str, wrong)) or "-"}
        )
    lot = sell_hours(bearer(neighbourhood_id, at=at).pk, hours=len(rows), form_key=form_key, by=by, at=at)
    PaperCheque.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.ACTIVE, lot=lot, sold_at=at
    )
    assert lot.order is not None
    record("paper.sold", lot.order, by_id=by.pk, at=at, serials=[row.serial for row in rows])
    return lot.order


def sell_hours(customer_id: int, *, hours: int, form_key: UUID, by: User, at: datetime) -> Lot:
    """Sell hours for cash: ordered, paid into the drawer and given at once. Step: the caller owns the transaction.

    :raises purchase.NotANumberOfHours: below the smallest or above the largest order.
    """
    order = purchase.write_order(
        customer_id, hours=hours, form_key=form_key, by=by, at=at, way=Order.Way.CASH
    )
    order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if order.state == Order.State.PAID:
        return Lot.objects.get(order=order)
    return issuing.issue(order, paid_cents=order.total_cents, money=Account.CASH, at=at)


@transaction.atomic(durable=True)
def sell_to(customer_id: int, *, hours: int, form_key: UUID, by: User, at: datetime) -> Lot:
    """Sell hours for cash to somebody we know; they lie in that person's own wallet.

    :raises purchase.NotANumberOfHours: below the smallest or above the largest order.
    """
    return sell_hours(customer_id, hours=hours, form_key=form_key, by=by, at=at)


@transaction.atomic(durable=True)
def turn_in(code: str, customer_id: int, *, by: User, at: datetime) -> Lot:
    """Put the hour of a paper cheque into somebody's wallet; the paper is worth nothing from then on.

    :raises NotACode: mistyped.
    :raises NotKnown: well-formed, but not one of ours.
    :raises NotToBeUsed: not sold, turned in before, blocked, or past its day.
    """
    paper = _locked(keyed_hash(checked(code)))
    if paper.state != State.ACTIVE or paper.lot is None:
        raise NotToBeUsed(_why_not(paper))
    if paper.lot.expires_at <= at:
        raise NotToBeUsed(_("Deze cheque is verlopen."))
    made = handing_on.hand_on(
        paper.lot_id or 0, customer_id, minutes=HOUR, key=f"paper:{paper.serial}", at=at
    )
    paper.state, paper.handed_to, paper.ended_at = State.USED, made, at
    paper.save(update_fields=["state", "handed_to", "ended_at"])
    record("paper.turned_in", paper, by_id=by.pk, at=at, customer_id=customer_id)
    return made


@transaction.atomic(durable=True)
def block(serial: int, *, reason: str, by: User, at: datetime) -> PaperCheque:
    """Make a lost or stolen cheque worthless. Its hour stays where it is until it is replaced or refunded.

    :raises NotKnown: no such number.
    :raises NotToBeUsed: it was turned in already, or is blocked.
    """
    paper = PaperCheque.objects.select_for_update(of=("self",)).filter(serial=serial).first()
    if paper is None:
        raise NotKnown(_("Dit nummer kennen wij niet."))
    if paper.state in {State.USED, State.BLOCKED}:
        raise NotToBeUsed(_why_not(paper))
    paper.state, paper.ended_at, paper.reason = State.BLOCKED, at, reason.strip()
    paper.save(update_fields=["state", "ended_at", "reason"])
    record("paper.blocked", paper, by_id=by.pk, at=at)
    return paper


@transaction.atomic(durable=True)
def replace(blocked_serial: int, *, with_serial: int, by: User, at: datetime) -> PaperCheque:
    """Give another printed cheque for one that was sold and then blocked: the same hour, once.

    :raises NotKnown: no such number.
    :raises NotForSale: the first was never sold, was replaced before, or the second is not fresh.
    """
    numbers = {row.serial: row for row in PaperCheque.objects.select_for_update(of=("self",)).filter(serial__in=[blocked_serial, with_serial]).order_by("serial")}  # fmt: skip
    old, new = numbers.get(blocked_serial), numbers.get(with_serial)
    if old is None or new is None:
        raise NotKnown(_("Dit nummer kennen wij niet."))
    wallets_hour = old.lot is not None and PaperCheque.objects.filter(lot=old.lot).exclude(
        state=State.BLOCKED
    ).count() < (old.lot.minutes // HOUR)
    if old.state != State.BLOCKED or new.state != State.PRINTED or not wallets_hour:
        raise NotForSale(_("Deze cheque kunt u niet vervangen."))
    new.state, new.lot, new.sold_at = State.ACTIVE, old.lot, at
    new.save(update_fields=["state", "lot", "sold_at"])
    record("paper.replaced", new, by_id=by.pk, at=at, replaces=blocked_serial)
    return new


def bearer(neighbourhood_id: int, *, at: datetime) -> Customer:
    """Return the customer in whose name a neighbourhood's paper cheques are kept until somebody turns them in."""
    known = Customer.objects.filter(kind=Customer.Kind.BEARER, neighbourhood=neighbourhood_id).first()
    if known:
        return known
    where = Neighbourhood.objects.select_for_update().get(pk=neighbourhood_id)
    desk = Address.objects.create(
        street=_("Balie"), house_number="1", postcode="", town="", neighbourhood=where, x=0, y=0
    )
    return Customer.objects.get_or_create(
        kind=Customer.Kind.BEARER, neighbourhood=where,
        defaults={"name": _("Papieren cheques %(where)s") % {"where": where.name}, "address": desk, "registered_at": at},
    )[0]  # fmt: skip


def _locked(code_hash: str) -> PaperCheque:
    paper = (
        PaperCheque.objects.select_for_update(of=("self",))
        .select_related("lot")
        .filter(code_hash=code_hash)
        .first()
    )
    if paper is None:
        raise NotKnown(_("Deze cheque kennen wij niet."))
    if paper.lot:
        lots.locked_wallet(paper.lot.wallet.customer_id)
    return paper


def _why_not(paper: PaperCheque) -> str:
    said = {
        State.PRINTED: _("Deze cheque is nog niet verkocht."),
        State.USED: _("Deze cheque is al ingeleverd."),
        State.BLOCKED: _("Deze cheque is geblokkeerd."),
    }
    return said.get(State(paper.state), _("Deze cheque kan niet gebruikt worden."))
