"""Invented rates of tax and premiums per month; no figure here is the law."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NOTICE = "# rates are invented: no figure below is what the law withholds"

EMPLOYEE_PREMIUM = Decimal("0.035")
EMPLOYER_PREMIUM = Decimal("0.185")
BRACKETS = (  # each rate holds for the pay between this bound and the next, in cents a month
    (0, Decimal("0.36")),
    (3_200_00, Decimal("0.42")),
    (6_400_00, Decimal("0.495")),
)
CREDIT_CENTS = 300_00  # the heffingskorting, which shrinks above the bound below and ends at nothing
CREDIT_FULL_UNTIL_CENTS = 2_000_00
CREDIT_SHRINKS = Decimal("0.06")


@dataclass(frozen=True)
class Withheld:
    """What is taken from the pay of a month, and what the employer pays on top, in cents."""

    tax_cents: int
    employee_premium_cents: int
    employer_premium_cents: int


def _whole(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def withhold(gross_cents: int) -> Withheld:
    """Return what is withheld from a month's pay; never more than the pay itself."""
    premium = _whole(gross_cents * EMPLOYEE_PREMIUM)
    taxable = gross_cents - premium
    bounds = [bound for bound, _ in BRACKETS[1:]] + [max(taxable, BRACKETS[-1][0])]
    tax = sum(
        (Decimal(max(0, min(taxable, upper) - lower)) * rate)
        for (lower, rate), upper in zip(BRACKETS, bounds, strict=True)
    )
    credit = CREDIT_CENTS - max(0, taxable - CREDIT_FULL_UNTIL_CENTS) * CREDIT_SHRINKS
    return Withheld(
        tax_cents=max(0, _whole(tax - max(Decimal(0), Decimal(credit)))),
        employee_premium_cents=premium,
        employer_premium_cents=_whole(gross_cents * EMPLOYER_PREMIUM),
    )
