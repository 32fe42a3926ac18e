"""When someone can work: windows of a usual week, and what is left of them in one week."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import start_of_day
from workers_pool.contracts import is_employed
from workers_pool.models import Availability, Worker

Window = tuple[int, int, int]
Span = tuple[datetime, datetime]
DAY = timedelta(days=1)


class NotAWindow(Refused):
    """A window lies within one day and ends after it starts."""


class WindowsMeet(Refused):
    """Two windows of one day overlap or touch: they are one window."""


@transaction.atomic(durable=True)
def set_week(worker_id: int, *, windows: Sequence[Window], by: User, at: datetime) -> Worker:
    """Note when a worker can work in a usual week, in place of what was noted. Published visits stay.

    :param windows: (weekday, from minute, until minute), local time.
    :raises NotAWindow: a window is outside its day, or empty.
    :raises WindowsMeet: two windows of a day overlap or touch.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    worker.availability.all().delete()
    write_week(worker, windows)
    record("worker.availability", worker, by_id=by.pk, at=at)
    return worker


def write_week(worker: Worker, windows: Sequence[Window]) -> None:
    """Write the windows of a worker who has none. Step: the caller owns the transaction.

    :raises NotAWindow: see `set_week`.
    :raises WindowsMeet: see `set_week`.
    """
    for weekday, start, end in windows:
        if not (0 <= weekday <= 6 and 0 <= start < end <= 1440):
            raise NotAWindow(_("Kies per dag een begin en een einde. Het einde is later dan het begin."))
    for before, after in pairwise(sorted(windows)):
        if before[0] == after[0] and after[1] <= before[2]:
            raise WindowsMeet(_("Deze tijden sluiten op elkaar aan. Maak er één tijd van."))
    Availability.objects.bulk_create(
        Availability(worker=worker, weekday=weekday, from_minute=start, until_minute=end)
        for weekday, start, end in windows
    )


def windows(worker: Worker, monday: date) -> tuple[Span, ...]:
    """Return when a worker can work in a week: employed, under contract, not away.

    A window is counted back from the midnight at its end: the clock changes early on the day.
    """
    usual = sorted(worker.availability.all(), key=lambda slot: (slot.weekday, slot.from_minute))
    spans: list[Span] = []
    for slot in usual:
        day = monday + timedelta(days=slot.weekday)
        if is_employed(worker, day):
            midnight = start_of_day(day + DAY)
            spans.append((
                midnight - timedelta(minutes=1440 - slot.from_minute),
                midnight - timedelta(minutes=1440 - slot.until_minute),
            ))  # fmt: skip
    for absence in worker.absences.all():
        spans = list(without(spans, absence.from_at, absence.until_at))
    return tuple(spans)


def without(spans: Iterable[Span], since: datetime, until: datetime) -> Iterable[Span]:
    """Yield what is left of spans outside [since, until)."""
    for start, end in spans:
        if until <= start or end <= since or since >= until:
            yield start, end
            continue
        if start < since:
            yield start, since
        if until < end:
            yield until, end
