"""Earnings beside a benefit (Participatiewet): norms and exemptions. Add a row, never edit one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.dated import Since
from lawbook.rule import Rule, Unit

JAN_25, JUL_25 = date(2025, 1, 1), date(2025, 7, 1)
JAN_26, JUL_26, JAN_27 = date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)


@dataclass(frozen=True, slots=True)
class Exemption:
    """The part of net earnings that the town leaves out: a share, up to a cap a month, for so many months."""

    share: Decimal
    cap_cents: int | None
    months: int | None
    from_age: int = 18


NORM_SINGLE_CENTS = Rule(
    "benefit of a single person",
    "De bijstand voor iemand die alleen woont, vanaf 21 jaar: netto per maand, met vakantiegeld.",
    Unit.CENTS,
    Since(JAN_25, 1_345_45, "metronieuws.nl 2025", confidence="H", until=JUL_25),
    Since(JUL_25, 1_369_06, "metronieuws.nl 2025", confidence="H", until=JAN_26),
    Since(JAN_26, 1_401_50, "iasz.nl", confidence="H", until=JUL_26),
    Since(JUL_26, 1_419_46, "Participatiewet art. 21", verified=True, confidence="H", until=JAN_27),
)
NORM_COUPLE_CENTS = Rule(
    "benefit of a couple",
    "De bijstand voor een paar, vanaf 21 jaar: netto per maand, met vakantiegeld.",
    Unit.CENTS,
    Since(JAN_26, 2_002_13, "iasz.nl", confidence="H", until=JUL_26),
    Since(JUL_26, 2_027_79, "Participatiewet art. 21", verified=True, confidence="H", until=JAN_27),
)
FIRST_MONTHS = Rule(
    "exemption of the first months",
    "In de eerste zes maanden houdt u dit deel van uw loon naast de bijstand, vanaf 27 jaar.",
    Unit.SHARE,
    Since(
        JAN_26,
        Exemption(Decimal("0.25"), 285_00, 6, 27),
        "Participatiewet art. 31(2)n",
        verified=True,
        confidence="H",
        until=JAN_27,
    ),
)
SINGLE_PARENT = Rule(
    "exemption of a single parent",
    "Daarna houdt een ouder alleen, met een kind onder de 12, dit deel.",
    Unit.SHARE,
    Since(
        JAN_26,
        Exemption(Decimal("0.125"), 177_66, 30),
        "Participatiewet art. 31(2)r",
        verified=True,
        confidence="H",
        until=JAN_27,
    ),
)
WAGE_SUBSIDY_JOB = Rule(
    "exemption of a job with wage subsidy",
    "Wie werkt met loonkostensubsidie, houdt daarna dit deel.",
    Unit.SHARE,
    Since(
        JAN_26,
        Exemption(Decimal("0.15"), 180_19, 12),
        "Participatiewet art. 31(2)z",
        verified=True,
        confidence="H",
        until=JAN_27,
    ),
)
MEDICALLY_LIMITED = Rule(
    "exemption of someone medically limited",
    "Wie om medische redenen niet meer uren kan werken, houdt dit deel.",
    Unit.SHARE,
    Since(
        JAN_26,
        Exemption(Decimal("0.15"), 180_19, None),
        "Participatiewet art. 31(2)y",
        verified=True,
        confidence="H",
        until=JAN_27,
    ),
    Since(
        JAN_27,
        Exemption(Decimal("0.15"), None, None),
        "Participatiewet art. 34b; date: gemeente.nu 15-10-2025",
        confidence="M",
    ),
)
EVERY_WORKER = Rule(
    "exemption of everyone from 2027",
    "Vanaf 2027 houdt iedereen dit deel van het loon, ten hoogste twaalf maanden achter elkaar.",
    Unit.SHARE,
    Since(
        JAN_27,
        Exemption(Decimal("0.15"), None, 12),
        "Participatiewet art. 34a; date: gemeente.nu 15-10-2025",
        confidence="M",
    ),
)
