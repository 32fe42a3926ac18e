"""Contracts in time, and how the organisation checks its own wages. Add a row, never edit one."""

from dataclasses import dataclass
from decimal import Decimal

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """A change of somebody's monthly wage is explained when it is above both."""

    share: Decimal
    cents: int


OFFER_WARNING_MONTH = Rule(
    "warning before the fixed-hours offer",
    "Vanaf deze maand van een oproepcontract waarschuwen wij dat het aanbod van vaste uren eraan komt.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 11, "the scheme: two months to prepare the offer of BW 7:628a(5)", confidence="own"),
)
CHAIN_CONTRACTS = Rule(
    "most temporary contracts in a row",
    "Zoveel tijdelijke contracten mogen elkaar opvolgen. Het volgende is een vast contract.",
    Unit.TIMES,
    Since(BOOKS_BEGIN, 3, "BW 7:668a(1)", confidence="BG-H"),
)
CHAIN_MONTHS = Rule(
    "longest row of temporary contracts",
    "Tijdelijke contracten na elkaar duren samen ten hoogste zo lang.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 36, "BW 7:668a(1)", confidence="BG-H"),
)
CHAIN_GAP_MONTHS = Rule(
    "pause that ends a row of contracts",
    "Na een pauze die langer is dan dit, begint het tellen opnieuw.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 6, "BW 7:668a(1)", confidence="BG-H"),
)
CORRECTION_MONTHS = Rule(
    "months that are computed again",
    "Zoveel maanden terug kijken wij of een loon nog klopt.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 60, "BW 3:308: a claim to wages lapses after five years", confidence="BG-H"),
)
CHANGE_LIMIT = Rule(
    "change of a wage that is explained",
    "Een loon dat meer verandert dan dit, krijgt een uitleg bij de proef.",
    Unit.CHOICE,
    Since(BOOKS_BEGIN, ChangeLimit(Decimal("0.10"), 50_00), "the scheme", confidence="own"),
)
CONTEST_WORKING_DAYS = Rule(
    "answer to who does not agree with a plan",
    "Wie het niet eens is met het rooster, krijgt binnen zoveel werkdagen antwoord van een mens.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 2, "the scheme: an assignment can be contested before a human", confidence="own"),
)
