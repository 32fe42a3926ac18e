"""Every rule of the lawbook in one list: for the law page, and for what must be checked or renewed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType, ModuleType
from typing import Any

from kernel.dated import Since
from lawbook import (
    agreements,
    benefits,
    cheques,
    extra_pay,
    invoicing,
    pension_age,
    premiums,
    running_costs,
    social_return,
    subsidies,
    vat,
    wages,
    working_time,
)
from lawbook.rule import Rule

_MODULES = (
    cheques,
    invoicing,
    vat,
    wages,
    extra_pay,
    agreements,
    premiums,
    working_time,
    subsidies,
    benefits,
    social_return,
    running_costs,
    pension_age,
)


NAMED = re.compile(r"([a-z_]+\.[a-z0-9_-]+) (\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row and the rule it belongs to; `key` is the name of the rule in this list, 'vat.low_rate'."""

    key: str
    rule: Rule[Any]
    row: Since[Any]


def _rules_of(module: ModuleType) -> Iterator[tuple[str, Rule[Any]]]:
    chapter = module.__name__.removeprefix("lawbook.")
    for name, found in vars(module).items():
        if isinstance(found, Rule):
            yield f"{chapter}.{name.lower()}", found
    if module is wages:
        for scale, rule in wages.SCALES.items():
            yield f"{chapter}.{scale}", rule


RULES: Mapping[str, Rule[Any]] = MappingProxyType(
    {key: rule for module in _MODULES for key, rule in _rules_of(module)}
)


def in_force(day: date) -> list[Entry]:
    """Return the row of each rule that holds on a day; a rule without one is left out."""
    return [
        Entry(key, rule, row) for key, rule in RULES.items() for row in rule.rows if _holds(rule, row, day)
    ]


def silent_on(day: date) -> list[str]:
    """Return the keys of the rules that once held, or will hold, and say nothing on a day."""
    return [key for key, rule in RULES.items() if not any(_holds(rule, row, day) for row in rule.rows)]


def unverified(day: date) -> list[Entry]:
    """Return the rows in force or still to come whose law text nobody has read: check them before go-live."""
    return [
        Entry(key, rule, row)
        for key, rule in RULES.items()
        for row in rule.rows
        if not row.verified and (row.day > day or _holds(rule, row, day))
    ]


def ending_within(day: date, days: int) -> list[Entry]:
    """Return the rows in force on a day that end within so many days with nothing to follow them."""
    last = day + timedelta(days=days)
    return [
        entry
        for entry in in_force(day)
        if (end := entry.row.until) is not None and end <= last and not _says_something(entry.rule, end)
    ]


def named_in(text: str) -> list[Entry]:
    """Return the rows that a wage line or claim line names as its reason: 'wages.minimum_wage_cents 2026-07-01'."""
    return [
        Entry(key, RULES[key], row)
        for key, day in NAMED.findall(text)
        if key in RULES
        for row in RULES[key].rows
        if row.day.isoformat() == day
    ]


def _holds(rule: Rule[Any], row: Since[Any], day: date) -> bool:
    """Tell whether this row, and not a later one, holds on a day."""
    return row.holds_on(day) and not any(row.day < later.day <= day for later in rule.rows)


def _says_something(rule: Rule[Any], day: date) -> bool:
    return any(_holds(rule, row, day) for row in rule.rows)
