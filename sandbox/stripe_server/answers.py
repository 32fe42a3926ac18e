"""One request to the API: the key, the version, the idempotency key, the work and the answer."""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Request

from sandbox.keeping import Keeping

from . import faults
from .account import API_VERSION, Account, Options, Thing, new_id
from .errors import StripeError, broken, invalid_key
from .forms import Form, decode
from .rendering import expand

View = Callable[..., Thing]
LONGEST_KEY = 255


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: Thing
    request_id: str
    replayed: bool = False
    hang_seconds: float = 0.0


class Answers:
    """Answers requests as Stripe does; each POST is one transaction together with its idempotency key."""

    def __init__(self, keeping: Keeping, options: Options) -> None:
        self._keeping = keeping
        self._options = options
        self._turn = threading.Lock()
        self._under_way: set[str] = set()

    def give(self, request: Request, view: View, ids: dict[str, str]) -> Answer:
        """Answer one request; a fault switch may make it hang before this returns."""
        request_id = new_id("req_", 14)
        try:
            self._check(request)
            answer = self._reserved(request, view, ids, request_id)
        except StripeError as refused:
            answer = Answer(refused.status, refused.body, request_id)
        return answer

    def _check(self, request: Request) -> None:
        """Look at key and version.

        :raises StripeError: the key is wrong (401), or the version is not the one this stand-in speaks.
        """
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if request.authorization and request.authorization.type == "basic":
            given = request.authorization.username or ""
        if given != self._options.secret_key:
            raise invalid_key(given)
        version = request.headers.get("Stripe-Version", API_VERSION)
        if version != API_VERSION:
            raise StripeError(f"Invalid Stripe API version: {version}. The stand-in speaks {API_VERSION}.")

    def _reserved(self, request: Request, view: View, ids: dict[str, str], request_id: str) -> Answer:
        """Answer while no other request with the same key is answered."""
        key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
        if len(key) > LONGEST_KEY:
            raise StripeError("Idempotency keys have up to 255 characters.", kind="idempotency_error")
        with self._turn:
            if key and key in self._under_way:
                raise StripeError(
                    f"There is currently another in-progress request using this Stripe key: {key}.",
                    status=409,
                    kind="idempotency_error",
                    code="idempotency_key_in_use",
                )
            self._under_way.add(key)
        try:
            answer = self._work(request, view, ids, request_id)
            if answer.hang_seconds:
                time.sleep(answer.hang_seconds)
            return answer
        finally:
            with self._turn:
                self._under_way.discard(key)

    def _work(self, request: Request, view: View, ids: dict[str, str], request_id: str) -> Answer:
        writes = request.method != "GET"
        pairs = parse_qsl(
            request.get_data(as_text=True) if writes else request.query_string.decode(),
            keep_blank_values=True,
        )
        key = request.headers.get("Idempotency-Key") if writes else None
        fingerprint = hashlib.sha256(json.dumps([request.path, sorted(pairs)]).encode()).hexdigest()
        with self._keeping.writing() as database:
            account = Account(
                database,
                self._options,
                base_url=request.host_url.rstrip("/"),
                request_id=request_id,
                idempotency_key=key,
            )
            if key and (stored := _stored(account, key, fingerprint)):
                return stored
            if faults.take(account, "unavailable", request.path) is not None:
                return Answer(503, broken("The stand-in is unavailable on purpose.", 503).body, request_id)
            status, body = _done(account, view, Form(decode(pairs)), ids)
            if writes and faults.take(account, "error_after_success", request.path) is not None:
                status, body = (
                    500,
                    broken("An unknown error occurred (on purpose, after the work was done).").body,
                )
            if key:
                database.execute(
                    "INSERT INTO answered (key, fingerprint, status, body, created) VALUES (?, ?, ?, ?, ?)",
                    (key, fingerprint, status, json.dumps({**body, "_request": request_id}), account.now),
                )
            hang = faults.take(account, "hang", request.path) or 0.0
        return Answer(status, body, request_id, hang_seconds=hang)


def _done(account: Account, view: View, form: Form, ids: dict[str, str]) -> tuple[int, Thing]:
    try:
        shown = view(account, form, **ids)
        return 200, expand(account, shown, form.expansions())
    except StripeError as refused:
        if not refused.keep:
            raise
        return refused.status, refused.body


def _stored(account: Account, key: str, fingerprint: str) -> Answer | None:
    """Return the first answer given under a key.

    :raises StripeError: the key was used for something else.
    """
    row = account.database.execute("SELECT * FROM answered WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != fingerprint:
        raise StripeError(
            "Keys for idempotent requests can only be used with the same parameters they were first used"
            f" with. Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    body: dict[str, Any] = json.loads(row["body"])
    return Answer(row["status"], body, body.pop("_request"), replayed=True)
