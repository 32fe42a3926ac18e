"""A firm orders on account: who may, up to how much, and who else must agree. Once agreed the hours are there at once."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import invoicing, issuing, lots, payables
from cheques.firm_models import FirmAccount, Invoice, SpendingLimit
from cheques.models import Order, VatKind
from cheques.purchase import NotANumberOfHours
from events.recording import record
from events.repeating import same_again
from identity.models import CustomerMember, User
from kernel.errors import Refused
from kernel.money import euros
from kernel.periods import month_of, start_of_day
from lawbook.cheques import PRICE_CENTS
from lawbook.invoicing import MAX_FIRM_ORDER_HOURS
from ledger.models import Account

PART = CustomerMember.Part
NOTHING = 0


class NoAccount(Refused):
    """Nothing is agreed with the firm."""


class NoPurchaseOrder(Refused):
    """A firm's order carries its own number."""


class OverTheCreditLimit(Refused):
    """What is open and what is ordered are together more than was agreed."""


class NotYours(Refused):
    """Somebody of this firm, in the right part, decides this."""


class SecondPersonNeeded(Refused):
    """Who ordered does not approve."""


class OverYourLimit(Refused):
    """The order is above what the approver may decide alone."""


class NotWaiting(Refused):
    """The order was decided already."""


@transaction.atomic(durable=True)
def place(
    customer_id: int, *, hours: int, purchase_order: str, form_key: UUID, by: User, at: datetime
) -> Order:
    """Order hours for a firm. Within the orderer's limits they are there at once; else somebody must approve.

    The same form sent twice is one order.

    :raises NoAccount, NotYours: the firm, or who asks, cannot buy on account.
    :raises NoPurchaseOrder, NotANumberOfHours: what was filled in is not right.
    :raises OverTheCreditLimit: the firm must pay first.
    :raises events.repeating.KeyUsedBefore: the key asked something else before.
    """
    asked = {
        "customer_id": customer_id, "hours": hours, "purchase_order": purchase_order.strip(), "way": Order.Way.ACCOUNT,
    }  # fmt: skip
    if known := Order.objects.filter(form_key=form_key).first():
        return same_again(known, **asked)
    account, member = _account(customer_id), _member(customer_id, by)
    if not asked["purchase_order"]:
        raise NoPurchaseOrder(_("Vul uw eigen bestelnummer in. Het komt op de factuur."))
    today = timezone.localdate(at)
    if not 1 <= hours <= MAX_FIRM_ORDER_HOURS.on(today):
        raise NotANumberOfHours(
            _("Kies een aantal van %(least)s tot en met %(most)s cheques.")
            % {"least": 1, "most": MAX_FIRM_ORDER_HOURS.on(today)}
        )
    contract = account.contract_price_cents
    price = contract if contract is not None else PRICE_CENTS.on(today)
    try:
        with transaction.atomic():
            order = Order.objects.create(
                **asked, price_cents=price, total_cents=hours * price, form_key=form_key, placed_at=at, placed_by=by,
                vat_kind=VatKind.MULTI if contract is None else VatKind.CONTRACT,
            )  # fmt: skip
    except IntegrityError:  # the other click of a double click came first
        return same_again(Order.objects.get(form_key=form_key), **asked)
    record("order.placed", order, by_id=by.pk, at=at, hours=hours, total_cents=order.total_cents)
    lots.locked_wallet(customer_id)
    _check_credit(order, account, at=at)
    if _may_alone(member, order, at=at):
        _deliver(order, account, at=at)
    else:
        record("order.waits", order, by_id=by.pk, at=at, total_cents=order.total_cents)
    return order


@transaction.atomic(durable=True)
def approve(order_id: int, *, by: User, at: datetime) -> Order:
    """Agree with an order of a colleague: the hours are there at once.

    :raises SecondPersonNeeded: who ordered it.
    :raises OverYourLimit: it is above the approver's own limit.
    :raises OverTheCreditLimit: the firm must pay first.
    """
    order = _waiting(order_id)
    member = _member(order.customer_id, by, PART.OWNER, PART.APPROVER)
    if order.placed_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders van uw bedrijf moet deze bestelling goedkeuren."))
    if not _may_alone(member, order, at=at):
        raise OverYourLimit(_("Deze bestelling is hoger dan uw grens. Een eigenaar kan haar goedkeuren."))
    account = _account(order.customer_id)
    lots.locked_wallet(order.customer_id)
    _check_credit(order, account, at=at)
    order.approved_by, order.approved_at = by, at
    order.save(update_fields=["approved_by", "approved_at"])
    record("order.approved", order, by_id=by.pk, at=at)
    _deliver(order, account, at=at)
    return order


@transaction.atomic(durable=True)
def decline(order_id: int, *, by: User, at: datetime) -> Order:
    """Say no to an order that waits, or take one's own back."""
    order = _waiting(order_id)
    if order.placed_by_id != by.pk:
        _member(order.customer_id, by, PART.OWNER, PART.APPROVER)
    order.state = Order.State.CANCELLED
    order.save(update_fields=["state"])
    record("order.declined", order, by_id=by.pk, at=at)
    return order


def used_credit_cents(customer_id: int) -> int:
    """Return what a firm has open on its invoices."""
    rows = Invoice.objects.filter(customer_id=customer_id, kind=Invoice.Kind.INVOICE)
    return sum(max(0, payables.open_cents(row)) for row in rows)


def _account(customer_id: int) -> FirmAccount:
    account = FirmAccount.objects.filter(customer_id=customer_id).first()
    if account is None:
        raise NoAccount(_("Met uw bedrijf is nog niet afgesproken dat u op rekening koopt. Bel ons."))
    return account


def _member(customer_id: int, by: User, *parts: str) -> CustomerMember:
    wanted = parts or (PART.OWNER, PART.BOOKER, PART.APPROVER)
    found = CustomerMember.objects.filter(customer_id=customer_id, user=by, part__in=wanted).first()
    if found is None:
        raise NotYours(_("Dit mag alleen iemand van dit bedrijf die daar recht op heeft."))
    return found


def _waiting(order_id: int) -> Order:
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id, way=Order.Way.ACCOUNT)
    if order.state != Order.State.OPEN:
        raise NotWaiting(_("Over deze bestelling is al beslist."))
    return order


def _may_alone(member: CustomerMember, order: Order, *, at: datetime) -> bool:
    """Tell whether somebody's limits allow an order, with what else they decided this month. VAT is not counted."""
    limit = SpendingLimit.objects.filter(member=member).first()
    if limit is None:
        return member.part != PART.BOOKER
    within = limit.per_order_cents is None or order.total_cents <= limit.per_order_cents
    if limit.per_month_cents is None or not within:
        return within
    return _decided_cents(member, order, at=at) + order.total_cents <= limit.per_month_cents


def _decided_cents(member: CustomerMember, order: Order, *, at: datetime) -> int:
    month = month_of(timezone.localdate(at))
    since, until = start_of_day(month.start), start_of_day(month.end)
    mine = Order.objects.filter(
        customer=member.customer, way=Order.Way.ACCOUNT, state=Order.State.PAID, paid_at__gte=since, paid_at__lt=until
    ).exclude(pk=order.pk)  # fmt: skip
    alone = mine.filter(placed_by=member.user, approved_by=None)
    sums = (alone | mine.filter(approved_by=member.user)).aggregate(total=Sum("total_cents"))
    return int(sums["total"] or NOTHING)


def _check_credit(order: Order, account: FirmAccount, *, at: datetime) -> None:
    sums = invoicing.amounts(order.total_cents, account, order.vat_kind, on=timezone.localdate(at))
    left = account.credit_limit_cents - used_credit_cents(order.customer_id)
    if sums.total_cents > left:
        raise OverTheCreditLimit(
            _("Uw bedrijf kan nog voor %(left)s euro op rekening kopen. Deze bestelling kost %(total)s euro.")
            % {"left": _euro(max(0, left)), "total": _euro(sums.total_cents)}
        )


def _euro(cents: int) -> str:
    return f"{euros(cents)}".replace(".", ",")


def _deliver(order: Order, account: FirmAccount, *, at: datetime) -> Invoice:
    """Give the hours and make the invoice: both, or neither."""
    issuing.issue(order, paid_cents=order.total_cents, money=Account.CUSTOMERS, at=at)
    return invoicing.invoice(order, account, at=at)
