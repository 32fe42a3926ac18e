"""The scheme: what a cheque costs, how long it lasts, the terms around a visit. Add a row, never edit one."""

from dataclasses import dataclass

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a cheque may be used, tested at the start of the visit.

    With `to_month_end` it lasts to the end of the month that comes `months` after the month of issue.
    Without, it lasts to the end of the day that comes `months` after the day of issue, or a day less when
    that day itself counts.
    """

    months: int
    to_month_end: bool = False
    issue_day_counts: bool = False


PRICE_CENTS = Rule(
    "price of a cheque",
    "Eén cheque is één uur hulp en kost dit bedrag, met btw.",
    Unit.CENTS_PER_HOUR,
    Since(BOOKS_BEGIN, 10_00, "the scheme: one cheque, one hour, ten euros", confidence="own"),
)
PRICE_STEP_CENTS = Rule(
    "step of a price per hour",
    "Een prijs per uur is een veelvoud van dit bedrag. Zo is een kwartier altijd een heel aantal centen.",
    Unit.CENTS,
    Since(BOOKS_BEGIN, 4, "the scheme: cheques are spent by the quarter hour", confidence="own"),
)
VALIDITY = Rule(
    "validity of a cheque",
    "Zo lang mag u een cheque gebruiken.",
    Unit.CHOICE,
    Since(
        BOOKS_BEGIN,
        Validity(12, to_month_end=True),
        "the scheme, after Flanders: dienstencheques.vlaanderen.be",
        confidence="own",
    ),
)
EXPIRY_REMINDER_DAYS = Rule(
    "reminder before a cheque expires",
    "Zoveel dagen voordat een cheque verloopt, krijgt u een bericht.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 30, "the scheme", confidence="own"),
)
MIN_ORDER_HOURS = Rule(
    "smallest order",
    "Zoveel cheques koopt u ten minste per keer.",
    Unit.HOURS,
    Since(BOOKS_BEGIN, 1, "the scheme", confidence="own"),
)
MAX_ORDER_HOURS = Rule(
    "largest order",
    "Zoveel cheques koopt u ten hoogste per keer.",
    Unit.HOURS,
    Since(BOOKS_BEGIN, 200, "the scheme", confidence="own"),
)
PERSON_YEAR_HOURS = Rule(
    "yearly cap for one resident",
    "Zoveel cheques koopt één bewoner ten hoogste per jaar.",
    Unit.HOURS,
    Since(BOOKS_BEGIN, 500, "the scheme, after Belgium: werk.be, running rules", confidence="own"),
)
HOUSEHOLD_YEAR_HOURS = Rule(
    "yearly cap for one household",
    "Zoveel cheques koopt één huishouden ten hoogste per jaar.",
    Unit.HOURS,
    Since(BOOKS_BEGIN, 1_000, "the scheme, after Belgium: werk.be, running rules", confidence="own"),
)
CONFIRM_DAYS = Rule(
    "term to confirm a visit",
    "Zoveel dagen na het bezoek zijn de uren akkoord als u niets zegt.",
    Unit.DAYS,
    Since(
        BOOKS_BEGIN,
        5,
        "the scheme, after Belgium: after 5 calendar days hours are valid by themselves, "
        "dienstencheque-sodexo.be 30-11-2016",
        confidence="own",
    ),
)
WAIT_MINUTES = Rule(
    "wait at a closed door",
    "Zoveel minuten wacht een medewerker als niemand opendoet.",
    Unit.MINUTES,
    Since(BOOKS_BEGIN, 15, "the scheme", confidence="own"),
)
CONFIRM_REMINDER_DAYS = Rule(
    "reminder to confirm a visit",
    "Zoveel dagen na het bezoek vragen wij nog een keer of de uren kloppen.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 3, "the scheme", confidence="own"),
)
DISPUTE_DAYS = Rule(
    "term to dispute a visit",
    "Tot zoveel dagen na het bezoek kunt u nog zeggen dat de uren niet kloppen.",
    Unit.DAYS,
    Since(
        BOOKS_BEGIN, 14, "the scheme; Brussels and Wallonia closed it after 60 days in 2016", confidence="own"
    ),
)
CANCEL_FREE_HOURS = Rule(
    "term to cancel a booking free of charge",
    "Tot zoveel uur voor het bezoek zegt u gratis af.",
    Unit.HOURS,
    Since(BOOKS_BEGIN, 48, "the scheme", confidence="own"),
)
WITHDRAWAL_DAYS = Rule(
    "term to withdraw from an online purchase",
    "Binnen zoveel dagen na de aankoop krijgt u uw geld terug, ook zonder reden.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 14, "BW 6:230o, consumers, sale at a distance", confidence="BG-H"),
)
REFUND_ALONE_CENTS = Rule(
    "largest refund by one person",
    "Tot dit bedrag mag één medewerker geld terugbetalen. Boven dit bedrag kijkt een tweede persoon mee.",
    Unit.CENTS,
    Since(BOOKS_BEGIN, 200_00, "the scheme", confidence="own"),
)
EXPIRY_WARNING_DAYS = Rule(
    "warnings before a cheque expires",
    "Zoveel dagen voordat een cheque verloopt, krijgt u een bericht. Elke keer één.",
    Unit.CHOICE,
    Since(BOOKS_BEGIN, (60, 30, 7), "the scheme", confidence="own"),
)
EXTENSION_MONTHS = Rule(
    "extension of a cheque",
    "Eén keer kunt u vragen om een cheque langer te gebruiken. Dat is gratis en duurt zoveel maanden.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 3, "the scheme", confidence="own"),
)
EXPIRY_OUTCOME = Rule(
    "what becomes of an expired cheque",
    "Dit gebeurt met een cheque die u niet op tijd gebruikt: hij vervalt (lapse) of u krijgt uw geld terug (refund).",
    Unit.CHOICE,
    Since(
        BOOKS_BEGIN,
        "lapse",
        "the scheme, after Wallonia: expired is lost, HLN; public money goes back to its funder",
        confidence="own",
    ),
)
