"""Wage subsidies: loonkostensubsidie (LKS), loonkostenvoordeel (LKV), no-risk. Add a row, never edit one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

_ART_10D = "Participatiewet art. 10d"

LKS_CAP = Rule(
    "highest wage subsidy",
    "De loonkostensubsidie is ten hoogste dit deel van het minimumloon met vakantiegeld.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, Decimal("0.70"), f"{_ART_10D}(4)", verified=True, confidence="H"),
)
LKS_NORM_MINUTES = Rule(
    "working week of the wage subsidy",
    "Een hele loonkostensubsidie hoort bij een week van zoveel uur. Minder uren geeft minder, meer geeft meer.",
    Unit.MINUTES_PER_WEEK,
    Since(BOOKS_BEGIN, 36 * 60, f"{_ART_10D}(4)", verified=True, confidence="H"),
)
FULL_TIME_MINUTES = Rule(
    "full working week of the job",
    "Meer uren dan een volle baan telt niet mee voor de loonkostensubsidie.",
    Unit.MINUTES_PER_WEEK,
    Since(
        BOOKS_BEGIN,
        40 * 60,
        f"{_ART_10D}(4) names the limit, the organisation its full-time week",
        confidence="own",
    ),
)
LKS_COMPENSATION = Rule(
    "compensation for employer charges",
    "Boven op de loonkostensubsidie komt dit deel voor de lasten van de werkgever.",
    Unit.SHARE,
    Since(
        date(2018, 1, 1),
        Decimal("0.235"),
        "Stcrt. 2017, 68248; Regeling LKS Participatiewet, last seen 2021",
        confidence="M",
    ),
)
FORFAIT_SHARE = Rule(
    "wage subsidy before measuring",
    "Zolang de loonwaarde nog niet is gemeten, is de subsidie dit deel van het minimumloon met vakantiegeld.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, Decimal("0.50"), f"{_ART_10D}(5)", verified=True, confidence="H"),
)
FORFAIT_MONTHS = Rule(
    "longest time before measuring",
    "Zoveel maanden na de start moet de loonwaarde zijn gemeten.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 6, f"{_ART_10D}(5)", verified=True, confidence="H"),
)
NEW_DECISION_BASE: Rule[Literal["start", "january"]] = Rule(
    "base of a new decision within the year",
    "Een nieuw besluit rekent met het minimumloon van de dag waarop het begint. Elk jaar op 1 januari is er een "
    "nieuw bedrag.",
    Unit.CHOICE,
    Since(
        BOOKS_BEGIN,
        "start",
        f"{_ART_10D}(7) says 1 January for running decisions, nothing for new ones",
        confidence="own",
    ),
)
REMEASURE_ALERT_DAYS = Rule(
    "warning before the end of a term",
    "Zoveel dagen voor een nieuwe meting of het einde van een termijn komt er een bericht.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 42, "the organisation: six weeks", confidence="own"),
)
LATE_APPLICATION_MONTHS = Rule(
    "term to apply after the start",
    "Tot zoveel maanden na de start kan de subsidie nog worden aangevraagd, voor wie onder artikel 10d lid 2 valt.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 6, f"{_ART_10D}(2)", verified=True, confidence="H"),
)


@dataclass(frozen=True, slots=True)
class Lkv:
    """A yearly benefit for the employer: an amount per paid hour up to a cap; `years` is None without end."""

    cents_per_hour: int
    cap_cents: int
    years: int | None


LKV_DISABLED = Rule(
    "wage benefit for a disabled worker",
    "Loonkostenvoordeel per betaald uur voor iemand met een doelgroepverklaring arbeidsgehandicapt.",
    Unit.CENTS_PER_HOUR,
    Since(
        date(2026, 1, 1),
        Lkv(3_05, 6_000_00, 3),
        "fundamentvoor.nl 2026; randstad.nl werkpocket 2026",
        confidence="H",
    ),
)
LKV_JOBS_AGREEMENT = Rule(
    "wage benefit for the jobs agreement",
    "Loonkostenvoordeel per betaald uur voor iemand in de banenafspraak. Een verklaring is niet nodig.",
    Unit.CENTS_PER_HOUR,
    Since(date(2026, 1, 1), Lkv(1_01, 2_000_00, None), "fundamentvoor.nl 2026", confidence="H"),
)
NO_RISK_SHARE = Rule(
    "sickness benefit of the no-risk cover",
    "Is iemand met no-riskpolis ziek, dan betaalt het UWV dit deel van het loon in het eerste jaar.",
    Unit.SHARE,
    Since(
        BOOKS_BEGIN,
        Decimal(1),
        "factorwerk.org: 70 to 100% in year 1, a setting of the decision",
        confidence="M",
    ),
)
NO_RISK_SECOND_YEAR_SHARE = Rule(
    "sickness benefit of the no-risk cover in the second year",
    "In het tweede ziektejaar betaalt het UWV dit deel van het loon.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, Decimal("0.70"), "factorwerk.org", confidence="M"),
)
