"""Warned 60, 30 and 7 days ahead, each once; put off once for free; and what becomes of what is left."""

from datetime import date, datetime, timedelta

import pytest

from cheques import expiring, expiry, lots
from cheques.models import Refund
from events.models import Event
from kernel.dated import Since
from kernel.periods import AMSTERDAM
from lawbook.cheques import EXPIRY_OUTCOME
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    """Bought on 2 November 2026: the last day is 30 November 2027."""
    return build.lot(build.customer(), hours=4)


def days_before(lot, days):
    return datetime(2027, 11, 30, 9, tzinfo=AMSTERDAM) - timedelta(days=days)


def warned():
    return list(Event.objects.filter(kind="cheques.expiring").values_list("payload__days", flat=True))


class TestWarned:
    def test_t01_once_at_each_step_and_on_no_other_day(self, lot):
        for days in range(70, -1, -1):
            expiring.warn_due(at=days_before(lot, days))
            expiring.warn_due(at=days_before(lot, days))

        assert warned() == [60, 30, 7]

    def test_says_how_many_and_until_when(self, lot):
        expiring.warn_due(at=days_before(lot, 30))

        payload = Event.objects.get(kind="cheques.expiring").payload
        assert (payload["minutes"], payload["last_day"], payload["may_extend"]) == (240, "2027-11-30", True)

    def test_of_the_nearest_step_only_when_nobody_looked_for_weeks(self, lot):
        expiring.warn_due(at=days_before(lot, 5))
        assert warned() == [7]

    def test_not_about_hours_that_are_gone(self, lot):
        expiry.expire_due(at=lot.expires_at)
        assert expiring.warn_due(at=lot.expires_at) == 0
        assert warned() == []


class TestExtended:
    def test_once_for_free_and_warned_about_anew(self, lot):
        owner = build.owner_of(lot.wallet.customer)
        expiring.warn_due(at=days_before(lot, 30))

        expiring.extend(lot.pk, by=owner, at=days_before(lot, 3))

        lot.refresh_from_db()
        assert expiring.last_day(lot) == date(2028, 2, 29)
        assert lots.figures(lot.wallet.customer_id, at=days_before(lot, -10)).free == 240
        expiring.warn_due(at=datetime(2028, 1, 30, 9, tzinfo=AMSTERDAM))
        assert warned() == [30, 30]
        with pytest.raises(expiring.NotToBeExtended):
            expiring.extend(lot.pk, by=owner, at=datetime(2028, 2, 1, 9, tzinfo=AMSTERDAM))

    @pytest.mark.parametrize("days", [90, -1])
    def test_not_long_before_and_not_afterwards(self, lot, days):
        with pytest.raises(expiring.NotToBeExtended):
            expiring.extend(lot.pk, by=build.owner_of(lot.wallet.customer), at=days_before(lot, days))


class TestOutcome:
    def test_lapses_by_the_rule_of_today(self, lot):
        expiry.expire_due(at=lot.expires_at)
        assert balance(Account.BREAKAGE) == -40_00

    def test_is_paid_back_where_the_rule_says_so(self, lot, monkeypatch):
        rows = (Since(date(2026, 1, 1), "refund", "another scheme", confidence="own"),)
        monkeypatch.setattr(EXPIRY_OUTCOME, "rows", rows)

        expiry.expire_due(at=lot.expires_at)
        expiry.expire_due(at=lot.expires_at)

        assert Refund.objects.get().cents == 40_00
        assert balance(Account.BREAKAGE) == 0
        assert lots.figures(lot.wallet.customer_id, at=lot.expires_at).refunded == 240


def test_a_lot_is_warned_about_long_before(lot):
    assert expiring.warn_due(at=NOON) == 0
