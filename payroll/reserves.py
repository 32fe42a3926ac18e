"""What months set aside for a worker: holiday allowance and leave, until it is paid or taken."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Sum

from kernel.periods import Period, month_of
from lawbook.wages import HOLIDAY_ALLOWANCE
from ledger.models import Account, Transfer
from payroll.models import LeaveEntry, PayRun, Payslip
from payroll.payslip import Kind, WageLine
from payroll.wage_cost import HolidayPayment, holiday_payment, holiday_period
from workers_pool.models import Worker


@dataclass
class Reserves:
    """What stands open for one worker before a month: wage by month that earned allowance, and leave."""

    wages: dict[date, int] = field(default_factory=dict)
    brought_cents: int = 0  # allowance earned before the books began
    leave_minutes: int = 0


def before(month: date, ids: Iterable[int] | None = None) -> dict[int, Reserves]:
    """Return what workers still have from the months that were fixed before a month."""
    slips = Payslip.objects.exclude(run__state=PayRun.State.DRAFT).filter(run__month__lt=month)
    if ids is not None:
        slips = slips.filter(worker__in=ids)
    entries = LeaveEntry.objects.filter(on__lt=month_of(month).end)
    if ids is not None:
        entries = entries.filter(worker__in=ids)
    found: defaultdict[int, Reserves] = defaultdict(Reserves)
    for worker, left in entries.order_by("worker").values_list("worker").annotate(left=Sum("minutes")):
        found[worker].leave_minutes = left
    for worker, cents in _brought_along().items():
        found[worker].brought_cents = cents
    ever_paid = slips.filter(holiday_paid_cents__gt=0).values_list("worker", flat=True)
    for worker in ever_paid:
        found[worker].brought_cents = 0
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
        if ((open_[row.pk].wages or open_[row.pk].brought_cents) and pays_holiday(row, month))
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
    earned = holiday_payment(by_month)
    payment = HolidayPayment(
        earned.cents + reserves.brought_cents, earned.reserved_cents + reserves.brought_cents
    )
    if payment.cents <= 0:
        return None
    days = Period(min(by_month), month_of(month).end)
    rule = f"wages.holiday_allowance {HOLIDAY_ALLOWANCE.row_on(month).day}"
    return WageLine(Kind.HOLIDAY, days, 0, 0, payment.cents, rule, ()), payment


def _brought_along() -> dict[int, int]:
    """Return the allowance that workers had earned before the books began, in cents."""
    rows = Transfer.objects.filter(entry__key__startswith="opening:holiday:", credit=Account.HOLIDAY_RESERVE)
    return {
        int(party.partition(":")[2]): cents
        for party, cents in rows.order_by("party").values_list("party").annotate(total=Sum("cents"))
    }


def _june(month: date) -> date:
    """Return the June in which the allowance of a month began to be earned; a year more for who leaves late."""
    return date(month.year - (1 if month.month >= 6 else 2), 6, 1)
