"""Proof that money is where the books say: Stripe, bank, wages due, subsidies due."""

from collections.abc import Iterator

from django.db.models import F, QuerySet, Sum

from bank.models import Allocation, Line, Statement
from books.prove import Invariant
from cheques.models import Order, PayoutPart, Refund, StripeLine
from cheques.stripe_gateway import PAYMENTS
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
    lines = StripeLine.objects.exclude(kind="payout")
    banked = _sum(Allocation.objects.filter(target__startswith="payout:"), "cents")
    underway = in_transit_cents()
    yield Invariant(
        "stripe", "Het saldo bij Stripe staat zo in de boeken", "The balance at Stripe stands so in the books",
        f"told by Stripe, less payouts in the bank + in transit {underway}",
        _sum(lines, "net_cents") - banked + underway, "account", balance(Account.STRIPE), "cents",
    )  # fmt: skip
    payouts = -_sum(StripeLine.objects.filter(kind="payout", payout_part__isnull=False), "net_cents")
    parts = PayoutPart.objects.exclude(line__kind="payout")
    yield Invariant(
        "payouts", "Elke uitbetaling van Stripe is de som van haar regels", "Each payout of Stripe is the sum of its lines",
        "payouts", payouts, "their lines", _sum(parts, "line__net_cents"), "cents",
    )  # fmt: skip


def in_transit_cents() -> int:
    """Return what we booked and Stripe's balance did not tell yet, less what it told and we did not book.

    A payment is booked when its webhook comes, and told when the balance is pulled; a refund likewise. Only what one
    side knows is in transit: an amount that differs between the two is a difference.
    """
    ours = Order.objects.filter(state=Order.State.PAID, way=Order.Way.CHECKOUT).exclude(payment_intent_id="")
    told = StripeLine.objects.filter(kind__in=PAYMENTS)
    unnamed = _sum(
        told.filter(payment_intent_id=""), "gross_cents"
    )  # told before their orders were noted with them
    orders = _sum(ours.exclude(payment_intent_id__in=told.values("payment_intent_id")), "total_cents")
    strangers = told.exclude(payment_intent_id="").exclude(
        payment_intent_id__in=ours.values("payment_intent_id")
    )
    by_stripe = Refund.objects.exclude(stripe_id="")  # what goes back by bank never touches its balance
    sent = by_stripe.filter(state__in=[Refund.State.PENDING, Refund.State.SUCCEEDED])
    back = StripeLine.objects.filter(source_id__in=by_stripe.values("stripe_id"))
    refunds = _sum(sent.exclude(stripe_id__in=back.values("source_id")), "cents")
    failed = by_stripe.filter(state=Refund.State.FAILED).values("stripe_id")
    return (
        orders
        - unnamed
        - _sum(strangers, "gross_cents")
        - refunds
        - _sum(back.filter(source_id__in=failed), "gross_cents")
    )


def _bank() -> Iterator[Invariant]:
    statements = Statement.objects.annotate(moved=F("closing_cents") - F("opening_cents"))
    yield Invariant(
        "statements", "Elk afschrift sluit op zijn regels", "Each statement closes on its lines",
        "closing - opening", _sum(statements, "moved"), "lines", _sum(Line.objects.all(), "cents"), "cents",
    )  # fmt: skip
    yield Invariant(
        "bank", "De bankregels staan zo in de boeken", "The bank lines stand so in the books",
        "opening balance + allocated lines", _brought("bank") + _sum(Allocation.objects.filter(release=None), "cents"), "account", balance(Account.BANK), "cents",
    )  # fmt: skip


def _wages_due() -> Iterator[Invariant]:
    fixed = Payslip.objects.exclude(run__state=PayRun.State.DRAFT)
    yield Invariant(
        "wages", "De lonen in de boeken zijn de loonstroken", "Wages in the books are the payslips",
        "payslips", _sum(fixed, "gross_cents") - _sum(fixed, "holiday_paid_cents"), "account", balance(Account.WAGES),
        "cents",
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
