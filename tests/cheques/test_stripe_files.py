"""Objects as Stripe and others printed them: read with their own figures, or refused; never booked by guessing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import stripe

from cheques import stripe_gateway, stripe_inbox, stripe_mirror
from cheques.models import Notice
from ledger.balances import balance
from ledger.models import Account
from tests.build import NOON

FOLDER = Path(__file__).parents[2].parent / "shared" / "real-files" / "stripe"
there = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/real-files is not here")
pytestmark = there
COVERED = {
    "fixtures3-subset.json", "event-types.json", "charge_ch_fakefakefakefakefake0001.json",
    "payment_intent_pi_destination_charge.json", "dispute_dp_fakefakefakefake01.json", "payout_custom_bank_account.json",
}  # fmt: skip


def plain(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / name).read_text()))


def as_stripe(body: dict[str, Any]) -> Any:
    return stripe.StripeObject.construct_from(body, "sk_test_1")


def test_every_file_is_covered():
    assert {file.name for file in FOLDER.iterdir()} == COVERED


def test_a_dispute_is_read_with_its_payment_and_amount():
    found = stripe_gateway._dispute(as_stripe(plain("dispute_dp_fakefakefakefake01.json")))
    assert (found.cents, found.state, found.payment_intent) == (10_00, "open", "pi_1JAyTwJSZQVUcJYgBbsz0NuH")
    asked = stripe_gateway._dispute(as_stripe(plain("fixtures3-subset.json")["dispute"]))
    assert (asked.state, asked.payment_intent) == ("asked", "")


@pytest.mark.django_db
def test_a_chargeback_takes_its_fee_too():
    line = plain("dispute_dp_fakefakefakefake01.json")["balance_transactions"][0] | {"currency": "eur"}
    read = stripe_gateway._balance_line(as_stripe(line))
    assert (read.gross_cents, read.fee_cents, read.net_cents) == (-10_00, 15_00, -25_00)
    stripe_mirror._mirror(read, at=NOON)
    assert (balance(Account.STRIPE), balance(Account.FEES), balance(Account.LOSSES)) == (-25_00, 15_00, 10_00)


@pytest.mark.parametrize(
    "wrong",
    [{"currency": "usd"}, {"amount": "-10.00"}, {"net": -10_00}, {"fee": 15.0}],
    ids=str,
)
def test_a_line_that_is_not_in_euro_cents_is_never_booked(wrong):
    line = (
        plain("dispute_dp_fakefakefakefake01.json")["balance_transactions"][0] | {"currency": "eur"} | wrong
    )
    with pytest.raises(stripe_gateway.NotEuroCents):
        stripe_gateway._balance_line(as_stripe(line))


def test_a_payout_whose_amount_is_a_string_is_no_money():
    payout = plain("payout_custom_bank_account.json")
    line = {
        "id": "txn_1",
        "type": "payout",
        "source": payout["id"],
        "amount": payout["amount"],
        "fee": 0,
        "net": payout["amount"],
    }
    with pytest.raises(stripe_gateway.NotEuroCents):
        stripe_gateway._balance_line(as_stripe({**line, "currency": "eur", "created": payout["created"]}))


def test_a_charge_names_its_payment_and_a_balance_line_its_charge():
    charge = plain("charge_ch_fakefakefakefakefake0001.json")
    line = plain("fixtures3-subset.json")["balance_transaction"]
    read = stripe_gateway._balance_line(as_stripe({**line, "currency": "eur", "source": charge}))
    assert (read.source, read.payment_intent) == (charge["id"], "pi_fakefakefakefakefake0001")
    assert (read.gross_cents, read.created_on) == (1_00, date(2009, 2, 13))


def test_a_visit_of_the_pay_page_that_is_not_paid_pays_nothing():
    found = stripe_gateway._session(as_stripe(plain("fixtures3-subset.json")["checkout.session"]))
    assert (found.is_paid, found.paid_cents, found.order_ref) == (False, 0, "")


def test_a_refund_is_read_by_its_status():
    refund = plain("fixtures3-subset.json")["refund"]
    for status, ours in [("succeeded", "succeeded"), ("canceled", "failed"), ("requires_action", "pending")]:
        assert stripe_gateway._refund(as_stripe({**refund, "status": status})).state == ours


@pytest.mark.django_db
@pytest.mark.parametrize("metadata", [None, {}, {"order_ref": "unknown"}])
def test_an_event_about_a_payment_that_is_not_ours_changes_nothing(metadata):
    intent = plain("payment_intent_pi_destination_charge.json") | {"metadata": metadata}
    notice = Notice.objects.create(
        event_id="evt_1", kind="payment_intent.succeeded", object_id=intent["id"], livemode=False,
        body={"data": {"object": intent}}, received_at=NOON,
    )  # fmt: skip
    stripe_inbox.handle(notice.pk, at=NOON)
    notice.refresh_from_db()
    assert notice.handled_at == NOON
    assert balance(Account.STRIPE) == 0


def test_what_we_listen_to_exists():
    known = plain("event-types.json")["all"]
    for prefix in stripe_inbox.CONVERGERS:
        assert any(kind.startswith(prefix) for kind in known), prefix
