"""Hand hours from one wallet to another, and take them back: a gift, a sponsor's bundle, a paper cheque."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import lots
from cheques.models import Lot, Movement
from cheques.redemption import worth
from kernel.errors import Refused
from ledger.models import Account
from ledger.posting import Move, post

FREE, HANDED, RETURNED, NEW = (
    Movement.Figure.FREE,
    Movement.Figure.HANDED,
    Movement.Figure.RETURNED,
    Movement.Figure.NEW,
)


class NothingToHandOn(Refused):
    """Fewer minutes are free than are to be handed on, or they are past their day."""


def hand_on(lot_id: int, customer_id: int, *, minutes: int, key: str, at: datetime) -> Lot:
    """Give free minutes of a lot to another wallet, as a lot of its own; price, VAT and expiry stay as they were.

    Step: the caller owns the transaction. The same key twice gives the same lot.

    :raises NothingToHandOn: the lot has fewer free minutes, or its day is over.
    """
    known = Movement.objects.filter(key=f"receive:{key}").select_related("lot").first()
    if known:
        return known.lot
    source = Lot.objects.select_related("wallet").get(pk=lot_id)
    wallets = lots.locked_wallets([source.wallet.customer_id, customer_id])
    giver, receiver = source.wallet_id, wallets[customer_id].pk
    source.refresh_from_db()
    if not 0 < minutes <= source.free_minutes or minutes % 15 or source.expires_at <= at:
        raise NothingToHandOn(_("Zoveel uren zijn er niet vrij om door te geven."))
    if source.parent_id is not None:
        raise NothingToHandOn(_("Cheques die u kreeg, kunt u niet doorgeven."))
    lots.move(source.pk, FREE, HANDED, minutes, key=f"hand:{key}", at=at)
    made = Lot.objects.create(
        wallet_id=receiver, parent=source, purpose=source.purpose, minutes=minutes, price_cents=source.price_cents,
        vat_kind=source.vat_kind, funder=source.funder, issued_at=at, expires_at=source.expires_at,
    )  # fmt: skip
    lots.move(made.pk, NEW, FREE, minutes, key=f"receive:{key}", at=at)
    _book(f"hand:{key}", giver, receiver, worth(minutes, source.price_cents), at)
    made.refresh_from_db()
    return made


def take_back(lot_id: int, *, key: str, at: datetime) -> int:
    """Give the free minutes of a received lot back to the wallet they came from; return how many.

    Step: the caller owns the transaction. Minutes that are held or used stay.
    """
    lot = Lot.objects.select_related("wallet", "parent__wallet").get(pk=lot_id)
    assert lot.parent is not None, "only what was received can be taken back"
    lots.locked_wallets([lot.wallet.customer_id, lot.parent.wallet.customer_id])
    receiver, giver = lot.wallet_id, lot.parent.wallet_id
    lot.refresh_from_db()
    if not lot.free_minutes:
        return 0
    minutes = lot.free_minutes
    lots.move(lot.pk, FREE, RETURNED, minutes, key=f"return:{key}", at=at)
    lots.move(lot.parent_id or 0, HANDED, FREE, minutes, key=f"regain:{key}", at=at)
    _book(f"return:{key}", receiver, giver, worth(minutes, lot.price_cents), at)
    return minutes


def _book(key: str, giver: int, receiver: int, cents: int, at: datetime) -> None:
    if giver == receiver:
        return
    post(
        key, timezone.localdate(at),
        Move(Account.CHEQUES, Account.HANDED, cents, f"wallet:{giver}"),
        Move(Account.HANDED, Account.CHEQUES, cents, f"wallet:{receiver}"),
    )  # fmt: skip
