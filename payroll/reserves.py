"""What months set aside for a worker: holiday allowance and leave, until it is paid or taken."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum

from kernel.periods import Period, month_of
from lawbook.wages import HOLIDAY_ALLOWANCE
from payroll.models import PaidTime, PayRun, Payslip
from payroll.models import WageLine as PaidLine
from payroll.payslip import Kind, WageLine
from payroll.wage_cost import HolidayPayment, holiday_payment, holiday_period
from workers_pool.models import Worker


@dataclass
class Reserves:
    """What stands open for one worker before a month: wage by month that earned allowance, and leave."""

    wages: dict[date, int] = field(default_factory=dict)
    leave_minutes: int = 0


def before(month: date, ids: Iterable[int] | None = None) -> dict[int, Reserves]:
    """Return what workers still have from the months that were fixed before a month."""
    slips = Payslip.objects.exclude(run__state=PayRun.State.DRAFT).filter(run__month__lt=month)
    if ids is not None:
        slips = slips.filter(worker__in=ids)
    leave = slips.order_by("worker").values_list("worker").annotate(
        left=Sum(F("leave_minutes") - F("leave_out_minutes"))
    )  # fmt: skip
    found: defaultdict[int, Reserves] = defaultdict(Reserves)
    for worker, left in leave:
        found[worker].leave_minutes = left
    recent = slips.filter(run__month__gte=_june(month)).order_by("run__month")
    for worker, of, gross, paid in recent.values_list(
        "worker", "run__month", "gross_cents", "holiday_paid_cents"
    ):
        if paid:
            found[worker].wages.clear()  # all that stood open was paid with that month, its own wage included
        else:
            found[worker].wages[of] = gross
    return dict(found)


def owed(month: date) -> set[int]:
    """Return the workers who get something of their reserves with a month: in May, and who leaves."""
    open_ = before(month)
    rows = Worker.objects.filter(pk__in=open_)
    return {
        row.pk
        for row in rows
        if (open_[row.pk].wages and pays_holiday(row, month))
        or (open_[row.pk].leave_minutes > 0 and leaves(row, month_of(month)))
    }


def pays_holiday(worker: Worker, month: date) -> bool:
    """Tell whether a month pays the allowance: May, the month of the last day, or any later one."""
    if leaves(worker, month_of(month)):
        return True
    return holiday_period(month, started_on=worker.hired_on, until_on=worker.left_on) is not None


def leaves(worker: Worker, days: Period[date]) -> bool:
    """Tell whether the last day of a worker lies in a month or before it."""
    return worker.left_on is not None and worker.left_on - timedelta(days=1) < days.end


def holiday_line(
    worker: Worker, reserves: Reserves, wage_cents: int, month: date
) -> tuple[WageLine, HolidayPayment] | None:
    """Return the allowance that a month pays with what it releases of the reserves, or None when it pays none."""
    if not pays_holiday(worker, month):
        return None
    by_month = reserves.wages | {month: wage_cents}
    payment = holiday_payment(by_month)
    if payment.cents <= 0:
        return None
    days = Period(min(by_month), month_of(month).end)
    rule = f"wages.holiday_allowance {HOLIDAY_ALLOWANCE.row_on(month).day}"
    return WageLine(Kind.HOLIDAY, days, 0, 0, payment.cents, rule, ()), payment


def leave_balance(worker_id: int) -> int:
    """Return the leave that somebody can still take, in minutes: earned, less taken and less entered to be taken."""
    fixed = PayRun.objects.exclude(state=PayRun.State.DRAFT)
    earned = Payslip.objects.filter(worker=worker_id, run__in=fixed)
    taken = PaidTime.objects.filter(worker=worker_id, kind=PaidTime.Kind.LEAVE, withdrawn_at=None)
    paid_out = PaidLine.objects.filter(worker=worker_id, run__in=fixed, kind=PaidLine.Kind.LEAVE_LEFT)
    return _sum(earned, "leave_minutes") - _sum(taken, "minutes") - _sum(paid_out, "minutes")


def _sum(rows: "QuerySet[Any]", column: str) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def _june(month: date) -> date:
    """Return the June in which the allowance of a month began to be earned; a year more for who leaves late."""
    return date(month.year - (1 if month.month >= 6 else 2), 6, 1)
