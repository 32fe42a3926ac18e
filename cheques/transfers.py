"""Pay for an order by bank: what to type over, a QR code for it, and the money that came in."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import segno.helpers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bank.references import in_groups
from cheques import issuing, lots, payables
from cheques.models import Advance, Movement, Order, Wallet
from events.recording import record
from identity.models import Organisation
from kernel.errors import Refused
from kernel.money import euros
from ledger.models import Account

LONGEST_NAME = 70  # EPC069-12
FREE, FROZEN = Movement.Figure.FREE, Movement.Figure.FROZEN


class NoBankAccount(Refused):
    """The organisation has not filled in where to pay to."""


@dataclass(frozen=True)
class Instruction:
    """What somebody types over at their bank, and the same as a QR code (EPC069-12)."""

    name: str
    iban: str
    cents: int
    reference: str
    qr: SafeString


def is_possible() -> bool:
    """Tell whether there is an account to pay to."""
    return Organisation.objects.filter(pk=1).exclude(iban="").exists()


def instruction(order: Order) -> Instruction:
    """Return how to pay what is still open of an order.

    :raises NoBankAccount: there is no account to pay to.
    """
    return instruction_for(order.transfer_reference, order.total_cents - payables.received_cents(order))


def instruction_for(reference: str, cents: int, *, iban: str = "") -> Instruction:
    """Return how to pay an amount under a reference, to the organisation's account unless another is named.

    :raises NoBankAccount: there is no account to pay to.
    """
    us = Organisation.objects.filter(pk=1).first()
    account = iban or (us.iban if us else "")
    if us is None or not account:
        raise NoBankAccount(_("Er is nog geen bankrekening ingevuld. Bel ons."))
    return Instruction(
        us.name, in_groups(account.replace(" ", "")), cents, in_groups(reference),
        _qr(us, account, cents, reference),
    )  # fmt: skip


def _qr(us: Organisation, iban: str, cents: int, reference: str) -> SafeString:
    code = segno.helpers.make_epc_qr(
        name=us.name[:LONGEST_NAME], iban=iban.replace(" ", ""), amount=Decimal(euros(max(cents, 1))),
        reference=reference, encoding="UTF-8",
    )  # fmt: skip
    drawing = code.svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", title=_("QR-code om te betalen")
    )
    return mark_safe(drawing)  # noqa: S308 - drawn by segno from our own facts


def money_came(order_id: int, *, at: datetime) -> Order:
    """Give the hours of an order once all its money is there; unfreeze those of one that is paid again.

    Step: the caller owns the transaction and has booked the money.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if payables.received_cents(order) < order.total_cents:
        return order
    if order.state == Order.State.PAID:
        _thaw(order, at=at)
    else:
        issuing.issue(order, paid_cents=order.total_cents, money=Account.CUSTOMERS, at=at)
    return order


def money_left(order_id: int, *, key: str, at: datetime) -> int:
    """Freeze what is unspent of an order whose payment was taken back; return the minutes. Step."""
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if order.state != Order.State.PAID:
        return 0
    lots.locked_wallet(order.customer_id)
    lot = order.lot
    lot.refresh_from_db()
    if lot.free_minutes:
        lots.move(lot.pk, FREE, FROZEN, lot.free_minutes, key=f"freeze:{key}", at=at)
        record("lot.frozen", lot, by_id=None, at=at)
    return lot.free_minutes


def _thaw(order: Order, *, at: datetime) -> None:
    lots.locked_wallet(order.customer_id)
    lot = order.lot
    lot.refresh_from_db()
    if lot.frozen_minutes:
        number = lot.movements.filter(target=FROZEN).count()
        lots.move(lot.pk, FROZEN, FREE, lot.frozen_minutes, key=f"thaw:{order.pk}:{number}", at=at)
        record("lot.thawed", lot, by_id=None, at=at)


def keep_advance(wallet: Wallet, cents: int, *, key: str, at: datetime) -> None:
    """Keep what a customer paid too much, for the next order. Step."""
    Advance.objects.create(key=key, wallet=wallet, cents=cents, at=at)


def use_advance(order: Order, *, at: datetime) -> int:
    """Pay an order with what was left of earlier payments; return the cents. Step: the wallet is locked."""
    wallet = lots.locked_wallet(order.customer_id)
    part = min(payables.advance_cents(wallet), order.total_cents)
    if part > 0:
        Advance.objects.create(key=f"order:{order.pk}", wallet=wallet, cents=-part, order=order, at=at)
        money_came(order.pk, at=at)
    return max(part, 0)
