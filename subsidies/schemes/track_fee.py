"""Reintegration fee per track: at the start, when it lasted half a year, and when it ends in other work.

For somebody with a wage subsidy the fee pays coaching or training, never the wage (Participatiewet art. 10d(9)).
"""

from collections.abc import Iterator, Mapping
from datetime import date

from kernel.periods import add_months, month_of
from subsidies.schemes import Due, Facts, Path, Terms, runs_in

NAME = "Vergoeding per traject"
TERMS: Mapping[str, str] = {
    "start_cents": "bij de start", "half_year_cents": "na een half jaar", "work_cents": "bij werk elders",
}  # fmt: skip
PAYS = True
HALF_YEAR = 6


def due(scheme: Terms, month: date, facts: Facts) -> list[Due]:
    """Return the fees that fall in a month."""
    if runs_in(scheme, month) is None:
        return []
    return [
        one
        for path in facts.paths
        if not (path.purpose == "wage" and path.worker_id in facts.with_wage_subsidy)
        for one in _of(scheme, month, path)
        if one.cents
    ]


def _of(scheme: Terms, month: date, path: Path) -> Iterator[Due]:
    days = month_of(month)
    half = add_months(path.from_on, HALF_YEAR)
    if path.from_on in days:
        yield Due(
            f"start:{path.track_id}", scheme.terms["start_cents"], f"start {path.from_on}", path.worker_id
        )
    if half in days and (path.until_on is None or path.until_on >= half):
        yield Due(
            f"half:{path.track_id}", scheme.terms["half_year_cents"], f"lasted to {half}", path.worker_id
        )
    if path.outcome == "work" and path.until_on is not None and path.until_on in days:
        yield Due(
            f"work:{path.track_id}", scheme.terms["work_cents"], f"work {path.until_on}", path.worker_id
        )
