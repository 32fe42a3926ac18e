"""How a municipality counts hours that vary: those of the award, or those paid in the month. A dated setting of the town.

Never more than the award: paid hours above it bring no subsidy.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.db.models import Sum

from kernel.money import half_up
from payroll.models import PayRun, WageLine
from subsidies.loonkosten import Terms
from subsidies.models import TownRule

WEEKS, MONTHS = 52, 12


def rule_on(municipality_id: int, day: date) -> str:
    """Return how a town counts on a day; a town that said nothing counts the hours of the award."""
    row = TownRule.objects.filter(municipality=municipality_id, from_on__lte=day).order_by("-from_on").first()
    return row.hours if row else TownRule.Hours.AGREED


def paid_in(run: PayRun, workers: Collection[int]) -> dict[int, int]:
    """Return the paid minutes of workers in a pay run: worked, on the way, sick, on leave."""
    rows = (
        WageLine.objects.filter(run=run, worker__in=workers).values("worker").annotate(total=Sum("minutes"))
    )
    return {row["worker"]: row["total"] for row in rows}


def counted(terms: Terms, paid_minutes: int, rule: str) -> Terms:
    """Return a decision with the weekly minutes that count in a month: never above those of the award."""
    if rule != TownRule.Hours.PAID:
        return terms
    week = half_up(Fraction(paid_minutes * MONTHS, WEEKS))
    return replace(terms, week_minutes=min(terms.week_minutes, week))
