"""Say what a bank line was for. Every package offers its own targets; a line is allocated once, in parts."""

from datetime import datetime

from django.db import connection
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bank.models import Allocation, Line
from events.recording import record
from kernel.errors import Refused
from ledger.models import Account
from ledger.posting import Move, post


class MoreThanTheLine(Refused):
    """The line has not that much left."""


def open_lines() -> "QuerySet[Line]":
    """Return lines that are not wholly allocated, oldest first; `open_cents` says how much is left."""
    return (
        Line.objects.annotate(open_cents=F("cents") - Coalesce(Sum("allocations__cents"), 0))
        .exclude(open_cents=0)
        .order_by("booked_on", "pk")
    )


def one_at_a_time() -> None:
    """Wait until nobody else gives lines their targets. Step: the caller owns the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bank.matching'))")


def with_open_cents() -> list[tuple[Line, int]]:
    """Return the open lines, oldest first, each with what is left of it."""
    return [(line, int(vars(line)["open_cents"])) for line in open_lines()]


def mentions(line: Line, words: str) -> bool:
    """Tell whether a line carries a reference: banks break texts anywhere and change the case of letters."""
    said = "".join(f"{line.remittance} {line.end_to_end_id}".split()).upper()
    return bool(words) and "".join(words.split()).upper() in said


def open_cents(line: Line) -> int:
    """Return how much of a line is not allocated yet; same sign as the line."""
    spent = line.allocations.aggregate(total=Coalesce(Sum("cents"), 0))["total"]
    return line.cents - int(spent)


def allocate(
    line: Line,
    *,
    cents: int,
    target: str,
    against: Account,
    at: datetime,
    by_id: int | None = None,
    party: str = "",
) -> Allocation:
    """Book (a part of) a line for a target. Step: the caller owns the transaction.

    :param cents: same sign as the line.
    :param against: the account on the other side of the bank.
    :raises MoreThanTheLine: less is left.
    """
    locked = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    if abs(cents) > abs(open_cents(locked)) or cents * locked.cents <= 0:
        raise MoreThanTheLine(_("Zoveel staat er niet meer open op deze bankregel."))
    key = f"bank:{locked.pk}:{target}"
    move = (
        Move(Account.BANK, against, cents, party) if cents > 0 else Move(against, Account.BANK, -cents, party)
    )
    post(key, locked.booked_on, move)
    made = Allocation.objects.create(
        line=locked, cents=cents, target=target, entry_key=key, allocated_at=at, allocated_by_id=by_id
    )
    record("line.allocated", locked, by_id=by_id, at=at, target=target, cents=cents)
    return made
