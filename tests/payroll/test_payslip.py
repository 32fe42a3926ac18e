from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.dated import NothingInForce
from kernel.minutes import HOUR, elapsed, moment
from kernel.periods import AMSTERDAM, Period, each_day, local_day, moments, month_of
from lawbook import wages
from lawbook.working_time import break_due
from payroll.payslip import Key, Kind, WageLine, Work, age_on, gross_cents, rate_on, wage_lines
from payroll.wage_cost import employer_premiums, holiday_payment, holiday_period, wage_cost

GROWN_UP = date(1985, 4, 1)
H1 = date(2026, 3, 1)


def at(day: date, hour: int) -> datetime:
    return moment(day, hour * HOUR)


def visit(day: date, hour: int, minutes: int, key: Key = "visit") -> Work:
    return Work(key, Kind.VISIT, at(day, hour), minutes)


def paid(
    works: Sequence[Work], days: Period[date], birth_on: date = GROWN_UP, scale: str = ""
) -> list[WageLine]:
    return wage_lines(works, days=days, rate=lambda day: rate_on(day, birth_on=birth_on, scale=scale))


class TestRate:
    def test_is_the_minimum_wage_with_the_row_behind_it(self):
        rate = rate_on(H1, birth_on=GROWN_UP)
        assert (rate.cents, rate.rule) == (14_71, "wages.minimum_wage_cents 2026-01-01")

    def test_is_the_scale_when_that_is_higher(self):
        rate = rate_on(H1, birth_on=GROWN_UP, scale="cleaning-1-1")
        assert (rate.cents, rate.rule) == (15_52, "wages.cleaning-1-1 2026-01-01")

    def test_names_the_share_of_a_young_worker(self):
        rate = rate_on(H1, birth_on=date(2007, 1, 1))
        assert rate.cents == 8_83
        assert rate.rule.endswith("wages.youth_shares 2024-01-01 age 19")

    def test_is_an_error_where_the_lawbook_is_silent(self):
        with pytest.raises(NothingInForce):
            rate_on(date(2027, 1, 1), birth_on=GROWN_UP)
        with pytest.raises(NothingInForce):
            rate_on(date(2026, 7, 1), birth_on=GROWN_UP, scale="cleaning-1-1")
        with pytest.raises(NothingInForce, match="no scale"):
            rate_on(H1, birth_on=GROWN_UP, scale="astronaut")

    @pytest.mark.parametrize(
        ("birth_on", "day", "age"),
        [
            (date(2005, 6, 15), date(2026, 6, 14), 20),
            (date(2005, 6, 15), date(2026, 6, 15), 21),
            (date(2004, 2, 29), date(2025, 2, 28), 20),
            (date(2004, 2, 29), date(2025, 3, 1), 21),
        ],
    )
    def test_age_changes_on_the_birthday(self, birth_on, day, age):
        assert age_on(birth_on, day) == age


class TestWageLines:
    def test_t28_minimum_wage_rises_inside_the_period(self):
        # Given eight hours on Monday, Wednesday and Friday for four weeks
        four_weeks = Period(date(2026, 6, 15), date(2026, 7, 13))
        works = [visit(day, 9, 480, str(day)) for day in each_day(four_weeks) if day.weekday() in (0, 2, 4)]

        lines = paid(works, four_weeks)

        assert [(line.minutes, line.rate_cents) for line in lines] == [(56 * 60, 14_71), (40 * 60, 14_99)]
        assert [(line.days.start, line.days.end) for line in lines] == [
            (date(2026, 6, 15), date(2026, 7, 1)),
            (date(2026, 7, 1), date(2026, 7, 13)),
        ]
        assert gross_cents(lines) == 1_423_36

    def test_t28_midnight_splits_a_visit(self):
        lines = paid([visit(date(2026, 6, 30), 22, 240)], Period(date(2026, 6, 1), date(2026, 8, 1)))

        assert [(line.minutes, line.rate_cents) for line in lines] == [(120, 14_71), (120, 14_99)]
        assert gross_cents(lines) == 59_40

    def test_each_month_pays_its_own_side_of_midnight(self):
        night = [visit(date(2026, 6, 30), 22, 240)]

        june, july = (paid(night, month_of(day)) for day in (date(2026, 6, 1), date(2026, 7, 1)))

        assert [line.cents for line in june + july] == [29_42, 29_98]

    def test_a_birthday_raises_the_wage_from_midnight(self):
        # Given a worker who turns 21 on the tenth, and works 20:00-04:00 into that day
        lines = paid(
            [visit(date(2026, 3, 9), 20, 480), visit(date(2026, 3, 12), 9, 60)],
            month_of(H1),
            birth_on=date(2005, 3, 10),
        )

        assert [(line.minutes, line.rate_cents) for line in lines] == [(240, 11_77), (300, 14_71)]
        assert lines[1].days.start == date(2026, 3, 10)

    def test_the_stretch_starts_on_the_day_of_the_rise_also_when_nobody_worked(self):
        lines = paid(
            [visit(date(2026, 6, 25), 9, 60), visit(date(2026, 7, 6), 9, 60)],
            Period(date(2026, 6, 20), date(2026, 7, 20)),
        )
        assert [line.days.start for line in lines] == [date(2026, 6, 20), date(2026, 7, 1)]

    def test_t31_the_doubled_hour_is_paid_and_the_break_is_not(self):
        start = datetime(2026, 10, 24, 20, tzinfo=AMSTERDAM)
        end = datetime(2026, 10, 25, 4, tzinfo=AMSTERDAM)
        rest = break_due(elapsed(start, end) - 30, start.date())

        work = Work.between("night", Kind.VISIT, start, end, break_minutes=rest)
        lines = paid([work], month_of(date(2026, 10, 1)))

        assert elapsed(start, end) == 9 * 60
        assert [(line.minutes, line.cents) for line in lines] == [(510, 127_42)]  # 8.5 h x 14.99 = 127.415

    def test_visits_and_travel_have_lines_of_their_own(self):
        day = date(2026, 3, 2)
        works = [
            visit(day, 9, 120, "a"),
            Work("b", Kind.TRAVEL, at(day, 11), 10),
            visit(day, 12, 90, "c"),
        ]

        lines = paid(works, month_of(day))

        assert [(line.kind, line.minutes, line.cents) for line in lines] == [
            (Kind.VISIT, 210, 51_49),  # 51.485
            (Kind.TRAVEL, 10, 2_45),  # 2.4517
        ]
        assert [(piece.key, piece.minutes, piece.cents) for piece in lines[0].pieces] == [
            ("a", 120, 29_42),
            ("c", 90, 22_07),
        ]

    def test_rounds_once_per_rate_and_not_per_visit(self):
        day = date(2026, 3, 2)
        works = [visit(day, 8 + hour, 15, str(hour)) for hour in range(4)]  # 3.6775 each: rounded alone 14.72

        [line] = paid(works, month_of(day))

        assert line.cents == 14_71
        assert sorted(piece.cents for piece in line.pieces) == [3_67, 3_68, 3_68, 3_68]

    def test_no_work_is_no_line(self):
        assert paid([], month_of(H1)) == []
        assert paid([visit(date(2026, 4, 1), 9, 60)], month_of(H1)) == []

    def test_work_in_a_year_without_minimum_wage_stops(self):
        with pytest.raises(NothingInForce, match="2027-01-04"):
            paid([visit(date(2027, 1, 4), 9, 60)], month_of(date(2027, 1, 1)))

    @pytest.mark.parametrize("minutes", [0, -15])
    def test_work_has_minutes(self, minutes):
        with pytest.raises(ValueError, match="minutes"):
            visit(H1, 9, minutes)

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 59 * 1440), st.integers(1, 900), st.sampled_from([Kind.VISIT, Kind.TRAVEL])
            ),
            min_size=1,
            max_size=25,
        ),
        st.dates(date(2003, 1, 1), date(2008, 1, 1)),
    )
    def test_every_minute_inside_is_in_one_line_and_pieces_add_up(self, drawn, birth_on):
        days = Period(date(2026, 6, 1), date(2026, 8, 1))
        begin = moments(days).start
        works = [
            Work(number, kind, begin + timedelta(minutes=offset), minutes)
            for number, (offset, minutes, kind) in enumerate(drawn)
        ]

        lines = paid(works, days, birth_on=birth_on)

        inside = [part for work in works if (part := work.period.intersect(moments(days)))]
        assert sum(line.minutes for line in lines) == sum(elapsed(part.start, part.end) for part in inside)
        for line in lines:
            assert abs(line.cents * HOUR - line.minutes * line.rate_cents) < 2 * HOUR
            assert sum(piece.minutes for piece in line.pieces) == line.minutes
            assert sum(piece.cents for piece in line.pieces) == line.cents
        assert len({(line.kind, line.rate_cents, line.days.start) for line in lines}) == len(lines)
        minutes = [work.start + timedelta(minutes=passed) for work in works for passed in range(work.minutes)]
        by_minute = sum(
            rate_on(day, birth_on=birth_on).cents for day in map(local_day, minutes) if day in days
        )
        rates = len({line.rate_cents for line in lines})
        assert 2 * abs(gross_cents(lines) * HOUR - by_minute) <= rates * HOUR


class TestEveryMonthSinceJanuary2024:
    # 104 hours a month: 24 x 52 / 12. Typed by hand from the published wages; a later row must not move them.
    BY_HALF_YEAR = {
        (2024, 1): (1_380_08, 827_84),
        (2024, 7): (1_422_72, 853_84),
        (2025, 1): (1_462_24, 877_76),
        (2025, 7): (1_497_60, 898_56),
        (2026, 1): (1_529_84, 918_32),
        (2026, 7): (1_558_96, 934_96),
    }

    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    @pytest.mark.parametrize("month", range(1, 13))
    def test_gives_the_same_figure_again(self, year, month):
        first = date(year, month, 1)
        works = [visit(first + timedelta(days=day), 9, 480, day) for day in range(13)]
        nineteen = date(year - 19, 1, 1)

        grown_up = gross_cents(paid(works, month_of(first)))
        young = gross_cents(paid(works, month_of(first), birth_on=nineteen))

        assert (grown_up, young) == self.BY_HALF_YEAR[year, 1 if month < 7 else 7]


class TestWageCost:
    GROSS = 1_529_84  # 104 x 14.71

    def test_t10_low_premium_for_a_permanent_contract(self):
        cost = wage_cost(self.GROSS, day=H1, permanent=True, on_call=False)
        over = cost.premiums

        assert cost.gross_cents == 104 * wages.minimum_wage_cents(21, H1)
        assert cost.holiday_cents == 122_39
        assert [over.awf_cents, over.aof_cents, over.wko_cents, over.whk_cents, over.zvw_cents] == [
            45_27, 103_59, 8_26, 25_11, 100_79,
        ]  # fmt: skip
        assert (over.total_cents, cost.total_cents) == (283_02, 1_935_25)

    @pytest.mark.parametrize(("permanent", "on_call"), [(True, True), (False, False), (False, True)])
    def test_t10_high_premium_for_every_other_contract(self, permanent, on_call):
        cost = wage_cost(self.GROSS, day=H1, permanent=permanent, on_call=on_call)
        assert (cost.premiums.awf_cents, cost.total_cents) == (127_88, 2_017_86)

    def test_t10_the_cao_costs_more_than_the_subsidy_counts(self):
        rate = rate_on(H1, birth_on=GROWN_UP, scale="cleaning-1-1")
        cost = wage_cost(104 * rate.cents, day=H1, permanent=True, on_call=False)

        assert cost.total_cents == 2_041_83
        assert cost.total_cents - 1_935_25 == 106_58

    def test_no_premium_above_the_yearly_maximum(self):
        near = employer_premiums(1_000_00, day=H1, permanent=True, on_call=False, earlier_cents=79_309_00)
        past = employer_premiums(1_000_00, day=H1, permanent=True, on_call=False, earlier_cents=80_000_00)

        assert near.awf_cents == 2_74
        assert past.total_cents == 0

    def test_a_larger_employer_pays_more(self):
        assert employer_premiums(
            1_652_23, day=H1, permanent=True, on_call=False, small_employer=False
        ).aof_cents == (round(Decimal(165223) * Decimal("0.0763")))

    def test_a_year_without_premiums_is_an_error(self):
        with pytest.raises(NothingInForce):
            employer_premiums(1_000_00, day=date(2027, 1, 1), permanent=True, on_call=False)


class TestHolidayAllowance:
    def test_t29_may_pays_since_the_start(self):
        days = holiday_period(date(2026, 5, 1), started_on=date(2026, 3, 1))
        paid_out = holiday_payment({date(2026, month, 1): 1_529_84 for month in (3, 4, 5)})

        assert days == Period(date(2026, 3, 1), date(2026, 6, 1))
        assert (paid_out.cents, paid_out.reserved_cents, paid_out.rounding_cents) == (367_16, 367_17, -1)

    def test_t29_leaving_pays_the_rest(self):
        days = holiday_period(date(2026, 8, 1), started_on=date(2026, 3, 1), until_on=date(2026, 9, 1))
        paid_out = holiday_payment({date(2026, month, 1): 1_558_96 for month in (6, 7, 8)})

        assert days == Period(date(2026, 6, 1), date(2026, 9, 1))
        assert (paid_out.cents, paid_out.reserved_cents) == (374_15, 374_16)

    def test_other_months_pay_none(self):
        for month in (1, 4, 6, 12):
            assert holiday_period(date(2026, month, 1), started_on=date(2024, 3, 1)) is None

    @given(st.dates(date(2024, 1, 1), date(2026, 1, 1)), st.integers(1, 900))
    def test_every_day_of_a_contract_is_paid_in_one_month(self, started, length):
        until = started + timedelta(days=length)
        days_paid = []
        month = month_of(started)
        while month.start < until:
            period = holiday_period(month.start, started_on=started, until_on=until)
            days_paid += list(each_day(period)) if period else []
            month = month_of(month.end)

        assert days_paid == list(each_day(Period(started, until)))


class TestWork:
    def test_seconds_of_the_start_are_left_out(self):
        start = datetime(2026, 6, 30, 20, 0, 40, tzinfo=UTC)
        lines = paid([Work("a", Kind.VISIT, start, 240)], Period(date(2026, 6, 1), date(2026, 8, 1)))

        assert sum(line.minutes for line in lines) == 240
