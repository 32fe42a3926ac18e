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
    """The statement is of somebody else's account."""


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
    :raises AlreadyImported: there is nothing new in it.
    """
    own = own_iban.replace(" ", "")
    parsed = [statement.check() for statement in statements.read(body)]
    digest = hashlib.sha256(body).hexdigest()
    fresh = lines = 0
    for statement in parsed:
        if statement.iban != own:
            raise NotOurAccount(_("Dit afschrift is van een andere rekening dan de onze."))
        row, new = Statement.objects.get_or_create(
            iban=statement.iban, statement_id=statement.statement_id, from_on=statement.from_on,
            defaults={
                "digest": digest, "opening_cents": statement.opening_cents, "closing_cents": statement.closing_cents,
                "until_on": statement.until_on, "imported_at": at, "imported_by_id": by_id,
            },
        )  # fmt: skip
        if new:
            fresh += 1
            lines += _add_lines(row, statement)
    if not fresh:
        raise AlreadyImported(_("Dit bestand is al ingelezen. Er is niets nieuws."))
    last = Statement.objects.order_by("pk").last()
    assert last is not None
    record("statement.imported", last, by_id=by_id, at=at, statements=fresh, lines=lines)
    return Imported(fresh, lines, len(parsed) - fresh)


def _add_lines(row: Statement, statement: statements.Parsed) -> int:
    for line in statement.lines:
        Line.objects.create(
            statement=row, bank_ref=line.bank_ref, booked_on=line.booked_on, cents=line.cents,
            end_to_end_id=line.end_to_end_id, counter_name=line.counter_name, counter_iban=line.counter_iban,
            remittance=line.remittance,
        )  # fmt: skip
    return len(statement.lines)
