from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.dated import NothingInForce
from kernel.money import half_up
from kernel.periods import Period, month_of
from lawbook.subsidies import LKS_COMPENSATION
from subsidies.loonkosten import (
    Segment,
    Terms,
    base_of_new_decision,
    lkv_of_year,
    month_segments,
    no_risk_benefit,
    shares,
)

JANUARY = date(2026, 1, 1)
GROWN_UP = date(1985, 4, 1)


def measured(percent: int | str, *, from_on: date = JANUARY, base_on: date | None = None) -> Terms:
    base = base_on or base_of_new_decision(from_on)
    return Terms("measured", Decimal(percent), 24 * 60, GROWN_UP, base, from_on)


def forfait(*, from_on: date = JANUARY) -> Terms:
    return Terms("forfait", None, 24 * 60, GROWN_UP, base_of_new_decision(from_on), from_on)


def whole(terms: Terms, month: date = date(2026, 3, 1)) -> Segment:
    [segment] = month_segments([terms], month)
    return segment


def totals(decisions: list[Terms], month: date) -> list[int]:
    return [segment.total_cents for segment in month_segments(decisions, month)]


class TestWholeMonth:
    @pytest.mark.parametrize(
        ("percent", "subsidy", "compensation", "total"),
        [
            pytest.param(40, 991_18, 232_93, 1_224_11, id="t06"),
            pytest.param(20, 1_156_38, 271_75, 1_428_13, id="t07-at-the-cap"),
            pytest.param(30, 1_156_38, 271_75, 1_428_13, id="t07-just-at-the-cap"),
            pytest.param(85, 247_80, 58_23, 306_03, id="t09"),
            pytest.param(100, 0, 0, 0, id="t09-nothing-left"),
        ],
    )
    def test_t06_t07_t09_measured_wage_value(self, percent, subsidy, compensation, total):
        segment = whole(measured(percent))
        assert (segment.subsidy_cents, segment.compensation_cents, segment.total_cents) == (
            subsidy,
            compensation,
            total,
        )

    def test_t08_forfait(self):
        segment = whole(forfait())
        assert (segment.subsidy_cents, segment.compensation_cents, segment.total_cents) == (
            825_98,
            194_11,
            1_020_09,
        )

    def test_t10_a_higher_wage_brings_no_more_subsidy(self):
        # The cao wage is nowhere in the terms: the subsidy knows the minimum wage alone
        assert "scale" not in Terms.__dataclass_fields__
        assert whole(measured(40)).total_cents == 1_224_11

    def test_more_hours_than_36_bring_more_up_to_a_full_week(self):
        full = replace(measured(40), week_minutes=36 * 60)
        forty = replace(measured(40), week_minutes=40 * 60)
        sixty = replace(measured(40), week_minutes=60 * 60)

        assert whole(full).subsidy_cents == half_up(Decimal("2477.952") * 60)
        assert whole(forty).subsidy_cents == half_up(Decimal("2477.952") * 60 * 40 / 36)
        assert whole(sixty).total_cents == whole(forty).total_cents

    def test_a_young_worker_counts_with_the_wage_of_that_age_on_the_base_day(self):
        # 19 on 1 January, 20 in March: the year keeps the wage of 19
        young = replace(measured(40), birth_on=date(2006, 3, 10))
        nineteen = half_up(Decimal(2_294_40) * Decimal("0.6")) * Decimal("1.08") * Decimal("0.6") * 24 / 36

        assert whole(young, date(2026, 4, 1)).subsidy_cents == half_up(nineteen)

    def test_names_the_row_it_rests_on(self):
        assert whole(measured(40)).rule.startswith("wages.reference_month_cents 2026-01-01 (base 2026-01-01)")

    @pytest.mark.parametrize(("route", "value"), [("measured", None), ("forfait", Decimal(40))])
    def test_terms_must_fit_their_route(self, route, value):
        with pytest.raises(ValueError, match="wage value"):
            Terms(route, value, 24 * 60, GROWN_UP, JANUARY, JANUARY)


class TestPartsOfAMonth:
    def test_t24_a_start_in_the_middle(self):
        assert totals([measured(40, from_on=date(2026, 3, 16))], date(2026, 3, 1)) == [631_80]

    def test_t24_a_new_wage_value_in_the_middle(self):
        first = replace(measured(40, from_on=date(2026, 3, 16)), until_on=date(2026, 4, 20))
        second = measured(55, from_on=date(2026, 4, 20))

        assert whole(measured(55)).total_cents == 918_08
        assert totals([second, first], date(2026, 4, 1)) == [775_27, 336_63]
        assert sum(totals([first, second], date(2026, 4, 1))) == 1_111_90

    def test_t25_the_forfait_ends_by_itself_after_six_months(self):
        july = date(2026, 7, 1)
        first = forfait(from_on=date(2026, 1, 12))
        second = measured(60, from_on=date(2026, 7, 12))

        assert first.ends_on == date(2026, 7, 12)
        assert totals([first, second], july) == [361_97, 536_27]
        assert sum(totals([first, second], july)) == 898_24
        assert totals([first], date(2026, 8, 1)) == []

    def test_t25_with_the_base_of_january(self):
        july = date(2026, 7, 1)
        second = measured(60, from_on=date(2026, 7, 12), base_on=JANUARY)

        assert sum(totals([forfait(from_on=date(2026, 1, 12)), second], july)) == 888_47

    def test_a_forfait_may_end_sooner(self):
        short = replace(forfait(), until_on=date(2026, 3, 1))
        assert totals([short], date(2026, 3, 1)) == []

    def test_days_without_contract_bring_nothing(self):
        employed = Period(date(2025, 1, 1), date(2026, 3, 17))
        [segment] = month_segments([measured(40)], date(2026, 3, 1), employed=employed)

        assert segment.days == Period(date(2026, 3, 1), date(2026, 3, 17))
        assert month_segments([measured(40)], date(2026, 4, 1), employed=employed) == []

    def test_two_decisions_on_one_day_are_refused(self):
        with pytest.raises(ValueError, match="same day"):
            month_segments([measured(40), measured(50, from_on=date(2026, 3, 16))], date(2026, 3, 1))

    @given(st.integers(0, 100), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 40))
    def test_a_cut_month_is_within_a_cent_a_part_of_the_whole(self, percent, cut, hours):
        month = month_of(cut)
        terms = replace(measured(percent), week_minutes=hours * 60)
        whole_month = whole(terms, cut).total_cents
        parts = [replace(terms, until_on=cut), replace(terms, from_on=cut)] if cut > month.start else [terms]

        found = month_segments([part for part in parts if part.until_on != part.from_on], cut)

        assert abs(sum(segment.total_cents for segment in found) - whole_month) <= 1
        assert found[0].days.start == month.start
        assert found[-1].days.end == month.end

    @given(st.integers(0, 10_000), st.integers(1, 40))
    def test_subsidy_falls_as_the_wage_value_rises_and_stays_under_the_cap(self, hundredths, hours):
        value = Decimal(hundredths) / 100
        lower = whole(replace(measured("0"), wage_value=value, week_minutes=hours * 60))
        higher = whole(
            replace(measured("0"), wage_value=min(value + 1, Decimal(100)), week_minutes=hours * 60)
        )
        cap = Decimal("2477.952") * 70 * hours / 36

        assert 0 <= higher.total_cents <= lower.total_cents
        assert lower.subsidy_cents <= half_up(cap)
        exact = lower.subsidy_cents * LKS_COMPENSATION.on(JANUARY)
        assert abs(lower.compensation_cents - exact) <= Decimal("1.2")


class TestTheFirstOfJuly:
    def test_t26_a_running_decision_does_not_follow_the_minimum_wage(self):
        running = measured(40)
        assert totals([running], date(2026, 6, 1)) == totals([running], date(2026, 7, 1)) == [1_224_11]

    def test_t26_a_decision_from_july_starts_with_the_wage_of_july(self):
        assert totals([measured(40, from_on=date(2026, 7, 1))], date(2026, 7, 1)) == [1_246_84]

    def test_t26_january_without_a_row_is_an_error(self):
        with pytest.raises(NothingInForce, match="no reference monthly wage in force on 2027-01-01"):
            month_segments([measured(40)], date(2027, 1, 1))

    def test_a_decision_of_july_takes_the_wage_of_january_next_year(self):
        older = measured(40, from_on=date(2025, 7, 1))

        assert whole(older, date(2025, 12, 1)).base_on == date(2025, 7, 1)
        assert whole(older, date(2026, 1, 1)).base_on == JANUARY
        assert whole(older, date(2026, 8, 1)).total_cents == 1_224_11


class TestEveryMonthSinceJanuary2024:
    # Wage value 40%, 24 hours, running since January 2024. By hand: month x 1.08 x 0.60 x 24/36 x 1.235.
    BY_YEAR = {2024: 1_104_07, 2025: 1_169_37, 2026: 1_224_11}

    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    @pytest.mark.parametrize("month", range(1, 13))
    def test_gives_the_same_figure_again(self, year, month):
        running = measured(40, from_on=date(2024, 1, 1))
        assert totals([running], date(year, month, 1)) == [self.BY_YEAR[year]]


class TestSickness:
    def test_t27_subsidy_runs_on_and_the_benefit_pays_the_wage_value(self):
        month = date(2026, 3, 1)
        subsidy = whole(measured(60), month)

        assert (subsidy.subsidy_cents, subsidy.compensation_cents, subsidy.total_cents) == (
            660_79,
            155_28,
            816_07,
        )
        assert no_risk_benefit(1_652_23, Decimal(60), month) == 991_34

    def test_the_second_year_pays_seventy_per_cent(self):
        assert no_risk_benefit(1_000_00, Decimal(60), JANUARY, second_year=True) == 420_00


class TestShares:
    @given(st.integers(0, 200_000), st.lists(st.integers(1, 480), min_size=1, max_size=40))
    def test_shares_of_an_hour_add_up_to_the_line(self, cents, minutes):
        found = shares(cents, minutes)

        assert sum(found) == cents
        assert all(share >= 0 for share in found)

    def test_go_by_paid_minutes(self):
        assert shares(1_224_11, [60, 120, 180]) == [204_02, 408_04, 612_05]


class TestLkv:
    @pytest.mark.parametrize(
        ("hours", "groups", "cents"),
        [
            (1_248, ["jobs_agreement"], 1_260_48),
            (1_981, ["jobs_agreement"], 2_000_00),
            (1_664, ["disabled"], 5_075_20),
            (2_080, ["disabled"], 6_000_00),
            (1_664, ["disabled", "jobs_agreement"], 5_075_20),
            (1_664, [], 0),
        ],
    )
    def test_t11_highest_group_up_to_its_cap(self, hours, groups, cents):
        assert lkv_of_year(hours * 60, groups, date(2026, 12, 31)) == cents

    def test_a_year_the_lawbook_does_not_know_is_an_error(self):
        with pytest.raises(NothingInForce):
            lkv_of_year(60, ["disabled"], JANUARY - timedelta(days=1))
