"""What a wage costs beyond itself: holiday allowance and the employer's premiums. Plain arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from kernel.money import half_up
from kernel.periods import Period, month_of
from lawbook import premiums
from lawbook.wages import HOLIDAY_ALLOWANCE


@dataclass(frozen=True, slots=True)
class HolidayPayment:
    """Holiday allowance that is paid out, and what the months had set aside for it."""

    cents: int
    reserved_cents: int

    @property
    def rounding_cents(self) -> int:
        """What the payment differs from the reserves: booked as rounding, below zero when too much was kept."""
        return self.cents - self.reserved_cents


@dataclass(frozen=True, slots=True)
class Premiums:
    """The employer's premiums over a wage, each rounded to the cent."""

    awf_cents: int
    aof_cents: int
    wko_cents: int
    whk_cents: int
    zvw_cents: int

    @property
    def total_cents(self) -> int:
        return self.awf_cents + self.aof_cents + self.wko_cents + self.whk_cents + self.zvw_cents


@dataclass(frozen=True, slots=True)
class WageCost:
    """What a month of work costs the organisation."""

    gross_cents: int
    holiday_cents: int
    premiums: Premiums

    @property
    def total_cents(self) -> int:
        return self.gross_cents + self.holiday_cents + self.premiums.total_cents


def holiday_reserve(gross_cents: int, day: date) -> int:
    """Return the holiday allowance that a month's wage sets aside."""
    return half_up(gross_cents * Fraction(HOLIDAY_ALLOWANCE.on(day)))


def holiday_period(month: date, *, started_on: date, until_on: date | None = None) -> Period[date] | None:
    """Return the days whose holiday allowance is paid with a month, or None when it pays none.

    May pays from 1 June or from the start; the month of the last day pays the rest. `until_on` is the day
    after the last.
    """
    days = month_of(month)
    june = date(days.start.year if days.start.month >= 6 else days.start.year - 1, 6, 1)
    leaves = until_on is not None and until_on - timedelta(days=1) in days
    if days.start.month != 5 and not leaves:
        return None
    end = until_on if until_on is not None and leaves else days.end
    start = max(june, started_on)
    return Period(start, end) if start < end else None


def holiday_payment(gross_by_month: Mapping[date, int]) -> HolidayPayment:
    """Return the allowance over the summed wage of months, rounded once, beside the months' reserves."""
    exact = sum(
        (gross * Fraction(HOLIDAY_ALLOWANCE.on(day)) for day, gross in gross_by_month.items()), Fraction(0)
    )
    reserved = sum(holiday_reserve(gross, day) for day, gross in gross_by_month.items())
    return HolidayPayment(half_up(exact), reserved)


def employer_premiums(
    wage_cents: int,
    *,
    day: date,
    permanent: bool,
    on_call: bool,
    small_employer: bool = True,
    earlier_cents: int = 0,
) -> Premiums:
    """Return the premiums over a wage with its holiday allowance.

    The low unemployment premium needs a permanent written contract that is not on-call. `earlier_cents` is the
    wage of the year before this one: above the yearly maximum no premium is due.

    :raises NothingInForce: the premiums of that year are not in the lawbook.
    """
    base = max(0, min(wage_cents, premiums.MAX_BASE_CENTS.on(day) - earlier_cents))
    awf = premiums.AWF_LOW if permanent and not on_call else premiums.AWF_HIGH
    aof = premiums.AOF_SMALL if small_employer else premiums.AOF_LARGE
    return Premiums(
        *(half_up(base * rate.on(day)) for rate in (awf, aof, premiums.WKO, premiums.WHK, premiums.ZVW))
    )


def wage_cost(
    gross_cents: int, *, day: date, permanent: bool, on_call: bool, small_employer: bool = True
) -> WageCost:
    """Return what a gross wage costs with the holiday allowance it earns and the premiums over both."""
    holiday = holiday_reserve(gross_cents, day)
    over = employer_premiums(
        gross_cents + holiday, day=day, permanent=permanent, on_call=on_call, small_employer=small_employer
    )
    return WageCost(gross_cents, holiday, over)
