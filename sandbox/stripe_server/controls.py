"""The switches of the stand-in itself, under ``/_sandbox``: Stripe has none of these."""

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import HTTPException

from . import balance, checkout, disputes, faults, payouts
from .account import Account, Thing
from .errors import StripeError
from .pay_page import Opens
from .rendering import rendered
from .webhooks import Background

Handler = Callable[[Account, dict[str, Any]], Any]


def controls(opens: Opens, background: Background) -> Blueprint:
    """Return the routes under ``/_sandbox``; each takes and gives JSON."""
    blueprint = Blueprint("controls", __name__, url_prefix="/_sandbox")

    def route(rule: str, handler: Handler, *methods: str) -> None:
        def answer() -> Any:
            wanted = request.get_json(silent=True) or {}
            with opens() as account:
                told = handler(account, wanted)
            background.call()
            return jsonify(told)

        blueprint.add_url_rule(rule, f"{rule}:{methods}", answer, methods=methods)

    route("/faults", _set_faults, "POST")
    route("/faults", lambda account, _: faults.shown(account), "GET")
    route("/faults", _clear_faults, "DELETE")
    route("/totals", lambda account, _: balance.totals(account), "GET")
    route("/clock", _set_clock, "POST")
    route("/clock", lambda account, _: _clock(account), "GET")
    route("/dispute", _open_dispute, "POST")
    route("/dispute/decide", _decide_dispute, "POST")
    route("/async", _settle, "POST")
    route("/deliveries", _deliveries, "GET")

    @blueprint.post("/payout")
    def pay_out() -> Any:
        wanted = request.get_json(silent=True) or {}
        with opens() as account:
            payout = payouts.pay_out(
                account, day=wanted.get("date"), everything=bool(wanted.get("everything"))
            )
            shown = rendered(account, payout)
        background.do_planned()  # so that the bank has heard when the caller asks it for its statement
        background.call()
        return jsonify(shown)

    @blueprint.post("/settle")
    def settle_all() -> Any:
        done = background.do_planned(all_of_them=True, without=("session_expires",))
        background.call()
        return jsonify({"done": done})

    blueprint.register_error_handler(StripeError, lambda refused: (jsonify(refused.body), refused.status))
    blueprint.register_error_handler(
        payouts.NothingToPayOut, lambda refused: (jsonify(error=str(refused)), 409)
    )
    blueprint.register_error_handler(ValueError, lambda refused: (jsonify(error=str(refused)), 400))
    blueprint.register_error_handler(
        HTTPException, lambda refused: (jsonify(error=str(refused)), refused.code or 500)
    )
    return blueprint


def _set_faults(account: Account, wanted: dict[str, Any]) -> Any:
    faults.set_switches(account, wanted)
    return faults.shown(account)


def _clear_faults(account: Account, _: dict[str, Any]) -> Any:
    faults.clear(account)
    return {}


def _set_clock(account: Account, wanted: dict[str, Any]) -> Any:
    """Set the clock of the business by ``offset_seconds``, or by the Unix time it must show ``now``."""
    offset = int(wanted["now"]) - account.now if "now" in wanted else int(wanted.get("offset_seconds", 0))
    account.database.execute("INSERT OR REPLACE INTO setting VALUES ('offset', ?)", (offset,))
    return _clock(account)


def _clock(account: Account) -> Any:
    return {
        "real_now": account.now,
        "offset_seconds": account.offset_seconds,
        "business_now": account.business_now,
        "business_day": account.business_day,
    }


def _charge(account: Account, wanted: dict[str, Any]) -> Thing:
    if session_id := wanted.get("session"):
        wanted = {"payment_intent": account.find("checkout.session", session_id)["payment_intent"]}
    if intent_id := wanted.get("payment_intent"):
        wanted = {"charge": account.find("payment_intent", intent_id)["latest_charge"]}
    return account.find("charge", wanted.get("charge") or "")


def _open_dispute(account: Account, wanted: dict[str, Any]) -> Any:
    """Open a dispute on a ``charge``, ``payment_intent`` or ``session``; also ``amount``, ``reason``."""
    dispute = disputes.open_on(
        account,
        _charge(account, wanted),
        amount=wanted.get("amount"),
        reason=wanted.get("reason", "fraudulent"),
    )
    return rendered(account, dispute)


def _decide_dispute(account: Account, wanted: dict[str, Any]) -> Any:
    """Let the bank decide on a ``dispute``: ``outcome`` is ``won`` or ``lost``."""
    if wanted.get("outcome") not in {"won", "lost"}:
        raise ValueError("The outcome is 'won' or 'lost'.")
    dispute = account.find("dispute", wanted.get("dispute", ""))
    return rendered(account, disputes.decide(account, dispute, won=wanted["outcome"] == "won"))


def _settle(account: Account, wanted: dict[str, Any]) -> Any:
    """End a payment that was left for later: ``session`` and ``outcome`` ``succeeded`` or ``failed``."""
    if wanted.get("outcome") not in {"succeeded", "failed"}:
        raise ValueError("The outcome is 'succeeded' or 'failed'.")
    session = account.find("checkout.session", wanted.get("session", ""))
    if session["status"] != "complete":
        raise ValueError("This session was not left for later.")
    checkout.settle(account, session, succeeds=wanted["outcome"] == "succeeded")
    return rendered(account, session)


def _deliveries(account: Account, _: dict[str, Any]) -> Any:
    rows = account.database.execute(
        "SELECT delivery.id, event, json_extract(body, '$.type') AS type, state, attempts, last_answer,"
        " due_at FROM delivery JOIN thing ON thing.id = delivery.event ORDER BY delivery.id"
    ).fetchall()
    now = time.time()
    return {
        "waiting": sum(row["state"] == "waiting" for row in rows),
        "deliveries": [{**dict(row), "due_in_seconds": round(row["due_at"] - now, 2)} for row in rows],
    }
