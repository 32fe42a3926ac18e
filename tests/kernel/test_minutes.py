from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.minutes import (
    NoSuchTime,
    TimeComesTwice,
    clock,
    elapsed,
    is_doubled,
    is_missing,
    is_quarter,
    moment,
    round_up_quarter,
)
from kernel.periods import AMSTERDAM


class TestQuarters:
    @given(st.integers(0, 100_000))
    def test_rounding_up_gives_the_first_quarter_that_is_not_less(self, minutes):
        rounded = round_up_quarter(minutes)

        assert is_quarter(rounded)
        assert 0 <= rounded - minutes < 15


class TestElapsed:
    def test_t31_the_night_of_the_doubled_hour_lasts_nine_hours(self):
        start = datetime(2026, 10, 24, 20, tzinfo=AMSTERDAM)
        end = datetime(2026, 10, 25, 4, tzinfo=AMSTERDAM)

        assert elapsed(start, end) == 9 * 60

    def test_the_night_of_the_missing_hour_lasts_seven(self):
        start = datetime(2026, 3, 28, 20, tzinfo=AMSTERDAM)
        end = datetime(2026, 3, 29, 4, tzinfo=AMSTERDAM)

        assert elapsed(start, end) == 7 * 60

    def test_leaves_seconds_out(self):
        assert elapsed(datetime(2026, 6, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, 1, 59, tzinfo=UTC)) == 1


class TestClock:
    def test_shows_day_and_minute_in_amsterdam(self):
        assert clock(datetime(2026, 6, 30, 22, 5, tzinfo=UTC)) == (date(2026, 7, 1), 5)

    @given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 1439))
    def test_moment_is_the_way_back_wherever_the_time_exists_once(self, day, minute):
        if is_missing(day, minute) or is_doubled(day, minute):
            with pytest.raises((NoSuchTime, TimeComesTwice)):
                moment(day, minute)
        else:
            assert clock(moment(day, minute)) == (day, minute)

    def test_the_hour_that_is_skipped(self):
        march = date(2026, 3, 29)

        assert [is_missing(march, minute) for minute in (119, 120, 179, 180)] == [False, True, True, False]
        with pytest.raises(NoSuchTime, match="02:30 does not exist on 2026-03-29"):
            moment(march, 150)

    def test_the_hour_that_comes_twice(self):
        october = date(2026, 10, 25)

        assert [is_doubled(october, minute) for minute in (119, 120, 179, 180)] == [False, True, True, False]
        with pytest.raises(TimeComesTwice, match="02:30 comes twice on 2026-10-25"):
            moment(october, 150)
