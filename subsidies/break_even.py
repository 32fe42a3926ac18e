"""What an hour must bring in before a worker's wage is paid for. Plain arithmetic, for one worker and month."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kernel.minutes import HOUR
from kernel.money import Exact, half_up, percentage


@dataclass(frozen=True, slots=True)
class Cover:
    """Income beside the wage cost it must carry, in cents."""

    cost_cents: int
    cheques_net_cents: int
    subsidy_cents: int = 0
    benefit_of_wage_cents: int = 0  # LKV, cash of the next year

    @property
    def income_cents(self) -> int:
        return self.cheques_net_cents + self.subsidy_cents + self.benefit_of_wage_cents

    @property
    def percent(self) -> Decimal:
        return percentage(self.income_cents, self.cost_cents)

    @property
    def own_percent(self) -> Decimal:
        """The part that cheques pay, without public money."""
        return percentage(self.cheques_net_cents, self.cost_cents)

    @property
    def gap_cents(self) -> int:
        """What cheques alone leave unpaid."""
        return self.cost_cents - self.cheques_net_cents


def cost_of_sold_hour(cost_cents: int, sold_minutes: int) -> Fraction:
    """Return the cost of one sold hour in cents, unrounded.

    :raises ZeroDivisionError: no hour was sold.
    """
    return Fraction(cost_cents * HOUR, sold_minutes)


def break_even_cents(cost_cents: int, sold_minutes: int, *, vat_rate: Exact) -> int:
    """Return the price per hour, with VAT, at which cheques alone pay the cost."""
    return half_up(cost_of_sold_hour(cost_cents, sold_minutes) * (1 + Fraction(vat_rate)))
