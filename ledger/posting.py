"""Write a business fact into the books, once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from ledger.closing import first_open
from ledger.models import Account, Entry, Transfer


class Move(NamedTuple):
    """Cents from one account to another: the debit side receives, the credit side gives."""

    debit: Account
    credit: Account
    cents: int
    party: str = ""


class KeyReused(Exception):
    """The same key was posted before with other transfers: two facts under one name."""


def post(key: str, day: date, *moves: Move, reverses: Entry | None = None) -> Entry:
    """Book the moves of one fact under its key. Step: the caller owns the transaction.

    The same key with the same moves returns the entry that is there; moves of zero cents are left out. A fact of a day
    that is closed is booked on the first open day after it.

    :raises KeyReused: the key stands in the books with other moves.
    """
    assert transaction.get_connection().in_atomic_block, "post() runs inside the caller's transaction"
    kept = [move for move in moves if move.cents]
    body = fingerprint(day, kept)
    first: Any = lambda: first_open(day)  # noqa: E731 - asked only when the entry is new
    entry, fresh = Entry.objects.get_or_create(
        key=key, defaults={"day": first, "fingerprint": body, "reverses": reverses}
    )
    if fresh:
        Transfer.objects.bulk_create(
            Transfer(entry=entry, debit=move.debit, credit=move.credit, cents=move.cents, party=move.party)
            for move in kept
        )
    elif entry.fingerprint != body:
        raise KeyReused(f"entry {key} is in the books with other transfers")
    return entry


def post_each(facts: Mapping[str, Sequence[Move]], day: date) -> None:
    """Book many facts of one day, each under its key, as `post` does one by one. Step: the caller owns the transaction.

    :raises KeyReused: a key stands in the books with other moves; nothing is booked then.
    """
    assert transaction.get_connection().in_atomic_block, "post_each() runs inside the caller's transaction"
    kept = {key: [move for move in moves if move.cents] for key, moves in facts.items()}
    prints = {key: fingerprint(day, moves) for key, moves in kept.items()}
    known = dict(Entry.objects.filter(key__in=list(kept)).values_list("key", "fingerprint"))
    for key, before in known.items():
        if before != prints[key]:
            raise KeyReused(f"entry {key} is in the books with other transfers")
    booked_on = first_open(day)
    entries = Entry.objects.bulk_create(
        Entry(key=key, day=booked_on, fingerprint=prints[key]) for key in kept if key not in known
    )
    Transfer.objects.bulk_create(
        Transfer(entry=entry, debit=move.debit, credit=move.credit, cents=move.cents, party=move.party)
        for entry in entries
        for move in kept[entry.key]
    )


def reverse(key: str, day: date, entry: Entry) -> Entry:
    """Book the opposite of an entry, once. Step: the caller owns the transaction."""
    moves = [
        Move(Account(transfer.credit), Account(transfer.debit), transfer.cents, transfer.party)
        for transfer in entry.transfers.order_by("pk")
    ]
    return post(key, day, *moves, reverses=entry)


def fingerprint(day: date, moves: Sequence[Move]) -> str:
    """Return what tells one body of an entry from another: the same key never has two."""
    lines = [f"{day}", *(f"{m.debit}|{m.credit}|{m.cents}|{m.party}" for m in moves)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
