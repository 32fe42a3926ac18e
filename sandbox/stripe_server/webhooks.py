"""The background: webhooks signed and sent until somebody answers, and acts that were planned for later."""

import hashlib
import hmac
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from sandbox.keeping import Keeping

from . import checkout, disputes, payouts, refunds
from .account import Account, Options, Thing
from .errors import StripeError
from .rendering import rendered

log = logging.getLogger(__name__)
IDLE_SECONDS, ATTEMPT_SECONDS, SENDERS, HOUR = 0.25, 10, 4, 3600


@dataclass(frozen=True)
class Delivery:
    """One webhook to send, as it stood when it was taken from the queue."""

    id: int
    attempts: int
    wrong_secret: bool
    old_timestamp: bool
    payload: str


def signature(payload: str, secret: str, at: int) -> str:
    """Return the value of the ``Stripe-Signature`` header for a body."""
    signed = hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


class Background:
    """One thread that does what is due; webhooks go out through a few senders beside it."""

    def __init__(self, keeping: Keeping, options: Options) -> None:
        self._keeping = keeping
        self._options = options
        self._called = threading.Event()
        self._ended = threading.Event()
        self._under_way: set[int] = set()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhook")
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._called.set()
        self._thread.join(timeout=ATTEMPT_SECONDS)
        self._senders.shutdown(cancel_futures=True)

    def call(self) -> None:
        """Say that something may be due now."""
        self._called.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._called.clear()
            try:
                self.do_planned()
                self._send_due()
            except Exception:
                log.exception("the background of the Stripe stand-in stumbled")
            self._called.wait(IDLE_SECONDS)

    def do_planned(self, *, all_of_them: bool = False, without: tuple[str, ...] = ()) -> int:
        """Do the planned acts that are due, or all but some kinds at once; return how many were done."""
        until = float("inf") if all_of_them else time.time()
        with self._keeping.reading() as database:
            rows = database.execute(
                "SELECT * FROM later WHERE due_at <= ? ORDER BY due_at", (until,)
            ).fetchall()
        planned = [row for row in rows if row["act"] not in without]
        for row in planned:
            if row["act"] == "tell_bank":
                self._tell_bank(row["id"], row["ref"])
            else:
                self._act(row["id"], row["act"], row["ref"])
        return len(planned)

    def _act(self, row_id: int, act: str, ref: str) -> None:
        with self._keeping.writing() as database:
            taken = database.execute("DELETE FROM later WHERE id = ?", (row_id,)).rowcount
            if taken:
                self._do(Account(database, self._options), act, ref)

    def _do(self, account: Account, act: str, ref: str) -> None:
        if act == "session_expires":
            checkout.let_expire(account, account.find("checkout.session", ref))
        elif act in {"async_succeeds", "async_fails"}:
            checkout.settle(account, account.find("checkout.session", ref), succeeds=act == "async_succeeds")
        elif act in {"refund_succeeds", "refund_fails"}:
            refunds.settle(account, account.find("refund", ref), succeeds=act == "refund_succeeds")
        elif act == "dispute_opens":
            try:
                disputes.open_on(account, account.find("charge", ref))
            except StripeError as refused:
                log.warning("no dispute on %s: %s", ref, refused)

    def _tell_bank(self, row_id: int, payout_id: str) -> None:
        with self._keeping.reading() as database:
            account = Account(database, self._options)
            told = payouts.notice(account, account.find("payout", payout_id))
        heard = payouts.tell(self._options.bank_url, told)
        with self._keeping.writing() as database:
            if heard:
                database.execute("DELETE FROM later WHERE id = ?", (row_id,))
            else:
                database.execute("UPDATE later SET due_at = ? WHERE id = ?", (time.time() + 1, row_id))

    def _send_due(self) -> None:
        with self._keeping.reading() as database:
            rows = database.execute(
                "SELECT delivery.*, thing.body FROM delivery JOIN thing ON thing.id = delivery.event"
                " WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, delivery.id LIMIT 200",
                (time.time(),),
            ).fetchall()
            account = Account(database, self._options)
            due = [
                Delivery(
                    id=row["id"],
                    attempts=row["attempts"],
                    wrong_secret=bool(row["wrong_secret"]),
                    old_timestamp=bool(row["old_timestamp"]),
                    payload=_payload(account, json.loads(row["body"])),
                )
                for row in rows
                if row["id"] not in self._under_way
            ]
        for delivery in due:
            self._under_way.add(delivery.id)
            self._senders.submit(self._send, delivery)

    def _send(self, delivery: Delivery) -> None:
        try:
            delivered, answer = self._attempt(delivery)
            self._note(delivery, delivered=delivered, answer=answer)
        except Exception:
            log.exception("a webhook could not be sent")
        finally:
            self._under_way.discard(delivery.id)

    def _attempt(self, delivery: Delivery) -> tuple[bool, str]:
        """Send once; the faults of a delivery spoil its first attempt only, as a retry comes signed anew."""
        first = delivery.attempts == 0
        secret = "whsec_of_somebody_else" if first and delivery.wrong_secret else self._options.webhook_secret
        at = int(time.time()) - (HOUR if first and delivery.old_timestamp else 0)
        try:
            answer = requests.post(
                self._options.webhook_url,
                data=delivery.payload.encode(),
                headers={
                    "Content-Type": "application/json; charset=utf-8",
                    "Stripe-Signature": signature(delivery.payload, secret, at),
                    "User-Agent": "Stripe/1.0 (stand-in)",
                },
                timeout=ATTEMPT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as failed:
            return False, type(failed).__name__
        return 200 <= answer.status_code < 300, str(answer.status_code)

    def _note(self, delivery: Delivery, *, delivered: bool, answer: str) -> None:
        waits = self._options.retry_seconds
        tried = delivery.attempts + 1
        state = "delivered" if delivered else ("waiting" if tried <= len(waits) else "given up")
        wait = 0.0 if delivered else waits[min(tried, len(waits)) - 1]
        with self._keeping.writing() as database:
            database.execute(
                "UPDATE delivery SET state = ?, attempts = ?, due_at = ?, last_answer = ? WHERE id = ?",
                (state, tried, time.time() + wait, answer, delivery.id),
            )


def _payload(account: Account, event: Thing) -> str:
    return json.dumps(rendered(account, event), indent=2, ensure_ascii=False)
