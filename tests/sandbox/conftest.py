"""An ear for the webhooks the stand-ins send, and the unmodified library pointed at them."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
import stripe

from tests.standins import KEY, WEBHOOK_SECRET, Running


@dataclass
class Ear:
    """Hears webhooks; ``answers`` says with which status, 200 when nothing is said."""

    heard: list[tuple[str, str, bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""

    def about(self, identifier: str) -> list[dict[str, Any]]:
        events = [json.loads(body) for _, _, body in list(self.heard)]
        return [event for event in events if event["data"]["object"]["id"] == identifier]

    def types(self, identifier: str) -> list[str]:
        return [event["type"] for event in self.about(identifier)]


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    ear = Ear()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = ear.answers.pop(0) if ear.answers else 200
            ear.heard.append((self.headers["Stripe-Signature"], str(status), body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    ear.url = f"http://127.0.0.1:{server.server_address[1]}/webhook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield ear
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def stripe_server(starts: Callable[..., Running], ear: Ear) -> Running:
    return starts("stripe_server", "--webhook-url", ear.url, "--webhook-secret", WEBHOOK_SECRET)


def client_of(running: Running, **more: Any) -> Any:
    """Return the unmodified library, pointed at a stand-in; untyped: a field may be id or object."""
    return stripe.StripeClient(
        KEY,
        base_addresses={"api": running.url},
        max_network_retries=more.pop("max_network_retries", 0),
        **more,
    )


@pytest.fixture(scope="module")
def client(stripe_server: Running) -> Any:
    return client_of(stripe_server)


@pytest.fixture
def no_faults(stripe_server: Running, ear: Ear) -> Iterator[None]:
    """Take the switches back after a test that set some."""
    yield
    ear.answers.clear()
    requests.delete(f"{stripe_server.url}/_sandbox/faults", timeout=10)


def checkout(client: Any, *, cents: int = 20_00, quantity: int = 1, **more: Any) -> Any:
    """Open a Checkout Session for some cheques."""
    line = {
        "price_data": {"currency": "eur", "unit_amount": cents, "product_data": {"name": "Cheque"}},
        "quantity": quantity,
    }
    wanted = {
        "mode": "payment",
        "line_items": [line],
        "success_url": "http://127.0.0.1:1/bedankt?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:1/terug",
        "client_reference_id": "order-7",
        "metadata": {"order_id": "7"},
        "payment_intent_data": {"metadata": {"order_id": "7"}},
        "payment_method_types": ["ideal", "wero", "card"],
        **more,
    }
    return client.v1.checkout.sessions.create(params=wanted)


def act_on_page(session: Any, act: str = "pay", method: str = "ideal") -> requests.Response:
    """Press a button on the pay page, as a browser without script does."""
    return requests.post(session.url, data={"act": act, "method": method}, allow_redirects=False, timeout=10)


def bought(client: Any, method: str = "ideal", **more: Any) -> Any:
    """Return a paid session."""
    session = checkout(client, **more)
    assert act_on_page(session, method=method).status_code == 303
    return client.v1.checkout.sessions.retrieve(session.id)
