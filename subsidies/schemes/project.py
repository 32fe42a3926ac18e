"""A project subsidy: a part of it in equal advances per month, the rest at the end, never above the real cost."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from kernel.money import half_up
from kernel.periods import month_of
from subsidies.schemes import Due, Facts, Terms, months_between, runs_in

NAME = "Projectsubsidie"
TERMS: Mapping[str, str] = {
    "total_cents": "hele bedrag", "advance_percent": "deel dat vooraf komt", "cost_percent": "hoogste deel van de kosten",
}  # fmt: skip
PAYS = True


def due(scheme: Terms, month: date, facts: Facts) -> list[Due]:
    """Return the advance of a month, or in the last month the settlement.

    :raises ValueError: the row has no last day.
    """
    if scheme.until_on is None:
        raise ValueError("A project ends on a day.")
    if runs_in(scheme, month) is None:
        return []
    last = month_of(scheme.until_on - timedelta(days=1)).start
    total = scheme.terms["total_cents"]
    if month_of(month).start == last:
        cost_limit = half_up(Fraction(facts.spent_cents * scheme.terms["cost_percent"], 100))
        left = max(0, min(total, cost_limit) - facts.given_cents)
        rule = f"settlement: at most {total} and {cost_limit}, less {facts.given_cents}"
        return [Due(f"{month:%Y-%m}", left, rule)] if left else []
    months = max(1, months_between(scheme.from_on, last))
    cents = half_up(Fraction(total * scheme.terms["advance_percent"], 100 * months))
    return [Due(f"{month:%Y-%m}", cents, f"advance 1/{months}")] if cents else []
