"""What can be paid into our bank account: each thing with its reference, and how much of it is still open."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from bank.models import Allocation
from cheques.models import Advance, Order, Wallet

ORDER_FIRST = "1"  # first digit of the reference of an order


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
    """Return every order that was ever to be paid by bank transfer, paid or not."""
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
