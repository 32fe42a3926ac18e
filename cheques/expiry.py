"""Book what expired. The date decides whether a cheque may be spent; this only tells the books."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cheques import lots, refunds
from cheques.models import Lot, Movement
from cheques.redemption import worth
from events.recording import record
from lawbook.cheques import EXPIRY_OUTCOME
from ledger.models import Account
from ledger.posting import Move, post


def expire_due(*, at: datetime) -> int:
    """Expire the free minutes of every lot past its day; return how many lots."""
    due = Lot.objects.filter(expires_at__lte=at, free_minutes__gt=0)
    ours = due.exclude(purpose__public_money=True)  # what a public funder paid goes back to it: `sponsoring`
    return sum(_expire(lot_id, at=at) for lot_id in list(ours.values_list("pk", flat=True)))


@transaction.atomic(durable=True)
def _expire(lot_id: int, *, at: datetime) -> int:
    lot = Lot.objects.select_related("wallet").get(pk=lot_id)
    lots.locked_wallet(lot.wallet.customer_id)
    lot.refresh_from_db()
    if not lot.free_minutes:
        return 0
    record("lot.expired", lot, by_id=None, at=at, minutes=lot.free_minutes)
    if _goes_back_to_the_buyer(lot):
        refunds.take_out(lot, lot.free_minutes, by=lot.origin.placed_by, at=at)
        return 1
    fact = f"expire:{lot.pk}:{lot.movements.count()}"  # released holds may make a lot expire in two parts
    cents = worth(lot.free_minutes, lot.price_cents)
    lots.move(lot.pk, Movement.Figure.FREE, Movement.Figure.EXPIRED, lot.free_minutes, key=fact, at=at)
    post(
        fact,
        timezone.localdate(at),
        Move(Account.CHEQUES, Account.BREAKAGE, cents, f"wallet:{lot.wallet_id}"),
    )
    return 1


def _goes_back_to_the_buyer(lot: Lot) -> bool:
    """Tell whether the rule of the day of sale pays expired hours back, and there is a buyer to pay."""
    return EXPIRY_OUTCOME.on(timezone.localdate(lot.issued_at)) == "refund" and lot.order_id is not None
