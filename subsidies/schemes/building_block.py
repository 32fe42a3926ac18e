"""Building blocks for social return: what a year of work for somebody of a group counts for. A value, not money."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from kernel.money import half_up
from kernel.periods import days_in, month_of
from subsidies.schemes import Due, Facts, Terms, runs_in

NAME = "Bouwblokken social return"
TERMS: Mapping[str, str] = {
    "year_cents": "waarde per groep van een jaar",
    "norm_minutes": "week van een heel blok",
}
PAYS = False


def due(scheme: Terms, month: date, facts: Facts) -> list[Due]:
    """Return the value of each path in a month, by its hours and days."""
    days = month_of(month)
    if runs_in(scheme, month) is None:
        return []
    found = []
    for path in facts.paths:
        year = scheme.terms["year_cents"].get(path.category, 0)
        start, end = max(path.from_on, days.start), min(path.until_on or days.end, days.end)
        if year and start < end:
            part = Fraction((end - start).days, days_in(days))
            share = Fraction(
                min(path.week_minutes, scheme.terms["norm_minutes"]), scheme.terms["norm_minutes"]
            )
            rule = f"{path.category} {year} x {share} x {part}/12"
            found.append(
                Due(f"{month:%Y-%m}:{path.track_id}", half_up(year * share * part / 12), rule, path.worker_id)
            )
    return found
