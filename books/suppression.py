"""Counts of people that nobody can read back: a cell under ten is hidden, and so much beside it that no total gives it away."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from events.sealing import keyed_hash

LEAST = 10
STEP = 10  # counts that still grow are told in whole tens


@dataclass(frozen=True)
class Shielded:
    """A table of counts and its total; None is hidden. Hidden cells look alike, whether small themselves or not."""

    cells: dict[str, int | None]
    total: int | None


def secret(name: str) -> str:
    """Return what decides which large count is hidden beside the small ones: not its size, and nobody's to guess."""
    return keyed_hash(f"cell:{name}")


def shield(
    counts: Mapping[str, int], *, least: int = LEAST, order: Callable[[str], object] = secret
) -> Shielded:
    """Hide every count from 1 to 9, and with them always one of ten or more, where there is one.

    So hidden cells are two at least and together ten or more, and who knows this rule still cannot tell which of
    them is the small one: the other is chosen by a secret order, as the smallest would say that the rest are larger.
    A zero is shown: nobody is behind it. A total under ten is hidden with all of its cells.
    """
    total = sum(counts.values())
    if 0 < total < least:
        return Shielded({name: None if count else 0 for name, count in counts.items()}, None)
    hidden = {name for name, count in counts.items() if 0 < count < least}
    others = sorted((name for name, count in counts.items() if count >= least), key=order)  # type: ignore[arg-type]
    if hidden and others:
        hidden.add(others[0])
    return Shielded({name: None if name in hidden else count for name, count in counts.items()}, total)


def together(tables: Iterable[Shielded]) -> Shielded:
    """Add tables that may be read one by one as well: a cell that one of them hides is hidden in the sum.

    A table whose total is hidden is left out altogether. So the sum follows from what the tables show already, and
    taking one from the other tells nothing.
    """
    found = list(tables)
    shown = [one for one in found if one.total is not None]
    cells: dict[str, int | None] = {}
    for one in shown or found:
        for name, count in one.cells.items():
            before = cells.get(name, 0)
            cells[name] = None if count is None or before is None else before + count
    return Shielded(cells, sum(one.total or 0 for one in shown) if shown or not found else None)


def in_tens(table: Shielded) -> Shielded:
    """Round down to whole tens what still grows: who looks again tomorrow cannot count the one who came in between."""
    cells = {name: None if count is None else count // STEP * STEP for name, count in table.cells.items()}
    return Shielded(cells, None if table.total is None else table.total // STEP * STEP)
