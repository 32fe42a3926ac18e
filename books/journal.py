"""The journal as rows: every transfer of a period with its entry, in the order of booking. See docs/journal.md."""

from collections.abc import Iterator
from datetime import date

from kernel.money import euros
from kernel.periods import Period
from ledger.models import Account, Transfer

HEAD = (
    "transfer",
    "entry",
    "day",
    "booked_at",
    "debit",
    "debit_name",
    "credit",
    "credit_name",
    "euro",
    "party",
    "reverses",
)


def rows(days: Period[date]) -> Iterator[tuple[object, ...]]:
    """Yield the transfers of entries whose day lies in the period."""
    found = (
        Transfer.objects.filter(entry__day__gte=days.start, entry__day__lt=days.end)
        .select_related("entry__reverses")
        .order_by("pk")
    )
    for row in found.iterator(chunk_size=2_000):
        entry = row.entry
        yield (
            row.pk, entry.key, entry.day.isoformat(), entry.booked_at.isoformat(), row.debit, _name(row.debit), row.credit,
            _name(row.credit), euros(row.cents), row.party, entry.reverses.key if entry.reverses else "",
        )  # fmt: skip


def _name(account: str) -> str:
    return Account(account).label
