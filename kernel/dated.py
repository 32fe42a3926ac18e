"""Values with a date: what holds on a day, who says so, and whether somebody checked it."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, Literal, TypeVar

from kernel.errors import Refused

T = TypeVar("T")

# H: legal text or two agreeing sources; M: one secondary source; L: weak or old; BG: background knowledge
# with its certainty, not found in a source; own: a choice of the organisation itself, not a matter of law.
Confidence = Literal["H", "M", "L", "BG-H", "BG-M", "BG-L", "own"]


class NothingInForce(Refused, LookupError):
    """No row holds on the day. It is shown to the user: an older value never stands in for a missing one."""


@dataclass(frozen=True, slots=True)
class Since(Generic[T]):
    """A value that holds from a day on; with `until`, up to and not including that day.

    Give `until` where the law sets a new value on a known day (the minimum wage of 1 January and 1 July):
    then the old value ends by itself when nobody has added the new row.
    """

    day: date
    value: T
    source: str
    verified: bool = False
    confidence: Confidence = "BG-L"
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.day:
            raise ValueError(f"A row that starts on {self.day} cannot end on {self.until}.")

    def holds_on(self, day: date) -> bool:
        return self.day <= day and (self.until is None or day < self.until)


class Dated(Generic[T]):
    """Rows in the order of their days. A figure changes by adding a row, never by editing one.

    :raises ValueError: the days do not ascend, or a row starts before the one above it ends.
    """

    __slots__ = ("name", "rows")

    def __init__(self, *rows: Since[T], name: str = "value") -> None:
        for earlier, later in pairwise(rows):
            if later.day <= earlier.day:
                raise ValueError(f"The days of {name} must ascend: {later.day} comes after {earlier.day}.")
            if earlier.until is not None and later.day < earlier.until:
                raise ValueError(f"The {name} of {later.day} starts before the row of {earlier.day} ends.")
        self.name = name
        self.rows = rows

    def on(self, day: date) -> T:
        """Return the value that holds on a day.

        :raises NothingInForce: no row holds on that day.
        """
        return self.row_on(day).value

    def row_on(self, day: date) -> Since[T]:
        """Return the row that holds on a day, with its source.

        :raises NothingInForce: no row holds on that day.
        """
        for row in reversed(self.rows):
            if row.day <= day:
                if row.holds_on(day):
                    return row
                raise NothingInForce(
                    f"There is no {self.name} in force on {day}: the last one ended on {row.until}."
                )
        raise NothingInForce(f"There is no {self.name} in force on {day}.")

    def changes(self, start: date, end: date) -> list[date]:
        """Return the days after `start` and before `end` on which another row begins."""
        return [row.day for row in self.rows if start < row.day < end]
