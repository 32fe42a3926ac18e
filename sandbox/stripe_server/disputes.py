"""Disputes: the customer's bank takes the money back, with a fee, until somebody wins."""

from . import balance, events
from .account import Account, Thing, new_id
from .errors import StripeError
from .forms import Form
from .rendering import page, rendered

REASONS = (
    "credit_not_processed",
    "duplicate",
    "fraudulent",
    "general",
    "product_not_received",
    "product_unacceptable",
    "unrecognized",
)
WEEK = 7 * 86_400


def open_on(
    account: Account, charge: Thing, *, amount: int | None = None, reason: str = "fraudulent"
) -> Thing:
    """Open a dispute on a charge: what is disputed leaves the balance together with the fee.

    :raises StripeError: iDEAL knows no disputes; nothing is left to dispute; or there is one already.
    """
    method = charge["payment_method_details"]["type"]
    unrefunded = charge["amount"] - charge["amount_refunded"]
    amount = unrefunded if amount is None else amount
    if method == "ideal":
        raise StripeError("An iDEAL payment cannot be disputed.")
    if charge["disputed"] or not charge["paid"]:
        raise StripeError("This charge has a dispute already or was never paid.")
    if not 0 < amount <= unrefunded:
        raise StripeError("A dispute is about more than nothing and at most what was not refunded.")
    if reason not in REASONS:
        raise StripeError(f"A reason is one of {', '.join(REASONS)}.")
    identifier = new_id("du_")
    line = balance.book(
        account,
        "adjustment",
        -amount,
        source=identifier,
        fee=balance.DISPUTE_FEE_CENTS,
        category="dispute",
    )
    dispute = account.add(
        {
            "id": identifier,
            "object": "dispute",
            "amount": amount,
            "balance_transactions": [rendered(account, line)],
            "charge": charge["id"],
            "created": account.now,
            "currency": "eur",
            "enhanced_eligibility_types": [],
            "evidence": {},
            "evidence_details": {
                "due_by": account.business_now + WEEK,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {"type": method, method: {}},
            "reason": reason,
            "status": "needs_response",
        }
    )
    charge["disputed"] = True
    account.save(charge)
    events.record(account, "charge.dispute.created", dispute)
    events.record(account, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def decide(account: Account, dispute: Thing, *, won: bool) -> Thing:
    """Close a dispute; a won one brings the amount back, the fee stays paid.

    :raises StripeError: it is closed already.
    """
    if dispute["status"] in {"won", "lost"}:
        raise StripeError("This dispute is already closed.", param="dispute")
    dispute["status"] = "won" if won else "lost"
    if won:
        line = balance.book(
            account, "adjustment", dispute["amount"], source=dispute["id"], category="dispute_reversal"
        )
        dispute["balance_transactions"].append(rendered(account, line))
    account.save(dispute)
    if won:
        events.record(account, "charge.dispute.funds_reinstated", dispute)
    events.record(account, "charge.dispute.closed", dispute)
    return dispute


def close(account: Account, form: Form, identifier: str) -> Thing:
    """Accept the loss, as the API's ``close`` does."""
    dispute = account.find("dispute", identifier)
    form.nothing_else()
    return rendered(account, decide(account, dispute, won=False))


def update(account: Account, form: Form, identifier: str) -> Thing:
    dispute = account.find("dispute", identifier)
    dispute["metadata"] = form.metadata(dispute["metadata"])
    evidence = form.raw("evidence") or {}
    submits = form.flag("submit")
    form.nothing_else()
    if not isinstance(evidence, dict):
        raise StripeError("Invalid object", param="evidence")
    dispute["evidence"] |= evidence
    dispute["evidence_details"]["has_evidence"] = bool(dispute["evidence"])
    if submits and dispute["status"] == "needs_response":
        dispute["status"] = "under_review"
        dispute["evidence_details"]["submission_count"] += 1
    account.save(dispute)
    events.record(account, "charge.dispute.updated", dispute)
    return rendered(account, dispute)


def retrieve(account: Account, form: Form, identifier: str) -> Thing:
    form.nothing_else()
    return rendered(account, account.find("dispute", identifier))


def list_all(account: Account, form: Form) -> Thing:
    return page(account, "dispute", form, url="/v1/disputes", fields=("payment_intent", "charge"))
