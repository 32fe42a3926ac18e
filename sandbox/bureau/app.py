"""The bureau's doors: a gross export in, the net file out."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request

from sandbox.keeping import Keeping

from . import gross, journal, net
from .gross import WrongFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY, run_ref TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, export BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS fault (name TEXT PRIMARY KEY, worker_ref TEXT NOT NULL) STRICT;
"""
MOST_BYTES = 20_000_000


def create_app(state_dir: Path) -> Flask:
    """Return the app over the runs in a folder."""
    keeping = Keeping(state_dir, "bureau", SCHEMA)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    _add_runs(app, keeping)
    _add_answers(app, keeping)
    _add_faults(app, keeping)
    app.add_url_rule("/health", "health", lambda: jsonify(ok=True, stands_in_for="the payroll bureau"))
    app.register_error_handler(WrongFile, lambda wrong: (jsonify(errors=wrong.sentences), 422))
    return app


def _add_runs(app: Flask, keeping: Keeping) -> None:
    @app.post("/runs", defaults={"read": gross.read}, endpoint="take")
    @app.post("/wage-journals", defaults={"read": journal.read}, endpoint="take_journal")
    def take(read: Callable[[bytes], list[gross.Row]]) -> Any:
        body = request.get_data()
        rows = read(body)
        digest = hashlib.sha256(body).hexdigest()
        with keeping.writing() as database:
            known = database.execute("SELECT * FROM run WHERE run_ref = ?", (rows[0].run_ref,)).fetchone()
            if known is not None and known["sha256"] != digest:
                sentence = f"The run {rows[0].run_ref} was sent before with other contents."
                return jsonify(errors=[sentence]), 409
            run_id = known["id"] if known is not None else f"run_{secrets.token_hex(8)}"
            database.execute(
                "INSERT OR IGNORE INTO run VALUES (?, ?, ?, ?)", (run_id, rows[0].run_ref, digest, body)
            )
        return jsonify(_summary(run_id, digest, rows)), 202

    @app.get("/runs/<run_id>")
    def show(run_id: str) -> Any:
        row = _run(keeping, run_id)
        if row is None:
            return jsonify(errors=["This run is not known."]), 404
        return jsonify(_summary(run_id, row["sha256"], gross.read(row["export"])))


def _add_answers(app: Flask, keeping: Keeping) -> None:
    @app.get("/runs/<run_id>/net.csv")
    def net_file(run_id: str) -> Any:
        row = _run(keeping, run_id)
        if row is None:
            return jsonify(errors=["This run is not known."]), 404
        lines = net.spoiled(net.net_lines(gross.read(row["export"])), _faults(keeping))
        return Response(net.as_csv(lines), content_type="text/csv; charset=utf-8")

    @app.get("/wage-journals/<run_id>/result")
    def result(run_id: str) -> Any:
        row = _run(keeping, run_id)
        if row is None:
            return jsonify(errors=["This run is not known."]), 404
        lines = net.spoiled(net.net_lines(journal.read(row["export"])), _faults(keeping))
        return Response(journal.as_json(lines), content_type="application/json")


def _run(keeping: Keeping, run_id: str) -> sqlite3.Row | None:
    with keeping.reading() as database:
        row: sqlite3.Row | None = database.execute("SELECT * FROM run WHERE id = ?", (run_id,)).fetchone()
    return row


def _summary(run_id: str, digest: str, rows: list[gross.Row]) -> dict[str, Any]:
    return {
        "id": run_id,
        "run_ref": rows[0].run_ref,
        "sha256": digest,
        "workers": len({row.worker_ref for row in rows}),
        "gross_cents": sum(row.gross_cents for row in rows),
        "net_url": f"/runs/{run_id}/net.csv",
    }


def _faults(keeping: Keeping) -> dict[str, Any]:
    with keeping.reading() as database:
        return {row["name"]: row["worker_ref"] for row in database.execute("SELECT * FROM fault")}


def _add_faults(app: Flask, keeping: Keeping) -> None:
    @app.route("/_sandbox/faults", methods=["GET", "POST", "DELETE"])
    def faults() -> Any:
        wanted = request.get_json() if request.method == "POST" else {}
        if unknown := set(wanted) - set(net.FAULTS):
            return jsonify(errors=[f"There is no fault switch {json.dumps(sorted(unknown))}."]), 400
        with keeping.writing() as database:
            if request.method == "DELETE":
                database.execute("DELETE FROM fault")
            for name, worker_ref in wanted.items():
                database.execute("INSERT OR REPLACE INTO fault VALUES (?, ?)", (name, str(worker_ref)))
        return jsonify(_faults(keeping))
