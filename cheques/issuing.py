"""Give the hours of a paid order, once."""

from datetime import datetime

from django.utils import timezone

from cheques import lots, redemption, validity
from cheques.models import Lot, Movement, Order
from events.recording import record
from kernel.errors import Refused
from kernel.periods import start_of_day
from lawbook.cheques import VALIDITY
from ledger.models import Account
from ledger.posting import Move, post


class PaidOtherwise(Refused):
    """What was paid is not what the order asks."""


def issue(order: Order, *, paid_cents: int, money: Account, at: datetime) -> Lot:
    """Make the lot of an order that was paid in full. Step: the caller locked the order.

    :param money: the account that received: STRIPE or BANK.
    :raises PaidOtherwise: the amount differs from the order's.
    """
    if paid_cents != order.total_cents:
        raise PaidOtherwise(f"Order {order.ref}: {paid_cents} cents paid, {order.total_cents} asked.")
    wallet = lots.locked_wallet(order.customer_id)
    last = validity.expires_at(at, VALIDITY.on(timezone.localdate(at)))
    if order.purpose:
        last = min(last, start_of_day(order.purpose.until_on))
    lot = Lot.objects.create(
        wallet=wallet, order=order, minutes=order.hours * 60, price_cents=order.price_cents,
        vat_kind=order.vat_kind, purpose=order.purpose, issued_at=at, expires_at=last,
    )  # fmt: skip
    lots.move(lot.pk, Movement.Figure.NEW, Movement.Figure.FREE, lot.minutes, key=f"issue:{order.pk}", at=at)
    post(
        f"sale:{order.pk}", timezone.localdate(at),
        Move(money, Account.CHEQUES, order.total_cents, f"wallet:{wallet.pk}"),
    )  # fmt: skip
    order.state, order.paid_at = Order.State.PAID, at
    order.save(update_fields=["state", "paid_at"])
    settled = 0 if order.purpose_id else redemption.settle_outstanding(wallet, lot, at=at)
    record("order.paid", order, by_id=order.placed_by_id, at=at, minutes=lot.minutes, settled_minutes=settled)
    lot.refresh_from_db()
    return lot
