"""What each worker worked, and is to work, in the weeks around one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone

from kernel.periods import start_of_day
from scheduling.models import Assignment, Travel


@dataclass(frozen=True)
class Around:
    """Minutes by week: `before` the latest first, `after` the next one first."""

    before: tuple[int, ...]
    after: tuple[int, ...]


def around(worker_ids: Collection[int], monday: date, *, weeks: int) -> dict[int, Around]:
    """Return the minutes of work, travel between visits included, of so many weeks on either side of a week.

    What is paid counts as worked: accepted where the week was closed, else recorded, else planned. So somebody whose
    client was not at home is not the poorer for it.
    """
    reach = timedelta(weeks=weeks)
    since, until = start_of_day(monday - reach), start_of_day(monday + timedelta(weeks=1) + reach)
    found: dict[int, dict[int, int]] = {pk: {} for pk in worker_ids}
    rows = Assignment.objects.filter(
        worker__in=worker_ids,
        state__in=Assignment.LIVE,
        visit__start_at__gte=since,
        visit__start_at__lt=until,
    ).values_list("worker_id", "visit__start_at", "visit__end_at", "accepted_minutes", "recorded_minutes")
    for worker, start, end, accepted, recorded in rows:
        minutes = next(
            m for m in (accepted, recorded, round((end - start).total_seconds() // 60)) if m is not None
        )
        week = _week(timezone.localdate(start), monday)
        found[worker][week] = found[worker].get(week, 0) + minutes
    ways = Travel.objects.filter(worker__in=worker_ids, start_at__gte=since, start_at__lt=until)
    for worker, start, minutes in ways.values_list("worker_id", "start_at").annotate(Sum("minutes")):
        week = _week(timezone.localdate(start), monday)
        found[worker][week] = found[worker].get(week, 0) + minutes
    return {
        pk: Around(
            tuple(by_week.get(-back, 0) for back in range(1, weeks + 1)),
            tuple(by_week.get(ahead, 0) for ahead in range(1, weeks + 1)),
        )
        for pk, by_week in found.items()
    }


def _week(day: date, monday: date) -> int:
    return (day - monday).days // 7
