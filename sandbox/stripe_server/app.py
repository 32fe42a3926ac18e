"""The app: Stripe's routes, the pay page and the switches, over one file of state."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from sandbox.keeping import Keeping

from . import balance, checkout, disputes, event_log, intents, payouts, refunds
from .account import API_VERSION, SCHEMA, Account, Options
from .answers import Answer, Answers, View
from .controls import controls
from .errors import StripeError
from .pay_page import pages
from .webhooks import Background

ROUTES: tuple[tuple[str, str, View], ...] = (
    ("POST", "/v1/checkout/sessions", checkout.create),
    ("GET", "/v1/checkout/sessions", checkout.list_all),
    ("GET", "/v1/checkout/sessions/<identifier>", checkout.retrieve),
    ("POST", "/v1/checkout/sessions/<identifier>/expire", checkout.expire),
    ("GET", "/v1/checkout/sessions/<identifier>/line_items", checkout.list_lines),
    ("POST", "/v1/payment_intents", intents.create),
    ("GET", "/v1/payment_intents", intents.list_all),
    ("GET", "/v1/payment_intents/<identifier>", intents.retrieve),
    ("POST", "/v1/payment_intents/<identifier>", intents.update),
    ("POST", "/v1/payment_intents/<identifier>/confirm", intents.confirm),
    ("POST", "/v1/payment_intents/<identifier>/cancel", intents.cancel),
    ("GET", "/v1/charges", intents.list_charges),
    ("GET", "/v1/charges/<identifier>", intents.retrieve_charge),
    ("POST", "/v1/refunds", refunds.create),
    ("GET", "/v1/refunds", refunds.list_all),
    ("GET", "/v1/refunds/<identifier>", refunds.retrieve),
    ("POST", "/v1/refunds/<identifier>", refunds.update),
    ("GET", "/v1/disputes", disputes.list_all),
    ("GET", "/v1/disputes/<identifier>", disputes.retrieve),
    ("POST", "/v1/disputes/<identifier>", disputes.update),
    ("POST", "/v1/disputes/<identifier>/close", disputes.close),
    ("GET", "/v1/balance", balance.retrieve_balance),
    ("GET", "/v1/balance_transactions", balance.list_all),
    ("GET", "/v1/balance_transactions/<identifier>", balance.retrieve),
    ("GET", "/v1/payouts", payouts.list_all),
    ("GET", "/v1/payouts/<identifier>", payouts.retrieve),
    ("GET", "/v1/events", event_log.list_all),
    ("GET", "/v1/events/<identifier>", event_log.retrieve),
)


def create_app(state_dir: Path, options: Options | None = None) -> Flask:
    """Return the app over the state in a folder, with its background already running."""
    options = options or Options()
    keeping = Keeping(state_dir, "stripe", SCHEMA)
    answers = Answers(keeping, options)
    background = Background(keeping, options)

    @contextmanager
    def opens() -> Iterator[Account]:
        with keeping.writing() as database:
            yield Account(database, options, base_url=request.host_url.rstrip("/"))

    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for method, rule, view in ROUTES:
        _add(app, answers, background, (method, rule, view))
    app.register_blueprint(pages(opens, background.call))
    app.register_blueprint(controls(opens, background))
    app.add_url_rule("/health", "health", lambda: jsonify(ok=True, stands_in_for="Stripe"))
    app.register_error_handler(NotFound, _unknown_address)
    app.register_error_handler(HTTPException, _http_error)
    app.extensions["background"] = background
    background.start()
    return app


def _add(app: Flask, answers: Answers, background: Background, route: tuple[str, str, View]) -> None:
    method, rule, view = route

    def answered(**ids: str) -> Any:
        answer = answers.give(request, view, ids)
        background.call()
        return _over_the_wire(answer)

    app.add_url_rule(rule, f"{method} {rule}", answered, methods=[method])


def _over_the_wire(answer: Answer) -> Any:
    response = jsonify(answer.body)
    response.status_code = answer.status
    response.headers["Request-Id"] = answer.request_id
    response.headers["Stripe-Version"] = API_VERSION
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key
    if answer.status == 500:
        # as at Stripe: the key would only bring the same 500 again
        response.headers["Stripe-Should-Retry"] = "false"
    return response


def _unknown_address(_: NotFound) -> Any:
    if not request.path.startswith("/v1/"):
        return "Deze pagina is er niet. / This page does not exist.", 404
    refused = StripeError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
    return jsonify(refused.body), 404


def _http_error(error: HTTPException) -> Any:
    refused = StripeError(error.description or error.name, status=error.code or 500)
    return jsonify(refused.body), refused.status
