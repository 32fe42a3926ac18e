"""What becomes of a payment: the intent, its charge and the money on the balance."""

from . import balance, events, faults
from .account import Account, Thing, new_id

METHODS = ("ideal", "wero", "card")
ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def open_intent(
    account: Account, amount: int, *, methods: list[str], metadata: dict[str, str], **more: str | None
) -> Thing:
    """Open an intent to pay that waits for a way of paying."""
    identifier = new_id("pi_")
    intent = account.add(
        {
            "id": identifier,
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": None,
            "application_fee_amount": None,
            "automatic_payment_methods": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": "automatic_async",
            "client_secret": f"{identifier}_secret_{new_id('')}",
            "confirmation_method": "automatic",
            "created": account.now,
            "currency": "eur",
            "customer": None,
            "description": more.get("description"),
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": metadata,
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_options": {},
            "payment_method_types": methods,
            "processing": None,
            "receipt_email": more.get("receipt_email"),
            "review": None,
            "setup_future_usage": None,
            "shipping": None,
            "source": None,
            "statement_descriptor": None,
            "statement_descriptor_suffix": None,
            "status": "requires_payment_method",
            "transfer_data": None,
            "transfer_group": None,
        }
    )
    events.record(account, "payment_intent.created", intent)
    return intent


def pay(account: Account, intent: Thing, method: str) -> Thing:
    """Take the money: the charge succeeds and stands on the balance, less its fee."""
    charge = _pending_charge(account, intent) or _charge(account, intent, method, "succeeded")
    line = balance.book(
        account,
        "charge" if method == "card" else "payment",
        intent["amount"],
        source=charge["id"],
        fee=balance.fee_cents(method, intent["amount"]),
        category="charge",
        waits=True,
    )
    charge |= {
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "amount_captured": intent["amount"],
        "balance_transaction": line["id"],
        "outcome": _outcome("authorized", "approved_by_network", "Payment complete."),
    }
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
        "next_action": None,
        "processing": None,
    }
    account.save(charge, intent)
    events.record(account, "charge.succeeded", charge)
    events.record(account, "payment_intent.succeeded", intent)
    if method != "ideal" and faults.take(account, "dispute_opens") is not None:
        account.plan("dispute_opens", charge["id"], after_seconds=0)
    return charge


def decline(account: Account, intent: Thing, method: str) -> Thing:
    """Note that the payment failed; the intent waits for another try."""
    message = "Your card was declined." if method == "card" else "The customer did not authorise the payment."
    code = "card_declined" if method == "card" else "payment_intent_authentication_failure"
    charge = _pending_charge(account, intent) or _charge(account, intent, method, "failed")
    charge |= {
        "status": "failed",
        "paid": False,
        "failure_code": code,
        "failure_message": message,
        "outcome": _outcome("issuer_declined", "declined_by_network", message),
    }
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": charge["id"],
        "payment_method": None,
        "next_action": None,
        "processing": None,
        "last_payment_error": {
            "type": "card_error",
            "code": code,
            "message": message,
            "charge": charge["id"],
        },
    }
    account.save(charge, intent)
    events.record(account, "charge.failed", charge)
    events.record(account, "payment_intent.payment_failed", intent)
    return charge


def leave_pending(account: Account, intent: Thing, method: str) -> Thing:
    """Note that the customer did his part and the money comes, or fails, later."""
    charge = _charge(account, intent, method, "pending")
    intent |= {
        "status": "processing",
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
        "processing": None,
        "next_action": None,
    }
    account.save(intent)
    events.record(account, "charge.pending", charge)
    events.record(account, "payment_intent.processing", intent)
    return charge


def _pending_charge(account: Account, intent: Thing) -> Thing | None:
    if intent["status"] != "processing":
        return None
    return account.find("charge", intent["latest_charge"])


def _outcome(reason: str, network: str, message: str) -> Thing:
    kind = "authorized" if reason == "authorized" else "issuer_declined"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network,
        "reason": None if reason == "authorized" else "generic_decline",
        "risk_level": "normal",
        "seller_message": message,
        "type": kind,
    }


def _charge(account: Account, intent: Thing, method: str, status: str) -> Thing:
    return account.add(
        {
            "id": new_id("ch_" if method == "card" else "py_"),
            "object": "charge",
            "amount": intent["amount"],
            "amount_captured": 0,
            "amount_refunded": 0,
            "application": None,
            "application_fee": None,
            "application_fee_amount": None,
            "balance_transaction": None,
            "billing_details": {
                "address": ADDRESS,
                "email": None,
                "name": None,
                "phone": None,
                "tax_id": None,
            },
            "calculated_statement_descriptor": None,
            "captured": status == "succeeded",
            "created": account.now,
            "currency": "eur",
            "customer": None,
            "description": intent["description"],
            "disputed": False,
            "failure_balance_transaction": None,
            "failure_code": None,
            "failure_message": None,
            "fraud_details": {},
            "livemode": False,
            "metadata": intent["metadata"],
            "on_behalf_of": None,
            "outcome": None,
            "paid": status == "succeeded",
            "payment_intent": intent["id"],
            "payment_method": new_id("pm_"),
            "payment_method_details": {"type": method, method: _details(method)},
            "receipt_email": intent["receipt_email"],
            "receipt_number": None,
            "receipt_url": None,
            "refunded": False,
            "review": None,
            "shipping": None,
            "source": None,
            "source_transfer": None,
            "statement_descriptor": None,
            "statement_descriptor_suffix": None,
            "status": status,
            "transfer_data": None,
            "transfer_group": None,
        }
    )


def _details(method: str) -> Thing:
    if method == "card":
        return {
            "brand": "visa",
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "NL",
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": None,
            "funding": "debit",
            "installments": None,
            "last4": "4242",
            "mandate": None,
            "network": "visa",
            "three_d_secure": None,
            "wallet": None,
        }
    if method == "ideal":
        return {
            "bank": "ing",
            "bic": "INGBNL2A",
            "generated_sepa_debit": None,
            "generated_sepa_debit_mandate": None,
            "iban_last4": "0300",
            "transaction_id": None,
            "verified_name": None,
        }
    return {}
