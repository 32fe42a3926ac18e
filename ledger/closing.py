"""Close a day, a month or a year, so that nothing is booked in it any more.

What still comes for a closed day is booked on the first open day after it: `posting.post` asks `first_open`.
"""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from kernel.errors import Refused
from kernel.periods import month_of
from ledger import balances
from ledger.models import Account, ClosedDay, ClosedMonth, ClosedYear


class AlreadyClosed(Refused):
    """The period was closed before."""


def close_day(day: date, *, by_id: int, at: datetime) -> ClosedDay:
    """Close a day of the books. Step: the caller owns the transaction.

    :raises AlreadyClosed: it was closed before.
    """
    row, fresh = ClosedDay.objects.get_or_create(day=day, defaults={"closed_at": at, "closed_by_id": by_id})
    if not fresh:
        raise AlreadyClosed(_("Deze dag is al afgesloten."))
    return row


def close(month: date, *, by_id: int, at: datetime) -> ClosedMonth:
    """Close a month of the books. Step: the caller owns the transaction.

    :raises AlreadyClosed: it was closed before.
    """
    row, fresh = ClosedMonth.objects.get_or_create(
        month=month.replace(day=1), defaults={"closed_at": at, "closed_by_id": by_id}
    )
    if not fresh:
        raise AlreadyClosed(_("Deze maand is al afgesloten."))
    return row


def close_year(year: int, *, by_id: int, at: datetime) -> ClosedYear:
    """Keep the result of a year. Step: the caller owns the transaction and closed its months.

    :raises AlreadyClosed: it was closed before.
    """
    result = result_cents(date(year, 1, 1), date(year + 1, 1, 1))
    row, fresh = ClosedYear.objects.get_or_create(
        year=year, defaults={"result_cents": result, "closed_at": at, "closed_by_id": by_id}
    )
    if not fresh:
        raise AlreadyClosed(_("Dit jaar is al afgesloten."))
    return row


def result_cents(start: date, end: date) -> int:
    """Return income less cost of [start, end), in cents."""
    counted = [account for account in Account if account.label[0] in "IC"]
    before, after = balances.trial(until=start), balances.trial(until=end)
    return sum(before[account] - after[account] for account in counted)


def first_open(day: date) -> date:
    """Return the day itself when it is open, else the first open day after it."""
    while True:
        if ClosedMonth.objects.filter(month=day.replace(day=1)).exists():
            day = month_of(day).end
        elif ClosedDay.objects.filter(day=day).exists():
            day += timedelta(days=1)
        else:
            return day
