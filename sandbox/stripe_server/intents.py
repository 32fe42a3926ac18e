"""PaymentIntents and Charges as the API offers them."""

from . import events, payments
from .account import Account, Thing
from .errors import StripeError
from .forms import Form
from .rendering import page, rendered

LEAST_CENTS, MOST_CENTS = 50, 99_999_999
CANCELLABLE = {"requires_payment_method", "requires_confirmation", "requires_action", "processing"}
CANCEL_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
DECLINED = {"pm_card_chargeDeclined", "pm_card_visa_chargeDeclined"}
IGNORED = ("capture_method", "confirmation_method", "customer", "off_session", "shipping", "use_stripe_sdk")


def check_amount(amount: int, param: str = "amount") -> int:
    """Return an amount that Stripe takes.

    :raises StripeError: it is under 50 cents or over 999,999.99 euros.
    """
    if amount < LEAST_CENTS:
        message = "Amount must be at least €0.50 eur" if amount >= 0 else "Invalid non-negative integer"
        raise StripeError(message, code="amount_too_small", param=param)
    if amount > MOST_CENTS:
        raise StripeError("Amount must be no more than €999,999.99", code="amount_too_large", param=param)
    return amount


def check_currency(form: Form) -> None:
    if form.needed("currency").lower() != "eur":
        raise StripeError("The stand-in takes eur only.", param=form.label("currency"))


def check_methods(methods: list[str], param: str = "payment_method_types") -> list[str]:
    for method in methods:
        if method not in payments.METHODS:
            raise StripeError(
                f"The payment method type provided: {method} is invalid. There are ideal, wero and card.",
                param=param,
            )
    return methods or list(payments.METHODS)


def create(account: Account, form: Form) -> Thing:
    amount = check_amount(form.needed_integer("amount"))
    check_currency(form)
    methods = check_methods(form.texts("payment_method_types"))
    automatic = form.part("automatic_payment_methods")
    if automatic:
        automatic.flag("enabled")
        automatic.ignore("allow_redirects")
    form.ignore(*IGNORED)
    intent = payments.open_intent(
        account,
        amount,
        methods=methods,
        metadata=form.metadata(),
        description=form.text("description"),
        receipt_email=form.text("receipt_email"),
    )
    method = _method(form)
    return_url = form.text("return_url")
    if form.flag("confirm"):
        return _confirm(account, form, intent, method, return_url)
    form.nothing_else()
    if method:
        intent |= {"status": "requires_confirmation", "payment_method": method}
        account.save(intent)
    return rendered(account, intent)


def confirm(account: Account, form: Form, identifier: str) -> Thing:
    intent = account.find("payment_intent", identifier)
    if intent["status"] not in {"requires_payment_method", "requires_confirmation"}:
        raise _unexpected(intent, "confirm")
    form.ignore("mandate_data", "off_session", "use_stripe_sdk")
    method = _method(form) or intent["payment_method"]
    return _confirm(account, form, intent, method, form.text("return_url"))


def _method(form: Form) -> str | None:
    """Return the given way of paying: the id of one, or the kind from ``payment_method_data``."""
    given = form.part("payment_method_data")
    if given:
        given.ignore("billing_details", *payments.METHODS)
        kind = given.choice("type", payments.METHODS)
        given.nothing_else()
        return kind
    return form.text("payment_method")


def _confirm(
    account: Account, form: Form, intent: Thing, method: str | None, return_url: str | None
) -> Thing:
    form.nothing_else()
    if method is None:
        raise StripeError(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    kind = method if method in payments.METHODS else "card"
    if kind not in intent["payment_method_types"]:
        raise StripeError(f"The PaymentIntent does not accept {kind}.", param="payment_method")
    if kind != "card":
        return _send_to_the_bank(account, intent, kind, return_url)
    if method in DECLINED:
        charge = payments.decline(account, intent, kind)
        raise StripeError(
            charge["failure_message"],
            status=402,
            kind="card_error",
            code="card_declined",
            keep=True,
            decline_code="generic_decline",
            charge=charge["id"],
            payment_intent=rendered(account, intent),
        )
    payments.pay(account, intent, kind)
    return rendered(account, intent)


def _send_to_the_bank(account: Account, intent: Thing, kind: str, return_url: str | None) -> Thing:
    if not return_url:
        raise StripeError(f"A return_url is needed to confirm with {kind}.", param="return_url")
    page_url = f"{account.base_url}/c/authorise/{intent['id']}"
    intent |= {
        "status": "requires_action",
        "next_action": {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": page_url, "return_url": return_url},
        },
        "_method": kind,
    }
    account.save(intent)
    events.record(account, "payment_intent.requires_action", intent)
    return rendered(account, intent)


def cancel(account: Account, form: Form, identifier: str) -> Thing:
    intent = account.find("payment_intent", identifier)
    reason = form.choice("cancellation_reason", CANCEL_REASONS)
    form.nothing_else()
    if intent["status"] not in CANCELLABLE:
        raise _unexpected(intent, "cancel")
    if intent["status"] == "processing":
        account.unplan(intent["id"], "async_succeeds", "async_fails")
    intent |= {
        "status": "canceled",
        "canceled_at": account.now,
        "cancellation_reason": reason,
        "next_action": None,
    }
    account.save(intent)
    events.record(account, "payment_intent.canceled", intent)
    return rendered(account, intent)


def _unexpected(intent: Thing, act: str) -> StripeError:
    return StripeError(
        f"You cannot {act} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent["id"],
    )


def update(account: Account, form: Form, identifier: str) -> Thing:
    intent = account.find("payment_intent", identifier)
    intent["metadata"] = form.metadata(intent["metadata"])
    intent["description"] = form.text("description") or intent["description"]
    form.nothing_else()
    account.save(intent)
    return rendered(account, intent)


def retrieve(account: Account, form: Form, identifier: str) -> Thing:
    form.ignore("client_secret")
    form.nothing_else()
    return rendered(account, account.find("payment_intent", identifier))


def list_all(account: Account, form: Form) -> Thing:
    return page(account, "payment_intent", form, url="/v1/payment_intents", fields=("customer",))


def retrieve_charge(account: Account, form: Form, identifier: str) -> Thing:
    form.nothing_else()
    return rendered(account, account.find("charge", identifier))


def list_charges(account: Account, form: Form) -> Thing:
    return page(account, "charge", form, url="/v1/charges", fields=("payment_intent", "customer"))
