"""Switches that make the stand-in misbehave, as the world does on a bad day.

``times`` is how often a switch works before it is used up, ``match`` the beginning of the event type or path
it works on, ``number`` its figure (seconds, copies); see FAULTS.
"""

from typing import Any

from .account import Account

FAULTS = {
    "drop": "the next events get no webhook at all",
    "delay": "webhooks leave `number` seconds late",
    "duplicate": "each webhook is sent `number` times in all",
    "reorder": "the next `times` webhooks leave in reverse order",
    "wrong_secret": "the first attempt is signed with another secret",
    "old_timestamp": "the first attempt carries a timestamp of an hour ago",
    "error_after_success": "a POST does its work and answers 500",
    "unavailable": "a request is answered 503 and does nothing",
    "hang": "the answer to a request comes `number` seconds late",
    "refund_fails": "a refund is pending and fails `number` seconds later",
    "dispute_opens": "a dispute opens on the next charge that can have one",
    "async_succeeds": "a payment left for later succeeds after `number` seconds",
    "async_fails": "a payment left for later fails after `number` seconds",
}
STANDARD_NUMBERS = {"delay": 2.0, "duplicate": 2.0, "hang": 30.0}


def set_switches(account: Account, wanted: dict[str, Any]) -> None:
    """Set switches: ``{"drop": 2}`` or ``{"delay": {"times": 2, "number": 5, "match": "checkout."}}``.

    :raises ValueError: a switch that does not exist, or a figure that is none.
    """
    for name, value in wanted.items():
        if name not in FAULTS:
            raise ValueError(f"There is no fault switch '{name}'; there are {', '.join(FAULTS)}.")
        given = value if isinstance(value, dict) else {"times": value}
        if unknown := set(given) - {"times", "number", "match"}:
            raise ValueError(f"'{name}' takes times, number and match, not {', '.join(sorted(unknown))}.")
        account.database.execute(
            "INSERT OR REPLACE INTO fault (name, times, match, number) VALUES (?, ?, ?, ?)",
            (
                name,
                int(given.get("times", 1)),
                str(given.get("match", "")),
                float(given.get("number", STANDARD_NUMBERS.get(name, 0.0))),
            ),
        )


def take(account: Account, name: str, on: str = "") -> float | None:
    """Use a switch once and return its figure, or None when it is off or does not match."""
    row = account.database.execute("SELECT * FROM fault WHERE name = ?", (name,)).fetchone()
    if row is None or row["times"] <= 0 or not on.startswith(row["match"]):
        return None
    account.database.execute("UPDATE fault SET times = times - 1 WHERE name = ?", (name,))
    return float(row["number"])


def left(account: Account, name: str) -> int:
    row = account.database.execute("SELECT times FROM fault WHERE name = ?", (name,)).fetchone()
    return int(row["times"]) if row else 0


def shown(account: Account) -> dict[str, Any]:
    rows = account.database.execute("SELECT * FROM fault WHERE times > 0")
    return {row["name"]: {key: row[key] for key in ("times", "match", "number")} for row in rows}


def clear(account: Account) -> None:
    account.database.execute("DELETE FROM fault")
