"""A page of the books as facts and tables, without a word about how it is drawn."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from books.hour_steps import Link

Kind = Literal["text", "cents", "minutes", "moment"]


@dataclass(frozen=True)
class Cell:
    """One value, how it is to be said, and what it opens."""

    value: object
    kind: Kind = "text"
    link: Link | None = None


def text(value: object, link: Link | None = None) -> Cell:
    """A word or a sentence."""
    return Cell(value, "text", link)


def cents(value: int | None, link: Link | None = None) -> Cell:
    """An amount of money."""
    return Cell(value, "cents", link)


def minutes(value: int | None, link: Link | None = None) -> Cell:
    """A length of time."""
    return Cell(value, "minutes", link)


def moment(value: date | None, link: Link | None = None) -> Cell:
    """A day, or a moment."""
    return Cell(value, "moment", link)


@dataclass(frozen=True)
class Rows:
    """A table: its caption, its headings, and its rows; each row may be an anchor on the page."""

    caption: str
    headings: list[str]
    rows: list[list[Cell]]
    anchor: str = ""
    row_anchors: list[str] = field(default_factory=list)

    @property
    def anchored(self) -> list[tuple[str, list[Cell]]]:
        """The rows, each with its anchor or with nothing."""
        anchors = self.row_anchors or [""] * len(self.rows)
        return list(zip(anchors, self.rows, strict=True))


@dataclass(frozen=True)
class Sheet:
    """One thing of the books, from which everything it is made of can be opened."""

    title: str
    facts: list[tuple[str, Cell]]
    tables: list[Rows]
    people: list[tuple[str, str]] = field(
        default_factory=list
    )  # (kind and ref, pseudonym) that may be revealed
