"""Hours the organisation bears: accepted, and asked of no customer. Each has a reason and an entry."""

from datetime import datetime

from django.db.models import Sum
from django.utils import timezone

from lawbook.cheques import PRICE_CENTS
from ledger.models import Account
from ledger.posting import Move, post
from scheduling.models import Assignment, Borne
from scheduling.visits import billable_minutes, nearest_quarter


def bear_rest(assignment: Assignment, *, at: datetime) -> int:
    """Bear what is accepted and not confirmed of settled hours; return the minutes. Step.

    What the customer was asked for and a decision took off is borne as shortened; what lies above it as rounding, or,
    when the worker stayed longer than was booked, or nobody opened the door, as that.
    """
    borne = assignment.borne.aggregate(total=Sum("minutes"))["total"] or 0
    rest = (assignment.accepted_minutes or 0) - assignment.confirmed_minutes - borne
    shortened = min(rest, max(0, billable_minutes(assignment) - assignment.confirmed_minutes))
    _bear(assignment, shortened, Borne.Reason.SHORTENED, at=at)
    longer = nearest_quarter(assignment.recorded_minutes or 0) > billable_minutes(assignment)
    above = Borne.Reason.LONGER if longer else Borne.Reason.ROUNDING
    if assignment.absent_at:
        above = Borne.Reason.CUSTOMER_ABSENT
    _bear(assignment, rest - shortened, above, at=at)
    return max(rest, 0)


def _bear(assignment: Assignment, minutes: int, reason: str, *, at: datetime) -> None:
    """Write borne minutes, and their worth at the price of the day as a memo entry."""
    if minutes <= 0:
        return
    key = f"borne:{assignment.pk}:{reason}"
    day = timezone.localdate(at)
    Borne.objects.create(assignment=assignment, minutes=minutes, reason=reason, entry_key=key, at=at)
    cents = max(1, minutes * PRICE_CENTS.on(day) // 60)
    post(key, day, Move(Account.BORNE, Account.BORNE_COVER, cents, f"worker:{assignment.worker_id}"))
