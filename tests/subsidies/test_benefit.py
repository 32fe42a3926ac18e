from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.dated import NothingInForce
from kernel.periods import add_months
from lawbook.benefits import FIRST_MONTHS, NORM_SINGLE_CENTS
from subsidies.benefit import Situation, effect, exempt_cents, exemption_in

JANUARY = date(2026, 1, 1)
FORTY = Situation(birth_on=date(1986, 1, 1), started_on=date(2025, 7, 1), wage_subsidy=True)


def exempt(net_cents: int, number: int, situation: Situation = FORTY) -> int:
    """Return what is exempt in the so-manieth month of working, March 2026."""
    month = date(2026, 3, 1)
    return exempt_cents(
        net_cents, exemption_in(month, replace(situation, started_on=add_months(month, 1 - number)))
    )


class TestExemption:
    @pytest.mark.parametrize(
        ("net", "first_months", "later_months"), [(1_300_00, 285_00, 180_19), (700_00, 175_00, 105_00)]
    )
    def test_t12_a_quarter_for_six_months_then_fifteen_per_cent_in_a_subsidised_job(
        self, net, first_months, later_months
    ):
        assert [exempt(net, number) for number in (1, 6, 7, 18, 19)] == [
            first_months,
            first_months,
            later_months,
            later_months,
            0,
        ]

    def test_t12_at_25_the_first_term_is_not_open_and_the_later_one_starts_at_once(self):
        young = Situation(birth_on=date(2001, 1, 1), started_on=JANUARY, wage_subsidy=True)

        assert [exempt(1_300_00, number, young) for number in (1, 12, 13)] == [180_19, 180_19, 0]

    def test_without_subsidy_nothing_follows_the_first_months(self):
        assert [exempt(700_00, number, replace(FORTY, wage_subsidy=False)) for number in (6, 7)] == [
            175_00,
            0,
        ]

    def test_a_single_parent_has_thirty_months_after_the_first(self):
        parent = replace(FORTY, wage_subsidy=False, single_parent=True)
        assert [exempt(700_00, number, parent) for number in (7, 36, 37)] == [87_50, 87_50, 0]

    def test_medically_limited_has_no_end(self):
        assert exempt(700_00, 60, replace(FORTY, medically_limited=True)) == 105_00

    def test_from_2027_everyone_has_fifteen_per_cent_without_cap_for_a_year(self):
        young = Situation(birth_on=date(2001, 1, 1), started_on=date(2027, 1, 1))

        assert exempt_cents(2_000_00, exemption_in(date(2027, 12, 1), young)) == 300_00
        assert exemption_in(date(2028, 1, 1), young) is None

    def test_a_year_the_lawbook_does_not_know_is_an_error(self):
        with pytest.raises(NothingInForce):
            exemption_in(date(2025, 6, 1), FORTY)


class TestEffect:
    def test_benefit_fills_what_the_counted_wage_leaves(self):
        norm = NORM_SINGLE_CENTS.on(JANUARY)
        found = effect(700_00, norm_cents=norm, exemption=FIRST_MONTHS.on(JANUARY))

        assert found.benefit_cents == norm - 525_00
        assert found.gained_cents == 175_00

    def test_a_wage_above_the_norm_ends_the_benefit(self):
        found = effect(2_000_00, norm_cents=1_401_50, exemption=None)
        assert (found.benefit_cents, found.income_cents) == (0, 2_000_00)

    @given(st.integers(0, 400_000), st.integers(1, 24))
    def test_working_never_leaves_less_than_the_benefit_alone(self, net, number):
        month = date(2026, 3, 1)
        situation = replace(FORTY, started_on=add_months(month, 1 - number))

        found = effect(net, norm_cents=1_401_50, exemption=exemption_in(month, situation))

        assert found.gained_cents >= 0
        assert found.exempt_cents <= net
