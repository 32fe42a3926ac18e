"""Bank lines that belong to the cheques: payouts of the payment service, and what customers transfer themselves.

What a line names for sure is booked at once. What it names with a fault, or pays in another amount than is open, waits
with a suggestion (`bank_suggesting`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bank.matching import allocate, one_at_a_time, open_lines, with_open_cents
from bank.models import Line
from bank.references import Finder
from cheques import lots, payables, refunds, transfers
from cheques.models import StripeLine
from cheques.payables import Payable
from ledger.models import Account


@dataclass(frozen=True)
class Share:
    """The part of a line that goes to one thing, with the sign of the line."""

    payable: Payable
    cents: int


class Book:
    """Everything that can be paid, found by its reference."""

    def __init__(self) -> None:
        """Read what there is now."""
        self.payables = payables.all_of()
        self._by_reference = {one.reference: one for one in self.payables}
        self._finder = Finder(self._by_reference)

    def named(self, line: Line) -> list[Payable]:
        """Return what a line names for sure, in its order."""
        return [self._by_reference[one] for one in self._finder.exact(words_of(line))]

    def nearly_named(self, line: Line) -> tuple[Payable, str] | None:
        """Return what a line names with a fault, and the fault in words."""
        near = self._finder.near(words_of(line))
        return (self._by_reference[near.reference], near.fault) if near else None


def words_of(line: Line) -> str:
    """Return what a line says. The bank's part is joined by a letter, so that two numbers never run together."""
    return f"{line.remittance} x {line.end_to_end_id}"


@transaction.atomic(durable=True)
def match_open_lines(*, at: datetime) -> int:
    """Allocate lines that name a payout, an order or an invoice for sure; return how many."""
    one_at_a_time()
    matched = _match_payouts(at=at)
    matched += sum(refunds.match_bank_line(line, at=at) for line in open_lines().filter(cents__lt=0))
    book = Book()
    for line, left in with_open_cents():
        shares = sure_shares(book.named(line), left) if line.cents == left else []
        if shares:
            book_shares(line, shares, at=at)
            matched += 1
            book = Book()
    return matched


def _match_payouts(*, at: datetime) -> int:
    matched = 0
    payouts = {row.source_id: -row.net_cents for row in StripeLine.objects.filter(kind="payout")}
    for line in open_lines().filter(cents__gt=0):
        found = next(
            (payout for payout in payouts if payout in line.remittance or payout == line.end_to_end_id), None
        )
        if found and payouts[found] == line.cents:
            allocate(line, cents=line.cents, target=f"payout:{found}", against=Account.STRIPE, at=at)
            matched += 1
    return matched


def sure_shares(named: Sequence[Payable], cents: int) -> list[Share]:
    """Return how a line is shared out over what it names, or nothing when a person must look.

    One thing takes what is open of it, and too little is a part. Several are paid to the cent or not at all. Money that
    goes out takes back what came in for one thing that is not delivered yet; after that a person must look.
    """
    if cents < 0:
        return _taken_back(named, cents)
    unpaid = [one for one in named if one.open_cents > 0]
    if len(unpaid) == 1:
        return [Share(unpaid[0], min(cents, unpaid[0].open_cents))]
    if sum(one.open_cents for one in unpaid) == cents:
        return [Share(one, one.open_cents) for one in unpaid]
    return []


def _taken_back(named: Sequence[Payable], cents: int) -> list[Share]:
    if len(named) == 1 and not named[0].delivered and named[0].received_cents >= -cents:
        return [Share(named[0], cents)]
    return []


def book_shares(line: Line, shares: Sequence[Share], *, at: datetime, by_id: int | None = None) -> None:
    """Book a line for what it pays, and give what is paid by it. Step: the caller owns the transaction."""
    for share in shares:
        wallet = lots.wallet_of(share.payable.customer_id)
        allocate(
            line, cents=share.cents, target=share.payable.target, against=Account.CUSTOMERS, at=at, by_id=by_id,
            party=f"wallet:{wallet.pk}",
        )  # fmt: skip
        kind, _colon, number = share.payable.target.partition(":")
        if kind == "order" and share.cents > 0:
            transfers.money_came(int(number), at=at)
        elif kind == "order":
            transfers.money_left(int(number), key=f"line:{line.pk}", at=at)
