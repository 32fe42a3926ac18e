"""Cents: rounded half up once per booked line, and split so that the parts always add up.

Money is an `int` of cents. A calculation may pass through `Decimal` or `Fraction`; a float never touches it.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

Cents = int
Exact = int | Decimal | Fraction


def half_up(amount: Exact) -> int:
    """Round to a whole number, halves away from zero: 374.5 cents are 375, and -374.5 are -375.

    The amount is in the unit of the answer, so euros times 100 come in when cents must come out.
    """
    exact = Fraction(amount)
    whole = floor(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def vat_inside(gross_cents: Cents, rate: Exact) -> Cents:
    """Return the VAT that is inside an amount including VAT; rate 0.09 means nine per cent."""
    share = Fraction(rate)
    return half_up(gross_cents * share / (1 + share))


def vat_on_top(net_cents: Cents, rate: Exact) -> Cents:
    """Return the VAT that is added to an amount without VAT."""
    return half_up(net_cents * Fraction(rate))


def euros(cents: Cents) -> Decimal:
    """Return cents as euros with exactly two decimals, as files and sentences show them."""
    return Decimal(cents).scaleb(-2)


def percentage(part: Exact, whole: Exact) -> Decimal:
    """Return part as a percentage of whole, half up to one decimal, as it is shown to people.

    :raises ZeroDivisionError: there is no whole to take a part of.
    """
    tenths = half_up(Fraction(part) * 1000 / Fraction(whole))
    return Decimal(tenths) / 10


def split_largest_remainder(total_cents: Cents, weights: Sequence[Exact]) -> list[Cents]:
    """Share an amount out by weight; cents that are left go to the largest remainders, earlier parts first.

    The parts add up to the total exactly, each is less than a cent from its exact share, and the same
    input gives the same answer. A negative total is the mirror of the positive one.

    :raises ValueError: there is no weight to share by.
    """
    shares = _exact_shares(abs(total_cents), weights)
    parts = [floor(share) for share in shares]
    left = abs(total_cents) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda spot: (parts[spot] - shares[spot], spot))
    for spot in by_remainder[:left]:
        parts[spot] += 1
    return parts if total_cents >= 0 else [-part for part in parts]


def split_last(total_cents: Cents, weights: Sequence[Exact]) -> list[Cents]:
    """Share an amount out by weight, each part half up, and leave the rest to the last part.

    :raises ValueError: there is no weight to share by.
    """
    parts = [half_up(share) for share in _exact_shares(total_cents, weights)[:-1]]
    return [*parts, total_cents - sum(parts)]


def _exact_shares(total_cents: Cents, weights: Sequence[Exact]) -> list[Fraction]:
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact, Fraction(0))
    if whole <= 0 or min(exact) < 0:
        raise ValueError("An amount is shared by weights of zero or more, of which one is above zero.")
    return [total_cents * weight / whole for weight in exact]
