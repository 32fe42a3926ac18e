"""Pay beside plain hours: Sunday, night, sickness. Add a row, never edit one.

Shares are per cao scale; the empty scale is somebody on the minimum wage, for whom the law asks no supplement.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

JUL_25, JUL_26 = date(2025, 7, 1), date(2026, 7, 1)
_NONE: Mapping[str, Decimal] = MappingProxyType({})
_LAW = "ATW knows no supplement; the scheme pays none above the minimum wage"
_CAO = "cao schoonmaak, own knowledge: read the text before use"


def _cleaning(share: str) -> Mapping[str, Decimal]:
    return MappingProxyType({"cleaning-1-1": Decimal(share)})


SUNDAY_SHARES: Rule[Mapping[str, Decimal]] = Rule(
    "Sunday supplement",
    "Op zondag komt dit deel boven op het uurloon, voor wie een cao-schaal heeft.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, _NONE, _LAW, confidence="own"),
    Since(JUL_25, _cleaning("0.50"), _CAO, confidence="BG-L", until=JUL_26),
    Since(JUL_26, _NONE, _LAW, confidence="own"),
)
NIGHT_SHARES: Rule[Mapping[str, Decimal]] = Rule(
    "night supplement",
    "In de nacht komt dit deel boven op het uurloon, voor wie een cao-schaal heeft.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, _NONE, _LAW, confidence="own"),
    Since(JUL_25, _cleaning("0.30"), _CAO, confidence="BG-L", until=JUL_26),
    Since(JUL_26, _NONE, _LAW, confidence="own"),
)
NIGHT_UNTIL_MINUTE = Rule(
    "end of the night",
    "De nacht loopt van middernacht tot zoveel minuten daarna.",
    Unit.MINUTES,
    Since(BOOKS_BEGIN, 6 * 60, "ATW art. 1:7: night is 00:00 to 06:00", confidence="BG-H"),
)
SICK_SHARE = Rule(
    "wage while sick",
    "Wie ziek is, krijgt dit deel van het loon.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, Decimal("0.70"), "BW 7:629(1)", confidence="BG-H"),
)
SICK_FLOOR_WEEKS = Rule(
    "weeks in which a sick worker gets the minimum wage at least",
    "In de eerste weken van de ziekte is het loon nooit lager dan het minimumloon.",
    Unit.WEEKS,
    Since(BOOKS_BEGIN, 52, "BW 7:629(1)", confidence="BG-H"),
)
SICK_WEEKS = Rule(
    "weeks of wage while sick",
    "Zo lang betaalt de werkgever het loon door als iemand ziek is.",
    Unit.WEEKS,
    Since(BOOKS_BEGIN, 104, "BW 7:629(1)", confidence="BG-H"),
)


def supplement(scale: str, day: date, *, sunday: bool) -> Decimal:
    """Return the share on top of the wage on a Sunday, or in the night of another day; 0 where none is due."""
    return (SUNDAY_SHARES if sunday else NIGHT_SHARES).on(day).get(scale, Decimal(0))


def sick_floor_holds(since: date, day: date) -> bool:
    """Tell whether the minimum wage is the least of a sick worker on a day, so many weeks after the first one."""
    return (day - since).days < 7 * SICK_FLOOR_WEEKS.on(day)
