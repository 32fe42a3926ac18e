"""Write what workers are paid for a month: wage lines with their pieces, and a payslip each. Steps of a pay run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from kernel.errors import Refused
from kernel.minutes import HOUR
from kernel.money import half_up
from kernel.periods import Period, month_of
from payroll import reckoning, reserves
from payroll.corrections import Correction
from payroll.gathering import agreements_of, bases, gather
from payroll.models import PaidPiece, PayRun, Payslip, WageLine, WorkerFile
from payroll.payslip import Key, Kind
from payroll.payslip import WageLine as Line
from payroll.reckoning import Facts
from payroll.reserves import Reserves
from payroll.terms import last_contract
from payroll.wage_cost import WageCost, wage_cost
from workers_pool.models import Worker

MOST_NAMED = 6


class FileMissing(Refused):
    """Somebody worked whose payroll file is not complete."""


@dataclass
class Month:
    """What one worker gets with a run: lines of the month itself, and those of earlier months."""

    worker: Worker
    basis: str
    own: list[Line]
    corrections: list[Correction] = field(default_factory=list)
    holiday: Line | None = None
    holiday_released_cents: int = 0
    leave_minutes: int = 0
    cost: WageCost | None = None

    @property
    def labelled(self) -> list[tuple[date | None, Line]]:
        """Return all lines, those of earlier months with that month."""
        earlier = [(row.month, line) for row in self.corrections for line in row.lines]
        last = [(None, self.holiday)] if self.holiday else []
        return [*((None, line) for line in self.own), *earlier, *last]

    @property
    def leave_out_minutes(self) -> int:
        kinds = (Kind.LEAVE, Kind.LEAVE_LEFT)
        return sum(line.minutes for _month, line in self.labelled if line.kind in kinds)


def files_of(ids: Sequence[int]) -> list[WorkerFile]:
    """Return the payroll files of workers, by worker.

    :raises FileMissing: a worker has none.
    """
    rows = (
        WorkerFile.objects.filter(worker__in=ids)
        .select_related("worker")
        .defer("bsn", "iban")
        .order_by("worker")
    )
    files = list(rows.prefetch_related("worker__contracts"))
    missing = Worker.objects.filter(pk__in=set(ids) - {file.worker_id for file in files})
    if missing:
        refs = [row.ref for row in missing.order_by("ref")]
        more = [_("en nog %(count)s") % {"count": len(refs) - MOST_NAMED}] if len(refs) > MOST_NAMED else []
        raise FileMissing(
            _("Het loondossier ontbreekt van: %(refs)s.") % {"refs": ", ".join(refs[:MOST_NAMED] + more)}
        )
    return files


def pay(
    run: PayRun, files: Sequence[WorkerFile], corrections: Sequence[Correction], *, small_employer: bool
) -> None:
    """Write the lines and payslips of some workers. The same facts give the same lines.

    :raises NothingInForce: the lawbook has no wage or premium for a day.
    """
    days, ids = month_of(run.month), [file.worker_id for file in files]
    agreements = agreements_of(files)
    facts, basis = gather(agreements, days), bases(agreements, days)
    open_ = reserves.before(run.month, ids)
    months = [
        _month(
            Month(file.worker, basis[file.worker_id], reckoning.lines(facts[file.worker_id], days)),
            facts[file.worker_id], days, open_.get(file.worker_id) or Reserves(),
            [row for row in corrections if row.worker_id == file.worker_id],
        )
        for file in files
    ]  # fmt: skip
    for month in months:
        month.cost = _cost(month, days, small_employer=small_employer)
    _write(run, months)


def _month(month: Month, facts: Facts, days: Period[date], open_: Reserves, found: list[Correction]) -> Month:
    """Add to the lines of a month what comes from other months: corrections, leave, holiday allowance."""
    worker = month.worker
    month.corrections = _that_fit(month.own, found)
    every = [line for _month, line in month.labelled]
    month.leave_minutes = reckoning.leave_minutes(every, days.start)
    if reserves.leaves(worker, days):
        month.own += _leave_left(worker, facts, month, open_, days)
    wage = sum(line.cents for _month, line in month.labelled)
    if (due := reserves.holiday_line(worker, open_, wage, days.start)) is not None:
        month.holiday, payment = due
        month.holiday_released_cents = payment.reserved_cents
    return month


def _that_fit(own: Sequence[Line], found: Sequence[Correction]) -> list[Correction]:
    """Return the corrections that leave a wage of nothing at least; others wait for a later month."""
    left = sum(line.cents for line in own)
    fit = []
    for row in sorted(found, key=lambda row: -row.cents):
        if left + row.cents >= 0:
            left += row.cents
            fit.append(row)
    return sorted(fit, key=lambda row: row.month)


def _leave_left(
    worker: Worker, facts: Facts, month: Month, open_: Reserves, days: Period[date]
) -> list[Line]:
    """Return the line that pays leave not taken at the wage of the last day, when somebody is gone."""
    minutes = open_.leave_minutes + month.leave_minutes - month.leave_out_minutes
    if minutes <= 0 or worker.left_on is None:
        return []
    last = min(worker.left_on, days.end) - timedelta(days=1)
    rate = facts.agreement.rate(last)
    return [
        Line(
            Kind.LEAVE_LEFT, days, minutes, rate.cents, half_up(Fraction(minutes * rate.cents, HOUR)),
            rate.rule, (),
        )
    ]  # fmt: skip


def _cost(month: Month, days: Period[date], *, small_employer: bool) -> WageCost:
    contract = last_contract(month.worker, days)
    wage = sum(line.cents for _month, line in month.labelled if line.kind != Kind.HOLIDAY)
    return wage_cost(
        wage, day=days.end - timedelta(days=1), permanent=bool(contract and contract.permanent),
        on_call=bool(contract and contract.kind == "on_call"), small_employer=small_employer,
    )  # fmt: skip


def _write(run: PayRun, months: Sequence[Month]) -> None:
    rows: list[WageLine] = []
    parts: list[tuple[WageLine, Line]] = []
    for month in months:
        for of, line in month.labelled:
            row = WageLine(
                run=run, worker=month.worker, month=of or run.month, kind=line.kind, rate_cents=line.rate_cents,
                from_on=line.days.start, until_on=line.days.end, minutes=line.minutes, cents=line.cents, rule=line.rule,
            )  # fmt: skip
            rows.append(row)
            parts.append((row, line))
    WageLine.objects.bulk_create(rows)
    PaidPiece.objects.bulk_create(
        PaidPiece(line=row, minutes=piece.minutes, cents=piece.cents, **_of(piece.key))
        for row, line in parts
        for piece in line.pieces
    )
    Payslip.objects.bulk_create(_payslip(run, month) for month in months)


def _payslip(run: PayRun, month: Month) -> Payslip:
    cost, holiday = month.cost, month.holiday.cents if month.holiday else 0
    assert cost is not None, "computed before it is written"
    return Payslip(
        run=run, worker=month.worker, gross_cents=cost.gross_cents + holiday, holiday_cents=cost.holiday_cents,
        holiday_paid_cents=holiday, holiday_released_cents=month.holiday_released_cents,
        premium_cents=cost.premiums.total_cents, leave_minutes=month.leave_minutes,
        leave_out_minutes=month.leave_out_minutes, basis=month.basis,
    )  # fmt: skip


def _of(key: Key) -> dict[str, int]:
    kind, pk = str(key).split(":")
    return {{"a": "assignment_id", "t": "travel_id", "p": "time_id"}[kind]: int(pk)}
