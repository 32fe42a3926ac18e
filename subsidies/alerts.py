"""What ends within six weeks: a forfait that must be measured, a decision, a wage benefit, the way to a state pension."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.periods import add_months
from lawbook.pension_age import STATE_PENSION_MONTHS
from lawbook.subsidies import LKV_DISABLED, REMEASURE_ALERT_DAYS
from payroll.models import WorkerFile
from subsidies import loonkosten
from subsidies.models import Award, WageBenefit
from workers_pool.models import Worker


@dataclass(frozen=True)
class Alert:
    """Something to do before a day."""

    kind: str
    worker: Worker
    day: date
    sentence: str


def due(on: date) -> list[Alert]:
    """Return what ends within the term of warning, soonest first; what ended and has no follow-up stays."""
    until = on + timedelta(days=REMEASURE_ALERT_DAYS.on(on))
    found = [*_awards(on, until), *_benefits(on, until), *_pensions(on, until)]
    return sorted(found, key=lambda alert: (alert.day, alert.kind, alert.worker.pk))


def _awards(on: date, until: date) -> Iterator[Alert]:
    pool = Award.objects.filter(Q(worker__left_on=None) | Q(worker__left_on__gt=on))
    for award in pool.select_related("worker__user").order_by("pk"):
        route: loonkosten.Route = "forfait" if award.route == Award.Route.FORFAIT else "measured"
        ends = loonkosten.last_day_after(route, award.from_on, award.until_on)
        if (
            ends is None
            or ends > until
            or Award.objects.filter(worker=award.worker, from_on__gte=ends).exists()
        ):
            continue
        if award.route == Award.Route.FORFAIT:
            sentence = _("Laat de loonwaarde meten: het forfait stopt na zes maanden.")
            yield Alert("measure", award.worker, ends, sentence)
        else:
            sentence = _("Vraag een nieuwe beschikking: %(letter)s loopt af.") % {"letter": award.letter}
            yield Alert("award", award.worker, ends, sentence)


def _benefits(on: date, until: date) -> Iterator[Alert]:
    for row in WageBenefit.objects.select_related("worker__user").order_by("pk"):
        ends = benefit_ends(row)
        if ends is not None and on <= ends <= until:
            yield Alert("benefit", row.worker, ends, _("Het loonkostenvoordeel stopt."))


def benefit_ends(row: WageBenefit) -> date | None:
    """Return the day after the last of a wage benefit: its own end, or that of the law."""
    years = (
        LKV_DISABLED.on(max(row.from_on, LKV_DISABLED.rows[0].day)).years if row.group == "disabled" else None
    )
    limit = add_months(row.from_on, 12 * years) if years else None
    ends = [day for day in (row.until_on, limit) if day is not None]
    return min(ends, default=None)


def _pensions(on: date, until: date) -> Iterator[Alert]:
    files = WorkerFile.objects.filter(Q(worker__left_on=None) | Q(worker__left_on__gt=on))
    for file in files.select_related("worker__user").order_by("pk"):
        day = pension_day(file.birth_on)
        if on <= day <= until:
            yield Alert(
                "pension", file.worker, day, _("De AOW begint: regel het einde van subsidie en contract.")
            )


def pension_day(birth_on: date) -> date:
    """Return the day on which somebody's state pension starts: the first that reaches the age of that day's row."""
    reached = [
        max(add_months(birth_on, row.value), row.day)
        for row in STATE_PENSION_MONTHS.rows
        if _holds(row.day, add_months(birth_on, row.value))
    ]
    return min(reached, default=add_months(birth_on, STATE_PENSION_MONTHS.rows[-1].value))


def _holds(since: date, day: date) -> bool:
    later = [row.day for row in STATE_PENSION_MONTHS.rows if row.day > since]
    return day >= since and not (later and day >= later[0])
