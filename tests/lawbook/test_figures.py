from datetime import date
from decimal import Decimal

import pytest

from kernel.dated import NothingInForce
from kernel.money import vat_inside
from lawbook import cheques, premiums, vat, wages
from lawbook.working_time import break_due

H1_2026, H2_2026 = date(2026, 3, 1), date(2026, 8, 1)


class TestMinimumWage:
    def test_each_half_year_has_its_own(self):
        starts = [date(year, month, 1) for year in (2024, 2025, 2026) for month in (1, 7)]
        assert [wages.minimum_wage_cents(21, day) for day in starts] == [1327, 1368, 1406, 1440, 1471, 1499]

    @pytest.mark.parametrize(
        ("day", "by_age"),
        [
            (H1_2026, {20: 11_77, 19: 8_83, 18: 7_36, 17: 5_81, 16: 5_07, 15: 4_41}),
            (H2_2026, {20: 11_99, 19: 8_99, 18: 7_50, 17: 5_92, 16: 5_17, 15: 4_50}),
        ],
    )
    def test_young_workers_have_their_share_rounded_to_the_cent(self, day, by_age):
        assert {age: wages.minimum_wage_cents(age, day) for age in by_age} == by_age

    def test_nobody_under_fifteen_has_one(self):
        with pytest.raises(NothingInForce, match="someone of 14 years"):
            wages.minimum_wage_cents(14, H1_2026)

    def test_2027_is_an_error_until_somebody_enters_it(self):
        with pytest.raises(NothingInForce, match="no minimum wage per hour in force on 2027-01-01"):
            wages.minimum_wage_cents(30, date(2027, 1, 1))

    def test_the_cao_scale_ended_without_a_next_one(self):
        scale = wages.SCALES["cleaning-1-1"]

        assert (scale.on(date(2025, 7, 1)), scale.on(date(2026, 1, 1))) == (14_83, 15_52)
        with pytest.raises(NothingInForce):
            scale.on(date(2026, 7, 1))

    def test_hour_is_the_month_over_156_within_a_cent(self):
        for hour, month in zip(wages.MINIMUM_WAGE_CENTS.rows, wages.REFERENCE_MONTH_CENTS.rows, strict=True):
            assert hour.day == month.day
            assert 0 < hour.value - Decimal(month.value) / 156 <= 1


class TestVat:
    def test_t04_cleaning_at_home_and_moving(self):
        day = date(2026, 3, 3)

        assert vat_inside(10_00, vat.rate("cleaning_inside_dwelling", day)) == 83
        assert vat_inside(10_00, vat.rate("moving", day)) == 1_74

    def test_only_the_inside_of_a_dwelling_is_low(self):
        low = [name for name, level in vat.LEVELS.on(H1_2026).items() if level == "low"]
        assert low == ["cleaning_inside_dwelling"]

    def test_a_class_that_is_not_in_the_book_is_no_guess(self):
        with pytest.raises(KeyError):
            vat.rate("haircut", H1_2026)


class TestCheques:
    def test_a_quarter_of_an_hour_is_a_whole_number_of_cents(self):
        assert cheques.PRICE_CENTS.on(H1_2026) == 10_00
        assert cheques.PRICE_CENTS.on(H1_2026) % cheques.PRICE_STEP_CENTS.on(H1_2026) == 0


class TestBreaks:
    def test_t15_work_of_five_and_a_half_hours_needs_none_and_a_minute_more_does(self):
        assert [break_due(minutes, H1_2026) for minutes in (330, 331, 600, 601)] == [0, 30, 30, 45]


class TestPremiums:
    def test_each_year_has_its_own(self):
        assert premiums.ZVW.on(date(2025, 12, 31)) == Decimal("0.0651")
        assert premiums.ZVW.on(date(2026, 1, 1)) == Decimal("0.0610")
        with pytest.raises(NothingInForce):
            premiums.ZVW.on(date(2023, 12, 31))
