"""The organisation's account at Stripe: every object as a row of JSON, seen inside one transaction."""

import json
import secrets
import sqlite3
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .errors import missing

Thing = dict[str, Any]

API_VERSION = "2026-10-28.endive"
_SIGNS = string.ascii_letters + string.digits

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    object TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS thing_by_object ON thing (object, place);
CREATE INDEX IF NOT EXISTS thing_by_intent ON thing (json_extract(body, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS thing_by_charge ON thing (json_extract(body, '$.charge'));
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY,
    event TEXT NOT NULL REFERENCES thing (id),
    due_at REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dropped', 'given up')),
    attempts INTEGER NOT NULL DEFAULT 0,
    wrong_secret INTEGER NOT NULL DEFAULT 0,
    old_timestamp INTEGER NOT NULL DEFAULT 0,
    last_answer TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (due_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS delivery_by_event ON delivery (event);
CREATE TABLE IF NOT EXISTS later (
    id INTEGER PRIMARY KEY, due_at REAL NOT NULL, act TEXT NOT NULL, ref TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS answered (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS fault (
    name TEXT PRIMARY KEY, times INTEGER NOT NULL, match TEXT NOT NULL, number REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, number REAL NOT NULL) STRICT;
"""


@dataclass(frozen=True)
class Options:
    """What the stand-in was started with."""

    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_events: tuple[str, ...] = ("*",)
    secret_key: str = "sk_test_sandbox"
    bank_url: str = ""
    bank_iban: str = ""
    available_days: int = 2
    overdraft_cents: int = 250_00  # invented: a lone purchase can go back in full although its fee is gone
    refund_seconds: float = 0.5
    retry_seconds: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)


@dataclass
class Account:
    """The account inside one transaction, for one request or one background act."""

    database: sqlite3.Connection
    options: Options
    base_url: str = ""
    request_id: str | None = None
    idempotency_key: str | None = None
    now: int = field(default_factory=lambda: int(time.time()))

    @property
    def offset_seconds(self) -> int:
        """How far the clock of the business is ahead of the clock on the wall."""
        row = self.database.execute("SELECT number FROM setting WHERE name = 'offset'").fetchone()
        return int(row["number"]) if row else 0

    @property
    def business_now(self) -> int:
        return self.now + self.offset_seconds

    @property
    def business_day(self) -> str:
        return datetime.fromtimestamp(self.business_now, UTC).date().isoformat()

    def add(self, thing: Thing) -> Thing:
        self.database.execute(
            "INSERT INTO thing (id, object, created, body) VALUES (?, ?, ?, ?)",
            (thing["id"], thing["object"], thing["created"], json.dumps(thing)),
        )
        return thing

    def save(self, *things: Thing) -> None:
        for thing in things:
            self.database.execute("UPDATE thing SET body = ? WHERE id = ?", (json.dumps(thing), thing["id"]))

    def find(self, kind: str, identifier: str, param: str = "id") -> Thing:
        """Return an object.

        :raises StripeError: there is none with this id (404).
        """
        row = self.database.execute(
            "SELECT body FROM thing WHERE id = ? AND object = ?", (identifier, kind)
        ).fetchone()
        if row is None:
            raise missing(kind.replace(".", "_"), identifier, param)
        found: Thing = json.loads(row["body"])
        return found

    def find_any(self, identifier: str) -> Thing | None:
        row = self.database.execute("SELECT body FROM thing WHERE id = ?", (identifier,)).fetchone()
        return json.loads(row["body"]) if row else None

    def select(
        self, kind: str, where: str = "1", values: Sequence[Any] = (), order: str = "place"
    ) -> list[Thing]:
        """Return the objects of a kind in order of creation; ``where`` is ours, never a caller's."""
        rows = self.database.execute(
            f"SELECT body FROM thing WHERE object = ? AND {where} ORDER BY {order}", (kind, *values)
        )
        return [json.loads(row["body"]) for row in rows]

    def count(self, kind: str) -> int:
        row = self.database.execute("SELECT count(*) AS n FROM thing WHERE object = ?", (kind,)).fetchone()
        return int(row["n"])

    def plan(self, act: str, ref: str, *, after_seconds: float) -> None:
        """Have an act done in the background after some real seconds; the row survives a crash."""
        self.database.execute(
            "INSERT INTO later (due_at, act, ref) VALUES (?, ?, ?)", (time.time() + after_seconds, act, ref)
        )

    def unplan(self, ref: str, *acts: str) -> None:
        marks = ", ".join("?" * len(acts))
        self.database.execute(f"DELETE FROM later WHERE ref = ? AND act IN ({marks})", (ref, *acts))


def new_id(prefix: str, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(_SIGNS) for _ in range(length))


def public(thing: Thing) -> Thing:
    """Return an object as the API shows it, without what the stand-in keeps for itself."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}
