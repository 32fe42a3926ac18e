"""On-call work: a call pays three hours at least, and a call that is cancelled late is paid (BW 7:628a).

Plain arithmetic. What comes out is more `Work` to pay, beside the work that was done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kernel.minutes import elapsed
from kernel.periods import Period, in_utc, local, local_day
from lawbook.wages import CALL_GAP_MINUTES, CALL_MINIMUM_MINUTES, CALL_NOTICE_DAYS
from payroll.payslip import Key, Kind, Work


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Promised time that was cancelled or moved, and the moment at which the worker was told."""

    key: Key
    planned: Period[datetime]
    told_at: datetime


def is_late(cancelled: Cancelled) -> bool:
    """Tell whether the worker heard less than four dates ahead, counted to the same time on the clock."""
    start = local(cancelled.planned.start)
    notice = CALL_NOTICE_DAYS.on(start.date())
    latest = (start - timedelta(days=notice)).astimezone(UTC)  # wall clock minus days, then what that means
    return in_utc(cancelled.told_at) > latest


def extra_work(works: Iterable[Work], cancelled: Iterable[Cancelled] = ()) -> list[Work]:
    """Return what an on-call worker is paid beyond the work done: late cancelled time and the top-up of calls.

    Time that was cancelled and worked after all counts once; work at another time takes nothing off. Works that
    follow each other within the gap of the lawbook are one call. Give all works of a call together, visits and
    travel: half a call gets too much.
    """
    done = list(works)
    unworked = _unworked([work.period for work in done], [call for call in cancelled if is_late(call)])
    top_ups = [top_up for call in _calls([*done, *unworked]) if (top_up := _top_up(call)) is not None]
    return [*unworked, *top_ups]


def _unworked(taken: Sequence[Period[datetime]], late: Sequence[Cancelled]) -> list[Work]:
    paid = list(taken)
    unworked = []
    for call in sorted(late, key=lambda call: call.planned.start):
        for left in outside(call.planned, paid):
            unworked.append(Work.between(call.key, Kind.UNWORKED, left.start, left.end))
            paid.append(left)
    return unworked


def kept_hours(
    works: Iterable[Work], cancelled: Iterable[Cancelled], week_minutes: Callable[[date], int]
) -> list[Work]:
    """Return the cancelled time that somebody with fixed hours is paid: however early they heard (BW 7:628).

    Only as far as their week stays short of the hours agreed, so that other work in its place takes it off.
    """
    done = list(works)
    taken = [work.period for work in done]
    minutes: Counter[date] = Counter()
    for work in done:
        minutes[_monday(work.start)] += work.minutes
    kept = []
    for call in sorted(cancelled, key=lambda call: call.planned.start):
        monday = _monday(call.planned.start)
        for part in outside(call.planned, taken):
            room = week_minutes(local_day(part.start)) - minutes[monday]
            paid = min(elapsed(part.start, part.end), room)
            if paid > 0:
                kept.append(Work(call.key, Kind.UNWORKED, part.start, paid))
                minutes[monday] += paid
            taken.append(part)
    return kept


def _monday(moment: datetime) -> date:
    day = local_day(moment)
    return day - timedelta(days=day.weekday())


def outside(period: Period[datetime], taken: Sequence[Period[datetime]]) -> list[Period[datetime]]:
    """Return the parts of a period that none of the others covers."""
    edges = [edge for other in taken for edge in (other.start, other.end)]
    return [part for part in period.split(edges) if not any(part.overlaps(other) for other in taken)]


def _calls(works: Sequence[Work]) -> list[list[Work]]:
    calls: list[list[Work]] = []
    end: datetime | None = None
    for work in sorted(works, key=lambda work: (work.start, work.minutes)):
        gap = CALL_GAP_MINUTES.on(local_day(work.start))
        if end is None or elapsed(end, work.start) > gap:
            calls.append([])
            end = work.period.end
        calls[-1].append(work)
        end = max(end, work.period.end)
    return calls


def _top_up(call: Sequence[Work]) -> Work | None:
    first = call[0]
    missing = CALL_MINIMUM_MINUTES.on(local_day(first.start)) - sum(work.minutes for work in call)
    return Work(first.key, Kind.TOP_UP, first.start, missing) if missing > 0 else None
