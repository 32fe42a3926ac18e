"""Proof that money is where the books say: Stripe, bank, wages due, subsidies due."""

from collections.abc import Iterator

from django.db.models import F, QuerySet, Sum

from bank.models import Allocation, Line, Statement
from books import coverage, result
from books.prove import Invariant
from cheques.models import StripeLine
from cheques.vat import used_by_rate
from kernel.money import vat_inside
from kernel.periods import add_months
from ledger.balances import balance
from ledger.models import Account
from payroll.models import Payment, PayRun, Payslip
from subsidies.models import Claim, ClaimLine


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of money."""
    yield from _stripe()
    yield from _bank()
    yield from _wages_due()
    yield from _subsidies_due()
    yield from _results()


def _sum(rows: QuerySet, column: str) -> int:  # type: ignore[type-arg]
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


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
        "allocated lines", _sum(Allocation.objects.all(), "cents"), "account", balance(Account.BANK), "cents",
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


def _subsidies_due() -> Iterator[Invariant]:
    sent = ClaimLine.objects.filter(claim__state__in=[Claim.State.SENT, Claim.State.SETTLED]).exclude(
        state=ClaimLine.State.REFUSED
    )
    asked = _sum(sent, "subsidy_cents") + _sum(sent, "compensation_cents")
    received = _sum(Allocation.objects.filter(target__startswith="claim:"), "cents")
    yield Invariant(
        "subsidies_due", "Gevraagde subsidie min wat binnenkwam", "Subsidies claimed less what came in",
        "sent - received", asked - received, "account", balance(Account.SUBSIDIES_DUE), "cents",
    )  # fmt: skip


def _results() -> Iterator[Invariant]:
    """The result per hour of every month adds up to what was used, paid and claimed."""
    months = coverage.months()
    whole = result.total(coverage.rows_of(months))
    used = [used_by_rate(month, add_months(month, 1)) for month in months]
    net = sum(gross - vat_inside(gross, rate) for rates in used for rate, gross in rates.items())
    yield Invariant(
        "result_cheques", "De cheques per uur zijn samen wat gebruikt is zonder btw",
        "Cheques per hour add up to what was used without VAT",
        "per hour", whole.cheques_net_cents, "used less VAT per month and rate", net, "cents",
    )  # fmt: skip
    fixed = Payslip.objects.exclude(run__state=PayRun.State.DRAFT)
    paid = sum(_sum(fixed, column) for column in ("gross_cents", "holiday_cents", "premium_cents"))
    yield Invariant(
        "result_wages", "De loonkosten per uur zijn samen de loonstroken", "Wage cost per hour adds up to the payslips",
        "per hour", whole.wage_cost_cents, "payslips with allowance and premiums", paid, "cents",
    )  # fmt: skip
    live = ClaimLine.objects.filter(month__in=months).exclude(state=ClaimLine.State.REFUSED)
    asked = _sum(live, "subsidy_cents") + _sum(live, "compensation_cents")
    yield Invariant(
        "result_subsidies", "De subsidie per uur is samen wat gevraagd is", "Subsidy per hour adds up to what was claimed",
        "per hour", whole.subsidy_cents, "claim lines", asked, "cents",
    )  # fmt: skip
