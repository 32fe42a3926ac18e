"""Between a payment and the next pull of Stripe's balance nothing is missing: it is in transit, and said to be so."""

import io
import os
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import requests
from django.conf import settings as configured
from django.core.management import call_command

from books import prove
from books.proof_of_money import in_transit_cents
from cheques import converging, purchase, refunds, stripe_mirror
from cheques.models import Order, PayoutPart, StripeLine
from tests import build
from tests.build import NOON
from tests.databases import copy, drop, use


@pytest.fixture
def stripe(starts, settings, committed_db):
    """The stand-in of Stripe, over HTTP, and a database in which every step really commits."""
    running = starts("stripe_server")
    settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY = running.url, "sk_test_sandbox"
    settings.CARD_PAYMENT = True
    build.organisation()
    return running


def paid(customer, hours: int = 5, at: datetime = NOON) -> Order:
    """Buy at the pay page, and hear that it was paid."""
    order = purchase.place_order(
        customer.pk, hours=hours, form_key=uuid4(), by=build.owner_of(customer), at=at
    )
    url = purchase.start_checkout(
        order.pk, success_url="http://127.0.0.1:1/a", cancel_url="http://127.0.0.1:1/b"
    )
    requests.post(url, data={"act": "pay", "method": "ideal"}, allow_redirects=False, timeout=20)
    return converging.converge_order(order.pk, at=at)


def broken() -> list[str]:
    return [row.code for row in prove.invariants() if not row.holds]


def test_a_payment_and_a_refund_are_in_transit_until_the_balance_is_pulled(stripe):
    customer = build.customer()
    order = paid(customer)
    assert order.state == Order.State.PAID
    assert (in_transit_cents(), broken()) == (50_00, [])

    stripe_mirror.pull(at=NOON)
    assert (in_transit_cents(), broken()) == (0, [])
    assert StripeLine.objects.get().payment_intent_id == order.payment_intent_id

    refund = refunds.request(order.lot.pk, minutes=60, form_key=uuid4(), by=build.owner_of(customer), at=NOON)
    refunds.send(refund.pk, at=NOON)
    assert (in_transit_cents(), broken()) == (-10_00, [])
    stripe_mirror.pull(at=NOON)
    assert (in_transit_cents(), broken()) == (0, [])


def test_a_payout_knows_its_lines(stripe):
    order = paid(build.customer())
    stripe_mirror.pull(at=NOON)
    stripe.post("/_sandbox/payout", date="2026-11-09", everything=True)

    stripe_mirror.pull(at=NOON)

    part = PayoutPart.objects.get(line__payment_intent_id=order.payment_intent_id)
    assert StripeLine.objects.get(kind="payout", source_id=part.payout_id).payout_part
    assert broken() == []
    stripe_mirror.pull(at=NOON)
    assert (
        PayoutPart.objects.filter(payout_id=part.payout_id).count()
        == StripeLine.objects.filter(payout_part__payout_id=part.payout_id).count()
    )


def test_prove_says_what_is_in_transit_and_can_ask_stripe_first(stripe):
    paid(build.customer())

    said = io.StringIO()
    call_command("prove", stdout=said)
    assert "5000 cents are in transit" in said.getvalue()

    said = io.StringIO()
    call_command("prove", pull=True, stdout=said)
    assert "in transit" not in said.getvalue()


def test_a_restored_database_that_missed_a_payment_is_proved_too(stripe, committed_db):
    customer = build.customer()
    paid(customer)
    stripe_mirror.pull(at=NOON)
    restored = f"test_restored_{os.getpid()}"
    use(committed_db)  # closes the connections, so that the database can be copied
    copy(committed_db, restored)
    paid(customer, hours=3)

    before = configured.DATABASES["default"]["NAME"]
    use(restored)
    try:
        assert broken() == []
        stripe_mirror.pull(at=NOON)
        assert (in_transit_cents(), broken()) == (-30_00, [])
    finally:
        use(before)
        drop(restored)


def test_what_is_in_transit_for_more_than_a_week_is_a_difference(stripe):
    paid(build.customer())  # on NOON, and the balance is never pulled
    assert broken() == []
    later = NOON + timedelta(days=8)

    paid(build.customer(), at=NOON + timedelta(days=7))
    assert broken() == []
    paid(build.customer(), at=later)
    assert broken() == ["transit"]

    stripe_mirror.pull(at=later)
    assert broken() == []
