"""'What do I keep?': what more hours do to a worker's income, as an estimate. The town decides, not we.

What is known of a benefit is sealed, is read by the worker and by payroll only, and never reaches a planner.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import models, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.dated import NothingInForce
from kernel.errors import Refused
from kernel.minutes import HOUR
from kernel.money import half_up
from kernel.periods import moments, month_of
from lawbook import benefits as law
from payroll.models import PayRun, Payslip, WageLine, WorkerFile
from payroll.payslip import age_on
from payroll.terms import LawMissing, agreement_of
from payroll.wage_cost import holiday_reserve
from scheduling.models import Assignment
from subsidies import benefit
from subsidies.benefit_models import Benefit
from subsidies.models import Award
from workers_pool.models import Worker

FULL_NORM_FROM_AGE = 21
SINGLE, COUPLE = "single", "couple"


class WrongStart(Refused):
    """Work beside a benefit starts in a month that is there."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a benefit."""

    household: str
    started_on: date
    single_parent: bool = False
    medically_limited: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """A month without and with more hours. `rough`: no payslip came back yet, so net is taken as gross."""

    month: date
    minutes: int
    more_minutes: int
    more_gross_cents: int
    before: benefit.Effect
    after: benefit.Effect
    rough: bool

    @property
    def kept_cents(self) -> int:
        """What the worker has more in hand, with the hours."""
        return self.after.income_cents - self.before.income_cents

    @property
    def less_benefit_cents(self) -> int:
        return self.before.benefit_cents - self.after.benefit_cents


@dataclass(frozen=True, slots=True)
class BenefitMonth:
    """The paid hours of a month worked, for the town; net is of the payslip that was paid in it, or None."""

    worker: Worker
    month: date
    minutes: int
    gross_cents: int
    net_cents: int | None


@transaction.atomic(durable=True)
def note(worker_id: int, facts: Facts | None, *, by: User, at: datetime) -> Benefit:
    """Write down what is known of a worker's benefit; None: there is none any more. What it says is not recorded.

    :raises WrongStart: the first month with a wage is to come.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    if facts is not None and facts.started_on > at.date():
        raise WrongStart(_("De eerste maand met loon moet al begonnen zijn."))
    made = Benefit.objects.create(worker=worker, facts=_sealed(facts), noted_at=at, noted_by=by)
    record("benefit.noted", worker, by_id=by.pk, at=at)
    return made


def _sealed(facts: Facts | None) -> str:
    if facts is None:
        return ""
    return json.dumps({
        "household": facts.household, "started_on": facts.started_on.isoformat(), "single_parent": facts.single_parent,
        "medically_limited": facts.medically_limited,
    })  # fmt: skip


def known(worker_id: int) -> Facts | None:
    """Return what is known of a worker's benefit; None: nothing, or none any more."""
    row = Benefit.objects.filter(worker=worker_id).order_by("-noted_at", "-pk").first()
    return _opened(row.facts) if row and row.facts else None


def _opened(text: str) -> Facts:
    said: Mapping[str, str] = json.loads(text)
    return Facts(
        said["household"], date.fromisoformat(said["started_on"]), bool(said["single_parent"]),
        bool(said["medically_limited"]),
    )  # fmt: skip


def estimate(worker: Worker, *, more_minutes: int, on: date) -> Estimate | None:
    """Return what more hours in the month of a day do; None when nothing is known, or the law of that month is not.

    Hours are those worked or planned in the month; net follows the last payslip. Allowance counts when it is earned.
    """
    facts, file = known(worker.pk), WorkerFile.objects.filter(worker=worker).first()
    if facts is None or file is None or age_on(file.birth_on, on) < FULL_NORM_FROM_AGE:
        return None
    month = month_of(on).start
    try:
        cents_per_hour = agreement_of(file).rate(on).cents
        norm = (law.NORM_COUPLE_CENTS if facts.household == COUPLE else law.NORM_SINGLE_CENTS).on(month)
        exemption = benefit.exemption_in(month, _situation(worker, facts, file.birth_on, month))
    except (NothingInForce, LawMissing):
        return None
    minutes, (share, rough) = _month_minutes(worker, on), _net_share(worker)

    def effect(paid: int) -> benefit.Effect:
        wage = half_up(Fraction(paid * cents_per_hour, HOUR))
        net = half_up((wage + holiday_reserve(wage, on)) * share)
        return benefit.effect(net, norm_cents=norm, exemption=exemption)

    more_gross = half_up(Fraction(more_minutes * cents_per_hour, HOUR))
    return Estimate(
        month, minutes, more_minutes, more_gross, effect(minutes), effect(minutes + more_minutes), rough
    )


def _situation(worker: Worker, facts: Facts, birth_on: date, month: date) -> benefit.Situation:
    last = month_of(month).end
    subsidised = any(
        award.until_on is None or award.until_on > month
        for award in Award.objects.filter(worker=worker, from_on__lt=last)
    )
    return benefit.Situation(
        birth_on, facts.started_on.replace(day=1), subsidised, facts.single_parent, facts.medically_limited
    )


def _month_minutes(worker: Worker, on: date) -> int:
    """Return the minutes worked or planned in a month; an offer that waits is not among them."""
    inside = moments(month_of(on))
    rows = Assignment.objects.filter(
        worker=worker, state__in=Assignment.LIVE, visit__start_at__gte=inside.start, visit__start_at__lt=inside.end
    ).exclude(state=Assignment.State.OFFERED)  # fmt: skip
    total = 0
    for row in rows.select_related("visit"):
        planned = int((row.visit.end_at - row.visit.start_at).total_seconds()) // 60
        worked = row.accepted_minutes if row.accepted_minutes is not None else row.recorded_minutes
        total += worked if worked is not None else planned
    return total


def _net_share(worker: Worker) -> tuple[Fraction, bool]:
    """Return net as a part of gross on the last payslip; without one everything, and True."""
    slip = (
        Payslip.objects.filter(worker=worker, net_cents__isnull=False, gross_cents__gt=0)
        .order_by("-run__month")
        .first()
    )
    if slip is None or slip.net_cents is None:
        return Fraction(1), True
    return Fraction(slip.net_cents, slip.gross_cents), False


def with_benefit() -> list[Worker]:
    """Return the workers with a benefit, by name."""
    latest: dict[int, bool] = {}
    for worker_id, facts in Benefit.objects.order_by("noted_at", "pk").values_list("worker", "facts"):
        latest[worker_id] = bool(facts)
    holders = [worker_id for worker_id, holds in latest.items() if holds]
    return list(Worker.objects.filter(pk__in=holders).select_related("user").order_by("user__name", "pk"))


def months_of(workers: list[Worker], *, since: date, until: date) -> list[BenefitMonth]:
    """Return the paid hours by month worked, as fixed pay runs say; a correction stands under its own month."""
    hours = (
        WageLine.objects.filter(worker__in=workers, month__gte=since, month__lt=until)
        .exclude(run__state=PayRun.State.DRAFT)
        .exclude(kind__in=WageLine.ON_TOP)
    )
    minutes = {(row["worker"], row["month"]): row["total"] for row in _sums(hours, "minutes")}
    every = WageLine.objects.filter(worker__in=workers, month__gte=since, month__lt=until)
    gross = {
        (row["worker"], row["month"]): row["total"]
        for row in _sums(every.exclude(run__state=PayRun.State.DRAFT), "cents")
    }
    slips = Payslip.objects.filter(worker__in=workers, run__month__gte=since, run__month__lt=until)
    net = {(slip.worker_id, slip.run.month): slip.net_cents for slip in slips.select_related("run")}
    return [
        BenefitMonth(worker, month, minutes.get((worker.pk, month), 0), cents, net.get((worker.pk, month)))
        for worker in workers
        for (whose, month), cents in sorted(gross.items())
        if whose == worker.pk
    ]


def _sums(rows: "models.QuerySet[WageLine]", what: str) -> Any:
    return rows.order_by("worker", "month").values("worker", "month").annotate(total=Sum(what))
