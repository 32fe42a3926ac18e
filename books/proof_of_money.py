"""Proof that money is where the books say: Stripe, bank, wages due, subsidies due."""

from collections.abc import Iterator

from django.db.models import F, QuerySet, Sum

from bank.models import Allocation, Line, Statement
from books.prove import Invariant
from cheques.models import StripeLine
from ledger.balances import balance
from ledger.models import Account
from opening.models import Balance, Sheet
from payroll.models import Payment, PayRun, Payslip


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of money."""
    yield from _stripe()
    yield from _bank()
    yield from _wages_due()


def _sum(rows: QuerySet, column: str) -> int:  # type: ignore[type-arg]
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def _brought(kind: str) -> int:
    """Return the cents that were there before the first day."""
    return _sum(Balance.objects.filter(kind=kind, sheet__state=Sheet.State.POSTED), "cents")


def _stripe() -> Iterator[Invariant]:
    payouts = -_sum(StripeLine.objects.filter(kind="payout"), "net_cents")
    banked = _sum(Allocation.objects.filter(target__startswith="payout:"), "cents")
    yield Invariant(
        "stripe", "Het saldo bij Stripe staat zo in de boeken", "The balance at Stripe stands so in the books",
        "mirrored lines + payouts not in the bank", _sum(StripeLine.objects.all(), "net_cents") + payouts - banked,
        "account", balance(Account.STRIPE), "cents",
    )  # fmt: skip


def _bank() -> Iterator[Invariant]:
    statements = Statement.objects.annotate(moved=F("closing_cents") - F("opening_cents"))
    yield Invariant(
        "statements", "Elk afschrift sluit op zijn regels", "Each statement closes on its lines",
        "closing - opening", _sum(statements, "moved"), "lines", _sum(Line.objects.all(), "cents"), "cents",
    )  # fmt: skip
    yield Invariant(
        "bank", "De bankregels staan zo in de boeken", "The bank lines stand so in the books",
        "opening balance + allocated lines", _brought("bank") + _sum(Allocation.objects.all(), "cents"), "account", balance(Account.BANK), "cents",
    )  # fmt: skip


def _wages_due() -> Iterator[Invariant]:
    fixed = Payslip.objects.exclude(run__state=PayRun.State.DRAFT)
    yield Invariant(
        "wages", "De lonen in de boeken zijn de loonstroken", "Wages in the books are the payslips",
        "payslips", _sum(fixed, "gross_cents"), "account", balance(Account.WAGES), "cents",
    )  # fmt: skip
    net = _sum(fixed.filter(net_cents__isnull=False), "net_cents")
    booked = _sum(Payment.objects.filter(state=Payment.State.BOOKED), "cents")
    yield Invariant(
        "net_due", "Netto lonen min wat de bank afschreef", "Net wages less what the bank paid",
        "net - booked", net - booked, "account", -balance(Account.NET_DUE), "cents",
    )  # fmt: skip
    without = _sum(fixed.filter(net_cents__isnull=True), "gross_cents")
    yield Invariant(
        "wages_due", "Lonen zonder netto wachten op het loonbureau", "Wages without net wait for the bureau",
        "without net", without, "account", -balance(Account.WAGES_DUE), "cents",
    )  # fmt: skip
