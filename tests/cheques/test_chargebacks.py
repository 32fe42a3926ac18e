"""A payment that the bank takes back: nothing can be spent any more, the loss is booked, the worker is paid."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from cheques import chargebacks, converging, handing_on, holds, lots, redemption, refunds
from cheques.models import Chargeback, Outstanding
from cheques.stripe_gateway import Dispute, RefundState
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=7)


@pytest.fixture
def customer():
    return build.customer()


@pytest.fixture
def lot(customer):
    return build.lot(customer, hours=10, payment_intent_id="pi_1")


def dispute(state="open", cents=100_00, name="du_1", intent="pi_1"):
    return chargebacks.settle(Dispute(name, intent, cents, state, "fraudulent"), at=LATER)


def use(customer, hours, *, keep=0, key="visit:1"):
    """Use hours of a booking that keeps some more for later."""
    with transaction.atomic():
        if keep:
            holds.place(customer.pk, minutes=keep * 60, start_at=LATER, key=f"later:{key}", at=NOON)
        held = holds.place(customer.pk, minutes=hours * 60, start_at=LATER, key=key, at=NOON)
    return spend(held, hours * 60, key=key)


def spend(held, minutes, *, key):
    with transaction.atomic():
        return redemption.redeem(
            held.pk, minutes=minutes, key=key, vat_rate=Decimal("0.09"), used_on=date(2026, 11, 9),
            start_at=LATER, at=LATER,
        )  # fmt: skip


class TestOpened:
    def test_freezes_what_is_unspent_and_makes_what_is_spent_owed_again(self, customer, lot):
        use(customer, 4)

        row = dispute()

        figures = lots.figures(customer.pk, at=LATER)
        assert (figures.free, figures.frozen, figures.used) == (0, 360, 240)
        assert row.receivable_cents == balance(Account.CUSTOMERS) == 40_00
        assert balance(Account.LOSSES) == -40_00  # the line at Stripe itself costs 100.00 more

    def test_freezes_only_the_hours_of_that_order(self, customer, lot):
        build.lot(customer, hours=3)

        dispute()

        assert lots.figures(customer.pk, at=LATER).free == 180

    def test_once_however_often_it_is_heard(self, customer, lot):
        dispute()
        dispute()

        assert Chargeback.objects.count() == 1
        assert lot.movements.filter(target="frozen").count() == 1

    def test_an_inquiry_moves_nothing(self, customer, lot):
        assert dispute("asked") is None
        assert lots.figures(customer.pk, at=LATER).free == 600

    def test_the_visit_goes_on_and_what_it_costs_becomes_outstanding(self, customer, lot):
        with transaction.atomic():
            held = holds.place(customer.pk, minutes=180, start_at=LATER, key="booking:1", at=NOON)
        dispute()

        paid = spend(held, 180, key="visit:1")

        assert (paid.paid_minutes, paid.outstanding_minutes) == (0, 180)
        assert Outstanding.objects.get().minutes == 180
        assert balance(Account.CUSTOMERS) == 30_00

    def test_hours_of_a_refund_that_fails_freeze_too(self, customer, lot):
        refund = refunds.request(lot.pk, minutes=120, form_key=uuid4(), by=build.owner_of(customer), at=NOON)
        dispute()

        converging.settle_refund(refund.pk, RefundState("", "failed"), at=LATER)

        figures = lots.figures(customer.pk, at=LATER)
        assert (figures.free, figures.frozen) == (0, 600)


class TestWon:
    def test_gives_the_hours_back_and_forgets_what_was_owed(self, customer, lot):
        use(customer, 4)
        dispute()

        dispute("won")

        figures = lots.figures(customer.pk, at=LATER)
        assert (figures.free, figures.frozen, figures.used) == (360, 0, 240)
        assert (balance(Account.CUSTOMERS), balance(Account.LOSSES)) == (0, 0)


class TestLost:
    def test_takes_the_frozen_hours_away_and_keeps_what_is_owed(self, customer, lot):
        use(customer, 4)
        dispute()

        row = dispute("lost")

        figures = lots.figures(customer.pk, at=LATER)
        assert (figures.free, figures.frozen, figures.refunded) == (0, 0, 360)
        assert row.cancelled_cents == 60_00
        assert balance(Account.CHEQUES) == 0
        assert balance(Account.LOSSES) == -100_00  # all of what Stripe took is covered: 60 cancelled, 40 owed
        assert balance(Account.CUSTOMERS) == 40_00

    def test_of_a_part_takes_no_more_hours_than_the_bank_took_money(self, customer, lot):
        dispute(cents=25_00)

        dispute("lost", cents=25_00)

        figures = lots.figures(customer.pk, at=LATER)
        assert (figures.free, figures.refunded) == (450, 150)

    def test_heard_for_the_first_time_when_it_is_over(self, customer, lot):
        dispute("lost")

        assert lots.figures(customer.pk, at=LATER).refunded == 600
        assert Chargeback.objects.get().state == Chargeback.State.LOST

    def test_what_is_owed_can_be_given_up_once(self, customer, lot):
        use(customer, 4)
        dispute()
        row = dispute("lost")
        officer, second = build.user(), build.user()

        chargebacks.ask_write_off(row.pk, reason="Onbekend verhuisd", by=officer, at=LATER)
        with pytest.raises(chargebacks.SecondPersonNeeded):
            chargebacks.write_off(row.pk, by=officer, at=LATER)
        assert balance(Account.CUSTOMERS) == 40_00
        chargebacks.write_off(row.pk, by=second, at=LATER)

        assert balance(Account.CUSTOMERS) == 0
        with pytest.raises(chargebacks.NotLost):
            chargebacks.write_off(row.pk, by=second, at=LATER)
        with pytest.raises(chargebacks.NotLost):
            chargebacks.ask_write_off(row.pk, reason="Nog eens", by=officer, at=LATER)

    def test_who_gives_money_up_says_why(self, customer, lot):
        use(customer, 4)
        dispute()
        with pytest.raises(chargebacks.NoReason):
            chargebacks.ask_write_off(dispute("lost").pk, reason="  ", by=build.user(), at=LATER)

    def test_nothing_is_given_up_while_it_runs(self, customer, lot):
        use(customer, 4)
        with pytest.raises(chargebacks.NotLost):
            chargebacks.ask_write_off(dispute().pk, reason="Weg", by=build.user(), at=LATER)


class TestHandedOn:
    def test_hours_that_were_given_to_somebody_freeze_too(self, customer, lot):
        neighbour = build.customer()
        with transaction.atomic():
            handing_on.hand_on(lot.pk, neighbour.pk, minutes=120, key="gift", at=NOON)

        dispute()
        row = dispute("lost")

        assert lots.figures(neighbour.pk, at=LATER).refunded == 120
        assert lots.figures(customer.pk, at=LATER).refunded == 480
        assert row.cancelled_cents == 100_00
        assert balance(Account.CHEQUES) == 0
