"""Switches that make the bank reject, return, wait or be out of order."""

import json
import sqlite3
from dataclasses import asdict, dataclass, fields
from typing import Any

from .pain001 import Transfer

STANDARD_REJECT, STANDARD_RETURN = "AC01", "AC04"


@dataclass(frozen=True)
class Faults:
    """What goes wrong on purpose.

    ``reject`` and ``return_`` hold ``end_to_end_ids``, ``ibans`` and a ``code``; a returned transfer is
    executed and reported as such, and comes back as a credit the day after.
    """

    reject: dict[str, Any] | None = None
    return_: dict[str, Any] | None = None
    report_seconds: float = 0.0
    out_of_order: int = 0

    def rejects(self, transfer: Transfer) -> str:
        """Return the code a transfer is rejected with, or nothing."""
        return _code(self.reject, transfer, STANDARD_REJECT)

    def returns(self, transfer: Transfer) -> str:
        """Return the code a transfer comes back with, or nothing."""
        return _code(self.return_, transfer, STANDARD_RETURN)


def _code(switch: dict[str, Any] | None, transfer: Transfer, standard: str) -> str:
    if switch is None:
        return ""
    named = transfer.end_to_end_id in switch.get("end_to_end_ids", ())
    if named or transfer.iban in switch.get("ibans", ()):
        return str(switch.get("code", standard))
    return ""


def load(database: sqlite3.Connection) -> Faults:
    row = database.execute("SELECT json FROM setting WHERE name = 'faults'").fetchone()
    return Faults(**json.loads(row["json"])) if row else Faults()


def save(database: sqlite3.Connection, faults: Faults) -> None:
    database.execute("INSERT OR REPLACE INTO setting VALUES ('faults', ?)", (json.dumps(asdict(faults)),))


def changed(faults: Faults, wanted: dict[str, Any]) -> Faults:
    """Return the switches after a request; ``return`` is spelt as such on the wire.

    :raises ValueError: a switch that does not exist.
    """
    wanted = {("return_" if name == "return" else name): value for name, value in wanted.items()}
    known = {field.name for field in fields(Faults)}
    if unknown := set(wanted) - known:
        raise ValueError(f"There is no fault switch {', '.join(sorted(unknown))}.")
    return Faults(**{**asdict(faults), **wanted})
