"""What Stripe tells us: stored once, then read again at Stripe itself."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cheques import chargebacks, converging, stripe_gateway
from cheques.models import Notice, Order, Refund
from cheques.stripe_gateway import BadSignature, Heard
from events.recording import record

__all__ = ["BadSignature", "handle", "keep", "store"]


def store(body: bytes, signature: str, *, at: datetime) -> Notice:
    """Keep a webhook, once, and put it on its way to be handled.

    :raises BadSignature: it is not from Stripe, or too old.
    """
    return keep(stripe_gateway.open_letter(body, signature), at=at)


@transaction.atomic(durable=True)
def keep(heard: Heard, *, at: datetime) -> Notice:
    """Keep an event by its id; a second time nothing happens."""
    notice, fresh = Notice.objects.get_or_create(
        event_id=heard.id,
        defaults={
            "kind": heard.kind, "object_id": heard.object_id, "livemode": heard.livemode, "body": heard.body,
            "received_at": at,
        },
    )  # fmt: skip
    if fresh:
        record("notice.stored", notice, by_id=None, at=at, kind=heard.kind)
    return notice


def handle(notice_id: int, *, at: datetime) -> None:
    """Bring what an event is about to its present state at Stripe; the event's own content decides nothing."""
    notice = Notice.objects.get(pk=notice_id)
    if notice.handled_at:
        return
    for prefix, converge in CONVERGERS.items():
        if notice.kind.startswith(prefix):
            converge(notice, at)
    Notice.objects.filter(pk=notice_id, handled_at=None).update(handled_at=at)


def _order(notice: Notice, at: datetime) -> None:
    named = notice.body["data"]["object"].get("metadata") or {}
    for order in Order.objects.filter(Q(session_id=notice.object_id) | Q(ref=named.get("order_ref", ""))):
        converging.converge_order(order.pk, at=at)


def _refund(notice: Notice, at: datetime) -> None:
    for refund in Refund.objects.filter(stripe_id=notice.object_id):
        converging.converge_refund(refund.pk, at=at)


def _dispute(notice: Notice, at: datetime) -> None:
    chargebacks.converge(notice.object_id, at=at)


CONVERGERS: dict[str, Callable[[Notice, datetime], None]] = {
    "checkout.session.": _order,
    "payment_intent.": _order,
    "refund.": _refund,
    "charge.refund.": _refund,
    "charge.dispute.": _dispute,
}
