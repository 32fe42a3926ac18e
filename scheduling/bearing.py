"""Hours the organisation bears: accepted, and asked of no customer. Each has a reason and an entry."""

from datetime import datetime

from django.db.models import Sum
from django.utils import timezone

from lawbook.cheques import PRICE_CENTS
from ledger.models import Account
from ledger.posting import Move, post
from scheduling.models import Assignment, Borne


def bear_rest(assignment: Assignment, *, reason: str, at: datetime) -> int:
    """Bear what is accepted and not confirmed; return the minutes. Step: the caller owns the transaction."""
    borne = assignment.borne.aggregate(total=Sum("minutes"))["total"] or 0
    rest = (assignment.accepted_minutes or 0) - assignment.confirmed_minutes - borne
    if rest <= 0:
        return 0
    key = f"borne:{assignment.pk}:{reason}"
    day = timezone.localdate(at)
    Borne.objects.create(assignment=assignment, minutes=rest, reason=reason, entry_key=key, at=at)
    cents = max(1, rest * PRICE_CENTS.on(day) // 60)
    post(key, day, Move(Account.BORNE, Account.BORNE_COVER, cents, f"worker:{assignment.worker_id}"))
    return rest
