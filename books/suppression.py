"""Counts of people that nobody can read back: a cell under ten is hidden, and so much beside it that no total gives it away."""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 10


@dataclass(frozen=True)
class Shielded:
    """A table of counts and its total; None is hidden. Hidden cells look alike, whether small themselves or not."""

    cells: dict[str, int | None]
    total: int | None


def shield(counts: Mapping[str, int], *, least: int = LEAST) -> Shielded:
    """Hide every count from 1 to 9, and with them always the smallest of ten or more, where there is one.

    So hidden cells are two at least and together ten or more, and who knows this rule still cannot tell which of
    them is the small one. A zero is shown: nobody is behind it. A total under ten is hidden with all of its cells.
    """
    total = sum(counts.values())
    if 0 < total < least:
        return Shielded({name: None if count else 0 for name, count in counts.items()}, None)
    hidden = {name for name, count in counts.items() if 0 < count < least}
    others = sorted((count, name) for name, count in counts.items() if count >= least)
    if hidden and others:
        hidden.add(others[0][1])
    return Shielded({name: None if name in hidden else count for name, count in counts.items()}, total)
