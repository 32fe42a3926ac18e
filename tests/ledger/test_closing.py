"""Closed periods take nothing; what comes late, and what was wrong, is booked in the open period."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from cheques import period_closing
from ledger.balances import balance, trial
from ledger.closing import AlreadyClosed
from ledger.models import Account, Entry
from ledger.posting import Move, post, reverse
from tests import build

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
DECEMBER_5 = datetime(2026, 12, 5, 9, tzinfo=UTC)
SALE = Move(Account.STRIPE, Account.CHEQUES, 100_00, "wallet:1")


def close(month, at=DECEMBER_5):
    return period_closing.close_month(month, by=build.user(), at=at)


def test_a_closed_month_takes_nothing_and_what_comes_late_is_booked_on_the_first_open_day():
    post("sale:1", date(2026, 11, 24), SALE)
    close(NOVEMBER)

    late = post("sale:2", date(2026, 11, 30), SALE)

    assert late.day == date(2026, 12, 1)
    assert post("sale:2", date(2026, 11, 30), SALE) == late
    assert balance(Account.STRIPE, until=date(2026, 12, 1)) == 100_00


def test_a_mistake_in_a_closed_month_is_reversed_in_the_open_one():
    wrong = post("sale:1", date(2026, 11, 24), SALE)
    close(NOVEMBER)

    mended = reverse("mend:1", date(2026, 11, 24), wrong)

    assert (mended.day, mended.reverses) == (date(2026, 12, 1), wrong)
    assert balance(Account.STRIPE, until=date(2026, 12, 1)) == 100_00
    assert balance(Account.STRIPE) == 0


def test_a_closed_day_takes_nothing():
    period_closing.close_day(date(2026, 11, 24), by=build.user(), at=DECEMBER_5)

    assert post("sale:1", date(2026, 11, 24), SALE).day == date(2026, 11, 25)
    with (
        pytest.raises(DatabaseError, match="are closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT INTO ledger_entry (key, day, fingerprint) VALUES ('x', '2026-11-24', '')")


def test_periods_are_closed_in_their_order_once_and_when_they_are_over():
    post("sale:1", OCTOBER, SALE)
    post("sale:2", NOVEMBER, SALE)

    with pytest.raises(period_closing.EarlierIsOpen, match="10-2026"):
        close(NOVEMBER)
    with pytest.raises(period_closing.NotOverYet):
        close(date(2026, 12, 1))
    close(OCTOBER)
    close(NOVEMBER)
    with pytest.raises(AlreadyClosed):
        close(NOVEMBER)


def test_a_year_keeps_its_result():
    post(
        "use:1",
        NOVEMBER,
        Move(Account.CHEQUES, Account.REVENUE, 100_00),
        Move(Account.FEES, Account.STRIPE, 35),
    )
    january = datetime(2027, 1, 4, 9, tzinfo=UTC)
    with pytest.raises(period_closing.EarlierIsOpen):
        period_closing.close_year(2026, by=build.user(), at=january)
    close(NOVEMBER)

    row = period_closing.close_year(2026, by=build.user(), at=january)

    assert row.result_cents == 99_65
    assert sum(trial().values()) == 0
    assert Entry.objects.count() == 1
