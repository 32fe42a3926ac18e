"""The inbox: takes mails and texts by POST, shows them newest first."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, abort, jsonify, render_template, request

from sandbox.keeping import Keeping

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('mail', 'sms')),
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    key TEXT UNIQUE,
    received_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS message_by_recipient ON message (recipient, id);
"""
MOST_SHOWN = 200
MOST_BYTES = 20_000_000


def create_app(state_dir: Path) -> Flask:
    """Return the app over the messages in a folder."""
    keeping = Keeping(state_dir, "inbox", SCHEMA)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.post("/mail")
    def take_mail() -> Any:
        return _take(keeping, "mail", request.get_json())

    @app.post("/sms")
    def take_sms() -> Any:
        return _take(keeping, "sms", request.get_json())

    @app.get("/messages.json")
    def messages() -> Any:
        return jsonify(messages=[dict(row) for row in _found(keeping)])

    @app.get("/")
    def show_all() -> Any:
        return render_template("inbox.html", messages=_found(keeping), to=request.args.get("to", ""))

    @app.get("/messages/<int:number>")
    def show_one(number: int) -> Any:
        with keeping.reading() as database:
            row = database.execute("SELECT * FROM message WHERE id = ?", (number,)).fetchone()
        return render_template("message.html", message=row) if row is not None else abort(404)

    app.add_url_rule("/health", "health", lambda: jsonify(ok=True, stands_in_for="mail and text messages"))
    app.register_error_handler(ValueError, lambda wrong: (jsonify(error=str(wrong)), 400))
    return app


def _take(keeping: Keeping, kind: str, told: dict[str, Any]) -> Any:
    """Keep one message per recipient; a ``key`` that was seen before adds nothing.

    :raises ValueError: nobody is named, or there is nothing to read.
    """
    to = told.get("to")
    recipients = [to] if isinstance(to, str) else list(to or [])
    if not recipients or not all(isinstance(one, str) and one.strip() for one in recipients):
        raise ValueError("'to' names one recipient, or a list of them.")
    if not told.get("text") and not told.get("html"):
        raise ValueError("There is no 'text' to read.")
    key = told.get("key")
    with keeping.writing() as database:
        ids = [
            _keep(database, kind, recipient, told, f"{key}/{place}" if key else None)
            for place, recipient in enumerate(recipients)
        ]
    return jsonify(ids=ids), 201


def _keep(
    database: sqlite3.Connection, kind: str, recipient: str, told: dict[str, Any], key: str | None
) -> int:
    known = database.execute("SELECT id FROM message WHERE key = ?", (key,)).fetchone()
    if known is not None:
        return int(known["id"])
    subject, text, html = (str(told.get(name) or "") for name in ("subject", "text", "html"))
    received_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    number = database.execute(
        "INSERT INTO message (kind, recipient, subject, text, html, key, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (kind, recipient.strip().lower(), subject, text, html, key, received_at),
    ).lastrowid
    assert number is not None
    return number


def _found(keeping: Keeping) -> list[sqlite3.Row]:
    """Return the messages asked for, newest first: ``to`` a recipient, of a ``kind``, ``after`` a number."""
    conditions, values = ["1"], []
    if to := request.args.get("to"):
        conditions.append("recipient = ?")
        values.append(to.strip().lower())
    if kind := request.args.get("kind"):
        conditions.append("kind = ?")
        values.append(kind)
    if after := request.args.get("after"):
        conditions.append("id > ?")
        values.append(str(int(after)))
    with keeping.reading() as database:
        return database.execute(
            f"SELECT * FROM message WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT {MOST_SHOWN}",
            values,
        ).fetchall()
