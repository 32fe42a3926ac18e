"""Rows of the lawbook in words, each with an example that can be checked by hand."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kernel.minutes import HOUR
from kernel.money import euros, half_up
from lawbook.index import Entry
from lawbook.rule import Unit
from payroll.wording import hours_in_words

EXAMPLE_HOURS, EXAMPLE_CENTS = 8, 1_000_00


@dataclass(frozen=True)
class Shown:
    """A row, its value in words, and a worked example; empty where a figure needs none."""

    entry: Entry
    value: str
    example: str


def shown(entry: Entry) -> Shown:
    value = entry.row.value
    return Shown(entry, in_words(value, entry.rule.unit), _example(value, entry.rule.unit))


def in_words(value: Any, unit: Unit) -> str:
    """Return a value with its unit; a value of several parts shows each by its name."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {part}" for name, part in value.items()) or _("geen")
    if isinstance(value, tuple):
        return "; ".join(in_words(part, unit) for part in value)
    words: dict[Unit, Callable[[Any], str]] = {
        Unit.CENTS: _euro, Unit.CENTS_PER_HOUR: _per_hour, Unit.SHARE: _percent, Unit.MINUTES: hours_in_words,
        Unit.MINUTES_PER_WEEK: hours_in_words,
    }  # fmt: skip
    if unit in words and isinstance(value, int | Decimal):
        return words[unit](value)
    return f"{value} {_unit(unit)}".strip()


def _euro(cents: int) -> str:
    amount = number_format(euros(cents), 2, use_l10n=True, force_grouping=True)
    return _("%(amount)s euro") % {"amount": amount}


def _per_hour(cents: int) -> str:
    return _("%(amount)s per uur") % {"amount": _euro(cents)}


def _percent(share: Decimal | int) -> str:
    return f"{number_format(Decimal(share) * 100, 2, use_l10n=True)}%"


def _unit(unit: Unit) -> str:
    names = {
        Unit.HOURS: _("uur"), Unit.DAYS: _("dagen"), Unit.WEEKS: _("weken"), Unit.MONTHS: _("maanden"),
        Unit.TIMES: _("keer"),
    }  # fmt: skip
    return names.get(unit, "")


def _example(value: Any, unit: Unit) -> str:
    if unit == Unit.CENTS_PER_HOUR and isinstance(value, int):
        return _("%(hours)s uur: %(amount)s") % {
            "hours": EXAMPLE_HOURS,
            "amount": _euro(EXAMPLE_HOURS * value),
        }
    if unit == Unit.SHARE and isinstance(value, Decimal):
        return _("over %(whole)s: %(amount)s") % {
            "whole": _euro(EXAMPLE_CENTS), "amount": _euro(half_up(EXAMPLE_CENTS * value)),
        }  # fmt: skip
    if unit in {Unit.MINUTES, Unit.MINUTES_PER_WEEK} and isinstance(value, int) and value > HOUR:
        return _("%(minutes)s minuten") % {"minutes": value}
    return ""
