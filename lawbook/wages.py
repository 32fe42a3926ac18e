"""Wages: the minimum wage by age, allowances, cao scales and call rules. Add a row, never edit one.

The minimum wage is set for half a year at a time, so each row ends by itself: a half year that nobody entered
has no wage, and the pay run stops with a sentence.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from kernel.dated import NothingInForce, Since
from kernel.money import half_up
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

JAN_24, JUL_24 = date(2024, 1, 1), date(2024, 7, 1)
JAN_25, JUL_25 = date(2025, 1, 1), date(2025, 7, 1)
JAN_26, JUL_26, JAN_27 = date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)

FULL_AGE = 21

MINIMUM_WAGE_CENTS = Rule(
    "minimum wage per hour",
    "Het minimumloon voor een uur werk, vanaf 21 jaar.",
    Unit.CENTS_PER_HOUR,
    Since(JAN_24, 13_27, "rijksoverheid.nl 15-1-2024", confidence="H", until=JUL_24),
    Since(JUL_24, 13_68, "accountancyvanmorgen.nl 16-10-2024", confidence="M", until=JAN_25),
    Since(
        JAN_25,
        14_06,
        "regeling indexatie wml 2025; accountancyvanmorgen.nl 16-10-2024",
        confidence="H",
        until=JUL_25,
    ),
    Since(JUL_25, 14_40, "Stcrt. 2025, 12264", confidence="H", until=JAN_26),
    Since(JAN_26, 14_71, "grootheddeaccountants.nl; mkbservicedesk.nl", confidence="H", until=JUL_26),
    Since(
        JUL_26, 14_99, "WML art. 8(2) and 14; Stcrt. 2026, 16505", verified=True, confidence="H", until=JAN_27
    ),
)
REFERENCE_MONTH_CENTS = Rule(
    "reference monthly wage",
    "Het maandloon waarmee de gemeente de loonkostensubsidie berekent, vanaf 21 jaar.",
    Unit.CENTS,
    Since(JAN_24, 2_069_40, "regeling indexatie wml 1-1-2024", confidence="BG-H", until=JUL_24),
    Since(JUL_24, 2_133_60, "accountancyvanmorgen.nl 16-10-2024", confidence="M", until=JAN_25),
    Since(
        JAN_25,
        2_191_80,
        "regeling indexatie wml 2025; accountancyvanmorgen.nl 16-10-2024",
        confidence="M",
        until=JUL_25,
    ),
    Since(JUL_25, 2_245_80, "Stcrt. 2025, 12264 (admintrend.nl 10-4-2025)", confidence="H", until=JAN_26),
    Since(JAN_26, 2_294_40, "grootheddeaccountants.nl", confidence="H", until=JUL_26),
    Since(JUL_26, 2_337_00, "WML art. 8; Stcrt. 2026, 16505", verified=True, confidence="H", until=JAN_27),
)


def _shares(**by_age: str) -> Mapping[int, Decimal]:
    return MappingProxyType({int(age.removeprefix("at")): Decimal(share) for age, share in by_age.items()})


YOUTH_SHARES = Rule(
    "share of the minimum wage for young workers",
    "Wie jonger is dan 21, heeft recht op dit deel van het minimumloon.",
    Unit.SHARE,
    Since(
        BOOKS_BEGIN,
        _shares(at20="0.8", at19="0.6", at18="0.5", at17="0.395", at16="0.345", at15="0.3"),
        "Besluit minimumjeugdloonregeling; grootheddeaccountants.nl 2026",
        confidence="H",
        until=JAN_27,
    ),
    Since(
        JAN_27,
        _shares(at20="0.875", at19="0.75", at18="0.625", at17="0.5", at16="0.4", at15="0.3"),
        "rijksoverheid.nl 24-4-2025; the enacted text was not seen",
        confidence="M",
    ),
)
HOLIDAY_ALLOWANCE = Rule(
    "holiday allowance",
    "Boven op het loon komt dit deel als vakantiegeld. De betaling is in mei, of als iemand weggaat.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, Decimal("0.08"), "WML art. 15", verified=True, confidence="H"),
)
HOLIDAY_WEEKS = Rule(
    "paid leave in a year",
    "Zoveel weken betaald vrij per jaar, naar het aantal uren in de week.",
    Unit.WEEKS,
    Since(BOOKS_BEGIN, 4, "BW 7:634", confidence="BG-H"),
)
LEAVE_SHARE = Rule(
    "paid leave on an hour worked",
    "Over elk gewerkt uur bouwt iemand dit deel aan vrije uren op: 4 van de 48 weken.",
    Unit.SHARE,
    Since(
        BOOKS_BEGIN,
        Decimal(4) / Decimal(48),
        "BW 7:634: 4 weeks of leave on 48 weeks of work",
        confidence="BG-H",
    ),
)
CALL_MINIMUM_MINUTES = Rule(
    "least paid time of a call",
    "Wie op oproep werkt, krijgt per oproep ten minste zoveel tijd betaald.",
    Unit.MINUTES,
    Since(BOOKS_BEGIN, 180, "BW 7:628a(1)", confidence="H"),
)
CALL_GAP_MINUTES = Rule(
    "pause inside one call",
    "Zit er tussen twee bezoeken meer tijd dan dit, dan zijn het twee oproepen.",
    Unit.MINUTES,
    Since(BOOKS_BEGIN, 30, "the law is silent; a break, as in ATW art. 5:4", confidence="own"),
)
CALL_NOTICE_DAYS = Rule(
    "notice of a call",
    "Zeggen wij een oproep later dan zoveel dagen vooraf af, dan betalen wij de afgesproken uren toch.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 4, "BW 7:628a(2) and (3)", confidence="H"),
)
SHORT_CONTRACT_MINUTES = Rule(
    "short contract",
    "Ook wie vaste uren heeft, maar minder dan zoveel per week en op wisselende tijden, heeft dit minimum per oproep.",
    Unit.MINUTES_PER_WEEK,
    Since(BOOKS_BEGIN, 15 * 60, "BW 7:628a(1); evl-advocaten.nl", confidence="H"),
)
FIXED_HOURS_OFFER_MONTH = Rule(
    "month of the fixed-hours offer",
    "In deze maand van een oproepcontract bieden wij vaste uren aan: het gemiddelde van twaalf maanden.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 13, "BW 7:628a(5)", confidence="H"),
)
SCALES: Mapping[str, Rule[int]] = MappingProxyType(
    {
        "cleaning-1-1": Rule(
            "wage of scale cleaning-1-1",
            "Cao schoonmaak, loongroep 1, eerste jaar: loon per uur.",
            Unit.CENTS_PER_HOUR,
            Since(JUL_25, 14_83, "cao schoonmaak; cleantotaal.nl 1-7-2025", confidence="H", until=JAN_26),
            Since(
                JAN_26,
                15_52,
                "cao schoonmaak, 14.83 x 1.03 + 0.25; schoonmakendnederland.nl",
                confidence="H",
                until=JUL_26,
            ),
        ),
    }
)


def youth_share(age: int, day: date) -> Decimal:
    """Return the part of the minimum wage at an age: 1 from 21 years on.

    :raises NothingInForce: the law knows no minimum wage at that age.
    """
    shares = YOUTH_SHARES.on(day)
    if age >= FULL_AGE:
        return Decimal(1)
    if age not in shares:
        raise NothingInForce(f"There is no minimum wage for someone of {age} years.")
    return shares[age]


def minimum_wage_cents(age: int, day: date) -> int:
    """Return the minimum wage per hour at an age, rounded half up to the cent before any use."""
    return half_up(MINIMUM_WAGE_CENTS.on(day) * youth_share(age, day))


def reference_month_cents(age: int, day: date) -> int:
    """Return the reference monthly wage at an age, rounded half up to the cent before any use."""
    return half_up(REFERENCE_MONTH_CENTS.on(day) * youth_share(age, day))
