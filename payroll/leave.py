"""Leave of workers, as dated rows: a balance is their sum, and no row is ever changed."""

from datetime import date, datetime

from django.db.models import Sum

from events.recording import record
from identity.models import User
from payroll.models import LeaveEntry


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
