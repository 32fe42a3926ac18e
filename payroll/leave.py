"""Leave of workers, as dated rows: a balance is their sum, and no row is ever changed."""

from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.periods import month_of
from payroll.models import LeaveEntry, PaidPiece, PaidTime, PayRun, Payslip


def note(worker_id: int, *, minutes: int, on: date, key: str, why: str, by: User, at: datetime) -> LeaveEntry:
    """Write leave earned (above zero) or taken (below zero), once under its key. Step: the caller owns the transaction."""
    entry, fresh = LeaveEntry.objects.get_or_create(
        key=key, defaults={"worker_id": worker_id, "minutes": minutes, "on": on, "why": why}
    )
    if fresh:
        record("leave.noted", entry, by_id=by.pk, at=at, minutes=minutes)
    return entry


def balance(worker_id: int, *, on: date) -> int:
    """Return the minutes of leave a worker has at the end of a day."""
    rows = LeaveEntry.objects.filter(worker_id=worker_id, on__lte=on)
    return rows.aggregate(total=Sum("minutes"))["total"] or 0


def note_of(slip: Payslip, *, by: User, at: datetime) -> None:
    """Write what a payslip earned of leave and what it paid of it. Step: the caller owns the transaction."""
    last = month_of(slip.run.month).end - timedelta(days=1)
    rows = (
        (slip.leave_minutes, "earned", _("Verdiend met uw werk")),
        (-slip.leave_out_minutes, "paid", _("Vrij, doorbetaald")),
    )
    for minutes, what, why in rows:
        if minutes:
            note(slip.worker_id, minutes=minutes, on=last, key=f"{what}:{slip.pk}", why=why, by=by, at=at)


def free(worker_id: int) -> int:
    """Return the minutes somebody can still take: the balance, less what is entered and not on a payslip yet."""
    rows = LeaveEntry.objects.filter(worker_id=worker_id)
    entered = PaidTime.objects.filter(worker_id=worker_id, kind=PaidTime.Kind.LEAVE, withdrawn_at=None)
    settled = PaidPiece.objects.exclude(line__run__state=PayRun.State.DRAFT).filter(time__isnull=False)
    waiting = entered.exclude(pk__in=settled.values("time"))
    return sum(
        int(found.aggregate(total=Sum("minutes"))["total"] or 0) * sign
        for found, sign in ((rows, 1), (waiting, -1))
    )
