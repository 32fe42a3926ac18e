"""What an hour costs beside its wage: choices of the organisation itself. Add a row, never edit one."""

from datetime import date

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

_OWN_BUDGET = "illustrative: the budget of the organisation itself takes its place"

TRAINING_CENTS_PER_HOUR = Rule(
    "cost of training and coaching",
    "Zoveel kosten opleiding en begeleiding per betaald uur, volgens de begroting.",
    Unit.CENTS_PER_HOUR,
    Since(BOOKS_BEGIN, 85, _OWN_BUDGET, confidence="own"),
)
OVERHEAD_CENTS_PER_HOUR = Rule(
    "overhead",
    "Zoveel kosten kantoor, planning en verzekering per betaald uur, volgens de begroting.",
    Unit.CENTS_PER_HOUR,
    Since(BOOKS_BEGIN, 3_10, _OWN_BUDGET, confidence="own"),
)
PRICE_FLOOR_SHARE = Rule(
    "lowest price for a firm",
    "Een bedrijf betaalt voor een uur ten minste dit deel van de kosten na aftrek van loonkostensubsidie.",
    Unit.SHARE,
    Since(
        BOOKS_BEGIN, 1, "the organisation: never below full cost less documented subsidy", confidence="own"
    ),
)
HOURS_OF_A_CUSTOMER = Rule(
    "most hours of one customer in a month",
    "Meer uren per maand bij één klant is geen hulp meer maar een baan: dan hoort er gewoon werk te zijn.",
    Unit.HOURS,
    Since(BOOKS_BEGIN, 32, "the organisation and the panel of local firms", confidence="own"),
)
DE_MINIMIS_CENTS = Rule(
    "de minimis aid in three years",
    "Zoveel steun mag een onderneming in drie jaar krijgen zonder melding aan de Europese Commissie.",
    Unit.CENTS,
    Since(date(2024, 1, 1), 300_000_00, "Regulation (EU) 2023/2831; ecer.minbuza.nl", confidence="H"),
)
