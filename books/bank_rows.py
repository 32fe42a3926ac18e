"""Which bank lines paid for what: the end of each chain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bank.models import Allocation
from cheques.models import Order, PayoutPart, StripeLine
from payroll.models import Payslip
from subsidies.models import Claim


@dataclass(frozen=True)
class BankRow:
    """(A part of) a line of a bank statement; positive came in, negative went out."""

    ref: str
    booked_on: date
    cents: int
    line_cents: int


def of_targets(targets: Iterable[str]) -> list[BankRow]:
    """Return the bank lines that were for these targets, oldest first."""
    rows = Allocation.objects.filter(target__in=list(targets)).select_related("line")
    return [
        BankRow(row.line.ref, row.line.booked_on, row.cents, row.line.cents)
        for row in rows.order_by("line__booked_on", "pk")
    ]


def of_order(order: Order) -> list[BankRow]:
    """Return the bank lines that brought the money of an order: its payout, or its transfer."""
    payouts = [f"payout:{payout}" for payout in payouts_of(order)]
    return of_targets([*payouts, f"order:{order.pk}"])


def payouts_of(order: Order) -> list[str]:
    """Return the payouts of the payment service that an order's payment is part of."""
    if not order.payment_intent_id:
        return []
    lines = StripeLine.objects.filter(payment_intent_id=order.payment_intent_id)
    return list(PayoutPart.objects.filter(line__in=lines).values_list("payout_id", flat=True))


def of_payslip(slip: Payslip) -> list[BankRow]:
    """Return the bank lines that paid a net wage, and those that brought it back."""
    keys = list(slip.payments.values_list("pk", flat=True))
    return of_targets([f"{what}:{key}" for key in keys for what in ("payment", "return")])


def of_claim(claim: Claim) -> list[BankRow]:
    """Return the bank lines that a municipality paid a claim with."""
    return of_targets([f"claim:{claim.pk}"])
