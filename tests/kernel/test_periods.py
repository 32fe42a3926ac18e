from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.periods import (
    AMSTERDAM,
    Period,
    add_months,
    days_in,
    each_day,
    end_of_day,
    local,
    local_day,
    moments,
    month_of,
    split_at_days,
    split_at_months,
    start_of_day,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))
MOMENTS = st.integers(0, 4 * 366 * 1440).map(
    lambda minute: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@st.composite
def day_periods(draw):
    start = draw(DAYS)
    return Period(start, start + timedelta(days=draw(st.integers(1, 800))))


@st.composite
def moment_periods(draw):
    start = draw(MOMENTS)
    return Period(start, start + timedelta(minutes=draw(st.integers(1, 6000))))


class TestPeriod:
    def test_holds_its_start_and_not_its_end(self):
        june = Period(date(2026, 6, 1), date(2026, 7, 1))

        assert date(2026, 6, 1) in june
        assert date(2026, 6, 30) in june
        assert date(2026, 7, 1) not in june

    def test_touching_periods_do_not_overlap(self):
        june = Period(date(2026, 6, 1), date(2026, 7, 1))
        july = Period(date(2026, 7, 1), date(2026, 8, 1))

        assert not june.overlaps(july)
        assert june.intersect(july) is None

    @given(day_periods(), day_periods(), DAYS)
    def test_a_day_is_in_the_intersection_exactly_when_it_is_in_both(self, one, other, day):
        shared = one.intersect(other)

        assert (shared is not None) == one.overlaps(other) == other.overlaps(one)
        assert (shared is not None and day in shared) == (day in one and day in other)

    @given(day_periods(), st.lists(DAYS, max_size=6))
    def test_split_leaves_no_gap_and_no_overlap(self, period, cuts):
        parts = period.split(cuts)

        assert (parts[0].start, parts[-1].end) == (period.start, period.end)
        assert all(earlier.end == later.start for earlier, later in pairwise(parts))
        assert sum(days_in(part) for part in parts) == days_in(period)

    def test_compares_moments_by_what_passes_and_not_by_the_clocks(self):
        # 02:30 summer time comes before 02:10 winter time in the night of the clock change
        summer = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=0)
        winter = datetime(2026, 10, 25, 2, 10, tzinfo=AMSTERDAM, fold=1)

        assert Period(summer, winter).end - Period(summer, winter).start == timedelta(minutes=40)

    @pytest.mark.parametrize(
        ("start", "end", "why"),
        [
            (date(2026, 1, 2), date(2026, 1, 2), "ends after it starts"),
            (NOON.replace(tzinfo=None), NOON.replace(tzinfo=None), "time zone"),
            (date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC), "two days or between two moments"),
        ],
    )
    def test_refuses_what_is_no_period(self, start, end, why):
        with pytest.raises(ValueError, match=why):
            Period(start, end)


class TestDays:
    def test_a_day_ends_at_midnight_on_local_clocks(self):
        assert end_of_day(date(2026, 9, 30)) == datetime(2026, 9, 30, 22, tzinfo=UTC)
        assert end_of_day(date(2026, 12, 31)) == datetime(2026, 12, 31, 23, tzinfo=UTC)

    def test_a_day_has_the_hours_that_the_clock_change_leaves_it(self):
        def hours(day: date) -> float:
            return (end_of_day(day) - start_of_day(day)) / timedelta(hours=1)

        assert [hours(date(2026, 3, 29)), hours(date(2026, 10, 25)), hours(date(2026, 6, 1))] == [23, 25, 24]

    def test_a_moment_belongs_to_the_day_the_clocks_show(self):
        late_in_june = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)

        assert local_day(late_in_june) == date(2026, 7, 1)
        assert local(late_in_june).hour == 0
        assert local_day(late_in_june.astimezone(timezone(timedelta(hours=-5)))) == date(2026, 7, 1)

    @given(moment_periods())
    def test_splitting_at_days_keeps_every_minute_in_its_own_day(self, period):
        parts = split_at_days(period)

        assert (parts[0].start, parts[-1].end) == (period.start, period.end)
        for part in parts:
            assert local_day(part.start) == local_day(part.end - timedelta(microseconds=1))
        assert len({local_day(part.start) for part in parts}) == len(parts)

    def test_moments_of_a_month_with_a_clock_change(self):
        october = moments(month_of(date(2026, 10, 9)))

        assert october == Period(
            datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
        )


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [
            (date(2026, 1, 15), 1, date(2026, 2, 15)),
            (date(2025, 8, 31), 6, date(2026, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
            (date(2026, 3, 31), -1, date(2026, 2, 28)),
            (date(2026, 12, 1), 1, date(2027, 1, 1)),
        ],
    )
    def test_adding_months_keeps_the_day_number_or_takes_the_last(self, day, months, then):
        assert add_months(day, months) == then

    def test_month_of_december_ends_in_the_next_year(self):
        assert month_of(date(2026, 12, 31)) == Period(date(2026, 12, 1), date(2027, 1, 1))

    @given(day_periods())
    def test_splitting_at_months_leaves_no_day_out(self, period):
        parts = split_at_months(period)

        assert [day for part in parts for day in each_day(part)] == list(each_day(period))
        assert all(month_of(part.start) == month_of(part.end - timedelta(days=1)) for part in parts)
        assert len({month_of(part.start) for part in parts}) == len(parts)
