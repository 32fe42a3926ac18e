"""Take a bank statement in, once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bank import statements
from bank.models import Line, Statement
from events.recording import record
from kernel.errors import Refused


class AlreadyImported(Refused):
    """Every statement in the file is known."""


class NotOurAccount(Refused):
    """The statement is of somebody else's account, or of one that is not in euro."""


class SaysOtherwise(Refused):
    """A statement that came in before says something else in this file."""


class DaysKnown(Refused):
    """A spreadsheet names no statement: days that came in before would come in twice."""


@dataclass(frozen=True)
class Imported:
    """How many statements and lines came in, and how many statements were known already."""

    statements: int
    lines: int
    known: int


@transaction.atomic(durable=True)
def import_file(body: bytes, *, own_iban: str, by_id: int | None, at: datetime) -> Imported:
    """Take in the statements of a file that are not known yet; all of them, or nothing.

    :raises statements.NotAStatement: it cannot be read.
    :raises statements.DoesNotTie: the balances do not agree with the lines.
    :raises NotOurAccount: it is of another account than the organisation's.
    :raises SaysOtherwise: a statement that is known has other amounts now.
    :raises DaysKnown: it or what came before is a spreadsheet, and they share a day.
    :raises AlreadyImported: there is nothing new in it.
    """
    parsed = [statement.check() for statement in statements.read(body)]
    for statement in parsed:
        _check_account(statement, own_iban.replace(" ", ""))
    digest = hashlib.sha256(body).hexdigest()
    fresh = [
        row
        for statement in parsed
        if (row := _take_in(statement, digest, by_id=by_id, at=at)) is not None
    ]  # fmt: skip
    if not fresh:
        raise AlreadyImported(_("Dit bestand is al ingelezen. Er is niets nieuws."))
    lines = Line.objects.filter(statement__in=fresh).count()
    record("statement.imported", fresh[-1], by_id=by_id, at=at, statements=len(fresh), lines=lines)
    return Imported(len(fresh), lines, len(parsed) - len(fresh))


def _check_account(statement: statements.Parsed, own_iban: str) -> None:
    if statement.iban != own_iban:
        raise NotOurAccount(
            _("Afschrift %(id)s is van een andere rekening dan de onze. Er is niets ingelezen.")
            % {"id": statement.statement_id}
        )
    if statement.currency != "EUR":
        raise NotOurAccount(
            _("Regel %(line)s: afschrift %(id)s is in %(currency)s. Wij boeken alleen euro.")
            % {
                "line": statement.closing_at_line, "id": statement.statement_id,
                "currency": statement.currency,
            }
        )  # fmt: skip


def _take_in(
    statement: statements.Parsed, digest: str, *, by_id: int | None, at: datetime
) -> Statement | None:
    """Write a statement with its lines, or return None when it is known and says the same."""
    _check_days(statement)
    row, new = Statement.objects.get_or_create(
        iban=statement.iban, statement_id=statement.statement_id, from_on=statement.from_on,
        defaults={
            "digest": digest, "opening_cents": statement.opening_cents, "closing_cents": statement.closing_cents,
            "until_on": statement.until_on, "imported_at": at, "imported_by_id": by_id,
        },
    )  # fmt: skip
    if not new:
        _check_same(row, statement)
        return None
    Line.objects.bulk_create(
        Line(
            statement=row, bank_ref=line.bank_ref, booked_on=line.booked_on, cents=line.cents,
            end_to_end_id=line.end_to_end_id, counter_name=line.counter_name, counter_iban=line.counter_iban,
            remittance=line.remittance,
        )
        for line in statement.lines
    )  # fmt: skip
    return row


def _check_days(statement: statements.Parsed) -> None:
    shared = Statement.objects.filter(
        iban=statement.iban, from_on__lte=statement.until_on, until_on__gte=statement.from_on
    ).exclude(statement_id=statement.statement_id)
    if not statement.statement_id.startswith(statements.SHEET):
        shared = shared.filter(statement_id__startswith=statements.SHEET)
    if shared.exists():
        raise DaysKnown(
            _(
                "Van deze dagen is al een afschrift ingelezen. Een rekenblad van de bank kan niet dubbel. "
                "Er is niets ingelezen."
            )
        )


def _check_same(row: Statement, statement: statements.Parsed) -> None:
    amounts = sorted(line.cents for line in statement.lines)
    known = sorted(row.lines.values_list("cents", flat=True))
    if (row.opening_cents, row.closing_cents, known) != (
        statement.opening_cents, statement.closing_cents, amounts,
    ):  # fmt: skip
        raise SaysOtherwise(
            _(
                "Afschrift %(id)s is al ingelezen met andere bedragen. Vraag de bank welk bestand goed is. "
                "Er is niets ingelezen."
            )
            % {"id": statement.statement_id}
        )
