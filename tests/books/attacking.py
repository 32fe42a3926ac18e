"""What somebody can work out who lays published tables side by side: every sum that must hold, solved exactly."""

from collections.abc import Iterable
from fractions import Fraction

from books.suppression import Shielded

Sum = tuple[dict[str, int], int]  # so many times each unknown, and what that is together


class Attack:
    """Collects what is known: sums over counts of which some are hidden."""

    def __init__(self) -> None:
        self.sums: list[Sum] = []

    def table(self, name: str, table: Shielded) -> None:
        """Take a table: its cells add up to its total."""
        unknown = {f"{name}/{cell}": 1 for cell, count in table.cells.items() if count is None}
        known = sum(count for count in table.cells.values() if count is not None)
        if table.total is None:
            unknown[f"{name}/total"] = -1
        self.sums.append((unknown, (table.total or 0) - known))

    def same(self, whole: str, parts: Iterable[str], tables: dict[str, Shielded]) -> None:
        """Take it that each cell, and the total, of one table is what those of the parts are together."""
        listed = list(parts)
        for cell in {**tables[whole].cells, "total": 0}:
            terms: dict[str, int] = {}
            known = 0
            for name, sign in [(whole, -1), *((one, 1) for one in listed)]:
                table = tables[name]
                count = table.total if cell == "total" else table.cells.get(cell, 0)
                if count is None:
                    terms[f"{name}/{cell}"] = sign
                else:
                    known += sign * count
            self.sums.append((terms, -known))

    def found(self) -> dict[str, Fraction]:
        """Return every hidden count that follows, and what it is."""
        names = sorted({name for terms, _value in self.sums for name in terms})
        rows = [
            [*(Fraction(terms.get(name, 0)) for name in names), Fraction(value)] for terms, value in self.sums
        ]
        solved: list[list[Fraction]] = []
        for column in range(len(names)):
            pivot = next((row for row in rows if row[column]), None)
            if pivot is None:
                continue
            rows.remove(pivot)
            pivot = [value / pivot[column] for value in pivot]
            rows = [_less(row, pivot, column) for row in rows]
            solved = [*(_less(row, pivot, column) for row in solved), pivot]
        return {names[row.index(1)]: row[-1] for row in solved if sum(1 for value in row[:-1] if value) == 1}


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    return [value - row[column] * other for value, other in zip(row, pivot, strict=True)]
