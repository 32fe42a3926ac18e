"""Take over hours that a customer bought before we kept the books."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from cheques import lots
from cheques.models import Lot, Movement, Order
from cheques.redemption import worth
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import end_of_day, start_of_day
from ledger.models import Account
from ledger.posting import Move, post


class ExpiredAlready(Refused):
    """Hours that expired before the day of the opening balance are nobody's any more."""


def take_over(
    customer_id: int,
    *,
    minutes: int,
    price_cents: int,
    vat_kind: str,
    last_day: date,
    on: date,
    by: User,
    at: datetime,
) -> Lot:
    """Make a lot of hours that were sold earlier, at their own price, VAT kind and last day. Step: the caller owns
    the transaction.

    :param minutes: a multiple of 15; the order counts the hour that was begun as one.
    :param on: the day of the opening balance, to which the entry belongs.
    :raises ExpiredAlready: the last day lies before that day.
    """
    assert minutes % 15 == 0, "cheques are spent by the quarter hour"
    if last_day < on:
        raise ExpiredAlready(_("deze cheques zijn op die dag al verlopen."))
    wallet, issued = lots.locked_wallet(customer_id), start_of_day(on)
    total = worth(minutes, price_cents)
    order = Order.objects.create(
        customer_id=customer_id, hours=-(-minutes // 60), price_cents=price_cents, total_cents=total, vat_kind=vat_kind,
        way=Order.Way.OPENING, state=Order.State.PAID, placed_at=issued, placed_by=by, paid_at=issued,
    )  # fmt: skip
    lot = Lot.objects.create(
        wallet=wallet, order=order, minutes=minutes, price_cents=price_cents, vat_kind=vat_kind, issued_at=issued,
        expires_at=end_of_day(last_day),
    )  # fmt: skip
    lots.move(lot.pk, Movement.Figure.NEW, Movement.Figure.FREE, minutes, key=f"issue:{order.pk}", at=issued)
    post(f"sale:{order.pk}", on, Move(Account.OPENING, Account.CHEQUES, total, f"wallet:{wallet.pk}"))
    record("lot.taken_over", lot, by_id=by.pk, at=at, minutes=minutes, cents=total)
    lot.refresh_from_db()
    return lot
