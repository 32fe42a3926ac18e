"""Idempotency keys, fault switches, and ``kill -9``."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.conftest import Ear, act_on_page, bought, checkout, client_of
from tests.standins import ROOT, WEBHOOK_SECRET, Running, eventually, free_port


def intent_under(client: Any, key: str, amount: int = 700) -> Any:
    return client.v1.payment_intents.create(
        params={"amount": amount, "currency": "eur"}, options={"idempotency_key": key}
    )


class TestIdempotencyKey:
    def test_gives_the_first_answer_again(self, client: Any):
        first, second = intent_under(client, "key-1"), intent_under(client, "key-1")

        assert first.id == second.id
        assert second.last_response.headers["Idempotent-Replayed"] == "true"
        assert first.last_response.request_id == second.last_response.request_id

    def test_is_refused_for_another_body(self, client: Any):
        intent_under(client, "key-2")

        with pytest.raises(stripe.IdempotencyError):
            intent_under(client, "key-2", amount=701)

    def test_is_free_again_after_a_request_that_failed_its_validation(self, client: Any):
        with pytest.raises(stripe.InvalidRequestError):
            intent_under(client, "key-3", amount=1)

        assert intent_under(client, "key-3").amount == 700

    def test_keeps_a_500_although_the_work_was_done(
        self, client: Any, stripe_server: Running, no_faults: None
    ):
        # Given a Stripe that does the work and then stumbles
        before = stripe_server.get("/_sandbox/totals")["counts"]["refund"]
        paid = bought(client, "card").payment_intent
        stripe_server.post("/_sandbox/faults", error_after_success={"times": 1, "match": "/v1/refunds"})
        wanted = {"params": {"payment_intent": paid}, "options": {"idempotency_key": "key-4"}}

        # When the same request is made twice
        for _ in range(2):
            with pytest.raises(stripe.APIError) as stumbled:
                client.v1.refunds.create(**wanted)
            assert stumbled.value.http_status == 500

        # Then the refund was made once
        assert stripe_server.get("/_sandbox/totals")["counts"]["refund"] == before + 1
        assert client.v1.refunds.list(params={"payment_intent": paid}).data[0].amount == 20_00

    def test_answers_409_while_the_first_is_under_way(
        self, client: Any, stripe_server: Running, no_faults: None
    ):
        stripe_server.post(
            "/_sandbox/faults", hang={"times": 1, "number": 1.0, "match": "/v1/payment_intents"}
        )
        made: list[str] = []
        slow = threading.Thread(target=lambda: made.append(intent_under(client, "key-5").id))
        slow.start()
        time.sleep(0.4)

        with pytest.raises(stripe.APIError) as busy:
            intent_under(client, "key-5")

        assert busy.value.http_status == 409
        slow.join()
        assert intent_under(client, "key-5").id == made[0]

    def test_makes_a_retry_of_the_library_harmless(self, stripe_server: Running, no_faults: None):
        # Given an answer that comes too late for the library, which then tries again with its own key
        stripe_server.post("/_sandbox/faults", hang={"times": 1, "number": 1.5, "match": "/v1/checkout"})
        before = _sessions(client_of(stripe_server))
        hasty = client_of(
            stripe_server, max_network_retries=4, http_client=stripe.RequestsClient(timeout=0.7)
        )

        session = checkout(hasty)

        assert _sessions(client_of(stripe_server)) - before == {session.id}


def _sessions(client: Any) -> set[str]:
    return {
        session.id for session in client.v1.checkout.sessions.list(params={"limit": 100}).auto_paging_iter()
    }


class TestFaults:
    @pytest.fixture(autouse=True)
    def clean(self, no_faults: None) -> None:
        """Take the switches back after each."""

    def test_dropped_webhook_is_found_by_asking(self, client: Any, stripe_server: Running, ear: Ear):
        stripe_server.post("/_sandbox/faults", drop={"times": 1, "match": "checkout.session.completed"})

        session = bought(client)

        time.sleep(0.5)
        assert ear.types(session.id) == []
        missed = client.v1.events.list(
            params={"delivery_success": False, "types": ["checkout.session.completed"]}
        )
        assert missed.data[0].data.object.id == session.id

    def test_duplicates_are_the_same_event(self, client: Any, stripe_server: Running, ear: Ear):
        stripe_server.post(
            "/_sandbox/faults", duplicate={"times": 1, "number": 5, "match": "checkout.session.completed"}
        )

        session = bought(client)

        eventually(lambda: len(ear.about(session.id)) == 5)
        assert len({event["id"] for event in ear.about(session.id)}) == 1

    def test_delay_keeps_a_webhook_back(self, client: Any, stripe_server: Running, ear: Ear):
        stripe_server.post(
            "/_sandbox/faults", delay={"times": 1, "number": 1, "match": "checkout.session.completed"}
        )
        began = time.monotonic()

        session = bought(client)

        eventually(lambda: ear.about(session.id))
        assert time.monotonic() - began >= 1

    def test_reorder_turns_them_round(self, client: Any, stripe_server: Running, ear: Ear):
        stripe_server.post("/_sandbox/faults", reorder=3)
        made = [
            client.v1.payment_intents.create(params={"amount": 600 + n, "currency": "eur"}) for n in range(3)
        ]
        ids = [intent.id for intent in made]

        heard = eventually(lambda: _all_heard(ear, ids))

        assert heard == ids[::-1]

    def test_wrong_secret_fails_the_check_and_the_retry_passes(
        self, client: Any, stripe_server: Running, ear: Ear
    ):
        stripe_server.post(
            "/_sandbox/faults", wrong_secret={"times": 1, "match": "checkout.session.completed"}
        )
        session, headers = _bought_and_refused_once(client, ear)

        first, second = headers(2)
        with pytest.raises(stripe.SignatureVerificationError, match="No signatures found"):
            stripe.Webhook.construct_event(first[2], first[0], WEBHOOK_SECRET)
        assert stripe.Webhook.construct_event(second[2], second[0], WEBHOOK_SECRET).data.object.id == session

    def test_old_timestamp_fails_the_check(self, client: Any, stripe_server: Running, ear: Ear):
        stripe_server.post(
            "/_sandbox/faults", old_timestamp={"times": 1, "match": "checkout.session.completed"}
        )
        _, headers = _bought_and_refused_once(client, ear)

        first, _ = headers(2)
        with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
            stripe.Webhook.construct_event(first[2], first[0], WEBHOOK_SECRET)

    def test_unavailable_does_nothing(self, client: Any, stripe_server: Running):
        stripe_server.post("/_sandbox/faults", unavailable={"times": 1, "match": "/v1/payment_intents"})
        with pytest.raises(stripe.APIError):
            intent_under(client, "key-6")
        assert intent_under(client, "key-6").amount == 700

    @pytest.mark.parametrize(("switch", "status"), [("async_succeeds", "paid"), ("async_fails", "unpaid")])
    def test_async_switch_decides_what_is_left_for_later(
        self, client: Any, stripe_server: Running, ear: Ear, switch: str, status: str
    ):
        stripe_server.post("/_sandbox/faults", **{switch: {"times": 1, "number": 0.3}})
        session = checkout(client)
        act_on_page(session, "later", "wero")

        eventually(lambda: any("async_payment" in kind for kind in ear.types(session.id)))
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == status

    def test_a_switch_that_does_not_exist_is_refused(self, stripe_server: Running):
        answer = requests.post(f"{stripe_server.url}/_sandbox/faults", json={"explode": 1}, timeout=10)
        assert answer.status_code == 400
        assert "explode" in answer.json()["error"]


def _all_heard(ear: Ear, ids: list[str]) -> list[str]:
    heard = [json.loads(body)["data"]["object"]["id"] for _, _, body in list(ear.heard)]
    mine = [identifier for identifier in heard if identifier in ids]
    return mine if len(mine) == len(ids) else []


def _bought_and_refused_once(client: Any, ear: Ear):
    """Buy at a shop that refuses the first webhook about the session, as it should with a bad signature."""
    session = checkout(client)
    seen = len(ear.heard)
    ear.answers[:] = [400] * 8
    act_on_page(session)

    def about(count: int) -> list[tuple[str, str, bytes]]:
        def found() -> list[tuple[str, str, bytes]]:
            told = [t for t in ear.heard[seen:] if json.loads(t[2])["data"]["object"]["id"] == session.id]
            return told if len(told) >= count else []

        told: list[tuple[str, str, bytes]] = eventually(found)
        return told[:count]

    return session.id, about


class TestKill:
    def test_loses_nothing_that_was_answered(self, starts: Callable[..., Running], ear: Ear):
        # Given a stand-in that is killed without warning while a webhook waits
        server = starts("stripe_server", "--webhook-url", ear.url, "--webhook-secret", WEBHOOK_SECRET)
        client = client_of(server)
        paid = bought(client)
        kept = intent_under(client, "key-7")
        server.post("/_sandbox/faults", delay={"times": 50, "number": 1.5})
        late = bought(client, "card")
        totals = server.get("/_sandbox/totals")
        server.stop(signal.SIGKILL)

        # When it is started again on the same folder
        server.start()

        # Then all is there, the key still holds, and the webhook comes
        assert server.get("/_sandbox/totals") == totals
        assert client.v1.checkout.sessions.retrieve(paid.id).payment_status == "paid"
        assert intent_under(client, "key-7").id == kept.id
        eventually(lambda: "checkout.session.completed" in ear.types(late.id))


class TestStart:
    @pytest.mark.parametrize("module", ["stripe_server", "bank", "bureau", "inbox"])
    def test_is_refused_outside_the_sandbox(self, module: str, tmp_path):
        without = {name: value for name, value in os.environ.items() if name != "SANDBOX"}

        ended = subprocess.run(
            [sys.executable, "-m", f"sandbox.{module}", "--port", str(free_port()), "--state", str(tmp_path)],
            check=False,
            cwd=ROOT,
            env=without,
            capture_output=True,
            text=True,
            timeout=20,
        )

        assert ended.returncode == 1
        assert "SANDBOX=1" in ended.stderr
        assert list(tmp_path.iterdir()) == []
