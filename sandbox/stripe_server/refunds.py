"""Refunds: never more than the charge less what went back already; pending, done, or failed later."""

from . import balance, events, faults
from .account import Account, Thing, new_id
from .errors import StripeError
from .forms import Form
from .rendering import page, rendered

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
FAILURE_SECONDS = 0.5


def create(account: Account, form: Form) -> Thing:
    charge = _charge(account, form)
    unrefunded = charge["amount"] - charge["amount_refunded"]
    amount = form.integer("amount", unrefunded) or 0
    reason = form.choice("reason", REASONS)
    metadata = form.metadata()
    form.ignore("instructions_email")
    form.nothing_else()
    method = charge["payment_method_details"]["type"]
    _check(account, charge, amount, method)
    refund = account.add(
        {
            "id": new_id("re_" if method == "card" else "pyr_"),
            "object": "refund",
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "created": account.now,
            "currency": "eur",
            "customer": None,
            "customer_account": None,
            "destination_details": {"type": method, method: {"type": "refund"} if method == "card" else {}},
            "metadata": metadata,
            "payment_intent": charge["payment_intent"],
            "payment_method": charge["payment_method"],
            "reason": reason,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded" if method == "card" else "pending",
            "transfer_reversal": None,
        }
    )
    line = balance.book(
        account,
        "refund" if method == "card" else "payment_refund",
        -amount,
        source=refund["id"],
        category="refund",
    )
    refund["balance_transaction"] = line["id"]
    _give_back(account, charge, amount)
    _decide(account, refund)
    account.save(refund)
    events.record(account, "refund.created", refund)
    events.record(account, "charge.refunded", charge)
    return rendered(account, refund)


def _charge(account: Account, form: Form) -> Thing:
    """Return the charge that a request names, by itself or by its intent."""
    intent_id, charge_id = form.text("payment_intent"), form.text("charge")
    if intent_id and not charge_id:
        intent = account.find("payment_intent", intent_id, "payment_intent")
        charge_id = intent["latest_charge"]
        if intent["status"] != "succeeded" or not charge_id:
            raise StripeError(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                param="payment_intent",
            )
    if not charge_id:
        raise StripeError(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    return account.find("charge", charge_id, "charge")


def _check(account: Account, charge: Thing, amount: int, method: str) -> None:
    unrefunded = charge["amount"] - charge["amount_refunded"]
    if not charge["paid"]:
        raise StripeError(f"Charge {charge['id']} has not been paid.", code="charge_not_refundable")
    if charge["disputed"]:
        raise StripeError(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    if unrefunded == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise StripeError("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if amount > unrefunded:
        raise StripeError(
            f"Refund amount ({_euros(amount)}) is greater than unrefunded amount on charge"
            f" ({_euros(unrefunded)})",
            param="amount",
        )
    if method != "card" and sum(balance.standing(account)) + account.options.overdraft_cents < amount:
        raise StripeError(
            "Insufficient funds in your Stripe balance to refund this amount.", code="balance_insufficient"
        )


def _euros(cents: int) -> str:
    return f"€{cents // 100}.{cents % 100:02d}"


def _give_back(account: Account, charge: Thing, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    account.save(charge)


def _decide(account: Account, refund: Thing) -> None:
    """Plan how a refund ends, when it is not done at once."""
    failure = faults.take(account, "refund_fails")
    if failure is not None:
        refund["status"] = "pending"
        account.plan("refund_fails", refund["id"], after_seconds=failure or FAILURE_SECONDS)
    elif refund["status"] == "pending":
        account.plan("refund_succeeds", refund["id"], after_seconds=account.options.refund_seconds)


def settle(account: Account, refund: Thing, *, succeeds: bool) -> None:
    """End a pending refund; a failed one puts the money back on the balance and on the charge."""
    if refund["status"] != "pending":
        return
    if succeeds:
        refund["status"] = "succeeded"
        account.save(refund)
    else:
        charge = account.find("charge", refund["charge"])
        _give_back(account, charge, -refund["amount"])
        line = balance.book(
            account, "refund_failure", refund["amount"], source=refund["id"], category="refund_failure"
        )
        refund |= {
            "status": "failed",
            "failure_balance_transaction": line["id"],
            "failure_reason": "expired_or_canceled_card",
        }
        account.save(refund)
        events.record(account, "refund.failed", refund)
    events.record(account, "refund.updated", refund)
    events.record(account, "charge.refund.updated", refund)


def retrieve(account: Account, form: Form, identifier: str) -> Thing:
    form.nothing_else()
    return rendered(account, account.find("refund", identifier))


def update(account: Account, form: Form, identifier: str) -> Thing:
    refund = account.find("refund", identifier)
    refund["metadata"] = form.metadata(refund["metadata"])
    form.nothing_else()
    account.save(refund)
    return rendered(account, refund)


def list_all(account: Account, form: Form) -> Thing:
    return page(account, "refund", form, url="/v1/refunds", fields=("payment_intent", "charge"))
