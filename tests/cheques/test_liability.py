"""What is sold and not used on any day, and the VAT return, both tied to the books."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from cheques import converging, expiry, holds, liability, redemption, refunds, vat, vat_return
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
    refund = refunds.request(lot.pk, minutes=60, by=build.owner_of(customer), at=NOON + timedelta(days=5))
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
