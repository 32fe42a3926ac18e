"""Refunds, disputes, payouts and the sums that must agree."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.conftest import Ear, bought, checkout, client_of
from tests.standins import Running, eventually

SHARED = Path(__file__).parents[3] / "shared" / "real-files" / "stripe"


def settled(client: Any, refund_id: str, status: str) -> Any:
    eventually(lambda: client.v1.refunds.retrieve(refund_id).status == status)
    return client.v1.refunds.retrieve(refund_id)


class TestRefund:
    def test_goes_back_in_parts_and_never_above_the_charge(self, client: Any, ear: Ear):
        intent = bought(client, cents=30_00).payment_intent

        first = client.v1.refunds.create(params={"payment_intent": intent, "amount": 10_00})
        assert first.status == "pending"
        with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
            client.v1.refunds.create(params={"payment_intent": intent, "amount": 20_01})
        rest = client.v1.refunds.create(params={"payment_intent": intent})

        assert rest.amount == 20_00
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.refunds.create(params={"payment_intent": intent, "amount": 1})
        assert refused.value.code == "charge_already_refunded"
        settled(client, first.id, "succeeded")
        charge = client.v1.charges.list(params={"payment_intent": intent}).data[0]
        assert (charge.amount_refunded, charge.refunded) == (30_00, True)
        eventually(lambda: "refund.updated" in ear.types(first.id))

    def test_of_a_card_is_done_at_once(self, client: Any):
        refund = client.v1.refunds.create(
            params={"payment_intent": bought(client, "card").payment_intent, "metadata": {"refund_id": "3"}}
        )
        assert (refund.status, refund.metadata["refund_id"]) == ("succeeded", "3")

    @pytest.mark.parametrize("method", ["ideal", "card"])
    def test_may_fail_later_and_then_the_money_is_back(
        self, client: Any, stripe_server: Running, ear: Ear, no_faults: None, method: str
    ):
        before = stripe_server.get("/_sandbox/totals")["refunds_cents"]
        intent = bought(client, method).payment_intent
        stripe_server.post("/_sandbox/faults", refund_fails={"times": 1, "number": 0.2})

        refund = client.v1.refunds.create(params={"payment_intent": intent, "amount": 5_00})
        assert refund.status == "pending"
        failed = settled(client, refund.id, "failed")

        assert failed.failure_balance_transaction is not None
        eventually(lambda: "refund.failed" in ear.types(refund.id))
        charge = client.v1.charges.list(params={"payment_intent": intent}).data[0]
        assert (charge.amount_refunded, charge.refunded) == (0, False)
        assert stripe_server.get("/_sandbox/totals")["refunds_cents"] == before

    def test_is_refused_for_a_payment_that_never_came(self, client: Any):
        intent = client.v1.payment_intents.create(params={"amount": 500, "currency": "eur"})
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create(params={"payment_intent": intent.id})

    def test_is_refused_when_the_balance_is_short(self, starts: Callable[..., Running]):
        # Given a balance that was paid out to the last cent
        server = starts("stripe_server", "--overdraft-cents", "0")
        client = client_of(server)
        intent = bought(client).payment_intent
        server.post("/_sandbox/payout", everything=True)

        # When an iDEAL payment is to go back
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.refunds.create(params={"payment_intent": intent})

        # Then Stripe has nothing to do it with
        assert refused.value.code == "balance_insufficient"


class TestDispute:
    def test_takes_the_money_and_a_fee_until_it_is_won(self, client: Any, stripe_server: Running, ear: Ear):
        session = bought(client, "card", cents=40_00)
        before = stripe_server.get("/_sandbox/totals")

        dispute_id = stripe_server.post("/_sandbox/dispute", session=session.id, reason="fraudulent")["id"]

        dispute = client.v1.disputes.retrieve(dispute_id, params={"expand": ["charge"]})
        assert (dispute.status, dispute.amount, dispute.charge.disputed) == ("needs_response", 40_00, True)
        line = dispute.balance_transactions[0]
        assert (line.amount, line.fee, line.net) == (-40_00, 20_00, -60_00)
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.refunds.create(params={"payment_intent": session.payment_intent})
        assert refused.value.code == "charge_disputed"

        stripe_server.post("/_sandbox/dispute/decide", dispute=dispute_id, outcome="won")
        after = stripe_server.get("/_sandbox/totals")
        assert after["balance_cents"] == before["balance_cents"] - 20_00
        eventually(lambda: "charge.dispute.closed" in ear.types(dispute_id))

    def test_is_lost_when_it_is_closed(self, client: Any, stripe_server: Running):
        session = bought(client, "card")
        dispute_id = stripe_server.post("/_sandbox/dispute", session=session.id)["id"]

        assert client.v1.disputes.close(dispute_id).status == "lost"
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.disputes.close(dispute_id)

    def test_does_not_exist_for_ideal(self, client: Any, stripe_server: Running):
        session = bought(client, "ideal")
        answer = requests.post(
            f"{stripe_server.url}/_sandbox/dispute", json={"session": session.id}, timeout=10
        )
        assert answer.status_code == 400

    def test_opens_by_itself_when_the_switch_is_set(
        self, client: Any, stripe_server: Running, no_faults: None
    ):
        stripe_server.post("/_sandbox/faults", dispute_opens=1)

        intent = bought(client, "card").payment_intent

        eventually(lambda: client.v1.disputes.list(params={"payment_intent": intent}).data)


class TestPayout:
    def test_pays_out_what_is_available_on_the_clock_of_the_business(self, starts: Callable[..., Running]):
        # Given two payments and a refund, none available yet
        server = starts("stripe_server")
        client = client_of(server)
        bought(client, cents=50_00)
        intent = bought(client, "card", cents=100_00).payment_intent
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 30_00})
        early = requests.post(f"{server.url}/_sandbox/payout", json={}, timeout=10)
        assert early.status_code == 409

        # When three days of business pass
        day = server.post("/_sandbox/clock", offset_seconds=3 * 86_400)["business_day"]
        payout_id = server.post("/_sandbox/payout")["id"]

        # Then the payout is the sum of its movements, to the cent
        payout = client.v1.payouts.retrieve(payout_id)
        assert payout.amount == 50_00 - 29 + 100_00 - 1_75 - 30_00
        lines = client.v1.balance_transactions.list(params={"payout": payout_id})
        assert sum(line.net for line in lines.data if line.type != "payout") == payout.amount
        assert [line.net for line in lines.data if line.type == "payout"] == [-payout.amount]
        assert all(line.status == "available" for line in lines.data)
        shown = server.get("/_sandbox/totals")
        assert (shown["balance_cents"], shown["difference_cents"]) == (0, 0)
        assert shown["payouts_cents"] == payout.amount
        assert client.v1.balance.retrieve().available[0].amount == 0
        assert server.get("/_sandbox/clock")["business_day"] == day

    def test_never_pays_out_a_movement_twice(self, starts: Callable[..., Running]):
        server = starts("stripe_server")
        bought(client_of(server))
        server.post("/_sandbox/payout", everything=True)

        again = requests.post(f"{server.url}/_sandbox/payout", json={"everything": True}, timeout=10)

        assert again.status_code == 409


class TestTotals:
    def test_agree_with_the_balance_transactions_after_everything(self, client: Any, stripe_server: Running):
        bought(client, "wero")
        shown = stripe_server.get("/_sandbox/totals")

        lines = list(client.v1.balance_transactions.list(params={"limit": 100}).auto_paging_iter())

        assert sum(line.net for line in lines) == shown["balance_cents"]
        assert sum(line.fee for line in lines) == shown["fees_cents"]
        assert shown["difference_cents"] == 0


class TestIntent:
    def test_with_a_declined_card_raises_a_card_error_and_keeps_the_failed_charge(self, client: Any):
        intent = client.v1.payment_intents.create(
            params={"amount": 900, "currency": "eur", "payment_method_types": ["card"]}
        )
        with pytest.raises(stripe.CardError) as refused:
            client.v1.payment_intents.confirm(intent.id, params={"payment_method": "pm_card_chargeDeclined"})
        assert refused.value.code == "card_declined"
        assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"
        assert client.v1.charges.list(params={"payment_intent": intent.id}).data[0].status == "failed"

        paid = client.v1.payment_intents.confirm(intent.id, params={"payment_method": "pm_card_visa"})
        assert paid.status == "succeeded"
        with pytest.raises(stripe.InvalidRequestError) as late:
            client.v1.payment_intents.cancel(intent.id)
        assert late.value.code == "payment_intent_unexpected_state"

    def test_of_ideal_goes_by_the_page_of_the_bank(self, client: Any):
        intent = client.v1.payment_intents.create(
            params={
                "amount": 900,
                "currency": "eur",
                "payment_method_types": ["ideal"],
                "payment_method_data": {"type": "ideal"},
                "confirm": True,
                "return_url": "http://127.0.0.1:1/terug",
            }
        )
        assert intent.status == "requires_action"
        page = intent.next_action.redirect_to_url.url
        assert "€ 9,00" in requests.get(page, timeout=10).text
        requests.post(page, data={"act": "pay"}, allow_redirects=False, timeout=10)
        assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"

    def test_can_be_cancelled(self, client: Any):
        intent = client.v1.payment_intents.create(params={"amount": 900, "currency": "eur"})
        assert client.v1.payment_intents.cancel(intent.id).status == "canceled"


@pytest.mark.skipif(
    not SHARED.parent.parent.exists(), reason="../shared is absent: none of Stripe's own fixtures"
)
class TestShapes:
    """Every field of Stripe's own fixtures is there, but for a few that Stripe shows only sometimes."""

    SOMETIMES = {
        "charge": {"refunds"},
        "payment_intent": {
            "payment_method_configuration_details",
            "excluded_payment_method_types",
            "customer_account",
            "managed_payments",
        },
    }

    def test_have_the_fields_of_the_real_ones(self, client: Any, stripe_server: Running):
        real = json.loads((SHARED / "fixtures3-subset.json").read_text())
        bought(client, "card", cents=50_00)  # stays, so that there is something to pay out
        session = bought(client, "card", cents=500_00)
        intent = client.v1.payment_intents.retrieve(session.payment_intent)
        refund = client.v1.refunds.create(params={"payment_intent": intent.id, "amount": 100})
        stripe_server.post("/_sandbox/dispute", session=session.id)
        stripe_server.post("/_sandbox/payout", everything=True)
        mine = [
            session,
            intent,
            refund,
            client.v1.charges.retrieve(intent.latest_charge),
            client.v1.disputes.list().data[0],
            client.v1.payouts.list().data[0],
            client.v1.balance.retrieve(),
            client.v1.balance_transactions.list().data[0],
            client.v1.events.list().data[0],
        ]
        for thing in mine:
            absent = set(real[thing.object]) - set(thing.to_dict()) - self.SOMETIMES.get(thing.object, set())
            assert not absent, thing.object

    def test_name_events_that_exist(self, client: Any):
        known = set(json.loads((SHARED / "event-types.json").read_text())["all"])
        checkout(client)
        seen = {event.type for event in client.v1.events.list(params={"limit": 100}).auto_paging_iter()}
        assert seen
        assert seen <= known
