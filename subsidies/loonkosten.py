"""Wage subsidies to the cent: loonkostensubsidie (LKS) per month and part of it, loonkostenvoordeel, no-risk.

Plain arithmetic on figures of the lawbook; the rows of decisions and claims are elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from kernel.minutes import HOUR
from kernel.money import half_up, split_largest_remainder
from kernel.periods import Period, add_months, days_in, month_of
from lawbook import subsidies as law
from lawbook.wages import HOLIDAY_ALLOWANCE, REFERENCE_MONTH_CENTS, reference_month_cents
from payroll.payslip import age_on

Route = Literal["measured", "forfait"]
LkvGroup = Literal["disabled", "jobs_agreement"]

_LKV = {"disabled": law.LKV_DISABLED, "jobs_agreement": law.LKV_JOBS_AGREEMENT}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision says: its route, wage value in percent of the minimum wage, hours, and days.

    `base_on` is the day whose reference wage the decision starts with; from the next 1 January on, that day's
    takes over. `until_on` is the day after the last.

    :raises ValueError: a measured decision without wage value, or a forfait with one.
    """

    route: Route
    wage_value: Decimal | None
    week_minutes: int
    birth_on: date
    base_on: date
    from_on: date
    until_on: date | None = None

    def __post_init__(self) -> None:
        if (self.route == "measured") != (self.wage_value is not None):
            raise ValueError("A measured decision has a wage value, a forfait has none.")

    @property
    def ends_on(self) -> date | None:
        """The day after the last."""
        return last_day_after(self.route, self.from_on, self.until_on)


@dataclass(frozen=True, slots=True)
class Segment:
    """The subsidy of one decision over days of one month without a change; rounded by itself."""

    terms: Terms
    days: Period[date]
    base_on: date
    subsidy_cents: int
    compensation_cents: int
    rule: str

    @property
    def total_cents(self) -> int:
        return self.subsidy_cents + self.compensation_cents


def last_day_after(route: Route, from_on: date, until_on: date | None) -> date | None:
    """Return the day after the last of a decision: a forfait ends by itself, six months after it starts."""
    if route == "measured":
        return until_on
    limit = add_months(from_on, law.FORFAIT_MONTHS.on(from_on))
    return limit if until_on is None else min(limit, until_on)


def base_of_new_decision(from_on: date) -> date:
    """Return the day whose reference wage a new decision within the year starts with."""
    return from_on if law.NEW_DECISION_BASE.on(from_on) == "start" else from_on.replace(month=1, day=1)


def base_in(year: int, terms: Terms) -> date:
    """Return the day whose reference wage holds in a year: a rise on 1 July is not followed."""
    return terms.base_on if year == terms.base_on.year else date(year, 1, 1)


def month_segments(
    decisions: Iterable[Terms], month: date, *, employed: Period[date] | None = None
) -> list[Segment]:
    """Return the subsidy over a month, one segment per decision in it, in the order of days.

    Part of a month counts by calendar days. `employed` limits the days to those of the contract. Sickness
    changes nothing.

    :raises NothingInForce: the reference wage of the base is not in the lawbook.
    :raises ValueError: two decisions hold on the same day.
    """
    days = month_of(month) if employed is None else month_of(month).intersect(employed)
    if days is None:
        return []
    segments = [segment for terms in decisions if (segment := _segment(terms, days)) is not None]
    segments.sort(key=lambda segment: segment.days.start)
    if any(one.days.overlaps(other.days) for one, other in pairwise(segments)):
        raise ValueError("Two decisions hold on the same day.")
    return segments


def shares(cents: int, paid_minutes: Sequence[int]) -> list[int]:
    """Return what each piece of paid work gets of an amount, by minutes; the shares add up to it."""
    return split_largest_remainder(cents, paid_minutes)


def no_risk_benefit(
    wage_with_allowance_cents: int, wage_value: Decimal, day: date, *, second_year: bool = False
) -> int:
    """Return the sickness benefit over a month's wage of a subsidised worker: only the wage-value part.

    The LKS itself runs on during sickness, so the benefit pays the rest of the wage.
    """
    share = (law.NO_RISK_SECOND_YEAR_SHARE if second_year else law.NO_RISK_SHARE).on(day)
    return half_up(wage_with_allowance_cents * Fraction(share) * Fraction(wage_value) / 100)


def lkv_of_year(paid_minutes: int, groups: Iterable[LkvGroup], day: date) -> int:
    """Return the loonkostenvoordeel over the paid minutes of a year: the highest of the worker's groups."""
    return max((_lkv(paid_minutes, group, day) for group in groups), default=0)


def _segment(terms: Terms, days: Period[date]) -> Segment | None:
    start = max(days.start, terms.from_on)
    end = days.end if terms.ends_on is None else min(days.end, terms.ends_on)
    if start >= end:
        return None
    part = Period(start, end)
    base_on = base_in(start.year, terms)
    exact = _month_exact(terms, base_on, start) * Fraction(days_in(part), days_in(month_of(start)))
    total = half_up(exact * (1 + Fraction(law.LKS_COMPENSATION.on(start))))
    subsidy = half_up(exact)
    return Segment(terms, part, base_on, subsidy, total - subsidy, _rule(terms, base_on))


def _month_exact(terms: Terms, base_on: date, day: date) -> Fraction:
    """Return the subsidy of a whole month in cents, unrounded, without the compensation."""
    month_wage = reference_month_cents(age_on(terms.birth_on, base_on), base_on)
    base = month_wage * (1 + Fraction(HOLIDAY_ALLOWANCE.on(base_on)))
    if terms.wage_value is None:
        share = Fraction(law.FORFAIT_SHARE.on(day))
    else:
        lacking = max(Fraction(0), 1 - Fraction(terms.wage_value) / 100)
        share = min(lacking, Fraction(law.LKS_CAP.on(day)))
    counted = min(terms.week_minutes, law.FULL_TIME_MINUTES.on(day))
    return base * share * Fraction(counted, law.LKS_NORM_MINUTES.on(day))


def _rule(terms: Terms, base_on: date) -> str:
    row = REFERENCE_MONTH_CENTS.row_on(base_on)
    part = "subsidies.forfait_share" if terms.wage_value is None else f"wage value {terms.wage_value}"
    return f"wages.reference_month_cents {row.day} (base {base_on}), {part}, {terms.week_minutes} min/week"


def _lkv(paid_minutes: int, group: LkvGroup, day: date) -> int:
    amount = _LKV[group].on(day)
    return min(half_up(Fraction(paid_minutes * amount.cents_per_hour, HOUR)), amount.cap_cents)
