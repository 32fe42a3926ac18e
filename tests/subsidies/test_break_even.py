from datetime import date
from decimal import Decimal

import pytest

from kernel.money import half_up, vat_inside
from payroll.wage_cost import wage_cost
from subsidies.break_even import Cover, break_even_cents, cost_of_sold_hour
from subsidies.loonkosten import Terms, lkv_of_year, month_segments

H1 = date(2026, 3, 1)
SOLD_MINUTES = 4056  # 65% of 104 hours: 67.6
CHEQUES = 676_00


def net(rate: str) -> int:
    return CHEQUES - vat_inside(CHEQUES, Decimal(rate))


class TestCover:
    COST = wage_cost(1_529_84, day=H1, permanent=True, on_call=False).total_cents
    TERMS = Terms("measured", Decimal(40), 24 * 60, date(1985, 4, 1), date(2026, 1, 1), date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("rate", "cheques", "percent"), [("0.09", 620_18, "100.7"), ("0.21", 558_68, "97.5")]
    )
    def test_t13_cheques_and_subsidies_beside_the_wage_cost(self, rate, cheques, percent):
        [segment] = month_segments([self.TERMS], H1)
        benefit = lkv_of_year(104 * 60, ["jobs_agreement"], H1)

        cover = Cover(self.COST, net(rate), segment.total_cents, benefit)

        assert (cover.cheques_net_cents, cover.subsidy_cents, cover.benefit_of_wage_cents) == (
            cheques,
            1_224_11,
            105_04,
        )
        assert cover.percent == Decimal(percent)

    def test_t13_income_at_nine_per_cent(self):
        assert Cover(self.COST, net("0.09"), 1_224_11, 105_04).income_cents == 1_949_33

    def test_t13_without_subsidy_a_third_is_paid(self):
        cover = Cover(self.COST, net("0.09"))

        assert (half_up(cover.own_percent), cover.gap_cents) == (32, 1_315_07)
        assert cover.own_percent == cover.percent == Decimal("32.0")


class TestBreakEven:
    def test_t13_price_of_a_sold_hour(self):
        cost = 1_935_25

        assert half_up(cost_of_sold_hour(cost, SOLD_MINUTES)) == 28_63
        assert break_even_cents(cost, SOLD_MINUTES, vat_rate=Decimal("0.09")) == 31_20
        assert break_even_cents(cost, SOLD_MINUTES, vat_rate=Decimal("0.21")) == 34_64

    def test_no_hour_sold_has_no_price(self):
        with pytest.raises(ZeroDivisionError):
            cost_of_sold_hour(1_935_25, 0)
