"""Ask for cheques, and go and pay for them."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bank.references import new_reference
from cheques import caps, stripe_gateway, transfers
from cheques.models import Order
from cheques.payables import ORDER_FIRST
from events.recording import record
from events.repeating import same_again
from identity.models import Customer, User
from kernel.errors import Refused
from lawbook.cheques import MAX_ORDER_HOURS, MIN_ORDER_HOURS, PRICE_CENTS


class NotANumberOfHours(Refused):
    """Nobody can order that many hours."""


class CardPaymentOff(Refused):
    """There is no payment service, so there is nothing to pay with."""


class NotOpen(Refused):
    """The order is paid or broken off already."""


@transaction.atomic(durable=True)
def place_order(
    customer_id: int, *, hours: int, form_key: UUID, by: User, at: datetime, way: str = Order.Way.CHECKOUT,
    purpose_id: int | None = None,
) -> Order:  # fmt: skip
    """Ask for hours. The same form sent twice is one order.

    By bank transfer it gets a reference, and what was left of earlier payments is used first.

    :raises NotANumberOfHours: below the smallest or above the largest order.
    :raises events.repeating.KeyUsedBefore: the key asked something else before.
    :raises CardPaymentOff: it is to be paid through a payment service that is not set up.
    :raises caps.OverTheCap: more than a resident or a household may buy in a year.
    """
    return write_order(
        customer_id, hours=hours, form_key=form_key, by=by, at=at, way=way, purpose_id=purpose_id
    )


def write_order(
    customer_id: int, *, hours: int, form_key: UUID, by: User, at: datetime, way: str = Order.Way.CHECKOUT,
    purpose_id: int | None = None,
) -> Order:  # fmt: skip
    """Write down an order. Step: the caller owns the transaction; the rest is as in `place_order`."""
    asked = {"customer_id": customer_id, "hours": hours, "way": way, "purpose_id": purpose_id}
    if known := Order.objects.filter(form_key=form_key).first():
        return same_again(known, **asked)
    if way == Order.Way.CHECKOUT:
        check_card_payment()
    today = timezone.localdate(at)
    least, most = MIN_ORDER_HOURS.on(today), MAX_ORDER_HOURS.on(today)
    if not least <= hours <= most:
        raise NotANumberOfHours(
            _("Kies een aantal van %(least)s tot en met %(most)s cheques.") % {"least": least, "most": most}
        )
    buyer = Customer.objects.get(pk=customer_id)
    if purpose_id is None:
        caps.check(buyer, hours, at=at)
    price = PRICE_CENTS.on(today)
    by_bank = way == Order.Way.TRANSFER
    try:
        with transaction.atomic():
            order = Order.objects.create(
                **asked, price_cents=price, total_cents=hours * price, household=buyer.household,
                form_key=form_key, placed_at=at, placed_by=by,
                transfer_reference=new_reference(ORDER_FIRST) if by_bank else "",
            )  # fmt: skip
    except IntegrityError:  # the other click of a double click came first
        return same_again(Order.objects.get(form_key=form_key), **asked)
    record("order.placed", order, by_id=by.pk, at=at, hours=hours, total_cents=order.total_cents)
    if by_bank and transfers.use_advance(order, at=at):
        order.refresh_from_db()
    return order


def why_no_card() -> str:
    """Return the sentence that says why nobody can pay by card or iDEAL now; empty when they can."""
    if settings.CARD_PAYMENT:
        return ""
    return _("Betalen met iDEAL of kaart kan nu niet: er is nog geen betaaldienst ingesteld.")


def check_card_payment() -> None:
    """Refuse what would have to be paid by card or iDEAL.

    :raises CardPaymentOff: no payment service is set up.
    """
    if why := why_no_card():
        raise CardPaymentOff(why)


def start_checkout(order_id: int, *, success_url: str, cancel_url: str) -> str:
    """Return the address of the pay page of an open order; called twice, it is the same page.

    :raises CardPaymentOff: no payment service is set up.
    :raises NotOpen: there is nothing left to pay.
    """
    check_card_payment()
    order = Order.objects.get(pk=order_id)
    if order.state != Order.State.OPEN:
        raise NotOpen(_("Deze bestelling is al betaald of afgebroken."))
    if order.session_url:
        return order.session_url
    session = stripe_gateway.open_session(
        key=str(order.stripe_key), order_ref=order.ref, hours=order.hours, price_cents=order.price_cents,
        success_url=success_url, cancel_url=cancel_url,
    )  # fmt: skip
    Order.objects.filter(pk=order_id).update(session_id=session.id, session_url=session.url)
    return session.url
