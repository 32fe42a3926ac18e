"""VAT: two rates, and which service falls under which. Add a row, never edit one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

Level = Literal["low", "high"]

LOW_RATE = Rule(
    "low VAT rate",
    "Het lage btw-tarief.",
    Unit.SHARE,
    Since(date(2019, 1, 1), Decimal("0.09"), "Wet OB 1968 art. 9(2), from 1-1-2019", confidence="H"),
)
HIGH_RATE = Rule(
    "high VAT rate",
    "Het gewone btw-tarief.",
    Unit.SHARE,
    Since(date(2012, 10, 1), Decimal("0.21"), "Wet OB 1968 art. 9(1), from 1-10-2012", confidence="H"),
)
REVERSE_CHARGE_RATE = Rule(
    "VAT on an invoice with reverse charge",
    "Bij 'btw verlegd' staat er geen btw op de rekening.",
    Unit.SHARE,
    Since(
        BOOKS_BEGIN,
        Decimal(0),
        "Uitvoeringsbesluit OB art. 24b; belastingdienst.nl verleggingsregeling",
        confidence="H",
    ),
)

_LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "cleaning_inside_dwelling": "low",
        "windows_outside": "high",
        "cleaning_other": "high",  # offices, shops, facade, soot, water damage, after a death
        "moving": "high",
        "small_jobs": "high",
        "presence": "high",
        "guarding": "high",
        "hiring_out": "high",
    }
)
LEVELS: Rule[Mapping[str, Level]] = Rule(
    "VAT class of a service",
    "Schoonmaken binnen in een woning heeft het lage btw-tarief. Al het andere werk heeft het gewone tarief.",
    Unit.CHOICE,
    Since(
        BOOKS_BEGIN,
        _LEVELS,
        "table I, post b 19: cleaning inside dwellings; schoonmakendnederland.nl 2-5-2025; "
        "moving, guarding, odd jobs and hiring-out from own knowledge",
        confidence="H",
    ),
)
ROUNDING: Rule[Literal["total", "line"]] = Rule(
    "way to round VAT",
    "Wij ronden de btw één keer af: per rekening en per tarief, over het totaal.",
    Unit.CHOICE,
    Since(BOOKS_BEGIN, "total", "one method, kept: fiscanet.nl, softwarepakketten.nl", confidence="own"),
)


def rate(vat_class: str, day: date) -> Decimal:
    """Return the VAT rate of a class of service on the day of supply; 0.09 means nine per cent.

    :raises KeyError: the class is not in the lawbook.
    :raises NothingInForce: no rate is known on that day.
    """
    level = LEVELS.on(day)[vat_class]
    return (LOW_RATE if level == "low" else HIGH_RATE).on(day)
