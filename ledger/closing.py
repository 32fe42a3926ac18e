"""Close a month, so that nothing is booked in it any more."""

from datetime import date, datetime

from kernel.errors import Refused
from ledger.models import ClosedMonth


class AlreadyClosed(Refused):
    """The month was closed before."""


def close(month: date, *, by_id: int, at: datetime) -> ClosedMonth:
    """Close a month of the books. Step: the caller owns the transaction.

    :raises AlreadyClosed: it was closed before.
    """
    row, fresh = ClosedMonth.objects.get_or_create(
        month=month.replace(day=1), defaults={"closed_at": at, "closed_by_id": by_id}
    )
    if not fresh:
        raise AlreadyClosed("Deze maand is al afgesloten.")
    return row
