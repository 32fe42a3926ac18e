"""The bank's doors: files in, reports and statements out, and the switches of the sandbox."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

from sandbox.keeping import Keeping

from . import camt053, payments
from . import faults as switches
from .books import SCHEMA, Books, Detail, Entry, Refusal, check_iban

MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Options:
    """What the bank was started with; an account is (IBAN, name, opening balance in cents)."""

    accounts: tuple[tuple[str, str, int], ...] = ()
    overdraft_cents: int = 100_000_00


def create_app(state_dir: Path, options: Options | None = None) -> Flask:
    """Return the app over the books in a folder."""
    options = options or Options()
    keeping = Keeping(state_dir, "bank", SCHEMA)

    @contextmanager
    def opens() -> Iterator[Books]:
        with keeping.writing() as database:
            yield Books(database)

    with opens() as books:
        for iban, name, opening_cents in options.accounts:
            books.open_account(iban, name, opening_cents)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.register_blueprint(_files(opens, options))
    app.register_blueprint(_statements(opens))
    app.register_blueprint(_sandbox(opens))
    app.add_url_rule("/health", "health", lambda: jsonify(ok=True, stands_in_for="the bank"))
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(ValueError, lambda wrong: (jsonify(error=str(wrong)), 400))
    return app


def _refused(refused: Refusal) -> Any:
    return jsonify(error=str(refused), code=refused.code), refused.status


def _xml(body: bytes) -> Response:
    return Response(body, content_type="application/xml; charset=utf-8")


def _files(opens: Any, options: Options) -> Blueprint:
    blueprint = Blueprint("files", __name__, url_prefix="/ebics")

    @blueprint.post("/pain001")
    def take() -> Any:
        with opens() as books:
            faults = switches.load(books.database)
            if faults.out_of_order > 0:
                switches.save(books.database, replace(faults, out_of_order=faults.out_of_order - 1))
                return jsonify(error="The bank is out of order on purpose."), 503
            file = payments.take(books, request.get_data(), faults, overdraft_cents=options.overdraft_cents)
        return jsonify(msg_id=file.msg_id, transactions=file.count, control_sum=file.control_sum), 202

    @blueprint.get("/pain002")
    def report() -> Any:
        msg_id = request.args.get("msg_id", "")
        with opens() as books:
            row = books.database.execute("SELECT * FROM file WHERE msg_id = ?", (msg_id,)).fetchone()
        if row is None:
            raise Refusal(f"No file {msg_id} was received.", status=404)
        if row["ready_at"] > time.time():
            return "", 204
        return _xml(row["pain_002"])

    return blueprint


def _statements(opens: Any) -> Blueprint:
    blueprint = Blueprint("statements", __name__, url_prefix="/ebics")

    @blueprint.get("/camt053")
    def statement() -> Any:
        with opens() as books:
            iban = books.account(request.args.get("iban"))["iban"]
            days = _days(books, iban)
            if not days:
                return "", 204
            body = camt053.statements(books, iban, days)
            if request.args.get("preview") != "1":
                books.close_until(iban, days[-1])
        return _xml(body)

    return blueprint


def _days(books: Books, iban: str) -> list[date]:
    """Return the days asked for: one ``date``, or the booking days ``from`` .. ``to`` (both included)."""
    if day := request.args.get("date"):
        return [date.fromisoformat(day)]
    first, last = request.args.get("from", ""), request.args.get("to", "")
    return books.days_with_entries(iban, date.fromisoformat(first), date.fromisoformat(last))


def _sandbox(opens: Any) -> Blueprint:
    blueprint = Blueprint("sandbox", __name__, url_prefix="/_sandbox")

    def booked(sign: int) -> Any:
        wanted = request.get_json()
        with opens() as books:
            entry = books.book(_entry(books, wanted, sign))
        return jsonify(_shown(entry))

    blueprint.add_url_rule("/credit", "credit", lambda: booked(+1), methods=["POST"])
    blueprint.add_url_rule("/debit", "debit", lambda: booked(-1), methods=["POST"])

    @blueprint.get("/transactions")
    def transactions() -> Any:
        first = date.fromisoformat(request.args.get("from", "1970-01-01"))
        last = date.fromisoformat(request.args.get("to", "9999-12-30"))
        with opens() as books:
            account = books.account(request.args.get("iban"))
            entries = books.entries(account["iban"], first, last)
            opening = books.balance_before(account["iban"], first)
        closing = opening + sum(entry.cents for entry in entries)
        shown = [_shown(entry) for entry in entries]
        return jsonify(iban=account["iban"], opening_cents=opening, closing_cents=closing, transactions=shown)

    @blueprint.route("/accounts", methods=["GET", "POST"])
    def accounts() -> Any:
        with opens() as books:
            if request.method == "POST":
                wanted = request.get_json()
                books.open_account(wanted["iban"], wanted["name"], int(wanted.get("opening_cents", 0)))
            return jsonify(accounts=[dict(row) for row in books.accounts()])

    @blueprint.route("/faults", methods=["GET", "POST", "DELETE"])
    def faults() -> Any:
        with opens() as books:
            present = switches.load(books.database)
            if request.method == "POST":
                present = switches.changed(present, request.get_json())
            if request.method == "DELETE":
                present = switches.Faults()
            switches.save(books.database, present)
        return jsonify(present)

    return blueprint


def _entry(books: Books, wanted: dict[str, Any], sign: int) -> Entry:
    """Return the entry that a request asks for.

    :raises ValueError: a field is absent or is not what it should be.
    """
    cents = wanted.get("amount_cents")
    if not isinstance(cents, int) or isinstance(cents, bool) or cents <= 0:
        raise ValueError("amount_cents is a whole number above zero.")
    day = date.fromisoformat(str(wanted.get("date", "")))
    other = str(wanted.get("counterparty_iban") or "")
    return Entry(
        iban=books.account(wanted.get("iban"))["iban"],
        booked_on=day,
        cents=sign * cents,
        kind="credit" if sign > 0 else "debit",
        details=(
            Detail(
                cents=cents,
                name=str(wanted.get("name", "")),
                iban=check_iban(other) if other else "",
                end_to_end_id=str(wanted.get("end_to_end_id") or "NOTPROVIDED")[:35],
                remittance=str(wanted.get("remittance", "")),
            ),
        ),
        reference=wanted.get("reference"),
    )


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "reference": entry.reference,
        "account_servicer_reference": entry.servicer_reference,
        "iban": entry.iban,
        "booked_on": entry.booked_on.isoformat(),
        "value_on": (entry.value_on or entry.booked_on).isoformat(),
        "cents": entry.cents,
        "kind": entry.kind,
        "msg_id": entry.msg_id,
        "payment_info_id": entry.payment_info_id,
        "details": [vars(detail) for detail in entry.details],
    }
