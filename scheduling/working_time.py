"""When somebody may work again, and how long, by the working-time law. Instants in, instants and minutes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from kernel.periods import AMSTERDAM, start_of_day
from lawbook import working_time as law

NIGHT_ENDS, LATE_NIGHT = time(6), time(2)
WEEK = timedelta(days=7)
MOST_WEEKS = 16


@dataclass(frozen=True, order=True)
class Shift:
    """Work from a first start to a last end, with the breaks in it. [start, end), whatever the time zone given."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        # in one local zone Python would count what the clock on the wall shows, not what passes
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @property
    def elapsed_minutes(self) -> int:
        """Minutes that really pass, also in the night in which the clock changes."""
        return round((self.end - self.start).total_seconds() // 60)

    @property
    def break_minutes(self) -> int:
        """The break that is due; it is not paid. ATW art. 5:4."""
        return law.break_due(self.elapsed_minutes, self.start.astimezone(AMSTERDAM).date())

    @property
    def paid_minutes(self) -> int:
        return self.elapsed_minutes - self.break_minutes

    @property
    def is_night(self) -> bool:
        """Whether more than an hour of it lies between 00:00 and 06:00. ATW art. 1:7."""
        day, last = self.start.astimezone(AMSTERDAM).date(), self.end.astimezone(AMSTERDAM).date()
        in_the_night = timedelta()
        while day <= last:
            dawn = datetime.combine(day, NIGHT_ENDS, AMSTERDAM).astimezone(UTC)
            in_the_night += max(timedelta(), min(self.end, dawn) - max(self.start, start_of_day(day)))
            day += timedelta(days=1)
        return in_the_night > timedelta(hours=1)

    @property
    def rest_minutes(self) -> int:
        """The rest that must follow: longer after a night that ended late. ATW art. 5:3, 5:8."""
        ended = self.end.astimezone(AMSTERDAM)
        if self.is_night and ended.time() > LATE_NIGHT:
            return law.NIGHT_REST_MINUTES.on(ended.date())
        return law.DAILY_REST_MINUTES.on(ended.date())


def next_start(shift: Shift, *, shortened: bool = False) -> datetime:
    """Return when somebody may start again after a shift.

    :param shortened: the work needs it, and `may_shorten` allows it. The planner never asks for it.
    """
    if shortened and not shift.is_night:
        short = law.SHORT_DAILY_REST_MINUTES.on(shift.end.astimezone(AMSTERDAM).date())
        return shift.end + timedelta(minutes=short)
    return shift.end + timedelta(minutes=shift.rest_minutes)


def may_shorten(shift: Shift, *, before: Iterable[Shift]) -> bool:
    """Tell whether the rest after a shift may be the short one: once in seven times 24 hours.

    :param before: the shifts of the days before, up to this one.
    """
    worked = [*sorted(before), shift]
    short = [a.end for a, b in pairwise(worked) if b.start < next_start(a)]
    return not shift.is_night and all(shift.end - ended >= WEEK for ended in short)


def room(before: Sequence[int], after: Sequence[int], *, monday: date) -> int:
    """Return the most minutes that may be worked in a week, given the weeks around it. ATW art. 5:7.

    :param before: worked minutes of the weeks before, the latest first; a week that is not there counts as none.
    :param after: minutes that are planned in the weeks after, the first one first.
    """
    most = law.WEEK_MINUTES.on(monday)
    for weeks, average in ((4, law.FOUR_WEEKS_AVERAGE_MINUTES), (16, law.SIXTEEN_WEEKS_AVERAGE_MINUTES)):
        for ahead in range(weeks):
            others = sum(before[: weeks - 1 - ahead]) + sum(after[:ahead])
            most = min(most, weeks * average.on(monday) - others)
    return max(0, most)
