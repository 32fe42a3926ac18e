"""How objects are shown: computed fields, expansions and pages."""

import json
from typing import Any

from .account import Account, Thing, public
from .errors import StripeError, missing
from .forms import Form

EXPANDABLE = {
    "balance_transaction",
    "charge",
    "failure_balance_transaction",
    "latest_charge",
    "payment_intent",
    "source",
}
COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
MOST, STANDARD = 100, 10


def rendered(account: Account, thing: Thing) -> Thing:
    """Return an object as the API shows it at this moment."""
    if thing["object"] == "event":
        return {**public(thing), "pending_webhooks": _pending_webhooks(account, thing["id"])}
    shown = public(thing)
    if thing["object"] == "balance_transaction":
        shown["status"] = "available" if thing["available_on"] <= account.business_now else "pending"
    return shown


def _pending_webhooks(account: Account, event_id: str) -> int:
    row = account.database.execute(
        "SELECT count(*) AS n FROM delivery WHERE event = ? AND state <> 'delivered'", (event_id,)
    ).fetchone()
    return int(row["n"])


def expand(account: Account, shown: Thing, paths: list[str]) -> Thing:
    """Replace ids by the objects they stand for, along paths like ``latest_charge.balance_transaction``.

    :raises StripeError: a path names something that cannot be expanded.
    """
    for path in paths:
        _expand(account, shown, path.split("."), path)
    return shown


def _expand(account: Account, shown: Thing, names: list[str], path: str) -> None:
    name, rest = names[0], names[1:]
    if shown.get("object") == "list" and name == "data":
        for item in shown["data"]:
            _expand(account, item, rest, path)
        return
    if name == "line_items" and shown.get("object") == "checkout.session":
        stored = account.find("checkout.session", shown["id"])
        shown[name] = line_items(stored)
        return
    if name not in EXPANDABLE or name not in shown:
        raise StripeError(f"This property cannot be expanded ({path}).", param="expand[0]")
    if isinstance(shown[name], str):
        found = account.find_any(shown[name])
        shown[name] = rendered(account, found) if found else shown[name]
    if rest and isinstance(shown[name], dict):
        _expand(account, shown[name], rest, path)


def line_items(session: Thing) -> Thing:
    """Return the lines of a Checkout Session; they are shown only when asked for."""
    return {
        "object": "list",
        "data": session["_line_items"],
        "has_more": False,
        "url": f"/v1/checkout/sessions/{session['id']}/line_items",
    }


def page(
    account: Account, kind: str, form: Form, *, url: str, fields: tuple[str, ...] = (), **fixed: str
) -> Thing:
    """Return one page of a list, newest first.

    :param fields: parameters that filter on the field of the same name.
    :raises StripeError: a limit outside 1..100, or a cursor that is not there.
    """
    conditions: list[str] = ["object = ?"]
    values: list[Any] = [kind]
    wanted: dict[str, Any] = {name: form.text(name) for name in fields}
    for name, value in {**wanted, **fixed}.items():
        if value is not None:
            conditions.append(f"json_extract(body, '$.{name}') = ?")
            values.append(value)
    created_between(form, conditions, values)
    return cut(account, form, url, conditions, values)


def created_between(form: Form, conditions: list[str], values: list[Any]) -> None:
    """Add the conditions that ``created`` asks for: a moment, or bounds."""
    if isinstance(form.raw("created"), str):
        conditions.append("created = ?")
        values.append(form.integer("created"))
        return
    if bounds := form.part("created"):
        for name, sign in COMPARISONS.items():
            if (bound := bounds.integer(name)) is not None:
                conditions.append(f"created {sign} ?")
                values.append(bound)
        bounds.nothing_else()


def cut(account: Account, form: Form, url: str, conditions: list[str], values: list[Any]) -> Thing:
    """Return the page that ``limit``, ``starting_after`` and ``ending_before`` ask for."""
    limit = form.integer("limit", STANDARD) or 0
    if not 1 <= limit <= MOST:
        raise StripeError("Invalid limit: must be between 1 and 100", param="limit")
    after, before = form.text("starting_after"), form.text("ending_before")
    form.nothing_else()
    if after:
        conditions.append("place < ?")
        values.append(_place(account, after, "starting_after"))
    if before:
        conditions.append("place > ?")
        values.append(_place(account, before, "ending_before"))
    order = "ASC" if before else "DESC"
    rows = account.database.execute(
        f"SELECT body FROM thing WHERE {' AND '.join(conditions)} ORDER BY place {order} LIMIT ?",
        (*values, limit + 1),
    ).fetchall()
    found = [rendered(account, json.loads(row["body"])) for row in rows[:limit]]
    return {
        "object": "list",
        "data": found[::-1] if before else found,
        "has_more": len(rows) > limit,
        "url": url,
    }


def _place(account: Account, identifier: str, param: str) -> int:
    row = account.database.execute("SELECT place FROM thing WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        raise missing("object", identifier, param)
    return int(row["place"])
