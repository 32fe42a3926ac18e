"""Sends one request and says what kind of answer came."""

import json
from contextlib import nullcontext
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access.matrix import FIRM, PLACES, SPARE, Row
from tests.access.world import World


def ask(row: Row, client: Client, ref: str, spare: str):
    """Send one request and undo what it did."""
    names = {**row.extra}
    if row.thing and not row.in_body:
        names["ref"] = ref
    address, facts = (
        reverse(row.route, kwargs=names),
        {name: spare if fact == SPARE else fact for name, fact in row.body(ref).items()},
    )
    headers = {"Idempotency-Key": str(uuid4())}
    undone = transaction.atomic()
    # the durable transactions of the operations may stand inside this one
    setattr(undone, "_from_testcase", True)  # noqa: B010 - it has no stub
    with nullcontext() if row.calls_stripe else undone:
        if row.method == "GET":
            answer = client.get(address, facts, headers=headers)
        elif row.route == "api:statements":
            answer = client.post(address, b"<nothing/>", content_type="application/xml", headers=headers)
        elif row.route.startswith("api:"):
            answer = client.post(address, json.dumps(facts), content_type="application/json", headers=headers)
        else:
            answer = client.post(address, facts, headers=headers)
        if not row.calls_stripe:
            transaction.set_rollback(True)
    return answer


def places_of(row: Row, role: str) -> tuple[str, ...]:
    """Return of whose things a role is asked. What no firm reaches is asked once for a colleague: its owner asks the rest."""
    if not row.thing or (role in FIRM[1:] and not set(FIRM) & set(row.who)):
        return PLACES[:1]
    return PLACES


def spare_of(world: World, role: str, place: str) -> str:
    """Return a worker of the neighbourhood the thing lies in."""
    return world.things["far" if place == "elsewhere" else "other"]["worker"]


def class_of(answer) -> str:
    """Return what kind of answer this is."""
    if answer.status_code == 302 and "/account/login" in answer["Location"]:
        return "sign in"
    if answer.status_code < 400 or answer.status_code in {400, 409}:
        return "in"
    return str(answer.status_code)
