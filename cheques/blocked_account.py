"""What firms pay to our blocked account (G-rekening): the split of every invoice, and what of it is still open."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cheques.firm_models import Invoice
from cheques.payables import open_cents
from kernel.periods import Period


@dataclass(frozen=True)
class Split:
    """One invoice: to the blocked account and to the ordinary one, after what was credited; `open_cents` of both."""

    invoice: Invoice
    blocked_cents: int
    free_cents: int
    open_cents: int


def of_period(period: Period[date], *, customer_id: int | None = None) -> list[Split]:
    """Return the invoices of a period that name a blocked account, oldest first.

    A credit note takes from both in the proportion of its invoice; the rest is the ordinary account's, so that they add up.
    """
    rows = Invoice.objects.filter(
        kind=Invoice.Kind.INVOICE, g_cents__gt=0, issued_on__gte=period.start, issued_on__lt=period.end
    ).select_related("customer", "order")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return [_split(row) for row in rows.order_by("issued_on", "year", "number")]


def _split(row: Invoice) -> Split:
    credited = row.credit_notes.aggregate(total=Sum("total_cents"))["total"] or 0
    left = row.total_cents - credited
    blocked = left * row.g_cents // row.total_cents if credited else row.g_cents
    return Split(row, blocked, left - blocked, max(0, open_cents(row)))
