"""Social return: what a contractor must spend on people at a distance from work. Local tables; add a row.

The values are those of Utrecht, as an illustration: the table of the organisation's own town takes their place.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

_UTRECHT = "illustrative: utrecht.nl, social return; value of a 36-hour contract of a year"

DUTY_SHARE = Rule(
    "social return duty",
    "Dit deel van de opdrachtsom besteedt een bedrijf aan mensen uit de doelgroep.",
    Unit.SHARE,
    Since(
        BOOKS_BEGIN,
        Decimal("0.05"),
        "usual in towns: wgsp-lekstroom.nl; vlietnieuws.nl 7-2025",
        confidence="H",
    ),
)
DUTY_FROM_CENTS = Rule(
    "contract sum from which social return is due",
    "Vanaf deze opdrachtsom, zonder btw, geldt de plicht.",
    Unit.CENTS,
    Since(BOOKS_BEGIN, 100_000_00, "usual in towns: wgsp-lekstroom.nl", confidence="H"),
)
NORM_MINUTES = Rule(
    "working week of a building block",
    "Een heel bouwblok hoort bij een week van zoveel uur.",
    Unit.MINUTES_PER_WEEK,
    Since(BOOKS_BEGIN, 36 * 60, _UTRECHT, confidence="H"),
)
BUILDING_BLOCKS: Rule[Mapping[str, int]] = Rule(
    "building blocks",
    "Zoveel telt een jaar werk voor iemand uit elke groep.",
    Unit.CENTS,
    Since(
        BOOKS_BEGIN,
        MappingProxyType(
            {
                "participatiewet": 40_000_00,
                "target_register": 50_000_00,
                "wia_wao": 40_000_00,
                "ww": 20_000_00,
                "school_leaver": 35_000_00,
                "bbl": 35_000_00,
                "bol": 20_000_00,
                "no_benefit": 10_000_00,
            }
        ),
        _UTRECHT,
        confidence="H",
    ),
)
BONUSES: Rule[Mapping[str, int]] = Rule(
    "bonus on a building block",
    "Dit komt erbij voor iemand van 50 jaar of ouder, een statushouder, of een vast contract.",
    Unit.CENTS,
    Since(
        BOOKS_BEGIN,
        MappingProxyType({"age_50": 10_000_00, "status_holder": 10_000_00, "permanent": 10_000_00}),
        _UTRECHT,
        confidence="H",
    ),
)
STAFF_HOUR_CENTS = Rule(
    "value of an hour of staff for a social project",
    "Zoveel telt een uur dat personeel van het bedrijf aan een sociaal project werkt.",
    Unit.CENTS_PER_HOUR,
    Since(BOOKS_BEGIN, 100_00, _UTRECHT, confidence="H"),
)
