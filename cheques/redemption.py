"""Pay for confirmed minutes with cheques; what cheques cannot pay stays outstanding."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from cheques import holds, lots
from cheques.models import Hold, Lot, Movement, Outstanding, Redemption, Wallet
from lawbook.cheques import PRICE_CENTS
from ledger.models import Account
from ledger.posting import Move, post

HELD, FREE, USED = Movement.Figure.HELD, Movement.Figure.FREE, Movement.Figure.USED


class AlreadyRedeemed(Exception):
    """This fact was paid for before: a mistake of ours, never of who uses it."""


@dataclass(frozen=True)
class Redeemed:
    """Minutes paid with cheques, and minutes that wait for the next order."""

    paid_minutes: int
    outstanding_minutes: int


def worth(minutes: int, price_cents: int) -> int:
    """Return what minutes cost: exact, for quarters of an hour and prices that are multiples of four."""
    return minutes * price_cents // 60


def redeem(
    hold_id: int,
    *,
    minutes: int,
    key: str,
    vat_rate: Decimal,
    used_on: date,
    start_at: datetime,
    at: datetime,
) -> Redeemed:
    """Pay minutes (a multiple of 15) from a hold, then from free lots; release the rest of the hold.

    A confirmation never fails for lack of cheques: what is short becomes outstanding. Step: the caller owns
    the transaction.

    :raises AlreadyRedeemed: the fact was paid for, or left outstanding, before.
    """
    assert minutes % 15 == 0, "cheques are spent by the quarter hour"
    hold = Hold.objects.select_related("wallet").get(pk=hold_id)
    wallet = lots.locked_wallet(hold.wallet.customer_id)
    hold = Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
    before = Redemption.objects.filter(key=key)
    paid = before.aggregate(total=Sum("minutes"))["total"] or 0
    if paid or Outstanding.objects.filter(key=key).exists():
        raise AlreadyRedeemed(key)
    again = before.filter(minutes__lt=0).count()
    fact = _Fact(key=key, vat_rate=vat_rate, used_on=used_on, at=at, again=f":again{again}" if again else "")
    wanted = minutes
    for lot_id, held in holds.held_parts(hold):
        wanted -= _use(lot_id, HELD, min(wanted, held), fact, hold)
    for lot in lots.usable(wallet, start_at=start_at).filter(free_minutes__gt=0):
        wanted -= _use(lot.pk, FREE, min(wanted, lot.free_minutes), fact, None)
    if wanted:
        _leave_outstanding(wallet, wanted, fact)
    holds.release(hold_id, key=f"{key}{fact.again}", at=at)
    return Redeemed(minutes - wanted, wanted)


def settle_outstanding(wallet: Wallet, lot: Lot, *, at: datetime) -> int:
    """Pay with a fresh lot what older visits left outstanding (T3); return the minutes. Step."""
    left = lot.minutes
    rows = Outstanding.objects.select_for_update(no_key=True).filter(wallet=wallet).order_by("at", "pk")
    for row in list(rows):
        part = min(left, row.minutes - row.settled_minutes)
        if part <= 0:
            continue
        fact = _Fact(key=row.key, vat_rate=row.vat_rate, used_on=row.used_on, at=at)
        _use(lot.pk, FREE, part, fact, None, settles=row)
        row.settled_minutes += part
        row.save(update_fields=["settled_minutes"])
        left -= part
    return lot.minutes - left


@dataclass(frozen=True)
class _Fact:
    key: str
    vat_rate: Decimal
    used_on: date
    at: datetime
    again: str = ""  # what was paid, taken back and is paid once more has names of its own

    @property
    def booked_on(self) -> date:
        return timezone.localdate(self.at)


def _use(  # noqa: PLR0917 - private, called three times above
    lot_id: int, source: str, minutes: int, fact: _Fact, hold: Hold | None, settles: Outstanding | None = None
) -> int:
    if minutes <= 0:
        return 0
    lot = Lot.objects.select_related("wallet").get(pk=lot_id)
    cents = worth(minutes, lot.price_cents)
    name = f"{'settle' if settles else 'redeem'}:{fact.key}:lot:{lot_id}:{source}{fact.again}"
    movement = lots.move(lot_id, source, USED, minutes, key=name, at=fact.at, hold=hold)
    party = f"wallet:{lot.wallet_id}"
    moves = [Move(Account.CHEQUES, Account.REVENUE, cents, party)]
    if settles:
        booked = worth(minutes, PRICE_CENTS.on(settles.used_on))
        moves = [Move(Account.CHEQUES, Account.CUSTOMERS, booked, party)]
        if cents > booked:
            moves.append(Move(Account.CHEQUES, Account.REVENUE, cents - booked, party))
        elif booked > cents:
            moves[0] = Move(Account.CHEQUES, Account.CUSTOMERS, cents, party)
            moves.append(Move(Account.REVENUE, Account.CUSTOMERS, booked - cents, party))
    post(name, fact.booked_on, *moves)
    Redemption.objects.create(
        movement=movement, key=fact.key, minutes=minutes, cents=cents, vat_rate=fact.vat_rate,
        used_on=fact.used_on, entry_key=name,
    )  # fmt: skip
    return minutes


def _leave_outstanding(wallet: Wallet, minutes: int, fact: _Fact) -> None:
    """The customer owes minutes: booked as revenue at the price of the day, against the customer."""
    Outstanding.objects.create(
        key=fact.key, wallet=wallet, minutes=minutes, vat_rate=fact.vat_rate, used_on=fact.used_on, at=fact.at
    )
    cents = worth(minutes, PRICE_CENTS.on(fact.used_on))
    post(
        f"outstanding:{fact.key}", fact.booked_on,
        Move(Account.CUSTOMERS, Account.REVENUE, cents, f"wallet:{wallet.pk}"),
    )  # fmt: skip
