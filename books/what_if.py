"""What if: the month of one worker with another wage, price, utilisation, or share with wage subsidy. Plain arithmetic."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kernel.errors import Refused
from kernel.minutes import HOUR
from kernel.money import half_up, percentage, vat_inside
from payroll.wage_cost import wage_cost
from subsidies.break_even import Cover, break_even_cents, cost_of_sold_hour
from subsidies.loonkosten import Terms, lkv_of_year, month_segments

WEEKS, MONTHS = 52, 12
MOST_WAGE, MOST_PRICE, MOST_COSTS = 100_00, 200_00, 100_00
A_GROWN_UP = date(1985, 1, 1)  # full minimum wage in every year of the lawbook
UTILISATIONS = range(40, 101, 5)


class NotAScenario(Refused):
    """A figure is outside what can be computed."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """The questions. Amounts in cents per hour (the price with VAT), shares in percent, hours a week in minutes.

    :raises NotAScenario: a figure is negative, or above what makes sense.
    """

    day: date
    wage_cents: int
    price_cents: int
    vat_rate: Decimal
    utilisation: Decimal
    with_subsidy: Decimal
    wage_value: Decimal
    week_minutes: int = 24 * HOUR
    other_cents: int = 0  # training and overhead per paid hour
    permanent: bool = True

    def __post_init__(self) -> None:
        shares = (self.utilisation, self.with_subsidy, self.wage_value)
        if not all(0 <= share <= 100 for share in shares):
            raise NotAScenario("A share is between 0 and 100 percent.")
        limits = (
            (self.wage_cents, MOST_WAGE), (self.price_cents, MOST_PRICE), (self.other_cents, MOST_COSTS),
            (self.week_minutes, 60 * HOUR),
        )  # fmt: skip
        if not all(0 <= value <= most for value, most in limits) or not self.week_minutes:
            raise NotAScenario("A wage, a price or a working week is outside what can be computed.")


@dataclass(frozen=True, slots=True)
class Answer:
    """A month of one worker: what it costs, who pays, and the prices at which it is paid."""

    paid_minutes: int
    sold_minutes: int
    wage_cents: int
    other_cents: int
    cover: Cover
    price_alone_cents: int | None
    price_with_subsidy_cents: int | None
    cost_per_sold_hour_cents: int | None

    @property
    def cost_cents(self) -> int:
        return self.cover.cost_cents

    @property
    def rest_cents(self) -> int:
        """What is left in a month; below zero, what is short."""
        return self.cover.income_cents - self.cover.cost_cents


def answer(scenario: Scenario) -> Answer:
    """Return the month of a scenario.

    :raises NothingInForce: the lawbook has no figures for the day.
    """
    paid = half_up(Fraction(scenario.week_minutes * WEEKS, MONTHS))
    sold = half_up(paid * Fraction(scenario.utilisation) / 100)
    gross = half_up(Fraction(paid * scenario.wage_cents, HOUR))
    wage = wage_cost(gross, day=scenario.day, permanent=scenario.permanent, on_call=not scenario.permanent)
    other = half_up(Fraction(paid * scenario.other_cents, HOUR))
    cheques = half_up(Fraction(sold * scenario.price_cents, HOUR))
    share = Fraction(scenario.with_subsidy) / 100
    subsidy = half_up(_subsidy(scenario) * share)
    benefit = half_up(lkv_of_year(paid, ["jobs_agreement"], scenario.day) * share)
    cost = wage.total_cents + other
    net = cheques - vat_inside(cheques, scenario.vat_rate)
    left = max(0, cost - subsidy - benefit)
    return Answer(
        paid, sold, wage.total_cents, other, Cover(cost, net, subsidy, benefit),
        break_even_cents(cost, sold, vat_rate=scenario.vat_rate) if sold else None,
        break_even_cents(left, sold, vat_rate=scenario.vat_rate) if sold else None,
        half_up(cost_of_sold_hour(cost, sold)) if sold else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """How much of the cost is paid at a utilisation, in percent."""

    utilisation: int
    covered: Decimal
    own: Decimal


def curve(scenario: Scenario) -> list[Point]:
    """Return the coverage from 40 to 100 percent of the hours sold, with and without public money."""
    points = []
    for share in UTILISATIONS:
        cover = answer(replace(scenario, utilisation=Decimal(share))).cover
        if not cover.cost_cents:
            return []
        own = percentage(cover.cheques_net_cents, cover.cost_cents)
        points.append(Point(share, cover.percent, own))
    return points


def _subsidy(scenario: Scenario) -> int:
    january = scenario.day.replace(month=1, day=1)
    terms = Terms(
        "measured",
        scenario.wage_value,
        scenario.week_minutes,
        A_GROWN_UP,
        january,
        scenario.day.replace(day=1),
    )
    return sum(segment.total_cents for segment in month_segments([terms], scenario.day))
