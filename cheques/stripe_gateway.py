"""The only place that speaks with Stripe. Takes and gives our own words.

No call is made inside a database transaction; every call that makes something carries a key that was stored
before. The API version is the one the pinned library was written for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import stripe
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from kernel.errors import Refused

TOLERANCE_SECONDS = 300
METHODS = ["ideal", "wero", "card"]
PAYMENTS = {"charge", "payment"}  # of a card, and of the other ways, as the balance calls them


class BadSignature(Exception):
    """The message does not come from Stripe, or is too old."""


class Unreachable(Refused):
    """Stripe did not answer, or answered with a fault of its own: try again later with the same key."""

    def __init__(self, fault: str) -> None:
        super().__init__(_("De betaaldienst antwoordt niet. Er is niets verloren. Probeer het zo nog eens."))
        self.fault = fault


@dataclass(frozen=True)
class Session:
    """A visit to the pay page. `paid_cents` is 0 until the money is certain."""

    id: str
    url: str
    order_ref: str
    is_paid: bool
    is_over: bool
    paid_cents: int
    currency: str
    payment_intent: str


@dataclass(frozen=True)
class RefundState:
    """How far a refund is: 'pending', 'succeeded', 'failed'."""

    id: str
    state: str


@dataclass(frozen=True)
class Dispute:
    """A payment that a bank takes back: 'asked' (no money moved yet), 'open', 'won' or 'lost'."""

    id: str
    payment_intent: str
    cents: int
    state: str
    reason: str


@dataclass(frozen=True)
class BalanceLine:
    """One line of the balance at Stripe, in cents."""

    id: str
    kind: str
    source: str
    gross_cents: int
    fee_cents: int
    net_cents: int
    created_on: date
    payment_intent: str = ""


class NotEuroCents(Exception):
    """An amount is not in whole cents of a euro, or does not add up: nothing is booked by guessing."""


@dataclass(frozen=True)
class Heard:
    """An event as Stripe signed it."""

    id: str
    kind: str
    object_id: str
    livemode: bool
    body: dict[str, Any]


def _client() -> stripe.StripeClient:
    assert not connection.in_atomic_block, "no call to Stripe inside a transaction"
    bases: Any = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=bases,
        http_client=stripe.RequestsClient(timeout=10),
        max_network_retries=2,
    )


def open_session(
    *, key: str, order_ref: str, hours: int, price_cents: int, success_url: str, cancel_url: str
) -> Session:
    """Open a pay page for an order.

    :raises Unreachable: try again with the same key.
    """
    asked: Any = {
        "mode": "payment",
        "payment_method_types": METHODS,
        "client_reference_id": order_ref,
        "metadata": {"order_ref": order_ref},
        "payment_intent_data": {"metadata": {"order_ref": order_ref}},
        "locale": "nl",
        "line_items": [
            {
                "quantity": hours,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": price_cents,
                    "product_data": {"name": "Wijkcheque, 1 uur"},
                },
            }
        ],
        "success_url": success_url,
        "cancel_url": cancel_url,
    }
    try:
        made = _client().v1.checkout.sessions.create(asked, {"idempotency_key": key})
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error
    return _session(made)


def session(session_id: str) -> Session:
    """Return the present state of a pay page visit."""
    try:
        return _session(_client().v1.checkout.sessions.retrieve(session_id))
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error


def _session(found: Any) -> Session:
    paid = found.payment_status == "paid"
    return Session(
        id=found.id,
        url=found.url or "",
        order_ref=found.client_reference_id or "",
        is_paid=paid,
        is_over=found.status == "expired",
        paid_cents=found.amount_total if paid else 0,
        currency=found.currency,
        payment_intent=_id(found.payment_intent),
    )


def refund(*, key: str, payment_intent: str, cents: int, refund_ref: str) -> RefundState:
    """Send money back to where it came from.

    :raises Unreachable: try again with the same key.
    """
    try:
        made = _client().v1.refunds.create(
            {"payment_intent": payment_intent, "amount": cents, "metadata": {"refund_ref": refund_ref}},
            {"idempotency_key": key},
        )
    except stripe.InvalidRequestError:
        return RefundState("", "failed")
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error
    return _refund(made)


def refund_state(refund_id: str) -> RefundState:
    """Return the present state of a refund."""
    try:
        return _refund(_client().v1.refunds.retrieve(refund_id))
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error


def _refund(found: Any) -> RefundState:
    state = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}.get(found.status, "pending")
    return RefundState(found.id, state)


def dispute(dispute_id: str) -> Dispute:
    """Return the present state of a dispute."""
    try:
        return _dispute(_client().v1.disputes.retrieve(dispute_id))
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error


def disputes() -> Iterator[Dispute]:
    """Yield every dispute, newest first."""
    try:
        for found in _client().v1.disputes.list({"limit": 100}).auto_paging_iter():
            yield _dispute(found)
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error


def _dispute(found: Any) -> Dispute:
    state = (
        "asked"
        if found.status.startswith("warning")
        else {"won": "won", "lost": "lost"}.get(found.status, "open")
    )
    return Dispute(found.id, _id(found.payment_intent), found.amount, state, found.reason)


def balance_lines(*, after: str = "", payout: str = "") -> Iterator[BalanceLine]:
    """Yield lines of the balance, newest first; with `after` only newer ones than that, oldest first."""
    wanted: Any = {
        "limit": 100,
        "expand": ["data.source"],
        **({"payout": payout} if payout else {}),
        **({"ending_before": after} if after else {}),
    }
    try:
        for line in _client().v1.balance_transactions.list(wanted).auto_paging_iter():
            yield _balance_line(line)
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error


def _balance_line(line: Any) -> BalanceLine:
    amounts = (line.amount, line.fee, line.net)
    if (
        line.currency != "eur"
        or not all(type(amount) is int for amount in amounts)
        or amounts[0] - amounts[1] != amounts[2]
    ):
        raise NotEuroCents(f"{line.id}: {amounts} {line.currency}")
    return BalanceLine(
        id=line.id, kind=line.type, source=_id(line.source), gross_cents=line.amount, fee_cents=line.fee,
        net_cents=line.net, created_on=datetime.fromtimestamp(line.created, UTC).date(),
        payment_intent=_id(getattr(line.source, "payment_intent", None)) if line.type in PAYMENTS else "",
    )  # fmt: skip


def missed_events() -> Iterator[Heard]:
    """Yield events that Stripe could not deliver."""
    try:
        found = _client().v1.events.list({"delivery_success": False, "limit": 100})
        for event in found.auto_paging_iter():
            yield _heard(event)
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error


def open_letter(body: bytes, signature: str) -> Heard:
    """Return the event in a webhook, when its signature and age are right.

    :raises BadSignature: they are not, with any of our secrets.
    """
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event = stripe.Webhook.construct_event(body, signature, secret, tolerance=TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return _heard(event)
    raise BadSignature("no secret of ours signed this")


def _heard(event: Any) -> Heard:
    plain = event.to_dict() if hasattr(event, "to_dict") else dict(event)
    return Heard(event.id, event.type, str(plain["data"]["object"].get("id", "")), event.livemode, plain)


def _id(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value.id)
