"""Proof that money is where the books say: Stripe, bank, wages due, subsidies due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Max, Q, QuerySet, Sum

from bank.models import Allocation, Line, Statement
from books.prove import Invariant
from cheques.models import Order, PayoutPart, Refund, StripeLine
from cheques.stripe_gateway import PAYMENTS
from kernel.periods import start_of_day
from ledger.balances import balance
from ledger.models import Account, Entry
from opening.models import Balance, Sheet
from payroll.models import Payment, PayRun, Payslip

TRANSIT_DAYS = 7
"""Stripe's balance tells of a payment at once and is pulled every day: a week leaves room for a weekend, a feast day and
an outage of some days. What is underway for longer was lost by one of the two."""


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
    yield _late()
    payouts = -_sum(StripeLine.objects.filter(kind="payout", payout_part__isnull=False), "net_cents")
    parts = PayoutPart.objects.exclude(line__kind="payout")
    yield Invariant(
        "payouts", "Elke uitbetaling van Stripe is de som van haar regels", "Each payout of Stripe is the sum of its lines",
        "payouts", payouts, "their lines", _sum(parts, "line__net_cents"), "cents",
    )  # fmt: skip


@dataclass(frozen=True)
class Transit:
    """Cents that one side knows and the other does not yet, by kind."""

    orders: int
    strangers: int
    refunds: int
    failed: int

    @property
    def cents(self) -> int:
        """What our books have more than Stripe's balance told."""
        return self.orders - self.strangers - self.refunds - self.failed

    @property
    def size(self) -> int:
        """How much is underway either way: what goes there does not hide what comes from there."""
        return abs(self.orders) + abs(self.strangers) + abs(self.refunds) + abs(self.failed)


def in_transit_cents() -> int:
    """Return what we booked and Stripe's balance did not tell yet, less what it told and we did not book."""
    return in_transit().cents


def in_transit(*, before: date | None = None) -> Transit:
    """Return what one side knows and the other does not.

    A payment is booked when its webhook comes, and told when the balance is pulled; a refund likewise. Only what one
    side knows is in transit: an amount that differs between the two is a difference.

    :param before: look only at what happened before this day.
    """
    known = Order.objects.filter(state=Order.State.PAID, way=Order.Way.CHECKOUT).exclude(payment_intent_id="")
    told = StripeLine.objects.filter(kind__in=PAYMENTS)
    lines = StripeLine.objects.filter(created_on__lt=before) if before else StripeLine.objects.all()
    start = start_of_day(before) if before else None
    by_stripe = Refund.objects.exclude(stripe_id="")  # what goes back by bank never touches its balance
    ours, sent = known, by_stripe.filter(state__in=[Refund.State.PENDING, Refund.State.SUCCEEDED])
    if start:
        ours, sent = ours.filter(paid_at__lt=start), sent.filter(requested_at__lt=start)
    unnamed = _sum(
        lines.filter(kind__in=PAYMENTS, payment_intent_id=""), "gross_cents"
    )  # told before their orders were noted with them
    orders = _sum(ours.exclude(payment_intent_id__in=told.values("payment_intent_id")), "total_cents")
    strangers = lines.filter(kind__in=PAYMENTS).exclude(payment_intent_id="")
    back = Q(source_id__in=by_stripe.values("stripe_id"))
    failed = by_stripe.filter(state=Refund.State.FAILED).values("stripe_id")
    return Transit(
        orders=orders - unnamed,
        strangers=_sum(
            strangers.exclude(payment_intent_id__in=known.values("payment_intent_id")), "gross_cents"
        ),
        refunds=_sum(
            sent.exclude(stripe_id__in=StripeLine.objects.filter(back).values("source_id")), "cents"
        ),
        failed=_sum(lines.filter(back, source_id__in=failed), "gross_cents"),
    )


def _late() -> Invariant:
    """Nothing stays in transit; days count to the last one on which something was booked, so that it can be redone."""
    last = Entry.objects.aggregate(last=Max("day"))["last"]
    late = in_transit(before=last - timedelta(days=TRANSIT_DAYS)).size if last else 0
    return Invariant(
        "transit", f"Niets is langer dan {TRANSIT_DAYS} dagen onderweg tussen Stripe en de boeken",
        f"Nothing is in transit between Stripe and the books for more than {TRANSIT_DAYS} days",
        f"in transit for more than {TRANSIT_DAYS} days", late, "none", 0, "cents",
    )  # fmt: skip


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
