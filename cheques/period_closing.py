"""Close a day, a month or a year of the books: afterwards a mistake is mended by an entry in the open period."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cheques import vat
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import Period, add_months, local_day, month_of
from ledger import closing
from ledger.models import ClosedDay, ClosedMonth, ClosedYear, Entry


class NotOverYet(Refused):
    """The period still runs."""


class EarlierIsOpen(Refused):
    """Periods are closed in their order."""


@transaction.atomic(durable=True)
def close_day(day: date, *, by: User, at: datetime) -> ClosedDay:
    """Close a day.

    :raises NotOverYet: it is today or later.
    :raises closing.AlreadyClosed: it was closed before.
    """
    if local_day(at) <= day:
        raise NotOverYet(_("Deze dag is nog niet voorbij."))
    row = closing.close_day(day, by_id=by.pk, at=at)
    record("day.closed", row, by_id=by.pk, at=at, day=day.isoformat())
    return row


@transaction.atomic(durable=True)
def close_month(month: date, *, by: User, at: datetime) -> ClosedMonth:
    """Split the VAT off and close a month.

    :raises NotOverYet: the month still runs.
    :raises EarlierIsOpen: an earlier month with entries is open.
    :raises closing.AlreadyClosed: it was closed before.
    """
    days = month_of(month)
    if local_day(at) < days.end:
        raise NotOverYet(_("Deze maand is nog niet voorbij."))
    first = first_open_month()
    if first and first < days.start:
        raise EarlierIsOpen(_("Sluit eerst de maand ervoor af: %(month)s.") % {"month": f"{first:%m-%Y}"})
    vat.split_off(days.start, at=at)
    row = closing.close(days.start, by_id=by.pk, at=at)
    record("month.closed", row, by_id=by.pk, at=at, month=days.start.isoformat())
    return row


@transaction.atomic(durable=True)
def close_year(year: int, *, by: User, at: datetime) -> ClosedYear:
    """Close a year whose months with entries are all closed, and keep its result.

    :raises NotOverYet: the year still runs.
    :raises EarlierIsOpen: one of its months is open.
    :raises closing.AlreadyClosed: it was closed before.
    """
    days = Period(date(year, 1, 1), date(year + 1, 1, 1))
    if local_day(at) < days.end:
        raise NotOverYet(_("Dit jaar is nog niet voorbij."))
    first = first_open_month()
    if first and first < days.end:
        raise EarlierIsOpen(_("Sluit eerst de maand ervoor af: %(month)s.") % {"month": f"{first:%m-%Y}"})
    row = closing.close_year(year, by_id=by.pk, at=at)
    record("year.closed", row, by_id=by.pk, at=at, year=year, result_cents=row.result_cents)
    return row


def first_open_month() -> date | None:
    """Return the first month with entries that is not closed; None when all are."""
    months = {day.replace(day=1) for day in Entry.objects.values_list("day", flat=True).distinct()}
    still = months - set(ClosedMonth.objects.values_list("month", flat=True))
    return min(still, default=None)


def months_with_entries() -> list[date]:
    """Return every month from the first entry on, oldest first."""
    first = Entry.objects.order_by("day").values_list("day", flat=True).first()
    last = Entry.objects.order_by("-day").values_list("day", flat=True).first()
    found = []
    month = first.replace(day=1) if first else None
    while month and last and month <= last:
        found.append(month)
        month = add_months(month, 1)
    return found
