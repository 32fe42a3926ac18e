from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import (
    half_up,
    percentage,
    split_largest_remainder,
    split_last,
    vat_inside,
    vat_on_top,
)

WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any)
CENTS = st.integers(-10_000_000, 10_000_000)


class TestHalfUp:
    @pytest.mark.parametrize(
        ("amount", "cents"),
        [
            (Decimal("374.49"), 374),
            (Decimal("374.5"), 375),
            (Decimal("375.5"), 376),
            (Decimal("-374.5"), -375),
            (Fraction(1, 3), 0),
            (7, 7),
        ],
    )
    def test_rounds_halves_away_from_zero(self, amount, cents):
        assert half_up(amount) == cents

    @given(st.decimals(-1_000_000, 1_000_000, places=6))
    def test_is_never_more_than_half_a_cent_away_and_mirrors(self, amount):
        assert abs(half_up(amount) - amount) <= Decimal("0.5")
        assert half_up(-amount) == -half_up(amount)


class TestVat:
    def test_t04_splits_ten_euros(self):
        assert vat_inside(10_00, Decimal("0.09")) == 83
        assert vat_inside(10_00, Decimal("0.21")) == 1_74

    def test_t04_rounds_once_on_the_total_of_a_period(self):
        assert vat_inside(6 * 10_00, Decimal("0.09")) == 4_95
        assert vat_inside(4 * 10_00, Decimal("0.21")) == 6_94

    def test_t05_reverse_charge_adds_nothing(self):
        assert vat_on_top(500 * 25_00, Decimal(0)) == 0

    def test_t20_adds_vat_to_an_amount_without(self):
        assert 10_000_00 + vat_on_top(10_000_00, Decimal("0.21")) == 12_100_00

    def test_t22_mixed_lots(self):
        gross = 3 * 10_00 + 3 * 10_40
        assert (gross, vat_inside(gross, Decimal("0.21"))) == (61_20, 10_62)

    def test_t23_invoice_with_two_rates_rounds_per_rate_on_the_total(self):
        cleaning = vat_inside(3 * 10_00, Decimal("0.09"))
        moving = vat_inside(2 * 10_00, Decimal("0.21"))

        assert (cleaning, moving) == (2_48, 3_47)
        assert 50_00 - cleaning - moving == 44_05

    def test_t32_last_credit_note_takes_the_remainder(self):
        invoiced = vat_inside(100_00, Decimal("0.09"))
        first = vat_inside(40_00, Decimal("0.09"))

        assert (invoiced, first, invoiced - first) == (8_26, 3_30, 4_96)
        assert vat_inside(60_00, Decimal("0.09")) == 4_95  # rounding the last note by itself loses a cent


class TestPercentage:
    def test_is_shown_half_up_to_a_tenth(self):
        assert percentage(Decimal("1949.33"), Decimal("1935.25")) == Decimal("100.7")
        assert percentage(1, 2000) == Decimal("0.1")


class TestSplitLargestRemainder:
    def test_gives_what_is_left_to_the_largest_remainders(self):
        assert split_largest_remainder(100, [1, 1, 1]) == [34, 33, 33]
        assert split_largest_remainder(100, [2, 3, 1]) == [33, 50, 17]
        assert split_largest_remainder(-100, [1, 1, 1]) == [-34, -33, -33]

    @given(CENTS, WEIGHTS)
    def test_adds_up_and_stays_within_a_cent_of_the_exact_share(self, total, weights):
        parts = split_largest_remainder(total, weights)

        assert sum(parts) == total
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(total * weight, sum(weights))) < 1
            assert weight or part == 0

    @given(CENTS, WEIGHTS)
    def test_gives_the_same_answer_again(self, total, weights):
        assert split_largest_remainder(total, weights) == split_largest_remainder(total, weights)

    @pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
    def test_refuses_weights_that_share_nothing(self, weights):
        with pytest.raises(ValueError, match="weights"):
            split_largest_remainder(100, weights)


class TestSplitLast:
    def test_t32_rest_goes_to_the_last_part(self):
        # G-account 25%, the rest free
        total = 1_234_56 + 259_26
        assert split_last(total, [Decimal("0.25"), Decimal("0.75")]) == [373_46, 1_120_36]

    @given(CENTS, WEIGHTS)
    def test_adds_up_and_only_the_last_part_carries_rounding(self, total, weights):
        parts = split_last(total, weights)

        assert sum(parts) == total
        for part, weight in list(zip(parts, weights, strict=True))[:-1]:
            assert part == half_up(Fraction(total * weight, sum(weights)))
