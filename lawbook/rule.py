"""What one rule of the lawbook looks like: dated rows with a plain sentence and a unit."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from kernel.dated import Dated, Since

T = TypeVar("T")

BOOKS_BEGIN = date(2024, 1, 1)
"""The first day that can be computed again. A rule in force that day may be older; older law is not kept."""


class Unit(StrEnum):
    """What the figure of a rule counts, for whoever shows it."""

    CENTS = "cents"
    CENTS_PER_HOUR = "cents per hour"
    SHARE = "share"  # 0.09 is nine per cent
    MINUTES = "minutes"
    MINUTES_PER_WEEK = "minutes per week"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    TIMES = "times"
    CHOICE = "choice"


class Rule(Dated[T]):
    """A figure of the law, or a choice the law leaves open, from day to day.

    `name` completes "There is no ... in force"; `nl` is the sentence for the reader of the law page.
    `verified` on a row means that the text of the law, or its publication, was read for that figure.
    """

    __slots__ = ("nl", "unit")

    def __init__(self, name: str, nl: str, unit: Unit, *rows: Since[T]) -> None:
        super().__init__(*rows, name=name)
        self.nl = nl
        self.unit = unit
