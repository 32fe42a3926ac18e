from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from books.what_if import NotAScenario, Scenario, answer, curve

T13 = Scenario(
    day=date(2026, 3, 1), wage_cents=14_71, price_cents=10_00, vat_rate=Decimal("0.09"), utilisation=Decimal(65),
    with_subsidy=Decimal(100), wage_value=Decimal(40),
)  # fmt: skip


def test_t13_a_worker_with_subsidy_is_just_paid():
    found = answer(T13)

    assert (found.paid_minutes, found.sold_minutes) == (104 * 60, 67 * 60 + 36)
    assert (found.cost_cents, found.cover.cheques_net_cents) == (1_935_25, 620_18)
    assert (found.cover.subsidy_cents, found.cover.benefit_of_wage_cents) == (1_224_11, 105_04)
    assert found.cover.percent == Decimal("100.7")


def test_t13_at_the_high_rate_it_is_not():
    assert answer(replace(T13, vat_rate=Decimal("0.21"))).cover.percent == Decimal("97.5")


@pytest.mark.parametrize(("rate", "price"), [("0.09", 31_20), ("0.21", 34_64)])
def test_t13_price_without_subsidy(rate, price):
    found = answer(replace(T13, with_subsidy=Decimal(0), vat_rate=Decimal(rate)))

    assert (found.price_alone_cents, found.price_with_subsidy_cents) == (price, price)
    assert found.cost_per_sold_hour_cents == 28_63


def test_t13_without_subsidy_a_third_is_paid():
    found = answer(replace(T13, with_subsidy=Decimal(0)))

    assert found.cover.percent == found.cover.own_percent == Decimal("32.0")
    assert found.rest_cents == -1_315_07


def test_half_of_the_people_with_subsidy_bring_half_of_it():
    assert answer(replace(T13, with_subsidy=Decimal(50))).cover.subsidy_cents == 612_06  # 612.055


def test_training_and_overhead_come_on_top():
    assert answer(replace(T13, other_cents=3_95)).cost_cents == 1_935_25 + 104 * 3_95


def test_at_its_price_an_hour_is_paid():
    found = answer(T13)
    again = answer(replace(T13, price_cents=found.price_with_subsidy_cents))

    assert abs(again.rest_cents) <= 68  # the price is in whole cents, for 67.6 hours


def test_no_hour_sold_has_no_price():
    assert answer(replace(T13, utilisation=Decimal(0))).price_alone_cents is None


def test_the_curve_rises_and_crosses_where_all_is_paid():
    points = curve(T13)

    assert [point.utilisation for point in points] == list(range(40, 101, 5))
    assert [point.covered for point in points] == sorted(point.covered for point in points)
    assert next(point.utilisation for point in points if point.covered >= 100) == 65


@pytest.mark.parametrize(
    "wrong", [{"utilisation": Decimal(101)}, {"wage_cents": -1}, {"week_minutes": 0}, {"price_cents": 10**9}]
)
def test_refuses_what_cannot_be(wrong):
    with pytest.raises(NotAScenario):
        replace(T13, **wrong)
