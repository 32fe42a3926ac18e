"""Proof that what customers owe, and what they paid ahead, stands so in the books."""

from collections.abc import Iterator

from django.db.models import F, Sum

from books.prove import Invariant, none_of
from cheques import payables
from cheques.models import Advance, Chargeback, Outstanding
from cheques.redemption import worth
from lawbook.cheques import PRICE_CENTS
from ledger.balances import balance
from ledger.models import Account


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of the customers' accounts."""
    yield Invariant(
        "customers", "Wat klanten schuldig zijn min wat zij vooruit betaalden, staat zo in de boeken",
        "What customers owe less what they paid ahead stands so in the books",
        "outstanding + open - ahead", _outstanding() + _to_pay() + _taken_back() - _ahead(), "account", balance(Account.CUSTOMERS), "cents",
    )  # fmt: skip
    overdrawn = Advance.objects.values("wallet").annotate(left=Sum("cents")).filter(left__lt=0)
    yield none_of(
        "advances", "Niemand gebruikte meer dan hij vooruit betaalde", "Nobody used more than was paid ahead",
        "wallets overdrawn", overdrawn.count(),
    )  # fmt: skip


def _outstanding() -> int:
    rows = Outstanding.objects.filter(minutes__gt=F("settled_minutes"))
    return sum(worth(row.minutes - row.settled_minutes, PRICE_CENTS.on(row.used_on)) for row in rows)


def _to_pay() -> int:
    """Return what is open of things that were delivered already."""
    return sum(one.open_cents for one in payables.all_of() if one.delivered)


def _taken_back() -> int:
    """Return what is owed again after a bank took back a card payment."""
    lost = Chargeback.objects.exclude(state=Chargeback.State.WON)
    return int(lost.aggregate(total=Sum(F("receivable_cents") - F("written_off_cents")))["total"] or 0)


def _ahead() -> int:
    """Return what came in for things that are not delivered, and what was left over."""
    parts = sum(one.received_cents for one in payables.all_of() if not one.delivered)
    return parts + int(Advance.objects.aggregate(total=Sum("cents"))["total"] or 0)
