"""Checkout Sessions: what is bought, where the customer pays, and how it ended."""

from . import events, faults, payments
from .account import Account, Thing, new_id
from .errors import StripeError
from .forms import Form
from .intents import check_amount, check_currency, check_methods
from .rendering import line_items, page, rendered

DAY, HALF_HOUR = 86_400, 1_800
IGNORED = (
    "adaptive_pricing",
    "allow_promotion_codes",
    "automatic_tax",
    "billing_address_collection",
    "branding_settings",
    "custom_text",
    "customer_creation",
    "invoice_creation",
    "payment_method_options",
    "phone_number_collection",
    "submit_type",
    "tax_id_collection",
)
LEAST_LINES, MOST_LINES = 1, 100


def create(account: Account, form: Form) -> Thing:
    if form.choice("mode", ("payment", "setup", "subscription")) != "payment":
        raise StripeError("The stand-in knows mode=payment only.", param="mode")
    form.choice("ui_mode", ("hosted_page",))
    lines = _lines(form)
    total = check_amount(sum(line["amount_total"] for line in lines), "line_items")
    intent_data = _intent_data(form)
    identifier = new_id("cs_test_", 58)
    session = account.add(
        {
            "id": identifier,
            "object": "checkout.session",
            **_blanks(),
            "amount_subtotal": total,
            "amount_total": total,
            "cancel_url": form.text("cancel_url"),
            "client_reference_id": _reference(form),
            "created": account.now,
            "currency": "eur",
            "customer": form.text("customer"),
            "customer_email": form.text("customer_email"),
            "expires_at": _expires_at(account, form),
            "livemode": False,
            "locale": form.text("locale"),
            "metadata": form.metadata(),
            "mode": "payment",
            "payment_intent": None,
            "payment_method_types": check_methods(form.texts("payment_method_types")),
            "payment_status": "unpaid",
            "status": "open",
            "success_url": form.needed("success_url"),
            "url": f"{account.base_url}/c/pay/{identifier}",
            "_line_items": lines,
            "_intent_data": intent_data,
        }
    )
    form.ignore(*IGNORED)
    form.nothing_else()
    account.plan("session_expires", identifier, after_seconds=session["expires_at"] - account.now)
    return rendered(account, session)


def _lines(form: Form) -> list[Thing]:
    lines = [_line(item) for item in form.parts("line_items")]
    if not LEAST_LINES <= len(lines) <= MOST_LINES:
        raise StripeError(f"A session has 1 to {MOST_LINES} line items.", param="line_items")
    return lines


def _line(item: Form) -> Thing:
    price = item.part("price_data")
    if price is None:
        raise item.absent("price_data")
    check_currency(price)
    product = price.part("product_data")
    if product is None:
        raise price.absent("product_data")
    name = product.needed("name")
    product.ignore("description", "images", "metadata", "tax_code")
    unit = price.needed_integer("unit_amount")
    price.ignore("tax_behavior")
    quantity = item.integer("quantity", 1) or 0
    item.ignore("metadata")
    for part in (item, price, product):
        part.nothing_else()
    if unit < 0:
        raise StripeError("Invalid non-negative integer", param=price.label("unit_amount"))
    if quantity < 1:
        raise StripeError("The quantity must be at least 1.", param=item.label("quantity"))
    return {
        "id": new_id("li_"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": unit * quantity,
        "amount_tax": 0,
        "amount_total": unit * quantity,
        "currency": "eur",
        "description": name,
        "quantity": quantity,
        "price": {
            "id": new_id("price_"),
            "object": "price",
            "active": False,
            "currency": "eur",
            "type": "one_time",
            "unit_amount": unit,
            "unit_amount_decimal": str(unit),
        },
    }


def _intent_data(form: Form) -> Thing:
    given = form.part("payment_intent_data")
    if given is None:
        return {"metadata": {}}
    wanted = {
        "metadata": given.metadata(),
        "description": given.text("description"),
        "receipt_email": given.text("receipt_email"),
    }
    given.ignore(
        "capture_method", "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix"
    )
    given.nothing_else()
    return wanted


def _reference(form: Form) -> str | None:
    reference = form.text("client_reference_id")
    if reference and len(reference) > 200:
        raise StripeError("client_reference_id has up to 200 characters.", param="client_reference_id")
    return reference


def _expires_at(account: Account, form: Form) -> int:
    expires_at = form.integer("expires_at", account.now + DAY) or 0
    if not account.now + HALF_HOUR - 60 <= expires_at <= account.now + DAY + 60:
        raise StripeError(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", param="expires_at"
        )
    return expires_at


def _blanks() -> Thing:
    return {
        "adaptive_pricing": None,
        "after_expiration": None,
        "allow_promotion_codes": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {},
        "customer_account": None,
        "customer_creation": "if_required",
        "customer_details": None,
        "discounts": [],
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": None,
        "managed_payments": {"enabled": False},
        "origin_context": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "submit_type": None,
        "subscription": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "wallet_options": None,
    }


def _intent(account: Account, session: Thing) -> Thing:
    """Return the intent of a session; Stripe opens it when the customer first tries to pay."""
    if session["payment_intent"]:
        return account.find("payment_intent", session["payment_intent"])
    intent = payments.open_intent(
        account, session["amount_total"], methods=session["payment_method_types"], **session["_intent_data"]
    )
    session["payment_intent"] = intent["id"]
    return intent


def pay(account: Account, session: Thing, method: str) -> None:
    """Complete a session with money that is there at once."""
    payments.pay(account, _intent(account, session), method)
    _complete(account, session, "paid")


def pay_later(account: Account, session: Thing, method: str) -> None:
    """Complete a session whose money comes, or fails, later."""
    intent = _intent(account, session)
    payments.leave_pending(account, intent, method)
    session["_method"] = method
    _complete(account, session, "unpaid")
    for act in ("async_succeeds", "async_fails"):
        if (seconds := faults.take(account, act)) is not None:
            account.plan(act, session["id"], after_seconds=seconds)
            return


def fail(account: Account, session: Thing, method: str) -> None:
    """Note a failed try; the session stays open for another."""
    payments.decline(account, _intent(account, session), method)
    account.save(session)


def _complete(account: Account, session: Thing, payment_status: str) -> None:
    session |= {"status": "complete", "payment_status": payment_status, "url": None}
    session["customer_details"] = {
        "address": payments.ADDRESS,
        "business_name": None,
        "email": session["customer_email"],
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    account.save(session)
    account.unplan(session["id"], "session_expires")
    events.record(account, "checkout.session.completed", session)


def settle(account: Account, session: Thing, *, succeeds: bool) -> None:
    """End a payment that was left for later; one that ended already stays as it is."""
    intent = account.find("payment_intent", session["payment_intent"])
    if intent["status"] != "processing":
        return
    account.unplan(session["id"], "async_succeeds", "async_fails")
    if succeeds:
        payments.pay(account, intent, session["_method"])
        session["payment_status"] = "paid"
        account.save(session)
        events.record(account, "checkout.session.async_payment_succeeded", session)
    else:
        payments.decline(account, intent, session["_method"])
        events.record(account, "checkout.session.async_payment_failed", session)


def let_expire(account: Account, session: Thing) -> None:
    if session["status"] != "open":
        return
    session |= {"status": "expired", "url": None}
    account.save(session)
    account.unplan(session["id"], "session_expires")
    events.record(account, "checkout.session.expired", session)


def expire(account: Account, form: Form, identifier: str) -> Thing:
    session = account.find("checkout.session", identifier)
    form.nothing_else()
    if session["status"] != "open":
        raise StripeError(
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Checkout Session has a status of `{session['status']}`."
        )
    let_expire(account, session)
    return rendered(account, session)


def retrieve(account: Account, form: Form, identifier: str) -> Thing:
    form.nothing_else()
    return rendered(account, account.find("checkout.session", identifier))


def list_lines(account: Account, form: Form, identifier: str) -> Thing:
    form.ignore("limit", "starting_after", "ending_before")
    form.nothing_else()
    return line_items(account.find("checkout.session", identifier))


def list_all(account: Account, form: Form) -> Thing:
    return page(
        account,
        "checkout.session",
        form,
        url="/v1/checkout/sessions",
        fields=("payment_intent", "status", "customer"),
    )
