"""What can be paid into our bank account: each thing with its reference, and how much of it is still open."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from bank.models import Allocation
from cheques.firm_models import Invoice
from cheques.models import Advance, Order, Wallet

ORDER_FIRST, INVOICE_FIRST = "1", "2"  # first digit of the reference of an order, of an invoice


@dataclass(frozen=True)
class Payable:
    """One thing with a reference. `open_cents` may be 0 when it is paid, and rises again when money is taken back."""

    target: str
    reference: str
    open_cents: int
    received_cents: int
    customer_id: int
    customer_name: str
    label: str
    delivered: bool


def all_of() -> list[Payable]:
    """Return every order that was ever to be paid by bank transfer, and every invoice, paid or not."""
    return [*_orders(), *_invoices()]


def _orders() -> list[Payable]:
    orders = Order.objects.exclude(transfer_reference="")
    rows = list(orders.select_related("customer").order_by("pk"))
    received = received_by_target(f"order:{row.pk}" for row in rows)
    used = dict(
        Advance.objects.filter(order__isnull=False).values_list("order").annotate(total=-Sum("cents"))
    )
    return [_order(row, received.get(f"order:{row.pk}"), used.get(row.pk, 0)) for row in rows]


def _order(row: Order, banked: int | None, used: int) -> Payable:
    """Return an order; one that is paid and of which the bank never said anything was paid in another way."""
    delivered = row.state == Order.State.PAID
    received = row.total_cents if delivered and banked is None and not used else (banked or 0) + used
    return Payable(
        target=f"order:{row.pk}", reference=row.transfer_reference, open_cents=row.total_cents - received,
        received_cents=received, customer_id=row.customer_id, customer_name=row.customer.name,
        label=_("bestelling %(ref)s") % {"ref": row.ref}, delivered=delivered,
    )  # fmt: skip


def _invoices() -> list[Payable]:
    rows = list(Invoice.objects.filter(kind=Invoice.Kind.INVOICE).select_related("customer").order_by("pk"))
    received = received_by_target(f"invoice:{row.pk}" for row in rows)
    credited = _credited()
    return [
        Payable(
            target=f"invoice:{row.pk}", reference=row.reference, customer_id=row.customer_id, delivered=True,
            open_cents=max(0, row.total_cents - credited.get(row.pk, 0) - received.get(f"invoice:{row.pk}", 0)),
            received_cents=received.get(f"invoice:{row.pk}", 0), customer_name=row.customer.name,
            label=_("factuur %(number)s") % {"number": row.full_number},
        )
        for row in rows
    ]  # fmt: skip


def _credited() -> dict[int | None, int]:
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT).values_list("credits")
    return dict(notes.annotate(total=Sum("total_cents")))


def open_cents(row: Invoice) -> int:
    """Return what is still to pay of an invoice; below zero when more came in than it still asks."""
    credited = row.credit_notes.aggregate(total=Sum("total_cents"))["total"] or 0
    target = f"invoice:{row.pk}"
    return row.total_cents - int(credited) - received_by_target([target]).get(target, 0)


def kept_cents(row: Invoice) -> int:
    """Return what was kept for the customer because an invoice that was paid was credited."""
    keys = [f"credit:{note}" for note in row.credit_notes.values_list("pk", flat=True)]
    return int(Advance.objects.filter(key__in=keys).aggregate(total=Sum("cents"))["total"] or 0)


def received_by_target(targets: Iterable[str]) -> dict[str, int]:
    """Return the cents that bank lines brought for each target; money taken back counts off."""
    rows = Allocation.objects.filter(target__in=list(targets)).values_list("target")
    return dict(rows.annotate(total=Sum("cents")))


def received_cents(order: Order) -> int:
    """Return what came in for an order by bank, with what was left of earlier payments."""
    used = Advance.objects.filter(order=order).aggregate(total=Sum("cents"))["total"] or 0
    return received_by_target([f"order:{order.pk}"]).get(f"order:{order.pk}", 0) - int(used)


def advance_cents(wallet: Wallet) -> int:
    """Return what a customer paid too much and has not used yet."""
    return int(wallet.advances.aggregate(total=Sum("cents"))["total"] or 0)
