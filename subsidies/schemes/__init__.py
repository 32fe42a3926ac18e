"""Local schemes, one module each with the same face: `NAME`, `TERMS`, `PAYS` and `due(scheme, month, facts)`.

A new scheme is a module here and a row of `LocalScheme`; nothing else knows it by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from kernel.errors import Refused
from kernel.periods import Period, month_of


class UnknownScheme(Refused):
    """No module of that name."""


class NotItsTerms(Refused):
    """A figure of the scheme is missing, or is not a whole number."""


@dataclass(frozen=True, slots=True)
class Path:
    """A track as the arithmetic reads it."""

    track_id: int
    worker_id: int
    purpose: str
    category: str
    from_on: date
    until_on: date | None
    outcome: str
    week_minutes: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a scheme may look at: paid minutes and subsidies of a month, tracks, and what it cost and gave before."""

    paid_minutes: Mapping[int, int] = field(default_factory=dict)  # worker -> minutes
    with_wage_subsidy: frozenset[int] = frozenset()  # workers with an award in the month
    paths: Sequence[Path] = ()
    spent_cents: int = 0  # wage cost of the organisation since the scheme began, this month included
    given_cents: int = 0  # what the scheme gave in earlier months


@dataclass(frozen=True, slots=True)
class Due:
    """What a scheme gives in a month: once per key."""

    key: str
    cents: int
    rule: str
    worker_id: int | None = None


class Terms(Protocol):
    """The row of a scheme, as far as its module may look."""

    @property
    def terms(self) -> Mapping[str, Any]: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...


class Scheme(Protocol):
    """The face of a module."""

    NAME: str
    TERMS: Mapping[str, str]
    PAYS: bool

    def due(self, scheme: Terms, month: date, facts: Facts) -> list[Due]: ...


def months_between(first: date, later: date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month


def runs_in(scheme: Terms, month: date) -> Period[date] | None:
    """Return the days of a month on which a scheme runs, or None."""
    days = month_of(month)
    end = min(scheme.until_on or days.end, days.end)
    start = max(scheme.from_on, days.start)
    return Period(start, end) if start < end else None


@cache
def all_of() -> dict[str, Scheme]:
    """Return every scheme by the name of its module."""
    return {
        found.name: cast("Scheme", import_module(f"{__name__}.{found.name}"))
        for found in iter_modules(__path__)
    }


def find(kind: str) -> Scheme:
    """Return a scheme.

    :raises UnknownScheme: there is no such module.
    """
    try:
        return all_of()[kind]
    except KeyError as error:
        raise UnknownScheme(f"There is no scheme called {kind}.") from error


def check(kind: str, terms: Mapping[str, Any]) -> None:
    """Check that the figures of a row are those the module asks.

    :raises NotItsTerms: one is missing, unknown, or not a whole number of zero or more.
    """
    wanted = find(kind).TERMS
    if set(terms) != set(wanted):
        raise NotItsTerms(f"The terms of {kind} are {', '.join(wanted)}.")
    for name, value in terms.items():
        figures = value.values() if isinstance(value, Mapping) else [value]
        if not all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in figures):
            raise NotItsTerms(f"{name} must be a whole number.")
