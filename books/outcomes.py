"""What the work brought in a period, for the town: people, hours, the ladder, who went on to work, and what it cost.

All of it comes from what the work leaves behind; counts of people are shielded (see `books.suppression`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import quantiles

from django.db.models import F, Q, QuerySet, Sum

from books import coverage
from books.suppression import LEAST, Shielded, in_tens, shield, together
from identity.models import Municipality
from kernel.money import half_up
from kernel.periods import Period, add_months, moments
from scheduling.models import Assignment
from subsidies import monitoring
from subsidies.models import Award, ClaimLine, Clawback, Grant, LadderStep, Outflow
from workers_pool.models import Worker

WITHIN_DAYS, AT_LEAST_MONTHS = 28, 6  # the RSP: another contract within four weeks, of half a year or more
HUNDRED_EUROS = 100_00


@dataclass(frozen=True)
class Spread:
    """What placements cost, each from its start: the middle one, and between which two half of them lie."""

    low_cents: int
    middle_cents: int
    high_cents: int


@dataclass(frozen=True)
class Outcomes:
    """The figures of a period. None: too few people to show, or not told of such a period."""

    days: Period[date]
    town: Municipality | None
    running: bool  # the period is not over: people are told in whole tens, and nothing is told per person
    by_neighbourhood: Shielded
    by_subsidy: Shielded
    ladder: Shielded
    left: Shielded | None  # of whole years only: people leave once, so a year less its quarters would tell
    accepted_minutes: int
    confirmed_minutes: int
    growth_points: int | None  # wage value: whole points per twelve months
    public_cents: int
    cost_per_placement_cents: int | None
    spread: Spread | None
    dropped_cents: int | None  # wage subsidy for who left otherwise
    own_percent: Decimal | None
    covered_percent: Decimal | None


def of(days: Period[date], *, on: date, town: Municipality | None = None) -> Outcomes:
    """Return the results of a period of whole months as they may be told on a day, of one town or of all.

    What is told of all towns adds up what each town is told, so that one less the other gives nothing away.
    """
    pool = Worker.objects.all() if town is None else _pool(town)
    towns = [town] if town else list(Municipality.objects.order_by("pk"))
    running, is_year = on < days.end, add_months(days.start, 12) == days.end
    placed, others = _left(days, pool)
    left = together(
        shield({name: len(who) for name, who in zip(("work", "other"), _left(days, _pool(one)), strict=True)})
        for one in towns
    )
    told = is_year and not running
    shown = left.cells.get("work") if told else None
    dropped = left.cells.get("other") if told else None
    public = _public(days, pool, town)
    sums = _worked(days, pool).aggregate(accepted=Sum("accepted_minutes"), confirmed=Sum("confirmed_minutes"))
    whole = coverage.of(_months(days)) if town is None else None
    grown = in_tens if running else _as_it_is
    neighbourhoods, subsidy, ladder = (
        (grown(together(parts)) for parts in zip(*(_tables(days, one) for one in towns), strict=True))
        if towns
        else [Shielded({}, 0)] * 3
    )
    return Outcomes(
        days, town, running, neighbourhoods, subsidy, ladder, grown(left) if is_year else None,
        sums["accepted"] or 0, sums["confirmed"] or 0, _growth(pool, days.end), public,
        half_up(Fraction(public, shown)) if shown else None, _spread(placed) if shown else None,
        _in_hundreds(sum(_costs(others))) if dropped else None,
        whole.own_percent if whole else None, whole.percent if whole else None,
    )  # fmt: skip


def _pool(town: Municipality) -> "QuerySet[Worker]":
    return Worker.objects.filter(neighbourhood__municipality=town)


def _as_it_is(table: Shielded) -> Shielded:
    return table


def _tables(days: Period[date], town: Municipality) -> tuple[Shielded, Shielded, Shielded]:
    """Return the people who worked in a town by neighbourhood, by subsidy and by step."""
    people = set(_worked(days, _pool(town)).values_list("worker", flat=True))
    return (
        shield(_by_neighbourhood(people)),
        shield(_by_subsidy(people, days)),
        shield(_ladder(people, days)),
    )


def _months(days: Period[date]) -> list[date]:
    found, month = [], days.start.replace(day=1)
    while month < days.end:
        found.append(month)
        month = add_months(month, 1)
    return found


def _worked(days: Period[date], pool: "QuerySet[Worker]") -> "QuerySet[Assignment]":
    inside = moments(days)
    return Assignment.objects.filter(
        worker__in=pool,
        accepted_minutes__gt=0,
        visit__start_at__gte=inside.start,
        visit__start_at__lt=inside.end,
    )


def _by_neighbourhood(people: Iterable[int]) -> dict[str, int]:
    names = Worker.objects.filter(pk__in=people).values_list("neighbourhood__name", flat=True)
    return dict(sorted(Counter(names).items()))


def _by_subsidy(people: set[int], days: Period[date]) -> dict[str, int]:
    held = Award.objects.filter(worker__in=people, from_on__lt=days.end)
    held = held.filter(Q(until_on=None) | Q(until_on__gt=days.start))
    subsidised = set(held.values_list("worker", flat=True))
    return {"with": len(subsidised), "without": len(people - subsidised)}


def _ladder(people: set[int], days: Period[date]) -> dict[str, int]:
    """Count steps at the end of a period: as measured in the past half year, else as the paid work says."""
    since = add_months(days.end, -monitoring.EVERY_MONTHS)
    rows = LadderStep.objects.filter(worker__in=people, measured_on__gte=since, measured_on__lt=days.end)
    measured = dict(rows.order_by("measured_on").values_list("worker", "step"))
    by_work = monitoring.steps_by_work(Worker.objects.filter(pk__in=people), on=days.end - timedelta(days=1))
    steps = Counter(measured.get(person, by_work[person]) for person in people)
    return {str(step): steps[step] for step in monitoring.STEPS}


def is_work(outflow: Outflow, left_on: date) -> bool:
    """Tell whether somebody went on to work by the definition of the RSP."""
    first = outflow.work_from_on
    soon = first is not None and first <= left_on + timedelta(days=WITHIN_DAYS)
    return soon and outflow.work_months >= AT_LEAST_MONTHS and outflow.wage_not_lower


def _left(days: Period[date], pool: "QuerySet[Worker]") -> tuple[list[int], list[int]]:
    """Return who left in a period for work, and who left otherwise."""
    gone = dict(pool.filter(left_on__gte=days.start, left_on__lt=days.end).values_list("pk", "left_on"))
    flows = {row.worker_id: row for row in Outflow.objects.filter(worker__in=gone)}
    work = [pk for pk, left_on in gone.items() if left_on and pk in flows and is_work(flows[pk], left_on)]
    return work, [pk for pk in gone if pk not in set(work)]


def _growth(pool: "QuerySet[Worker]", end: date) -> int | None:
    """Return the mean growth of the wage value in whole points per year, of those measured twice or more.

    Whole points: a mean in tenths of ten people, and of eleven a quarter later, would tell of the eleventh.
    """
    rows = Award.objects.filter(worker__in=pool, route=Award.Route.MEASURED, from_on__lt=end).order_by(
        "from_on"
    )
    series: dict[int, list[tuple[date, Decimal]]] = {}
    for worker, day, value in rows.values_list("worker", "from_on", "wage_value"):
        series.setdefault(worker, []).append((day, value or Decimal(0)))
    grown = [
        (Fraction(last - first) / (until - since).days * 365)
        for (since, first), (until, last) in ((one[0], one[-1]) for one in series.values() if len(one) > 1)
    ]
    return half_up(sum(grown, Fraction(0)) / len(grown)) if len(grown) >= LEAST else None


def _public(days: Period[date], pool: "QuerySet[Worker]", town: Municipality | None) -> int:
    lines = ClaimLine.objects.filter(award__worker__in=pool, month__gte=days.start, month__lt=days.end)
    live = lines.exclude(state=ClaimLine.State.REFUSED)
    asked = live.aggregate(total=Sum(F("subsidy_cents") + F("compensation_cents")))["total"] or 0
    back = Clawback.objects.filter(line__in=live).aggregate(total=Sum("cents"))["total"] or 0
    grants = Grant.objects.filter(month__gte=days.start, month__lt=days.end).exclude(
        state=Grant.State.REFUSED
    )
    grants = grants.filter(municipality=town) if town else grants
    return asked - back + (grants.aggregate(total=Sum("cents"))["total"] or 0)


def _costs(workers: list[int]) -> list[int]:
    """Return what each cost in wage subsidy since its start, the least first."""
    live = ClaimLine.objects.filter(award__worker__in=workers).exclude(state=ClaimLine.State.REFUSED)
    sums = live.values("award__worker").annotate(total=Sum(F("subsidy_cents") + F("compensation_cents")))
    cost = {row["award__worker"]: row["total"] for row in sums}
    return sorted(cost.get(worker, 0) for worker in workers)


def _spread(workers: list[int]) -> Spread | None:
    """Return the quartiles of what placements cost, in hundreds of euros: none is what one person cost."""
    if len(workers) < LEAST:
        return None
    low, middle, high = quantiles(_costs(workers), n=4, method="inclusive")
    return Spread(*(_in_hundreds(Fraction(one)) for one in (low, middle, high)))


def _in_hundreds(cents: int | Fraction) -> int:
    return half_up(Fraction(cents) / HUNDRED_EUROS) * HUNDRED_EUROS
