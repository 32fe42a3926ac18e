"""The most a town pays in a year per source, what we expect to ask, and no contract that the money does not last for."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from kernel.errors import Refused
from kernel.money import euros
from kernel.periods import add_months
from payroll.models import WorkerFile
from subsidies import awards as decisions
from subsidies import loonkosten, schemes, standing
from subsidies.local import facts
from subsidies.models import Award, Ceiling, ClaimLine, Clawback, Expected, Grant, LocalScheme

LKS = "lks"
ADULT_MONTHS = 30 * 12  # of somebody whose birth day is not known yet, the full minimum wage is taken


class MoneyRunsOut(Refused):
    """The ceiling of the town does not last to the end of the year."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A ceiling beside what was asked and what is expected to the end of its year, per month."""

    ceiling: Ceiling
    by_month: dict[date, int]
    asked_cents: int

    @property
    def forecast_cents(self) -> int:
        return sum(self.by_month.values())

    @property
    def left_cents(self) -> int:
        """What the ceiling leaves at the end of the year; below zero, what is short."""
        return self.ceiling.cents - self.forecast_cents

    @property
    def runs_out(self) -> date | None:
        """The first month that the ceiling does not wholly pay."""
        spent = 0
        for month, cents in sorted(self.by_month.items()):
            spent += cents
            if spent > self.ceiling.cents:
                return month
        return None


def of(ceiling: Ceiling, *, on: date) -> Budget:
    """Return the budget of a ceiling as seen on a day.

    :raises NothingInForce: the reference wage of its year is not in the lawbook.
    """
    months = _lks(ceiling, on) if ceiling.source == LKS else _local(ceiling, on)
    asked = sum(cents for month, cents in months.items() if month < on.replace(day=1))
    return Budget(ceiling, months, asked)


def all_on(on: date) -> list[Budget]:
    """Return the budgets of a year, as seen on a day of it."""
    rows = Ceiling.objects.filter(year=on.year).select_related("municipality")
    return [of(row, on=on) for row in rows.order_by("municipality__name", "source")]


def check_room(municipality_id: int, terms: loonkosten.Terms, *, on: date) -> None:
    """Check that the wage subsidy of a new contract fits under the ceiling of the town to the end of the year.

    :raises MoneyRunsOut: the sentence names the month in which the money ends, and what is short.
    """
    ceiling = Ceiling.objects.filter(municipality=municipality_id, source=LKS, year=on.year).first()
    if ceiling is None:
        return
    budget = of(ceiling, on=on)
    months = dict(budget.by_month)
    for number in range(1, 13):
        month = date(on.year, number, 1)
        extra = sum(one.total_cents for one in loonkosten.month_segments([terms], month))
        if extra:
            months[month] = months.get(month, 0) + extra
    after = Budget(ceiling, months, budget.asked_cents)
    if after.runs_out is not None:
        raise MoneyRunsOut(
            _(
                "Dit contract kan niet beginnen: het plafond van %(town)s voor loonkostensubsidie is dan op in %(month)s. "
                "Er is %(short)s euro te weinig tot het einde van het jaar."
            )
            % {
                "town": ceiling.municipality.name, "month": date_format(after.runs_out, "F Y"),
                "short": number_format(euros(-after.left_cents), 2, force_grouping=True),
            }
        )  # fmt: skip


def _lks(ceiling: Ceiling, on: date) -> dict[date, int]:
    lines = ClaimLine.objects.filter(award__municipality=ceiling.municipality_id, month__year=ceiling.year)
    live = lines.exclude(state=ClaimLine.State.REFUSED).values("month", "subsidy_cents", "compensation_cents")
    months: dict[date, int] = {}
    asked = set()
    for row in live:
        months[row["month"]] = months.get(row["month"], 0) + row["subsidy_cents"] + row["compensation_cents"]
        asked.add(row["month"])
    for back in Clawback.objects.filter(line__in=lines).values_list("line__month", "cents"):
        months[back[0]] -= back[1]
    rows = list(Award.objects.filter(municipality=ceiling.municipality_id).select_related("worker"))
    born = decisions.birth_days(rows)
    for award in rows:
        if award.worker_id not in born:
            continue
        for month, cents in standing.by_month(award, born[award.worker_id], ceiling.year).items():
            if standing.still_to_ask(month, asked, on):
                months[month] = months.get(month, 0) + cents
    for month, cents in _expected(ceiling, on).items():
        months[month] = months.get(month, 0) + cents
    return months


def waiting(municipality_id: int) -> list[Expected]:
    """Return the contracts that count on a decision of a town which has not come.

    A decision that starts on or after their first day takes their place, and so does one that holds as many hours.
    """
    rows = list(
        Expected.objects.filter(municipality=municipality_id)
        .select_related("worker")
        .order_by("from_on", "pk")
    )
    decided: dict[int, list[Award]] = {}
    for award in Award.objects.filter(worker__in=[row.worker_id for row in rows]):
        decided.setdefault(award.worker_id, []).append(award)
    return [
        row for row in rows
        if not any(
            award.from_on >= row.from_on
            or (award.week_minutes >= row.week_minutes and (award.until_on is None or award.until_on > row.from_on))
            for award in decided.get(row.worker_id, [])
        )
    ]  # fmt: skip


def _expected(ceiling: Ceiling, on: date) -> dict[date, int]:
    """Return what contracts that wait for a decision will ask, from this month on and while somebody works here."""
    rows = waiting(ceiling.municipality_id)
    files = WorkerFile.objects.filter(worker__in=[row.worker_id for row in rows])
    born = dict(files.values_list("worker_id", "birth_on"))
    months: dict[date, int] = {}
    for row in rows:
        terms = _expected_terms(row, rows, born.get(row.worker_id))
        if terms is None:
            continue
        for number in range(on.month if on.year == ceiling.year else 1, 13):
            month = date(ceiling.year, number, 1)
            cents = sum(one.total_cents for one in loonkosten.month_segments([terms], month))
            if cents:
                months[month] = months.get(month, 0) + cents
    return months


def _expected_terms(row: Expected, rows: list[Expected], birth_on: date | None) -> loonkosten.Terms | None:
    """Return what a contract asks above what was decided, until the next one of its worker; None: nothing."""
    later = [one.from_on for one in rows if one.worker_id == row.worker_id and one.from_on > row.from_on]
    until = min([*later, *([row.worker.left_on] if row.worker.left_on else [])], default=None)
    minutes = row.week_minutes - decided_minutes(row.worker_id, row.from_on)
    if minutes <= 0 or (until is not None and until <= row.from_on):
        return None
    route: loonkosten.Route = "forfait" if row.wage_value is None else "measured"
    return loonkosten.Terms(
        route, row.wage_value, minutes, birth_on or add_months(row.from_on, -ADULT_MONTHS),
        loonkosten.base_of_new_decision(row.from_on), row.from_on, until,
    )  # fmt: skip


def decided_minutes(worker_id: int, day: date) -> int:
    """Return the hours a week that decisions give a worker on a day."""
    held = Award.objects.filter(worker=worker_id, from_on__lte=day).exclude(until_on__lte=day)
    return max(held.values_list("week_minutes", flat=True), default=0)


def _local(ceiling: Ceiling, on: date) -> dict[date, int]:
    """Return what a kind of local scheme gave, and for the months ahead what it will give as things stand."""
    rows = Grant.objects.filter(
        municipality=ceiling.municipality_id, scheme__kind=ceiling.source, month__year=ceiling.year
    )
    live = rows.exclude(state=Grant.State.REFUSED).values("month").annotate(total=Sum("cents"))
    months: dict[date, int] = {row["month"]: row["total"] for row in live}
    for scheme in LocalScheme.objects.filter(municipality=ceiling.municipality_id, kind=ceiling.source):
        known = facts(scheme, on)
        for number in range(on.month, 13):
            month = date(ceiling.year, number, 1)
            if ceiling.year == on.year and month not in {row["month"] for row in live}:
                found = schemes.find(scheme.kind).due(scheme, month, known)
                cents = sum(one.cents for one in found)
                if cents:
                    months[month] = months.get(month, 0) + cents
    return months
