"""A bank statement as we read it, and whether it adds up. Reading itself is in `camt053`, `mt940` and `tables`."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kernel.errors import Refused
from kernel.money import euros

SHEET = "blad "  # begins the name of a statement that came as a spreadsheet


class NotAStatement(Refused):
    """The file cannot be read as a bank statement."""


class DoesNotTie(Refused):
    """Opening balance, lines and closing balance do not agree."""


@dataclass(frozen=True)
class ParsedLine:
    """One amount, in cents; positive came in."""

    bank_ref: str
    booked_on: date
    cents: int
    end_to_end_id: str
    counter_name: str
    counter_iban: str
    remittance: str


@dataclass(frozen=True)
class Parsed:
    """One statement of one account; `closing_at_line` is where the file names the closing balance."""

    iban: str
    statement_id: str
    opening_cents: int
    closing_cents: int
    from_on: date
    until_on: date
    lines: tuple[ParsedLine, ...]
    currency: str = "EUR"
    closing_at_line: int = 0

    def check(self) -> "Parsed":
        """Return the statement when it ties.

        :raises DoesNotTie: with both sides, and the line of the file.
        """
        summed = self.opening_cents + sum(line.cents for line in self.lines)
        if summed != self.closing_cents:
            raise DoesNotTie(
                _(
                    "Regel %(line)s: afschrift %(id)s klopt niet. Begin en regels zijn samen %(summed)s euro, "
                    "het eindsaldo is %(closing)s euro. Er is niets ingelezen."
                )
                % {
                    "line": self.closing_at_line, "id": self.statement_id, "summed": _euro(summed),
                    "closing": _euro(self.closing_cents),
                }
            )  # fmt: skip
        return self


def read(body: bytes) -> list[Parsed]:
    """Return the statements in a file, not yet checked to tie.

    :raises NotAStatement: with the line of the file that cannot be read.
    """
    from bank import camt053, mt940, tables

    if mt940.looks_like(body):
        return mt940.read(body)
    return tables.read(body) if tables.looks_like(body) else camt053.read(body)


def _euro(cents: int) -> str:
    return f"{euros(cents)}".replace(".", ",")
