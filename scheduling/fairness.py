"""Hours that are shared fairly: what each worker worked against what was wanted, in the weeks before one.

Minutes count, not bookings. A worker does not stand behind because a customer was not at home (what is paid was worked) or
called off when it was too late for other work. Time in which somebody was away was not wanted. A week before somebody came
counts as it went for their colleagues, so that a newcomer is neither first in line nor last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import TypeVar

from events.models import Event
from identity.models import Neighbourhood
from kernel.minutes import elapsed
from kernel.periods import local_day, start_of_day
from lawbook.wages import CALL_NOTICE_DAYS
from scheduling import history
from scheduling.models import Assignment, Visit
from workers_pool import availability
from workers_pool.contracts import contract_on
from workers_pool.models import Worker

WEEKS = 13
SHORT_WEEKS = 4
WEEK = timedelta(weeks=1)
FEWEST = 3  # people in a neighbourhood of whom the middle tells of nobody alone
Who = TypeVar("Who", int, str)
Shares = Mapping[int, tuple[tuple[int, int], ...]]
"""By worker the minutes worked and wanted of each week that counts, the latest first."""


@dataclass(frozen=True)
class Share:
    """What one worker worked and wanted over some weeks, in minutes. `seeded` tells how many of the weeks are their own."""

    worker: Worker
    weeks: int
    own_weeks: int
    worked: int
    wanted: int

    @property
    def gap(self) -> int:
        """Minutes short of what was wanted; below zero when there was more."""
        return self.wanted - self.worked

    @property
    def percent(self) -> int | None:
        return round(100 * self.worked / self.wanted) if self.wanted else None


def shares_before(workers: Sequence[Worker], monday: date, *, weeks: int = WEEKS) -> Shares:
    """Return each worker's weeks before a Monday. Weeks in which nobody of them worked are left out.

    :param workers: a neighbourhood's pool, with contracts, availability and absences at hand.
    """
    around = history.around([worker.pk for worker in workers], monday, weeks=weeks)
    called_off = _called_off([worker.pk for worker in workers], monday, weeks)
    found: dict[int, list[tuple[int, int]]] = {worker.pk: [] for worker in workers}
    for back in range(1, weeks + 1):
        worked = {
            worker.pk: around[worker.pk].before[back - 1] + called_off.get((worker.pk, -back), 0)
            for worker in workers
        }
        if not any(worked.values()):
            continue
        wanted = {worker.pk: _wanted(worker, monday - back * WEEK) for worker in workers}
        for worker_id, share in _of_week(worked, wanted).items():
            found[worker_id].append(share)
        _seed(workers, monday - back * WEEK, wanted, found)
    return {worker_id: tuple(shares) for worker_id, shares in found.items()}


def beside_colleagues(
    shares: Mapping[Who, Sequence[tuple[int, int]]],
) -> dict[Who, tuple[tuple[int, int], ...]]:
    """Return the same weeks, with as worked what was wanted and how far somebody was from the part all had together.

    In a week in which all together got four fifths of what they wanted, somebody who got four fifths stands level. So the
    hours there are go round, and those there are not are missed by all alike. The engine plans with these weeks.

    :param shares: minutes worked and wanted, the same weeks for everybody.
    """
    found: dict[Who, list[tuple[int, int]]] = {who: [] for who in shares}
    for week in zip(*shares.values(), strict=True):
        done, asked = sum(one[0] for one in week), sum(one[1] for one in week)
        for who, (worked, wanted) in zip(shares, week, strict=True):
            expected = wanted * done // asked if asked else worked
            found[who].append((wanted + worked - expected, wanted))
    return {who: tuple(weeks) for who, weeks in found.items()}


def _of_week(worked: Mapping[int, int], wanted: Mapping[int, int | None]) -> dict[int, tuple[int, int]]:
    return {pk: (worked[pk], minutes) for pk, minutes in wanted.items() if minutes is not None}


def _seed(
    workers: Iterable[Worker],
    monday: date,
    wanted: Mapping[int, int | None],
    found: Mapping[int, list[tuple[int, int]]],
) -> None:
    """Give who was not there yet the week that their colleagues had on average."""
    there = [found[pk][-1] for pk, minutes in wanted.items() if minutes is not None]
    for worker in workers:
        if wanted[worker.pk] is None:
            found[worker.pk].append(as_colleagues(_first_wanted(worker, monday), there))


def as_colleagues(wanted: int, there: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return a week of somebody who was not there, as short of what they want as their colleagues were together."""
    asked, done = sum(one[1] for one in there), sum(one[0] for one in there)
    return wanted * done // asked if asked else wanted, wanted


def _wanted(worker: Worker, monday: date) -> int | None:
    """Return the minutes wanted in a week, less what the worker was away; None before and after the contract."""
    held = [contract_on(worker, monday + timedelta(days=day)) for day in range(7)]
    contract = next((one for one in reversed(held) if one is not None), None)
    usual = sum(slot.until_minute - slot.from_minute for slot in worker.availability.all())
    if contract is None or worker.hired_on >= monday + WEEK or not usual:
        return None
    left = sum(elapsed(start, end) for start, end in availability.windows(worker, monday))
    return contract.wanted_minutes * min(left, usual) // usual


def _first_wanted(worker: Worker, monday: date) -> int:
    """Return what the worker wants a week by the contract nearest to a week without one."""
    contracts = sorted(worker.contracts.all(), key=lambda contract: abs((contract.from_on - monday).days))
    return contracts[0].wanted_minutes if contracts else 0


def _called_off(worker_ids: Collection[int], monday: date, weeks: int) -> dict[tuple[int, int], int]:
    """Return minutes by worker and week of visits that their customer called off too late for other work in their place."""
    rows = list(
        Assignment.objects.filter(
            worker__in=worker_ids, state=Assignment.State.WITHDRAWN, visit__state=Visit.State.CANCELLED,
            visit__start_at__gte=start_of_day(monday - weeks * WEEK), visit__start_at__lt=start_of_day(monday),
        ).select_related("visit")
    )  # fmt: skip
    told = _told([row.visit for row in rows])
    found: dict[tuple[int, int], int] = {}
    for row in rows:
        at, start, end = told.get(row.visit_id), row.visit.start_at, row.visit.end_at
        notice = timedelta(days=CALL_NOTICE_DAYS.on(local_day(start)))
        if at is None or start - at >= notice or _worked_then(row):
            continue
        key = row.worker_id, (local_day(start) - monday).days // 7
        found[key] = found.get(key, 0) + elapsed(start, end)
    return found


def _told(visits: Collection[Visit]) -> dict[int, datetime]:
    """Return when each visit was called off."""
    subjects = {f"visit:{visit.pk}": visit.pk for visit in visits}
    rows = Event.objects.filter(kind="visit.cancelled", subject__in=list(subjects))
    return {subjects[row.subject]: row.at for row in rows}


def _worked_then(row: Assignment) -> bool:
    """Whether the worker was sent somewhere else at that time after all."""
    return Assignment.objects.filter(
        worker=row.worker_id, state__in=Assignment.LIVE, during__overlap=row.during
    ).exists()


def pool(neighbourhoods: Collection[Neighbourhood] | Collection[int], on: date) -> list[Worker]:
    """Return who is in the pool of these neighbourhoods, with what a share is made of."""
    return list(
        Worker.objects.filter(neighbourhood__in=neighbourhoods, hired_on__lte=on)
        .exclude(left_on__lte=on)
        .select_related("user", "neighbourhood")
        .prefetch_related("contracts", "availability", "absences")
        .order_by("user__name", "pk")
    )


def summed(workers: Sequence[Worker], shares: Shares, *, weeks: int, monday: date) -> list[Share]:
    """Return each worker's share over the last weeks that count, who is shortest first."""
    found = []
    for worker in workers:
        latest = shares[worker.pk][:weeks]
        own = max(0, (monday - worker.hired_on).days + 6) // 7
        found.append(
            Share(
                worker, len(latest), min(own, len(latest)),
                sum(worked for worked, _ in latest), sum(wanted for _, wanted in latest),
            )
        )  # fmt: skip
    return sorted(found, key=lambda share: (-share.gap, share.worker.user.name))


@dataclass(frozen=True)
class Place:
    """What one worker got of what they wanted over some weeks, beside the one in the middle; no colleague is named."""

    weeks: int
    worked: int
    wanted: int
    percent: int | None
    middle: int | None


def places(worker: Worker, monday: date) -> list[Place]:
    """Return a worker's own place before a Monday, over 4 and over 13 weeks.

    The middle is left out where so few work that it would tell of one colleague.
    """
    workers = pool([worker.neighbourhood_id], monday)
    shares = shares_before(workers, monday)
    found = []
    for weeks in (SHORT_WEEKS, WEEKS):
        rows = summed(workers, shares, weeks=weeks, monday=monday)
        mine = next((row for row in rows if row.worker.pk == worker.pk), None)
        if mine is not None and mine.weeks:
            parts = [row.percent for row in rows if row.percent is not None]
            middle = round(median(parts)) if len(parts) >= FEWEST else None
            found.append(Place(mine.weeks, mine.worked, mine.wanted, mine.percent, middle))
    return found
