"""Events: what happened, with the object as it was, and the webhooks that carry them."""

import time

from . import faults
from .account import API_VERSION, Account, Thing, new_id
from .rendering import rendered

REORDER_STEP_SECONDS = 0.25


def record(account: Account, kind: str, thing: Thing, previous: Thing | None = None) -> Thing:
    """Note that something happened and queue its webhook, in the transaction of the fact itself."""
    data: Thing = {"object": rendered(account, thing)}
    if previous is not None:
        data["previous_attributes"] = previous
    event = account.add(
        {
            "id": new_id("evt_"),
            "object": "event",
            "account": None,
            "api_version": API_VERSION,
            "context": None,
            "created": account.now,
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": {"id": account.request_id, "idempotency_key": account.idempotency_key},
            "type": kind,
        }
    )
    if account.options.webhook_url and _subscribed(account, kind):
        _queue(account, event)
    return event


def _subscribed(account: Account, kind: str) -> bool:
    return any(wanted in {"*", kind} for wanted in account.options.webhook_events)


def _queue(account: Account, event: Thing) -> None:
    kind = event["type"]
    dropped = faults.take(account, "drop", kind) is not None
    delay = faults.take(account, "delay", kind) or 0.0
    copies = int(faults.take(account, "duplicate", kind) or 1)
    turn = faults.left(account, "reorder")
    if faults.take(account, "reorder", kind) is not None:
        delay += turn * REORDER_STEP_SECONDS
    wrong_secret = faults.take(account, "wrong_secret", kind) is not None
    old_timestamp = faults.take(account, "old_timestamp", kind) is not None
    for _ in range(copies):
        account.database.execute(
            "INSERT INTO delivery (event, due_at, state, wrong_secret, old_timestamp) VALUES (?, ?, ?, ?, ?)",
            (
                event["id"],
                time.time() + delay,
                "dropped" if dropped else "waiting",
                wrong_secret,
                old_timestamp,
            ),
        )
