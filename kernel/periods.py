"""Half-open periods of days or moments; a day is a day in Europe/Amsterdam, of 23, 24 or 25 hours."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

T = TypeVar("T", bound=date)  # a datetime is a date to the type checker; one period never mixes the two


@dataclass(frozen=True, slots=True)
class Period(Generic[T]):
    """The days or moments from `start` up to, not including, `end`.

    Moments are kept in UTC: Python compares and subtracts two moments of one zone by their wall clocks,
    which is an hour wrong across a clock change.

    :raises ValueError: the end is not after the start, a moment has no zone, or a day meets a moment.
    """

    start: T
    end: T

    def __post_init__(self) -> None:
        if isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise ValueError("A period runs between two days or between two moments.")
        object.__setattr__(self, "start", in_utc(self.start))
        object.__setattr__(self, "end", in_utc(self.end))
        if self.end <= self.start:
            raise ValueError(f"A period ends after it starts: {self.start} to {self.end}.")

    def __contains__(self, day: T) -> bool:
        return self.start <= day < self.end

    def overlaps(self, other: "Period[T]") -> bool:
        return self.start < other.end and other.start < self.end

    def intersect(self, other: "Period[T]") -> "Period[T] | None":
        """Return what two periods share, or None: periods that only touch share nothing."""
        if not self.overlaps(other):
            return None
        return Period(max(self.start, other.start), min(self.end, other.end))

    def split(self, cuts: Iterable[T]) -> "list[Period[T]]":
        """Return the parts between the cuts; cuts outside the period do nothing."""
        inside = sorted({cut for cut in cuts if self.start < cut < self.end})
        edges = [self.start, *inside, self.end]
        return [Period(start, end) for start, end in pairwise(edges)]


def in_utc(moment: T) -> T:
    """Return a moment in UTC, and a day as it is.

    :raises ValueError: the moment does not say in which zone it is.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.utcoffset() is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Return a moment on the clocks of Europe/Amsterdam."""
    return in_utc(moment).astimezone(AMSTERDAM)


def local_day(moment: datetime) -> date:
    return local(moment).date()


def start_of_day(day: date) -> datetime:
    """Return the moment (UTC) at which a day starts in Europe/Amsterdam."""
    return datetime.combine(day, time(), tzinfo=AMSTERDAM).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the moment (UTC) at which a day is over: 00:00 of the next day in Europe/Amsterdam."""
    return start_of_day(day + timedelta(days=1))


def moments(days: Period[date]) -> Period[datetime]:
    """Return the moments that a period of days lasts."""
    return Period(start_of_day(days.start), start_of_day(days.end))


def days_in(days: Period[date]) -> int:
    return (days.end - days.start).days


def each_day(days: Period[date]) -> Iterator[date]:
    for number in range(days_in(days)):
        yield days.start + timedelta(days=number)


def split_at_days(period: Period[datetime]) -> list[Period[datetime]]:
    """Return the parts of a period that lie within one day in Europe/Amsterdam each."""
    first, last = local_day(period.start), local_day(period.end)
    return period.split(
        start_of_day(first + timedelta(days=number)) for number in range(1, (last - first).days + 1)
    )


def add_months(day: date, months: int) -> date:
    """Return the same day number so many months on, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(day: date) -> Period[date]:
    """Return the calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, add_months(first, 1))


def split_at_months(days: Period[date]) -> list[Period[date]]:
    """Return the parts of a period of days that lie within one calendar month each."""
    firsts = []
    first = month_of(days.start).end
    while first < days.end:
        firsts.append(first)
        first = add_months(first, 1)
    return days.split(firsts)
