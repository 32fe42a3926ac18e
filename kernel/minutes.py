"""Minutes: quarters of an hour, elapsed time, and the two nights a year when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

from kernel.errors import Refused
from kernel.periods import AMSTERDAM, in_utc, local

QUARTER = 15
HOUR = 60
DAY = 24 * HOUR


class NoSuchTime(Refused):
    """The clocks skip this time: they go from 02:00 to 03:00 that night."""


class TimeComesTwice(Refused):
    """The clocks show this time twice: they go from 03:00 back to 02:00 that night."""


def is_quarter(minutes: int) -> bool:
    return minutes % QUARTER == 0


def round_up_quarter(minutes: int) -> int:
    """Return the smallest multiple of 15 that is not less."""
    return -(-minutes // QUARTER) * QUARTER


def elapsed(start: datetime, end: datetime) -> int:
    """Return the whole minutes that pass between two moments, whatever the clocks show."""
    return (in_utc(end) - in_utc(start)) // timedelta(minutes=1)


def clock(moment: datetime) -> tuple[date, int]:
    """Return the day and the minute of the day that the clocks in Europe/Amsterdam show."""
    shown = local(moment)
    return shown.date(), shown.hour * HOUR + shown.minute


def is_missing(day: date, minute: int) -> bool:
    """Tell whether the clocks skip this minute of the day."""
    return clock(_shown(day, minute, fold=0)) != (day, minute)


def is_doubled(day: date, minute: int) -> bool:
    """Tell whether the clocks show this minute of the day twice."""
    return not is_missing(day, minute) and _shown(day, minute, fold=0) != _shown(day, minute, fold=1)


def moment(day: date, minute: int) -> datetime:
    """Return the moment (UTC) at which the clocks in Europe/Amsterdam show a minute of a day.

    :raises NoSuchTime: the clocks skip it.
    :raises TimeComesTwice: the clocks show it twice.
    """
    if is_missing(day, minute):
        raise NoSuchTime(f"{_label(minute)} does not exist on {day}: the clocks go forward.")
    if is_doubled(day, minute):
        raise TimeComesTwice(f"{_label(minute)} comes twice on {day}: the clocks go back.")
    return _shown(day, minute, fold=0)


def _shown(day: date, minute: int, *, fold: int) -> datetime:
    wall = time(minute // HOUR, minute % HOUR, tzinfo=AMSTERDAM, fold=fold)
    return datetime.combine(day, wall).astimezone(UTC)


def _label(minute: int) -> str:
    return f"{minute // HOUR:02}:{minute % HOUR:02}"
