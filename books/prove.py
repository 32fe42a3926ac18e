"""Every promise of the product as two figures that must be equal, and the rows behind each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True)
class Invariant:
    """Two sides of one promise. `unit` is 'cents', 'minutes' or 'rows'."""

    code: str
    name_nl: str
    name_en: str
    left_name: str
    left: int
    right_name: str
    right: int
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the two sides are equal."""
        return self.left == self.right


Prover = Callable[[], Iterable[Invariant]]


def invariants() -> list[Invariant]:
    """Return every invariant of the books, the cheques, the hours, the wages, the claims and the bank."""
    from books import (
        proof_of_customers,
        proof_of_hours,
        proof_of_money,
        proof_of_subsidies,
        proof_of_value,
        proof_of_wages,
    )

    parts = (
        proof_of_value, proof_of_hours, proof_of_wages, proof_of_money, proof_of_customers, proof_of_subsidies,
    )  # fmt: skip
    return list(chain.from_iterable(part.all_of() for part in parts))


def none_of(code: str, name_nl: str, name_en: str, what: str, found: int) -> Invariant:
    """Return an invariant that says that of something there are none."""
    return Invariant(code, name_nl, name_en, what, found, "none", 0, "rows")
