"""Invoices to firms: terms, the lowest price, and the part that goes to a blocked account. Add a row, never edit one."""

from decimal import Decimal

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

PAYMENT_DAYS = Rule(
    "term to pay an invoice",
    "Binnen zoveel dagen betaalt een bedrijf de rekening.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 30, "BW 6:119a(1): 30 days when nothing is agreed", confidence="BG-H"),
)
LONGEST_PAYMENT_DAYS = Rule(
    "longest term to pay an invoice",
    "Langer dan zoveel dagen mag een bedrijf er niet over doen.",
    Unit.DAYS,
    Since(BOOKS_BEGIN, 60, "BW 6:119a(5): at most 60 days between firms", confidence="BG-H"),
)
REMINDER_DAYS: Rule[tuple[int, ...]] = Rule(
    "reminders of an invoice",
    "Zoveel dagen na de laatste betaaldag sturen wij de eerste, de tweede en de derde herinnering.",
    Unit.CHOICE,
    Since(BOOKS_BEGIN, (7, 21, 35), "the scheme", confidence="own"),
)
MAX_FIRM_ORDER_HOURS = Rule(
    "largest order of a firm",
    "Zoveel uren koopt een bedrijf ten hoogste per keer.",
    Unit.HOURS,
    Since(BOOKS_BEGIN, 2_000, "the scheme", confidence="own"),
)
PRICE_FLOOR_CENTS = Rule(
    "lowest price of an hour for a firm",
    "Voor minder dan dit bedrag per uur, zonder btw, werken wij alleen voor een bedrijf als daar een reden voor is.",
    Unit.CENTS_PER_HOUR,
    Since(
        BOOKS_BEGIN,
        22_50,
        "the scheme: what an hour costs after subsidies, so that no firm is undercut",
        confidence="own",
    ),
)
G_SHARE = Rule(
    "part of an invoice for the G-account",
    "Dit deel van een rekening met btw gaat naar de G-rekening.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, Decimal("0.25"), "SNA, NEN 4400: 25% of the invoice with VAT", confidence="H"),
)
G_SHARE_REVERSED = Rule(
    "part of an invoice with reverse charge for the G-account",
    "Dit deel van een rekening met 'btw verlegd' gaat naar de G-rekening.",
    Unit.SHARE,
    Since(BOOKS_BEGIN, Decimal("0.20"), "SNA, NEN 4400: 20% with reverse charge", confidence="H"),
)
