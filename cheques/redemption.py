"""Pay for confirmed minutes with cheques; what cheques cannot pay stays outstanding."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from cheques import lots
from cheques.models import Lot, Movement, Outstanding, Redemption, Wallet
from lawbook.cheques import PRICE_CENTS
from ledger.closing import first_open
from ledger.models import Account
from ledger.posting import Move, fingerprint, post

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
    found = _open(hold_id, key, timezone.localdate(at))
    if found.paid or found.owed:
        raise AlreadyRedeemed(key)
    fact = _Fact(
        key=key,
        vat_rate=vat_rate,
        used_on=used_on,
        at=at,
        again=f":again{found.again}" if found.again else "",
    )
    wanted, uses, frees = minutes, [], []
    for lot_id, held, price in found.parts:
        taken = min(wanted, held)
        uses += [_taken(lot_id, HELD, taken, price, fact, found.party)] if taken else []
        frees += [(f"release:{key}{fact.again}:lot:{lot_id}", lot_id, held - taken)] if held > taken else []
        wanted -= taken
    if wanted:
        wallet = Wallet.objects.get(pk=found.wallet_id)
        for lot in lots.usable(wallet, start_at=start_at).filter(free_minutes__gt=0):
            taken = min(wanted, lot.free_minutes)
            uses += [_taken(lot.pk, FREE, taken, lot.price_cents, fact, found.party)] if taken else []
            wanted -= taken
    _write(
        hold_id,
        fact,
        uses,
        frees,
        day=first_open(fact.booked_on) if found.closed else fact.booked_on,
        party=found.party,
    )
    if wanted:
        _leave_outstanding(found.wallet_id, wanted, fact)
    return Redeemed(minutes - wanted, wanted)


class _Opened(NamedTuple):
    """What the database says of a hold, its wallet locked: (lot, minutes kept, price) of each part, first spent first."""

    wallet_id: int
    paid: int
    again: int
    owed: bool
    closed: bool
    parts: list[tuple[int, int, int]]

    @property
    def party(self) -> str:
        return f"wallet:{self.wallet_id}"


def _open(hold_id: int, key: str, booked_on: date) -> _Opened:
    """Lock the wallet and the hold, and read what is needed to decide, in one call."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cheques_fact_opens(%s, %s, %s)", [hold_id, key, booked_on])
        wallet_id, paid, again, owed, closed, parts = cursor.fetchone()
    return _Opened(
        wallet_id, paid, again, owed, closed, json.loads(parts) if isinstance(parts, str) else parts
    )


def _taken(  # noqa: PLR0917 - private, called twice above
    lot_id: int, source: str, minutes: int, price_cents: int, fact: "_Fact", party: str
) -> tuple[str, int, str, int, int, str]:
    """Return one use as it is written: its name, lot, figure, minutes, cents, and the fingerprint of its entry."""
    cents = worth(minutes, price_cents)
    print_ = fingerprint(fact.booked_on, [Move(Account.CHEQUES, Account.REVENUE, cents, party)])
    return (f"redeem:{fact.key}:lot:{lot_id}:{source}{fact.again}", lot_id, source, minutes, cents, print_)


def _write(
    hold_id: int, fact: "_Fact", uses: Sequence[object], frees: Sequence[object], *, day: date, party: str
) -> None:
    """Write movements, entries and redemptions, free what is left and close the hold, in one call."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cheques_fact_is_paid(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [hold_id, fact.key, json.dumps(uses), json.dumps(frees), fact.vat_rate, fact.used_on, fact.at, day, party],
        )  # fmt: skip


def settle_outstanding(wallet: Wallet, lot: Lot, *, at: datetime) -> int:
    """Pay with a fresh lot what older visits left outstanding (T3); return the minutes. Step."""
    left = lot.minutes
    rows = Outstanding.objects.select_for_update(no_key=True).filter(wallet=wallet).order_by("at", "pk")
    for row in list(rows):
        part = min(left, row.minutes - row.settled_minutes)
        if part <= 0:
            continue
        fact = _Fact(key=row.key, vat_rate=row.vat_rate, used_on=row.used_on, at=at)
        _settle(lot, part, fact, row)
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


def _settle(lot: Lot, minutes: int, fact: _Fact, row: Outstanding) -> None:
    """Pay minutes that were left outstanding: they were booked at the price of their day, the lot has its own."""
    cents, booked = worth(minutes, lot.price_cents), worth(minutes, PRICE_CENTS.on(row.used_on))
    name = f"settle:{fact.key}:lot:{lot.pk}:{FREE}"
    movement = lots.move(lot.pk, FREE, USED, minutes, key=name, at=fact.at)
    party = f"wallet:{lot.wallet_id}"
    moves = [Move(Account.CHEQUES, Account.CUSTOMERS, min(cents, booked), party)]
    if cents > booked:
        moves.append(Move(Account.CHEQUES, Account.REVENUE, cents - booked, party))
    elif booked > cents:
        moves.append(Move(Account.REVENUE, Account.CUSTOMERS, booked - cents, party))
    post(name, fact.booked_on, *moves)
    Redemption.objects.create(
        movement=movement, key=fact.key, minutes=minutes, cents=cents, vat_rate=fact.vat_rate,
        used_on=fact.used_on, entry_key=name,
    )  # fmt: skip


def _leave_outstanding(wallet_id: int, minutes: int, fact: _Fact) -> None:
    """The customer owes minutes: booked as revenue at the price of the day, against the customer."""
    Outstanding.objects.create(
        key=fact.key,
        wallet_id=wallet_id,
        minutes=minutes,
        vat_rate=fact.vat_rate,
        used_on=fact.used_on,
        at=fact.at,
    )
    cents = worth(minutes, PRICE_CENTS.on(fact.used_on))
    post(
        f"outstanding:{fact.key}", fact.booked_on,
        Move(Account.CUSTOMERS, Account.REVENUE, cents, f"wallet:{wallet_id}"),
    )  # fmt: skip
