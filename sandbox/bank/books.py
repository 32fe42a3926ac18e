"""The books of the bank: accounts, entries with their details, and days that are closed."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from stdnum import iban as iban_check

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    iban TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    opening_cents INTEGER NOT NULL,
    closed_until TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    iban TEXT NOT NULL REFERENCES account (iban),
    booked_on TEXT NOT NULL,
    value_on TEXT NOT NULL,
    cents INTEGER NOT NULL CHECK (cents <> 0),
    kind TEXT NOT NULL CHECK (kind IN ('credit', 'debit', 'batch', 'transfer', 'return')),
    reference TEXT,
    msg_id TEXT,
    payment_info_id TEXT,
    UNIQUE (iban, reference)
) STRICT;
CREATE INDEX IF NOT EXISTS entry_by_day ON entry (iban, booked_on, id);
CREATE TABLE IF NOT EXISTS detail (
    entry INTEGER NOT NULL REFERENCES entry (id),
    place INTEGER NOT NULL,
    cents INTEGER NOT NULL CHECK (cents > 0),
    name TEXT NOT NULL,
    iban TEXT NOT NULL,
    end_to_end_id TEXT NOT NULL,
    remittance TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (entry, place)
) STRICT;
CREATE TABLE IF NOT EXISTS file (
    msg_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, received_at REAL NOT NULL, ready_at REAL NOT NULL,
    pain_001 BLOB NOT NULL, pain_002 BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
"""


class Refusal(Exception):
    """What the bank does not do, with the ISO reason code where there is one."""

    def __init__(self, message: str, *, status: int = 422, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Detail:
    """One payment inside an entry; the party is the other side."""

    cents: int
    name: str = ""
    iban: str = ""
    end_to_end_id: str = "NOTPROVIDED"
    remittance: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """One line on the account; incoming money counts up."""

    iban: str
    booked_on: date
    cents: int
    kind: str
    details: tuple[Detail, ...]
    reference: str | None = None
    msg_id: str = ""
    payment_info_id: str = ""
    value_on: date | None = None
    id: int = field(default=0, compare=False)

    @property
    def servicer_reference(self) -> str:
        return f"OEFN{self.booked_on:%Y%m%d}{self.id:012d}"


def check_iban(given: str) -> str:
    """Return an IBAN without spaces.

    :raises Refusal: its check digits or its form are wrong.
    """
    if not iban_check.is_valid(given, check_country=False):
        raise Refusal(f"{given} is not an IBAN.", status=400, code="AC01")
    compact: str = iban_check.compact(given)
    return compact


@dataclass
class Books:
    """The books inside one transaction."""

    database: sqlite3.Connection

    def open_account(self, iban: str, name: str, opening_cents: int) -> None:
        """Open an account; one that is there already stays as it is."""
        self.database.execute(
            "INSERT OR IGNORE INTO account (iban, name, opening_cents) VALUES (?, ?, ?)",
            (check_iban(iban), name, opening_cents),
        )

    def account(self, iban: str | None) -> sqlite3.Row:
        """Return an account, or the only or first one when none is named.

        :raises Refusal: it is not held here.
        """
        row: sqlite3.Row | None
        if iban:
            row = self.database.execute(
                "SELECT * FROM account WHERE iban = ?", (check_iban(iban),)
            ).fetchone()
        else:
            row = self.database.execute("SELECT * FROM account ORDER BY rowid LIMIT 1").fetchone()
        if row is None:
            raise Refusal(f"The account {iban or '(none)'} is not held here.", status=404, code="AC02")
        return row

    def accounts(self) -> list[sqlite3.Row]:
        return self.database.execute("SELECT * FROM account ORDER BY rowid").fetchall()

    def book(self, entry: Entry) -> Entry:
        """Book an entry; on a day whose statement went out already it is booked on the next open day.

        :raises Refusal: the reference was used for another amount.
        """
        if entry.reference is not None and (before := self._with_reference(entry.iban, entry.reference)):
            if before.cents != entry.cents:
                raise Refusal(f"{entry.reference} was booked before with another amount.", status=409)
            return before
        asked_on = entry.booked_on
        closed_until = self.account(entry.iban)["closed_until"]
        if closed_until and asked_on.isoformat() <= closed_until:
            entry = replace(entry, booked_on=date.fromisoformat(closed_until) + timedelta(days=1))
        row_id = self.database.execute(
            "INSERT INTO entry (iban, booked_on, value_on, cents, kind, reference, msg_id, payment_info_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.iban,
                entry.booked_on.isoformat(),
                (entry.value_on or asked_on).isoformat(),
                entry.cents,
                entry.kind,
                entry.reference,
                entry.msg_id,
                entry.payment_info_id,
            ),
        ).lastrowid
        assert row_id is not None
        self.database.executemany(
            "INSERT INTO detail VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row_id, place, d.cents, d.name, d.iban, d.end_to_end_id, d.remittance, d.reason)
                for place, d in enumerate(entry.details, start=1)
            ],
        )
        return replace(entry, id=row_id, value_on=entry.value_on or asked_on)

    def _with_reference(self, iban: str, reference: str) -> Entry | None:
        rows = self._entries("iban = ? AND reference = ?", (iban, reference))
        return rows[0] if rows else None

    def entries(self, iban: str, first: date, last: date) -> list[Entry]:
        """Return the entries booked from the first to the last day, both included."""
        return self._entries(
            "iban = ? AND booked_on BETWEEN ? AND ?", (iban, first.isoformat(), last.isoformat())
        )

    def _entries(self, where: str, values: Sequence[str]) -> list[Entry]:
        rows = self.database.execute(
            f"SELECT * FROM entry WHERE {where} ORDER BY booked_on, id", tuple(values)
        ).fetchall()
        return [self._entry(row) for row in rows]

    def _entry(self, row: sqlite3.Row) -> Entry:
        details = self.database.execute("SELECT * FROM detail WHERE entry = ? ORDER BY place", (row["id"],))
        return Entry(
            iban=row["iban"],
            booked_on=date.fromisoformat(row["booked_on"]),
            value_on=date.fromisoformat(row["value_on"]),
            cents=row["cents"],
            kind=row["kind"],
            details=tuple(
                Detail(d["cents"], d["name"], d["iban"], d["end_to_end_id"], d["remittance"], d["reason"])
                for d in details
            ),
            reference=row["reference"],
            msg_id=row["msg_id"] or "",
            payment_info_id=row["payment_info_id"] or "",
            id=row["id"],
        )

    def balance_before(self, iban: str, day: date) -> int:
        """Return the balance in cents at the start of a day."""
        row = self.database.execute(
            "SELECT opening_cents + coalesce((SELECT sum(cents) FROM entry WHERE iban = :iban"
            " AND booked_on < :day), 0) AS cents FROM account WHERE iban = :iban",
            {"iban": iban, "day": day.isoformat()},
        ).fetchone()
        return int(row["cents"])

    def close_until(self, iban: str, day: date) -> None:
        """Close the days up to and including one: their statements are out."""
        self.database.execute(
            "UPDATE account SET closed_until = max(closed_until, ?) WHERE iban = ?", (day.isoformat(), iban)
        )

    def days_with_entries(self, iban: str, first: date, last: date) -> list[date]:
        rows = self.database.execute(
            "SELECT DISTINCT booked_on FROM entry WHERE iban = ? AND booked_on BETWEEN ? AND ? ORDER BY 1",
            (iban, first.isoformat(), last.isoformat()),
        )
        return [date.fromisoformat(row["booked_on"]) for row in rows]
