"""Bring our state to Stripe's present one. Webhook, poll and success page all come here.

What Stripe says now is asked first, outside any transaction; then the row is locked and moved forward only.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cheques import chargebacks, issuing, lots, stripe_gateway
from cheques.models import Movement, Order, Refund
from events.recording import record
from ledger.models import Account
from ledger.posting import Move, post

PATIENCE = timedelta(minutes=15)
FREE = Movement.Figure.FREE


def converge_order(order_id: int, *, at: datetime) -> Order:
    """Give the hours of an order that Stripe says is paid, once; break off one whose pay page is over.

    :raises stripe_gateway.Unreachable: Stripe does not answer.
    """
    order = Order.objects.get(pk=order_id)
    if order.state == Order.State.PAID or not order.session_id:
        return order
    return settle_order(order_id, stripe_gateway.session(order.session_id), at=at)


@transaction.atomic(durable=True)
def settle_order(order_id: int, session: stripe_gateway.Session, *, at: datetime) -> Order:
    """Write what Stripe says of the pay page of an order. A state is never taken back."""
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if order.state == Order.State.PAID or session.order_ref != order.ref:
        return order
    if session.is_paid:
        if session.currency != "eur":
            raise issuing.PaidOtherwise(f"Order {order.ref} was paid in {session.currency}.")
        order.payment_intent_id = session.payment_intent
        order.save(update_fields=["payment_intent_id"])
        issuing.issue(order, paid_cents=session.paid_cents, money=Account.STRIPE, at=at)
    elif session.is_over and order.state == Order.State.OPEN:
        order.state = Order.State.CANCELLED
        order.save(update_fields=["state"])
        record("order.cancelled", order, by_id=None, at=at)
    return order


def converge_refund(refund_id: int, *, at: datetime) -> Refund:
    """Bring a refund to its state at Stripe: succeeded books the money, failed gives the hours back."""
    refund = Refund.objects.get(pk=refund_id)
    if refund.state not in {Refund.State.PENDING, Refund.State.SUCCEEDED} or not refund.stripe_id:
        return refund
    return settle_refund(refund_id, stripe_gateway.refund_state(refund.stripe_id), at=at)


@transaction.atomic(durable=True)
def settle_refund(refund_id: int, found: stripe_gateway.RefundState, *, at: datetime) -> Refund:
    """Write what Stripe says of a refund. A refund that succeeded may still fail later."""
    refund = Refund.objects.select_related("lot__wallet").get(pk=refund_id)
    lots.locked_wallet(refund.lot.wallet.customer_id)
    refund = Refund.objects.select_for_update(no_key=True).get(pk=refund_id)
    party = f"wallet:{refund.lot.wallet_id}"
    today, asked = timezone.localdate(at), refund.state
    if refund.state == Refund.State.REQUESTED and found.id:  # from now on it is off the balance at Stripe
        post(f"refund:{refund.pk}", today, Move(Account.CHEQUES, Account.STRIPE, refund.cents, party))
        refund.stripe_id, refund.state = found.id, Refund.State.PENDING
    before = refund.state
    if found.state == "succeeded" and before == Refund.State.PENDING:
        refund.state, refund.settled_at = Refund.State.SUCCEEDED, at
    elif found.state == "failed" and before != Refund.State.FAILED:
        if before != Refund.State.REQUESTED:
            post(
                f"refund:{refund.pk}:back", today, Move(Account.STRIPE, Account.CHEQUES, refund.cents, party)
            )
        lots.move(
            refund.lot_id,
            Movement.Figure.REFUNDED,
            FREE,
            refund.minutes,
            key=f"refund:{refund.pk}:back",
            at=at,
        )
        chargebacks.keep_frozen(refund.lot_id, at=at)
        refund.state = Refund.State.FAILED
    refund.save()
    if refund.state != asked:
        record(f"refund.{refund.state}", refund, by_id=None, at=at, cents=refund.cents)
    return refund


def converge_open(*, at: datetime) -> int:
    """Ask after every order, refund and dispute that is not at its end; return how many were asked."""
    waiting = Order.objects.filter(state=Order.State.OPEN, placed_at__lt=at - PATIENCE).exclude(session_id="")
    asked = 0
    for order_id in list(waiting.values_list("pk", flat=True)):
        converge_order(order_id, at=at)
        asked += 1
    for refund_id in list(Refund.objects.filter(state=Refund.State.PENDING).values_list("pk", flat=True)):
        converge_refund(refund_id, at=at)
        asked += 1
    return asked + chargebacks.converge_all(at=at)
