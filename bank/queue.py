"""The one queue of bank lines that nobody knows yet, and the statements that are missing."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bank import matching
from bank.matching import with_open_cents
from bank.models import Allocation, Line, Statement


@dataclass(frozen=True)
class Waiting:
    """A line with cents that are not allocated (same sign as the line), and the days it has waited."""

    line: Line
    open_cents: int
    days: int


@dataclass(frozen=True)
class Parked:
    """A part that somebody booked as not known yet, and the days its line has waited."""

    allocation: Allocation
    days: int


def parked(*, on: date) -> list[Parked]:
    """Return the parts that wait under "not known yet", oldest first."""
    return [Parked(row, (on - row.line.booked_on).days) for row in matching.parked()]


@dataclass(frozen=True)
class Gap:
    """Two statements of an account in a row, of which the second does not start where the first ended."""

    before: Statement
    after: Statement

    @property
    def missing_cents(self) -> int:
        """What happened on the account between the two, as far as we were not told."""
        return self.after.opening_cents - self.before.closing_cents


def waiting(*, on: date) -> list[Waiting]:
    """Return the lines that wait for a name, oldest first."""
    return [Waiting(line, left, (on - line.booked_on).days) for line, left in with_open_cents()]


def gaps() -> list[Gap]:
    """Return where a statement is missing between two that came in, per account, in the order of days."""
    rows = list(Statement.objects.order_by("iban", "until_on", "from_on", "pk"))
    return [
        Gap(before, after)
        for before, after in pairwise(rows)
        if before.iban == after.iban and before.closing_cents != after.opening_cents
    ]
