"""What is sold and not used on any day, and the VAT return, both tied to the books."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from cheques import (
    converging,
    expiry,
    holds,
    liability,
    period_closing,
    redemption,
    refunds,
    reversing,
    vat,
    vat_return,
)  # fmt: skip
from cheques.models import Hold
from cheques.stripe_gateway import RefundState
from kernel.periods import Period
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
LOW, HIGH = Decimal("0.09"), Decimal("0.21")


def use(customer, minutes, *, key, at, rate=LOW):
    with transaction.atomic():
        held = holds.place(customer.pk, minutes=minutes, start_at=at, key=key, at=at)
        redemption.redeem(
            held.pk, minutes=minutes, key=f"visit:{key}", vat_rate=rate, used_on=at.date(), start_at=at, at=at
        )


def test_every_day_of_the_past_keeps_its_answer():
    customer = build.customer()
    lot = build.lot(customer, hours=10)
    build.lot(customer, hours=2, at=NOON + timedelta(days=40))
    use(customer, 180, key="1", at=NOON + timedelta(days=3))
    refund = refunds.request(
        lot.pk, minutes=60, form_key=uuid4(), by=build.owner_of(customer), at=NOON + timedelta(days=5)
    )
    converging.settle_refund(refund.pk, RefundState("re_1", "pending"), at=NOON + timedelta(days=6))
    converging.settle_refund(refund.pk, RefundState("re_1", "failed"), at=NOON + timedelta(days=8))
    expiry.expire_due(at=lot.expires_at)

    days = {0: 100_00, 2: 100_00, 3: 70_00, 5: 60_00, 6: 60_00, 8: 70_00, 40: 90_00, 400: 20_00}
    for number, cents in days.items():
        found = liability.at_end_of((NOON + timedelta(days=number)).date())
        assert (found.cents, found.ties) == (cents, True), number
    assert liability.at_end_of(date(2026, 11, 1)).cents == 0


def test_is_shown_by_the_month_it_was_sold_in():
    customer = build.customer()
    build.lot(customer, hours=10)
    build.lot(customer, hours=2, at=NOON + timedelta(days=40))

    found = liability.at_end_of(date(2026, 12, 31))

    assert found.by_month_of_sale() == {date(2026, 11, 1): (600, 100_00), date(2026, 12, 1): (120, 20_00)}
    assert found.lots[0].age_days(date(2026, 12, 31)) == 59


def test_t04_the_return_of_a_quarter_is_what_the_books_say():
    customer = build.customer()
    build.lot(customer, hours=10, at=datetime(2026, 3, 3, 9, tzinfo=UTC))
    use(customer, 360, key="1", at=datetime(2026, 3, 20, 9, tzinfo=UTC))
    use(customer, 240, key="2", at=datetime(2026, 4, 10, 9, tzinfo=UTC), rate=HIGH)
    first, second = Period(date(2026, 1, 1), date(2026, 4, 1)), Period(date(2026, 4, 1), date(2026, 7, 1))
    assert vat_return.of(first).open_months == [date(2026, 3, 1)]
    vat.close_month(date(2026, 3, 1), at=NOON)
    vat.close_month(date(2026, 4, 1), at=NOON)

    found = vat_return.of(first)

    assert [(row.rate, row.net_cents, row.vat_cents) for row in found.rates] == [(LOW, 55_05, 4_95)]
    assert (found.ties, found.open_months) == (True, [])
    assert (vat_return.of(second).vat_cents, vat_return.of(second).ties) == (6_94, True)


class TestLate:
    """A month that was split off is never changed: what comes later is in the next one that is."""

    MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)

    @pytest.fixture
    def customer(self):
        buyer = build.customer()
        build.lot(buyer, hours=40, at=datetime(2026, 3, 1, 9, tzinfo=UTC))
        use(buyer, 360, key="1", at=datetime(2026, 3, 20, 9, tzinfo=UTC))
        period_closing.close_month(self.MARCH, by=build.user(), at=datetime(2026, 4, 2, 9, tzinfo=UTC))
        return buyer

    def late(self, customer, minutes, rate, key="late"):
        """Confirm in April what was worked in March."""
        at = datetime(2026, 3, 30, 9, tzinfo=UTC)
        with transaction.atomic():
            held = holds.place(customer.pk, minutes=minutes, start_at=at, key=key, at=at)
            redemption.redeem(
                held.pk, minutes=minutes, key=f"visit:{key}", vat_rate=rate, used_on=at.date(), start_at=at,
                at=datetime(2026, 4, 9, 9, tzinfo=UTC),
            )  # fmt: skip
        return held

    def test_a_late_confirmation_is_in_the_open_month(self, customer):
        self.late(customer, 240, HIGH)
        assert vat_return.of(Period(self.MARCH, self.APRIL)).open_months == []
        period_closing.close_month(self.APRIL, by=build.user(), at=datetime(2026, 5, 2, 9, tzinfo=UTC))

        march, april = (
            vat_return.of(Period(*months)) for months in ((self.MARCH, self.APRIL), (self.APRIL, self.MAY))
        )

        assert (march.vat_cents, march.ties) == (4_95, True)
        assert [(row.rate, row.vat_cents) for row in april.rates] == [(HIGH, 6_94)]
        assert april.ties
        assert vat.late_by_rate(self.MAY) == {LOW: 0, HIGH: 0}

    def test_what_was_taken_back_comes_off_in_the_open_month(self, customer):
        hold = Hold.objects.get(key="1")
        with transaction.atomic():
            reversing.take_back(hold.pk, key="visit:1", at=datetime(2026, 4, 9, 9, tzinfo=UTC))
        period_closing.close_month(self.APRIL, by=build.user(), at=datetime(2026, 5, 2, 9, tzinfo=UTC))

        april = vat_return.of(Period(self.APRIL, self.MAY))
        assert (april.vat_cents, april.ties) == (-4_95, True)
        assert vat_return.of(Period(self.MARCH, self.APRIL)).vat_cents == 4_95

    def test_splitting_off_a_closed_month_again_changes_nothing(self, customer):
        self.late(customer, 240, HIGH)
        assert [row.rate for row in vat.close_month(self.MARCH, at=datetime(2026, 4, 10, 9, tzinfo=UTC))] == [
            LOW
        ]
