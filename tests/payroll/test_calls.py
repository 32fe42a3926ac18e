from collections.abc import Sequence
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.minutes import HOUR, moment
from kernel.periods import Period, moments, month_of
from payroll.calls import Cancelled, extra_work, is_late
from payroll.payslip import Kind, Work, gross_cents, rate_on, wage_lines

TUESDAY = date(2026, 9, 15)


def at(hour: float, day: date = TUESDAY) -> datetime:
    return moment(day, int(hour * HOUR))


def visit(start: float, end: float, key: str = "visit", day: date = TUESDAY) -> Work:
    return Work.between(key, Kind.VISIT, at(start, day), at(end, day))


def cancelled(start: float, end: float, *, days_before: int, key: str = "cancelled") -> Cancelled:
    told = moment(TUESDAY - timedelta(days=days_before), 10 * HOUR)
    return Cancelled(key, Period(at(start), at(end)), told)


def pay(works: Sequence[Work], calls: Sequence[Cancelled] = ()) -> int:
    everything = [*works, *extra_work(works, calls)]
    return gross_cents(
        wage_lines(
            everything, days=month_of(TUESDAY), rate=lambda day: rate_on(day, birth_on=date(1985, 4, 1))
        )
    )


class TestCallMinimum:
    def test_t16_an_hour_pays_three(self):
        assert pay([visit(9, 10)]) == 44_97

    def test_t30_two_calls_of_a_day_pay_three_hours_each(self):
        assert pay([visit(9, 10), visit(15, 16.5)]) == 89_94

    def test_visits_with_travel_between_are_one_call(self):
        works = [visit(9, 10, "a"), Work("b", Kind.TRAVEL, at(10), 15), visit(10.5, 12, "c")]

        [top_up] = extra_work(works)

        assert (top_up.key, top_up.kind, top_up.minutes) == ("a", Kind.TOP_UP, 180 - 165)

    def test_three_hours_need_nothing(self):
        assert extra_work([visit(9, 12)]) == []

    def test_a_late_top_up_stays_in_the_month_of_its_call(self):
        last_evening = visit(23, 23.5, day=date(2026, 6, 30))
        everything = [last_evening, *extra_work([last_evening])]

        june = wage_lines(
            everything,
            days=month_of(date(2026, 6, 1)),
            rate=lambda day: rate_on(day, birth_on=date(1985, 4, 1)),
        )

        assert [(line.kind, line.minutes) for line in june] == [(Kind.VISIT, 30), (Kind.TOP_UP, 150)]
        assert gross_cents(june) == 3 * 14_71


class TestLateCancellation:
    def test_t17_three_days_before_is_paid(self):
        assert pay([], [cancelled(9, 13, days_before=3)]) == 59_96

    def test_t17_at_the_same_time_four_dates_earlier_is_not(self):
        four_dates_earlier = moment(TUESDAY - timedelta(days=4), 9 * HOUR)
        planned = Period(at(9), at(13))

        assert not is_late(Cancelled("a", planned, four_dates_earlier))
        assert is_late(Cancelled("a", planned, four_dates_earlier + timedelta(minutes=1)))
        assert pay([], [Cancelled("a", planned, four_dates_earlier)]) == 0

    def test_t17_the_clock_counts_across_a_clock_change(self):
        # Clocks go back on Sunday 25 October: from Friday 09:00 to Tuesday 09:00 are 97 hours
        tuesday = date(2026, 10, 27)
        planned = Period(at(9, tuesday), at(13, tuesday))

        assert not is_late(Cancelled("a", planned, moment(date(2026, 10, 23), 9 * HOUR)))
        assert is_late(Cancelled("a", planned, moment(date(2026, 10, 23), 9 * HOUR + 1)))

    def test_t30_moved_by_an_hour_pays_the_old_and_the_new_hours_once(self):
        assert pay([visit(10, 14)], [cancelled(9, 13, days_before=2)]) == 74_95

    def test_t30_a_replacement_takes_nothing_off(self):
        assert pay([visit(14, 17)], [cancelled(9, 13, days_before=2)]) == 104_93
        assert pay([], [cancelled(9, 13, days_before=2)]) == 59_96

    def test_a_short_call_cancelled_late_pays_three_hours(self):
        assert pay([], [cancelled(9, 10, days_before=1)]) == 44_97

    def test_the_same_time_cancelled_twice_is_paid_once(self):
        twice = [cancelled(9, 13, days_before=2, key="a"), cancelled(11, 15, days_before=1, key="b")]

        extra = extra_work([], twice)

        assert [(work.key, work.minutes) for work in extra] == [("a", 240), ("b", 120)]

    @given(
        st.lists(st.tuples(st.integers(0, 90), st.integers(1, 24)), max_size=6),
        st.lists(st.tuples(st.integers(0, 90), st.integers(1, 24)), max_size=4),
    )
    def test_unworked_time_never_overlaps_and_is_what_was_promised_and_not_worked(self, worked, promised):
        base = moments(Period(TUESDAY, TUESDAY + timedelta(days=1))).start
        quarter = timedelta(minutes=15)
        works = [
            Work(number, Kind.VISIT, base + start * quarter, length * 15)
            for number, (start, length) in enumerate(worked)
        ]
        calls = [
            Cancelled(f"c{number}", Period(base + start * quarter, base + (start + length) * quarter), base)
            for number, (start, length) in enumerate(promised)
        ]

        unworked = [work.period for work in extra_work(works, calls) if work.kind == Kind.UNWORKED]

        def quarters(periods: list[Period[datetime]]) -> set[int]:
            return {
                spot
                for spot in range(120)
                for period in periods
                if period.start <= base + spot * quarter < period.end
            }

        expected = quarters([call.planned for call in calls]) - quarters([work.period for work in works])
        assert quarters(unworked) == expected
        assert sum((period.end - period.start) // quarter for period in unworked) == len(expected)
