"""A published week to which something happened, as the engine reads it: what may change, what stays, and what is asked."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from kernel.periods import start_of_day
from marketplace.models import Booking
from scheduling import weighting
from scheduling.engine.model import Job, Problem, Worker
from scheduling.engine.proposals import Pair, without
from scheduling.engine.replan import subtract
from scheduling.models import Assignment, Repair, Visit
from scheduling.week_problem import Week, problem

FROZEN = timedelta(hours=2)
"""A visit that begins sooner, and to which nothing happened, stays as it is."""
NOTICE = 60
"""A worker hears of a new visit so many minutes ahead."""
LATER = 180
"""A start is put off so many minutes at most, on the same day."""
QUARTER = 15


@dataclass(frozen=True)
class RepairWeek:
    """The problem, with the jobs that must be served again and the jobs that may change for it."""

    problem: Problem
    affected: frozenset[str]
    near: frozenset[str]


def is_begun(visit: Visit) -> bool:
    """Tell whether somebody of the crew is or was there."""
    return any(row.checked_in_at is not None for row in visit.assignments.all())


def live(visit: Visit) -> list[int]:
    """Return the workers who are expected at a visit."""
    return sorted(row.worker_id for row in visit.assignments.all() if row.state in Assignment.LIVE)


def visits_of(neighbourhood_id: int, monday: date) -> list[Visit]:
    """Return the week's visits that stand, with who goes."""
    week = Week(monday)
    rows = Visit.objects.filter(
        neighbourhood=neighbourhood_id, start_at__gte=week.start, start_at__lt=week.end
    ).exclude(state=Visit.State.CANCELLED)
    return list(rows.select_related("booking").prefetch_related("assignments").order_by("pk"))


def repair_week(repair: Repair, *, at: datetime) -> RepairWeek:
    """Return the week of a repair as it is at a moment."""
    return _Maker(repair, at).made()


class _Maker:
    def __init__(self, repair: Repair, at: datetime) -> None:
        self.repair, self.at, self.clock = repair, at, Week(repair.monday)
        self.rows = visits_of(repair.neighbourhood_id, repair.monday)
        self.of_booking = {str(row.booking_id): row for row in self.rows}
        self.week = problem(repair.neighbourhood, repair.monday, weights=weighting.weights())
        self.now = self.clock.minute(at)

    def made(self) -> RepairWeek:
        affected = self._affected()
        wanted = {str(pk) for pk in self.repair.about.get("bookings", ())} & set(self.week.job)
        days = {self._day(start) for job in wanted for start in self.week.job[job].starts}
        days |= {self._day(self.week.told[job].start) for job in affected}
        near = frozenset(key for key in self.week.told if key not in affected and self._may_change(key, days))
        week = dataclasses.replace(
            self.week,
            jobs=tuple(
                self._job(job, affected)
                for job in self.week.jobs
                if job.id in self.week.told or job.id in wanted
            ),
            workers=tuple(self._worker(worker) for worker in self.week.workers),
            rules=dataclasses.replace(self.week.rules, notice=NOTICE),
            now=self.now if self.now > 0 else None,
            locked=frozenset(),
        )
        return RepairWeek(without(week, list(self._refused())), frozenset(affected | wanted), near)

    def _affected(self) -> set[str]:
        """The visits the repair is about, as far as nobody is there, and what else a missing worker had that day."""
        asked = set(self.repair.about.get("visits", ()))
        found = {key for key, row in self.of_booking.items() if row.pk in asked and self._is_open(row)}
        missing = self._missing
        return found | {
            key
            for key, row in self.of_booking.items()
            if self._is_open(row)
            and row.start_at > self.at
            and any(self._day(self.clock.minute(row.start_at)) == missing.get(pk) for pk in live(row))
        }

    @cached_property
    def _missing(self) -> Mapping[int, int]:
        """Who did not come, and on which day."""
        if self.repair.cause != Repair.Cause.NO_SHOW:
            return {}
        return {
            mark.worker_id: self._day(self.clock.minute(row.start_at))
            for row in self.rows if row.pk in self.repair.about.get("visits", ())
            for mark in row.assignments.all() if mark.state == Assignment.State.NO_SHOW
        }  # fmt: skip

    def _is_open(self, row: Visit) -> bool:
        return row.state == Visit.State.PUBLISHED and not is_begun(row)

    def _may_change(self, key: str, days: Collection[int]) -> bool:
        row = self.of_booking.get(key)
        if row is None or not self._is_open(row) or len(live(row)) != row.booking.crew:
            return False
        return row.start_at >= self.at + FROZEN and self._day(self.week.told[key].start) in days

    def _day(self, minute: int) -> int:
        return self.week.day_of(minute)

    def _worker(self, worker: Worker) -> Worker:
        day = self._missing.get(int(worker.id))
        if day is None:
            return worker
        left = subtract(worker.availability, self.week.day_starts[day], self.week.day_end(day))
        return dataclasses.replace(worker, availability=left)

    def _job(self, job: Job, affected: Collection[str]) -> Job:
        return dataclasses.replace(job, starts=self._starts(job)) if job.id in affected else job

    def _starts(self, job: Job) -> tuple[int, ...]:
        """When a visit may begin: as told, as the customer asked too, and later that day when it has to be later."""
        told = self.week.told[job.id].start
        first = self._not_before
        if first is None:
            first = self.now + NOTICE if told < self.now + NOTICE else None
        if first is None:
            return job.starts
        day_end = self.week.day_end(self._day(told))
        first = -(-first // QUARTER) * QUARTER
        later = range(max(first, told), min(first + LATER, day_end - job.minutes) + 1, QUARTER)
        return tuple(sorted({*later, *(start for start in job.starts if start >= first)}))

    @cached_property
    def _not_before(self) -> int | None:
        said = self.repair.about.get("not_before")
        return self.clock.minute(datetime.fromisoformat(said)) if said else None

    def _refused(self) -> Iterable[Pair]:
        """Who was on a visit and is not any more: they said no, were taken off, or did not come."""
        for key, row in self.of_booking.items():
            for mark in row.assignments.all():
                if mark.state not in Assignment.LIVE and key in self.week.job:
                    yield key, str(mark.worker_id)


def waiting_on(neighbourhood_id: int, day: date) -> list[int]:
    """Return the bookings without a visit that could begin on a day."""
    start, end = start_of_day(day), start_of_day(day + timedelta(days=1))
    rows = Booking.objects.filter(neighbourhood=neighbourhood_id, state=Booking.State.REQUESTED)
    return [row.pk for row in rows.order_by("pk") if any(start <= moment < end for moment in row.starts)]


def monday_of(moment: datetime) -> date:
    """Return the Monday of the week in which a moment lies."""
    day = timezone.localdate(moment)
    return day - timedelta(days=day.weekday())
