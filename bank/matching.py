"""Say what a bank line was for. Every package offers its own targets; a line is allocated once, in parts."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bank.models import Allocation, Line, Release
from events.recording import record
from kernel.errors import Refused
from kernel.periods import local_day
from ledger.models import Account, Entry
from ledger.posting import Move, post, reverse

BY_HAND = "by hand:"
COUNTS = Q(allocations__release=None)


class NotByHand(Refused):
    """Only what somebody booked by hand is opened again; the rest has a way back of its own."""


class MoreThanTheLine(Refused):
    """The line has not that much left."""


def open_lines() -> "QuerySet[Line]":
    """Return lines that are not wholly allocated, oldest first; `open_cents` says how much is left."""
    return (
        Line.objects.annotate(open_cents=F("cents") - Coalesce(Sum("allocations__cents", filter=COUNTS), 0))
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
    spent = line.allocations.filter(release=None).aggregate(total=Coalesce(Sum("cents"), 0))["total"]
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
    again = locked.allocations.filter(target=target).exclude(release=None).count()
    key = f"bank:{locked.pk}:{target}" + (f":again{again}" if again else "")
    move = (
        Move(Account.BANK, against, cents, party) if cents > 0 else Move(against, Account.BANK, -cents, party)
    )
    post(key, locked.booked_on, move)
    made = Allocation.objects.create(
        line=locked, cents=cents, target=target, entry_key=key, allocated_at=at, allocated_by_id=by_id
    )
    record("line.allocated", locked, by_id=by_id, at=at, target=target, cents=cents)
    return made


def parked() -> "QuerySet[Allocation]":
    """Return what was booked by hand as not known yet and is not cleared, oldest line first."""
    rows = Allocation.objects.filter(target=f"{BY_HAND}{Account.SUSPENSE}", release=None)
    return rows.select_related("line").order_by("line__booked_on", "pk")


@transaction.atomic(durable=True)
def release(allocation_id: int, *, by_id: int, at: datetime) -> Release:
    """Open a part again that was booked by hand: its entry is reversed in the open period, its line waits again.

    :raises NotByHand: a rule matched it, or it is open again already.
    """
    row = Allocation.objects.select_related("line").get(pk=allocation_id)
    Line.objects.select_for_update(no_key=True).get(pk=row.line_id)
    if not row.target.startswith(BY_HAND) or Release.objects.filter(allocation=row).exists():
        raise NotByHand(_("Deze boeking kan niet terug naar de wachtrij."))
    key = f"release:{row.pk}"
    reverse(key, local_day(at), Entry.objects.get(key=row.entry_key))
    made = Release.objects.create(allocation=row, entry_key=key, at=at, by_id=by_id)
    record("line.released", row.line, by_id=by_id, at=at, target=row.target, cents=row.cents)
    return made
