"""Forecast, awarded, claimed and received side by side: per decision and year, in cents."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from kernel.periods import Period, add_months, month_of
from subsidies import awards as decisions
from subsidies import loonkosten
from subsidies.models import Award, ClaimLine, Clawback


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision promises in a year, what we expect of it, what was asked, what came in (less clawbacks)."""

    award: Award
    awarded_cents: int
    forecast_cents: int
    claimed_cents: int
    received_cents: int


def of_year(rows: Iterable[Award], year: int, *, on: date) -> list[Standing]:
    """Return the standing of decisions in a year, as seen on a day.

    :raises NothingInForce: the reference wage of the year is not in the lawbook.
    """
    listed = list(rows)
    born, lines = decisions.birth_days(listed), _lines(listed, year)
    back = dict(
        Clawback.objects.filter(line__award__in=listed, line__month__year=year)
        .values_list("line__award").annotate(total=Sum("cents"))
    )  # fmt: skip
    found = []
    for award in listed:
        birth = born.get(award.worker_id)
        months = by_month(award, birth, year) if birth else {}
        claimed, received, asked = lines.get(award.pk, (0, 0, set()))
        ahead = sum(
            cents for month, cents in months.items() if month not in asked and month >= on.replace(day=1)
        )
        taken = back.get(award.pk, 0)
        found.append(
            Standing(award, sum(months.values()), claimed - taken + ahead, claimed, received - taken)
        )
    return found


def still_to_ask(month: date, asked: set[date], on: date) -> bool:
    """Tell whether a month is expected to be asked: after the last that was, or from the month of the day on."""
    return month > max(asked) if asked else month >= on.replace(day=1)


def by_month(award: Award, birth_on: date, year: int) -> dict[date, int]:
    """Return what a decision gives in each month of a year, with the compensation, while the worker is employed."""
    terms = decisions.terms_of(award, birth_on)
    months = [date(year, number, 1) for number in range(1, 13)]
    left = award.worker.left_on or date.max
    found = {}
    for month in months:
        days = month_of(month)
        if award.worker.hired_on >= days.end or left <= days.start:
            continue
        employed = Period(award.worker.hired_on, max(left, add_months(award.worker.hired_on, 1)))
        cents = sum(one.total_cents for one in loonkosten.month_segments([terms], month, employed=employed))
        if cents:
            found[month] = cents
    return found


def _lines(rows: list[Award], year: int) -> dict[int, tuple[int, int, set[date]]]:
    live = ClaimLine.objects.filter(award__in=rows, month__year=year).exclude(state=ClaimLine.State.REFUSED)
    sums: dict[int, tuple[int, int, set[date]]] = defaultdict(lambda: (0, 0, set()))
    cells = live.annotate(cents=F("subsidy_cents") + F("compensation_cents"))
    for award, month, state, cents in cells.values_list("award_id", "month", "state", "cents"):
        claimed, received, months = sums[award]
        came = cents if state == ClaimLine.State.RECEIVED else 0
        sums[award] = (claimed + cents, received + came, months | {month})
    return dict(sums)
