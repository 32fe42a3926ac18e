"""One day as a table: workers down, hours across, each visit as wide as it is long."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from kernel.minutes import clock
from kernel.periods import start_of_day
from scheduling.models import Assignment, Visit
from workers_pool.models import Absence, Worker

FIRST_HOUR, LAST_HOUR = 7, 22
QUARTERS = 4 * (LAST_HOUR - FIRST_HOUR)
LOOKS = {Assignment.State.OFFERED: "wijk-visit--draft", Assignment.State.NO_SHOW: "wijk-visit--wrong"}


@dataclass
class Cell:
    """A stretch of the day, in quarters of an hour: empty, or with what happens then."""

    span: int
    rows: list[Assignment] = field(default_factory=list)

    @property
    def look(self) -> str:
        """Return the class of a visit that is not certain, or went wrong; its words say so too."""
        return LOOKS.get(Assignment.State(self.rows[0].state), "") if self.rows else ""


@dataclass
class Line:
    """A worker's day."""

    worker: Worker
    absent: bool
    cells: list[Cell]


def visits_of(neighbourhood_ids: list[int], day: date) -> "QuerySet[Visit]":
    """Return the visits of a day that stand."""
    start, end = start_of_day(day), start_of_day(day + timedelta(days=1))
    return (
        Visit.objects.filter(neighbourhood__in=neighbourhood_ids, start_at__gte=start, start_at__lt=end)
        .exclude(state=Visit.State.CANCELLED)
        .select_related("booking__service", "booking__customer", "booking__address")
        .prefetch_related("assignments__worker__user")
        .order_by("start_at", "pk")
    )


def lines(neighbourhood_ids: list[int], day: date, visits: "QuerySet[Visit]") -> list[Line]:
    """Return the day of every worker who is in the pool."""
    rows: dict[int, list[Assignment]] = {}
    for visit in visits:
        for row in visit.assignments.all():
            if row.state in Assignment.LIVE or row.state == Assignment.State.NO_SHOW:
                row.visit = visit
                rows.setdefault(row.worker_id, []).append(row)
    workers = Worker.objects.filter(neighbourhood__in=neighbourhood_ids, left_on=None).select_related("user")
    away = _absent(neighbourhood_ids, day)
    return [
        Line(worker, worker.pk in away, cells_of(rows.get(worker.pk, [])))
        for worker in workers.order_by("user__name", "pk")
    ]


def _absent(neighbourhood_ids: list[int], day: date) -> set[int]:
    start, end = start_of_day(day), start_of_day(day + timedelta(days=1))
    absences = Absence.objects.filter(
        worker__neighbourhood__in=neighbourhood_ids, from_at__lt=end, until_at__gt=start
    )
    return set(absences.values_list("worker_id", flat=True))


def cells_of(rows: list[Assignment]) -> list[Cell]:
    """Return a day's stretches, which together are as wide as the head. Rows come by their start."""
    cells: list[Cell] = []
    reached = 0
    for row in rows:
        begin = min(max(_quarter(row.visit.start_at), 0), QUARTERS - 1)
        if begin < reached:  # somebody who did not come, and a visit after it in the same stretch
            cells[-1].rows.append(row)
            continue
        end = min(max(_quarter(row.visit.end_at), begin + 1), QUARTERS)
        if begin > reached:
            cells.append(Cell(begin - reached))
        cells.append(Cell(end - begin, [row]))
        reached = end
    return [*cells, Cell(QUARTERS - reached)] if reached < QUARTERS else cells


def _quarter(moment: datetime) -> int:
    _day, minute = clock(timezone.localtime(moment))
    return minute // 15 - 4 * FIRST_HOUR
