"""From minutes of work to gross wage: one line per kind, rate and stretch of days; rounded once per rate.

Plain arithmetic on figures of the lawbook: nothing here reads a row of the database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from kernel.dated import NothingInForce
from kernel.minutes import HOUR, elapsed
from kernel.money import half_up, split_largest_remainder
from kernel.periods import Period, in_utc, local_day, moments, split_at_days
from lawbook import wages

Key = str | int
_Minutes = dict[tuple[date, "Kind"], dict[Key, int]]


class Kind(StrEnum):
    """Why minutes are paid."""

    VISIT = "visit"
    TRAVEL = "travel"
    UNWORKED = "unworked"  # promised, and called off too late to leave it unpaid
    TOP_UP = "top_up"  # up to the least paid time of a call
    TRAINING = "training"
    LEAVE = "leave"
    SICK = "sick"
    SUNDAY = "sunday"  # on top of the wage of the same minutes
    NIGHT = "night"  # on top of the wage of the same minutes
    HOLIDAY = "holiday"  # allowance; without minutes
    LEAVE_LEFT = "left"  # leave that somebody who goes did not take


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes to pay from a moment on; `key` is the caller's name for them.

    Minutes are elapsed time from a whole minute on. Unpaid break is left out of them and counts as taken at the end; where that would
    move paid time across midnight, give the work as two.

    :raises ValueError: there are no minutes, or the start has no time zone.
    """

    key: Key
    kind: Kind
    start: datetime
    minutes: int

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise ValueError(f"Work {self.key} has {self.minutes} minutes.")
        object.__setattr__(self, "start", in_utc(self.start).replace(second=0, microsecond=0))

    @classmethod
    def between(
        cls, key: Key, kind: Kind, start: datetime, end: datetime, *, break_minutes: int = 0
    ) -> "Work":
        """Return the work from one moment to another, less an unpaid break."""
        return cls(key, kind, start, elapsed(start, end) - break_minutes)

    @property
    def period(self) -> Period[datetime]:
        return Period(self.start, self.start + timedelta(minutes=self.minutes))


@dataclass(frozen=True, slots=True)
class Rate:
    """Gross cents per hour, and the row of the lawbook behind it."""

    cents: int
    rule: str


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a wage line that pays one piece of work; the parts add up to the line."""

    key: Key
    minutes: int
    cents: int


@dataclass(frozen=True, slots=True)
class WageLine:
    """Minutes of one kind at one rate in a stretch of days, and their gross wage."""

    kind: Kind
    days: Period[date]
    minutes: int
    rate_cents: int
    cents: int
    rule: str
    pieces: tuple[Piece, ...]


def age_on(birth_on: date, day: date) -> int:
    """Return the age in years, new from 00:00 on the birthday; 29 February becomes 1 March in other years."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def rate_on(day: date, *, birth_on: date, scale: str = "") -> Rate:
    """Return the wage per hour on a day: the minimum wage of that age, or the cao scale when it is higher.

    :raises NothingInForce: the lawbook has no minimum wage, or no wage of the scale, for that day.
    """
    age = age_on(birth_on, day)
    minimum = Rate(wages.minimum_wage_cents(age, day), _minimum_rule(age, day))
    if not scale:
        return minimum
    if scale not in wages.SCALES:
        raise NothingInForce(f"The lawbook knows no scale {scale}.")
    row = wages.SCALES[scale].row_on(day)
    return Rate(row.value, f"wages.{scale} {row.day}") if row.value > minimum.cents else minimum


def wage_lines(works: Iterable[Work], *, days: Period[date], rate: Callable[[date], Rate]) -> list[WageLine]:
    """Return the wage of the work that falls in a period, in the order of days and kinds.

    Each minute is paid at the rate of the day on which it passes, so midnight splits a visit where the rate
    changes. What falls outside the period is left to the run of its own month. The minutes of days in a row
    with the same rate are summed and their wage rounded half up once; lines share it by largest remainder.

    :raises NothingInForce: the rate of a day with work is not known.
    """
    minutes = _minutes_by_day(works, days)
    if not minutes:
        return []
    worked = {day: rate(day) for day in sorted({day for day, _ in minutes})}
    lines: list[WageLine] = []
    for stretch, paid in _stretches(worked, days, rate):
        of_stretch = {key: by_work for key, by_work in minutes.items() if key[0] in stretch}
        lines += _lines(stretch, paid, of_stretch)
    return lines


def gross_cents(lines: Iterable[WageLine]) -> int:
    return sum(line.cents for line in lines)


def _minimum_rule(age: int, day: date) -> str:
    full = f"wages.minimum_wage_cents {wages.MINIMUM_WAGE_CENTS.row_on(day).day}"
    if age >= wages.FULL_AGE:
        return full
    return f"{full}, wages.youth_shares {wages.YOUTH_SHARES.row_on(day).day} age {age}"


def _minutes_by_day(works: Iterable[Work], days: Period[date]) -> _Minutes:
    minutes: defaultdict[tuple[date, Kind], dict[Key, int]] = defaultdict(dict)
    for work in works:
        for day, count in _days_of(work, days):
            of_day = minutes[day, work.kind]
            of_day[work.key] = of_day.get(work.key, 0) + count
    return minutes


def _days_of(work: Work, days: Period[date]) -> Iterator[tuple[date, int]]:
    if work.kind == Kind.TOP_UP:
        # Nobody worked these minutes at any hour: they belong to the day on which the call starts.
        if local_day(work.start) in days:
            yield local_day(work.start), work.minutes
        return
    inside = work.period.intersect(moments(days))
    for part in split_at_days(inside) if inside else ():
        yield local_day(part.start), elapsed(part.start, part.end)


def _stretches(
    worked: Mapping[date, Rate], days: Period[date], rate: Callable[[date], Rate]
) -> list[tuple[Period[date], Rate]]:
    """Return the parts of the period that share a rate, as far as days with work show them."""
    starts = [(days.start, next(iter(worked.values())))]
    for (before, old), (day, new) in pairwise(worked.items()):
        if new == old:
            continue
        first = day
        while first - timedelta(days=1) > before and rate(first - timedelta(days=1)) == new:
            first -= timedelta(days=1)
        starts.append((first, new))
    ends = [start for start, _ in starts[1:]] + [days.end]
    return [(Period(start, end), paid) for (start, paid), end in zip(starts, ends, strict=True)]


def _lines(days: Period[date], rate: Rate, minutes: _Minutes) -> list[WageLine]:
    """Return the lines of one rate: the wage is rounded over all of it, then shared by minutes."""
    by_kind: dict[Kind, dict[Key, int]] = {}
    for kind in Kind:
        for (_, of_kind), by_work in minutes.items():
            if of_kind == kind:
                of_line = by_kind.setdefault(kind, {})
                for key, count in by_work.items():
                    of_line[key] = of_line.get(key, 0) + count
    counts = [sum(by_key.values()) for by_key in by_kind.values()]
    cents = split_largest_remainder(half_up(Fraction(sum(counts) * rate.cents, HOUR)), counts)
    return [
        WageLine(kind, days, count, rate.cents, part, rate.rule, _pieces(by_key, part))
        for (kind, by_key), count, part in zip(by_kind.items(), counts, cents, strict=True)
    ]


def _pieces(by_key: Mapping[Key, int], cents: int) -> tuple[Piece, ...]:
    shares = split_largest_remainder(cents, list(by_key.values()))
    return tuple(Piece(key, count, share) for (key, count), share in zip(by_key.items(), shares, strict=True))
