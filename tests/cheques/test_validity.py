from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheques.validity import expires_at, is_usable, last_day
from kernel.periods import AMSTERDAM, add_months, end_of_day
from lawbook.cheques import VALIDITY, Validity

WALLONIA = Validity(8, to_month_end=True)
FLANDERS = Validity(12, to_month_end=True)


class TestLastDay:
    @pytest.mark.parametrize(
        ("rule", "issued", "last"),
        [
            (WALLONIA, date(2026, 1, 15), date(2026, 9, 30)),
            (FLANDERS, date(2026, 1, 15), date(2027, 1, 31)),
            (FLANDERS, date(2025, 5, 20), date(2026, 5, 31)),
            (Validity(12), date(2026, 1, 15), date(2027, 1, 15)),
            (Validity(12, issue_day_counts=True), date(2026, 1, 15), date(2027, 1, 14)),
        ],
    )
    def test_t01_follows_the_rule_of_the_scheme(self, rule, issued, last):
        assert last_day(issued, rule) == last

    def test_t21_six_months_from_the_31st_end_on_the_last_day_of_february(self):
        assert last_day(date(2025, 8, 31), Validity(6)) == date(2026, 2, 28)

    def test_the_scheme_itself_goes_to_the_end_of_a_month_a_year_later(self):
        assert last_day(date(2026, 11, 25), VALIDITY.on(date(2026, 11, 25))) == date(2027, 11, 30)

    @given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.integers(1, 24), st.booleans())
    def test_never_lasts_shorter_than_its_months_less_the_issue_day(self, issued, months, to_month_end):
        last = last_day(issued, Validity(months, to_month_end))

        assert last >= add_months(issued, months)
        assert (last + timedelta(days=1)).day == 1 or not to_month_end


class TestExpiresAt:
    def test_t21_is_midnight_local_after_the_last_day(self):
        issued = datetime(2026, 1, 31, 12, tzinfo=AMSTERDAM)

        assert expires_at(issued, WALLONIA) == datetime(2026, 9, 30, 22, tzinfo=UTC)

    def test_the_issue_day_is_the_local_one(self):
        just_february = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)

        assert expires_at(just_february, WALLONIA) == end_of_day(date(2026, 10, 31))


class TestIsUsable:
    EXPIRES = datetime(2026, 9, 30, 22, tzinfo=UTC)

    def test_t21_a_visit_that_starts_before_and_ends_after_is_paid_whole(self):
        assert is_usable(self.EXPIRES, datetime(2026, 9, 30, 23, tzinfo=AMSTERDAM))

    def test_t21_a_visit_that_starts_at_midnight_is_refused(self):
        assert not is_usable(self.EXPIRES, datetime(2026, 10, 1, 0, tzinfo=AMSTERDAM))
