"""The page where the customer pays: no script, Dutch or English, and plainly not the real one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from . import checkout, payments
from .account import Account, Thing
from .errors import StripeError

Opens = Callable[[], AbstractContextManager[Account]]

TEXTS = {
    "nl": {
        "title": "Betalen",
        "standin": "Oefenpagina: dit is niet het echte Stripe. Er gaat geen geld van uw rekening.",
        "order": "Uw bestelling",
        "total": "Totaal",
        "how": "Hoe wilt u betalen?",
        "pay": "Betalen",
        "later": "Later betalen (het geld komt later)",
        "fail": "Mislukt",
        "cancel": "Annuleren",
        "failed": "De betaling is mislukt. U hebt niets betaald. Probeer het nog een keer.",
        "closed": "Deze betaalpagina is gesloten. Ga terug en begin opnieuw.",
        "choose": "Kies eerst hoe u wilt betalen.",
        "other": "English",
        "card": "Kaart",
    },
    "en": {
        "title": "Pay",
        "standin": "Practice page: this is not the real Stripe. No money leaves your account.",
        "order": "Your order",
        "total": "Total",
        "how": "How do you want to pay?",
        "pay": "Pay",
        "later": "Pay later (the money comes later)",
        "fail": "Fail",
        "cancel": "Cancel",
        "failed": "The payment failed. You paid nothing. Please try again.",
        "closed": "This payment page is closed. Go back and start again.",
        "choose": "Choose first how you want to pay.",
        "other": "Nederlands",
        "card": "Card",
    },
}
ACTS = ("pay", "later", "fail", "cancel")


def euros(cents: int, language: str) -> str:
    """Return an amount as people write it: € 1.234,50 in Dutch, €1,234.50 in English."""
    text = f"{cents // 100:,}.{cents % 100:02d}"
    return f"€{text}" if language == "en" else "€ " + text.translate(str.maketrans(",.", ".,"))


def pages(opens: Opens, done: Callable[[], None]) -> Blueprint:
    """Return the pay pages.

    :param opens: gives the account inside one transaction.
    :param done: is called after a change, so that webhooks leave.
    """
    blueprint = Blueprint("pay_page", __name__, template_folder="templates")

    @blueprint.get("/c/pay/<identifier>")
    def show(identifier: str) -> Any:
        with opens() as account:
            session = _session(account, identifier)
        return _shown(session) if session["status"] == "open" else _closed(session)

    @blueprint.post("/c/pay/<identifier>")
    def act(identifier: str) -> Any:
        wanted, method = request.form.get("act", ""), request.form.get("method", "")
        with opens() as account:
            session = _session(account, identifier)
            if session["status"] != "open":
                return _closed(session)
            if wanted == "cancel":
                return redirect(session["cancel_url"] or session["success_url"], 303)
            if wanted not in ACTS or method not in session["payment_method_types"]:
                return _shown(session, error="choose"), 400
            answer = _carry_out(account, session, wanted, method)
        done()
        return answer

    _add_authorisation(blueprint, opens, done)
    return blueprint


def _add_authorisation(blueprint: Blueprint, opens: Opens, done: Callable[[], None]) -> None:
    """Add the page of the customer's bank, for an intent that was confirmed without Checkout."""

    @blueprint.get("/c/authorise/<identifier>")
    def show_intent(identifier: str) -> Any:
        with opens() as account:
            return _shown(_as_session(_intent(account, identifier)))

    @blueprint.post("/c/authorise/<identifier>")
    def act_on_intent(identifier: str) -> Any:
        with opens() as account:
            intent = _intent(account, identifier)
            back = intent["next_action"]["redirect_to_url"]["return_url"]
            if request.form.get("act") == "pay":
                payments.pay(account, intent, intent["_method"])
            else:
                payments.decline(account, intent, intent["_method"])
        done()
        return redirect(back, 303)


def _carry_out(account: Account, session: Thing, wanted: str, method: str) -> Any:
    if wanted == "fail":
        checkout.fail(account, session, method)
        return _shown(session, error="failed"), 402
    if wanted == "later":
        checkout.pay_later(account, session, method)
    else:
        checkout.pay(account, session, method)
    return _back_to_the_shop(session)


def _back_to_the_shop(session: Thing) -> Response:
    return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]), 303)


def _closed(session: Thing) -> Any:
    """Lead a paid customer to the shop (a second click pays nothing twice); tell others that it is closed."""
    if session["status"] == "complete":
        return _back_to_the_shop(session)
    return _shown(session, error="closed"), 410


def _session(account: Account, identifier: str) -> Thing:
    try:
        return account.find("checkout.session", identifier)
    except StripeError:
        abort(404)


def _intent(account: Account, identifier: str) -> Thing:
    try:
        intent = account.find("payment_intent", identifier)
    except StripeError:
        abort(404)
    if intent["status"] != "requires_action":
        abort(410)
    return intent


def _as_session(intent: Thing) -> Thing:
    line = {
        "description": intent["description"] or intent["id"],
        "quantity": 1,
        "amount_total": intent["amount"],
    }
    return {
        "amount_total": intent["amount"],
        "locale": None,
        "payment_method_types": [intent["_method"]],
        "status": "open",
        "_line_items": [line],
    }


def _language(session: Thing) -> str:
    wanted = request.args.get("lang") or session["locale"] or "nl"
    return "en" if wanted.startswith("en") else "nl"


def _shown(session: Thing, error: str = "") -> str:
    language = _language(session)
    texts = TEXTS[language]
    return render_template(
        "pay.html",
        language=language,
        other="nl" if language == "en" else "en",
        texts=texts,
        error=texts.get(error, ""),
        is_open=session["status"] == "open",
        lines=[
            (line["quantity"], line["description"], euros(line["amount_total"], language))
            for line in session["_line_items"]
        ],
        total=euros(session["amount_total"], language),
        methods=[
            (method, {"ideal": "iDEAL", "wero": "Wero"}.get(method, texts["card"]))
            for method in session["payment_method_types"]
        ],
    )
