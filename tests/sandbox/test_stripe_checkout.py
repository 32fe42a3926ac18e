"""Buying through the pay page, seen through the unmodified ``stripe`` library."""

import json
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.conftest import Ear, act_on_page, bought, checkout, client_of
from tests.standins import WEBHOOK_SECRET, Running, eventually


class TestCheckout:
    def test_is_paid_through_the_page(self, client: Any):
        # Given an open session for three cheques
        session = checkout(client, quantity=3)
        assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)

        # When the customer pays with iDEAL
        answer = act_on_page(session)

        # Then the browser goes back to the shop, and the session knows its money
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"http://127.0.0.1:1/bedankt?session={session.id}"
        paid = client.v1.checkout.sessions.retrieve(
            session.id, params={"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
        )
        assert (paid.status, paid.payment_status, paid.amount_total) == ("complete", "paid", 60_00)
        assert (paid.client_reference_id, paid.metadata["order_id"]) == ("order-7", "7")
        assert paid.livemode is False
        intent = paid.payment_intent
        assert (intent.status, intent.amount_received, intent.metadata["order_id"]) == (
            "succeeded",
            60_00,
            "7",
        )
        charge = intent.latest_charge
        assert charge.payment_method_details.type == "ideal"
        assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (29, 59_71)
        assert paid.line_items.data[0].quantity == 3

    @pytest.mark.parametrize(("method", "fee"), [("ideal", 29), ("wero", 29), ("card", 55)])
    def test_takes_the_fee_of_the_way_of_paying(self, client: Any, method: str, fee: int):
        session = bought(client, method)

        intent = client.v1.payment_intents.retrieve(
            session.payment_intent, params={"expand": ["latest_charge.balance_transaction"]}
        )

        assert intent.latest_charge.balance_transaction.fee == fee
        assert intent.latest_charge.balance_transaction.amount == 20_00

    def test_is_paid_once_when_the_button_is_pressed_twice(self, client: Any):
        session = checkout(client)
        first, second = act_on_page(session), act_on_page(session, method="card")

        assert first.headers["Location"] == second.headers["Location"]
        intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
        assert len(client.v1.charges.list(params={"payment_intent": intent}).data) == 1

    def test_stays_open_after_a_failed_try(self, client: Any, ear: Ear):
        session = checkout(client)

        assert act_on_page(session, "fail").status_code == 402

        tried = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent"]})
        assert (tried.status, tried.payment_status) == ("open", "unpaid")
        assert tried.payment_intent.status == "requires_payment_method"
        assert tried.payment_intent.last_payment_error.code == "payment_intent_authentication_failure"
        eventually(lambda: "payment_intent.payment_failed" in ear.types(tried.payment_intent.id))
        assert act_on_page(session).status_code == 303

    def test_is_left_without_paying_by_the_cancel_button(self, client: Any):
        session = checkout(client)

        answer = act_on_page(session, "cancel")

        assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1:1/terug")
        assert client.v1.checkout.sessions.retrieve(session.id).status == "open"

    def test_expires_once(self, client: Any, ear: Ear):
        session = checkout(client)

        assert client.v1.checkout.sessions.expire(session.id).status == "expired"

        eventually(lambda: "checkout.session.expired" in ear.types(session.id))
        assert act_on_page(session).status_code == 410
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.expire(session.id)

    @pytest.mark.parametrize("outcome", ["succeeded", "failed"])
    def test_brings_its_money_later(self, client: Any, stripe_server: Running, ear: Ear, outcome: str):
        # Given a session that is complete but not paid
        session = checkout(client)
        assert act_on_page(session, "later").status_code == 303
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"

        # When the bank decides
        stripe_server.post("/_sandbox/async", session=session.id, outcome=outcome)

        # Then the session and its event say so
        expected = "paid" if outcome == "succeeded" else "unpaid"
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == expected
        eventually(lambda: f"checkout.session.async_payment_{outcome}" in ear.types(session.id))

    @pytest.mark.parametrize(
        ("change", "param"),
        [
            ({"mode": "subscription"}, "mode"),
            ({"payment_method_types": ["sofort"]}, "payment_method_types"),
            ({"success_url": ""}, "success_url"),
            ({"line_items": []}, "line_items"),
            ({"colour": "red"}, "colour"),
            ({"expires_at": 1}, "expires_at"),
        ],
    )
    def test_is_refused_with_the_name_of_what_is_wrong(self, client: Any, change, param):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            checkout(client, **change)
        assert refused.value.param == param

    def test_is_refused_under_half_a_euro(self, client: Any):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            checkout(client, cents=49)
        assert refused.value.code == "amount_too_small"


class TestPayPage:
    def test_speaks_dutch_and_english_and_says_that_it_is_no_real_stripe(self, client: Any):
        session = checkout(client, cents=1234_50)

        dutch = requests.get(session.url, timeout=10).text
        english = requests.get(f"{session.url}?lang=en", timeout=10).text

        for sign in (
            '<html lang="nl">',
            "Betalen",
            "€ 1.234,50",
            "iDEAL",
            "Wero",
            "Kaart",
            "niet het echte Stripe",
        ):
            assert sign in dutch
        for sign in ('<html lang="en">', "Pay", "€1,234.50", "Card", "not the real Stripe"):
            assert sign in english
        assert "<script" not in dutch

    def test_shows_only_the_ways_the_shop_accepts(self, client: Any):
        session = checkout(client, payment_method_types=["ideal"])

        assert 'value="card"' not in requests.get(session.url, timeout=10).text
        assert act_on_page(session, method="card").status_code == 400

    def test_is_not_there_for_a_made_up_session(self, stripe_server: Running):
        assert requests.get(f"{stripe_server.url}/c/pay/cs_test_x", timeout=10).status_code == 404


class TestWebhook:
    def test_is_signed_so_that_the_library_accepts_it(self, client: Any, ear: Ear):
        session = bought(client)
        eventually(lambda: "checkout.session.completed" in ear.types(session.id))

        header, _, body = next(
            told for told in ear.heard if json.loads(told[2])["data"]["object"]["id"] == session.id
        )
        event = stripe.Webhook.construct_event(body, header, WEBHOOK_SECRET)

        assert (event.type, event.api_version, event.livemode) == (
            "checkout.session.completed",
            "2026-10-28.endive",
            False,
        )
        assert event.data.object.payment_status == "paid"
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body + b" ", header, WEBHOOK_SECRET)

    def test_comes_again_until_it_is_answered(self, client: Any, ear: Ear, no_faults: None):
        # Given a shop that answers 500 to the first webhooks
        ear.answers[:] = [500] * 20

        # When something is bought
        session = bought(client)
        eventually(lambda: session.id in {e["data"]["object"]["id"] for e in map(json.loads, _bodies(ear))})
        assert session.id in _undelivered(client)
        ear.answers.clear()

        # Then the same event arrives again and is known to be delivered
        eventually(lambda: len(ear.types(session.id)) > 1)
        eventually(lambda: session.id not in _undelivered(client))
        assert len({event["id"] for event in ear.about(session.id)}) == 1


def _bodies(ear: Ear) -> list[bytes]:
    return [body for _, _, body in list(ear.heard)]


def _undelivered(client: Any) -> set[str]:
    found = client.v1.events.list(
        params={"delivery_success": False, "types": ["checkout.session.completed"], "limit": 100}
    )
    return {event.data.object.id for event in found.data}


class TestApi:
    def test_refuses_a_wrong_key(self, stripe_server: Running):
        stranger = stripe.StripeClient("sk_test_other_key", base_addresses={"api": stripe_server.url})
        with pytest.raises(stripe.AuthenticationError):
            stranger.v1.balance.retrieve()

    def test_refuses_another_version(self, stripe_server: Running):
        older = client_of(stripe_server, stripe_version="2020-08-27")
        with pytest.raises(stripe.InvalidRequestError, match="version"):
            older.v1.balance.retrieve()

    def test_says_404_for_what_is_not_there(self, client: Any):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.checkout.sessions.retrieve("cs_test_nothing")
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")

    def test_pages_through_a_list_newest_first(self, client: Any):
        made = [checkout(client).id for _ in range(5)]

        first = client.v1.checkout.sessions.list(params={"limit": 2})
        assert [session.id for session in first.data] == made[:-3:-1]
        assert first.has_more
        listed = [session.id for session in first.auto_paging_iter()]
        assert listed[:5] == made[::-1]
        assert len(listed) == len(set(listed))

    def test_expands_inside_a_list(self, client: Any):
        session = bought(client)
        listed = client.v1.checkout.sessions.list(
            params={"payment_intent": session.payment_intent, "expand": ["data.payment_intent.latest_charge"]}
        )
        assert listed.data[0].payment_intent.latest_charge.paid is True
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["colour"]})
