"""`make storm`: 10,000 webhooks, five-fold, shuffled, a tenth never delivered, false ones between; then one poll.

The stand-in for Stripe runs as a process of its own and sends its webhooks to an ear that keeps them and gives no
answer for a tenth. What was kept goes to the address of the product in any order and five times, between letters
signed with another secret and letters of an hour ago. After one poll the books must be the stand-in's to the cent.
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from django.db import connections
from django.test import Client
from django.test.utils import override_settings

from benchmarks import ground
from books import proof_of_value
from cheques import converging, purchase, refunds, stripe_gateway, stripe_inbox, stripe_mirror
from cheques.models import Chargeback, Notice, Order, Refund
from ledger.balances import balance, moved
from ledger.models import Account
from sandbox.stripe_server.webhooks import signature
from tests import build, standins
from tests.build import NOON

FOLD, DROPPED, WORKERS = 5, 0.10, 8
EVENTS_AN_ORDER = 5
LATER = NOON + timedelta(hours=2)


@dataclass
class Ear:
    """Keeps what the stand-in sends. `refused` are the events that never come through."""

    kept: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def hear(self, event_id: str, body: str, chance: random.Random) -> int:
        if event_id not in self.kept and event_id not in self.refused:
            self.refused.add(event_id) if chance.random() < DROPPED else self.kept.update({event_id: body})
        return 503 if event_id in self.refused else 200


@dataclass
class Found:
    """What a run left behind."""

    seconds: float
    counts: Counter[str]
    faults: list[str]


@contextmanager
def listening(seed: int) -> Iterator[tuple[Ear, str]]:
    """Listen for webhooks on a free port."""
    ear, chance = Ear(), random.Random(seed)

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(ear.hear(body.split('"id": "', 1)[1].split('"', 1)[0], body, chance))
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield ear, f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def stripe(webhook_url: str) -> Iterator[standins.Running]:
    """Run the stand-in, and point the product at it."""
    with tempfile.TemporaryDirectory() as folder:
        running = standins.Running(
            "stripe_server", Path(folder),
            ["--webhook-url", webhook_url, "--webhook-secret", standins.WEBHOOK_SECRET],
        )  # fmt: skip
        running.start()
        try:
            with override_settings(
                STRIPE_API_BASE=running.url, STRIPE_SECRET_KEY=standins.KEY, CARD_PAYMENT=True,
                STRIPE_WEBHOOK_SECRETS=[standins.WEBHOOK_SECRET], ALLOWED_HOSTS=["*"],
            ):  # fmt: skip
                yield running
        finally:
            running.stop(signal.SIGKILL)


def run(webhooks: int, *, seed: int = 1) -> Found:
    """Raise a storm in a database that is there for it."""
    began, counts = time.monotonic(), Counter[str]()
    with listening(seed) as (ear, url), stripe(url) as standin:
        _trade(standin, webhooks // EVENTS_AN_ORDER, seed, counts)
        _settled(standin, ear)
        counts["webhooks"], counts["never delivered"] = len(ear.kept) + len(ear.refused), len(ear.refused)
        _deliver(_letters(list(ear.kept.values()), seed, counts), counts)
        _handle(list(Notice.objects.values_list("pk", flat=True)), seed, counts)
        counts["cents apart before the poll"] = abs(_apart(standin))
        poll(LATER, seed, counts)
        faults = _judge(standin, counts)
    return Found(time.monotonic() - began, counts, faults)


def _trade(standin: standins.Running, orders: int, seed: int, counts: Counter[str]) -> None:
    """Buy, pay, fail, refund and dispute."""
    customers = [build.customer(kind="firm") for _ in range(min(WORKERS * 4, orders))]
    lots = [
        (customers[number % len(customers)].pk, seed * 1_000_003 + number, standin)
        for number in range(orders)
    ]
    with ThreadPoolExecutor(WORKERS) as threads:
        for what in threads.map(_one_order, lots):
            counts[what] += 1


def _one_order(asked: tuple[int, int, standins.Running]) -> str:
    customer_id, seed, standin = asked
    chance = random.Random(seed)
    owner = build.CustomerMember.objects.get(customer_id=customer_id).user
    order = purchase.place_order(
        customer_id, hours=chance.randint(1, 12), form_key=uuid4(), by=owner, at=NOON
    )
    url = purchase.start_checkout(
        order.pk, success_url="http://127.0.0.1:1/ok", cancel_url="http://127.0.0.1:1/no"
    )
    act = chance.choices(["pay", "later", "fail", "cancel"], [84, 8, 5, 3])[0]
    method = "ideal" if act == "later" else chance.choice(["ideal", "card", "wero"])
    requests.post(url, data={"act": act, "method": method}, allow_redirects=False, timeout=30)
    if act == "pay" and chance.random() < 0.25:
        _afterwards(order.pk, method, chance, standin)
    if act == "later" and chance.random() < 0.8:
        session_id = Order.objects.get(pk=order.pk).session_id
        standin.post("/_sandbox/async", session=session_id, outcome=chance.choice(["succeeded", "failed"]))
    connections.close_all()
    return {"pay": "paid", "later": "paid later", "fail": "failed", "cancel": "left open"}[act]


def _afterwards(order_id: int, method: str, chance: random.Random, standin: standins.Running) -> None:
    """Come back over the success page, and ask money back or take the payment back at the bank."""
    order = converging.converge_order(order_id, at=NOON)
    if method == "ideal" or chance.random() < 0.5:
        if chance.random() < 0.2:
            standin.post("/_sandbox/faults", refund_fails={"times": 1, "number": 0.1})
        refund = refunds.request(order.lot.pk, minutes=60, form_key=uuid4(), by=order.placed_by, at=NOON)
        refunds.send(refund.pk, at=NOON)
    elif method == "card":
        dispute = standin.post("/_sandbox/dispute", session=order.session_id)
        outcome = chance.choice(["won", "lost", ""])
        if outcome:
            standin.post("/_sandbox/dispute/decide", dispute=dispute["id"], outcome=outcome)


def _settled(standin: standins.Running, ear: Ear) -> None:
    """Wait until what was planned is done and every event has been heard or refused."""
    standin.post("/_sandbox/settle")
    quiet, before = 0, -1
    while quiet < 6:
        heard = len(ear.kept) + len(ear.refused)
        quiet, before = (quiet + 1 if heard == before else 0), heard
        time.sleep(0.5)


def _letters(bodies: list[str], seed: int, counts: Counter[str]) -> list[tuple[str, str, int]]:
    """Return (body, signature, right answer): each five times, and a fifth as many false ones."""
    chance, now = random.Random(seed), int(time.time())
    good = standins.WEBHOOK_SECRET
    letters = [(body, signature(body, good, now), 200) for body in bodies for _ in range(FOLD)]
    strangers = chance.choices(bodies, k=len(bodies) // 2)
    letters += [(body, signature(body, "whsec_of_somebody_else", now), 400) for body in strangers]
    letters += [(body, signature(body, good, now - 3_600), 400) for body in strangers]
    counts["signed with another secret"] = counts["an hour old"] = len(strangers)
    chance.shuffle(letters)
    return letters


def _deliver(letters: list[tuple[str, str, int]], counts: Counter[str]) -> None:
    def send(letter: tuple[str, str, int]) -> str:
        body, signed, right = letter
        fresh = signed if right == 400 else signature(body, standins.WEBHOOK_SECRET, int(time.time()))
        answer = Client().post(
            "/api/stripe/webhook",
            body.encode(),
            content_type="application/json",
            headers={"Stripe-Signature": fresh},
        )
        return (
            "answered as it should"
            if answer.status_code == right
            else f"answered {answer.status_code}, not {right}"
        )

    with ThreadPoolExecutor(WORKERS, initializer=connections.close_all) as threads:
        counts.update(threads.map(send, letters))
        list(threads.map(lambda _: connections.close_all(), range(WORKERS * 4)))


def _handle(notices: list[int], seed: int, counts: Counter[str]) -> None:
    """Do what the tasks do, each twice and in any order, some at the same time."""
    doing = notices * 2
    random.Random(seed).shuffle(doing)

    def handle(notice_id: int) -> str:
        try:
            stripe_inbox.handle(notice_id, at=LATER)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is counted
            return f"fault: {type(fault).__name__}: {str(fault)[:80]}"
        return "handled"

    with ThreadPoolExecutor(WORKERS) as threads:
        counts.update(threads.map(handle, doing))
        list(threads.map(lambda _: connections.close_all(), range(WORKERS * 4)))


def poll(at: datetime, seed: int, counts: Counter[str]) -> None:
    """Do once what the beat does every ten minutes, and what follows from it."""
    known = set(Notice.objects.values_list("pk", flat=True))
    for heard in stripe_gateway.missed_events():
        stripe_inbox.keep(heard, at=at)
    converging.converge_open(at=at)
    stripe_mirror.pull(at=at)
    fresh = list(Notice.objects.exclude(pk__in=known).values_list("pk", flat=True))
    counts["found by the poll"] = len(fresh)
    _handle(fresh, seed, counts)


def _apart(standin: standins.Running) -> int:
    return int(standin.get("/_sandbox/totals")["balance_cents"]) - balance(Account.STRIPE)


def _judge(standin: standins.Running, counts: Counter[str]) -> list[str]:
    """Return what is not as the stand-in has it."""
    totals = standin.get("/_sandbox/totals")
    stripe, cheques, losses = Account.STRIPE, Account.CHEQUES, Account.LOSSES
    pairs = {
        "balance": (balance(stripe), totals["balance_cents"]),
        "charges": (moved(stripe, cheques) - _failed_refunds(), totals["charges_cents"]),
        "refunds": (moved(cheques, stripe) - _failed_refunds(), totals["refunds_cents"]),
        "fees": (moved(Account.FEES, stripe) - moved(stripe, Account.FEES), totals["fees_cents"]),
        "disputes": (moved(losses, stripe) - moved(stripe, losses), totals["disputes_cents"]),
        "disputes counted": (Chargeback.objects.count(), totals["counts"]["dispute"]),
        "hours given": (
            Order.objects.filter(state=Order.State.PAID).count(), Order.objects.filter(lot__isnull=False).count(),
        ),
    }  # fmt: skip
    for name, (ours, _theirs) in pairs.items():
        counts[f"{name} (cents)" if "count" not in name and "hours" not in name else name] = ours
    faults = [
        f"{name}: {ours} in our books, {theirs} there"
        for name, (ours, theirs) in pairs.items()
        if ours != theirs
    ]
    faults += [found.name_en for found in proof_of_value.all_of() if not found.holds]
    return faults + [f"{name}: {number}" for name, number in counts.items() if name.startswith(("fault", "answered "))
                     and name != "answered as it should"]  # fmt: skip


def _failed_refunds() -> int:
    failed = Refund.objects.filter(state=Refund.State.FAILED).exclude(stripe_id="")
    return sum(failed.values_list("cents", flat=True))


def main() -> int:
    """Run once and print what was found."""
    webhooks = int(os.environ.get("WEBHOOKS", "10000"))
    with ground.own_database("storm"):
        found = run(webhooks, seed=int(os.environ.get("SEED", "1")))
    sys.stdout.write(f"storm: {found.seconds:.0f} s\n")
    sys.stdout.writelines(f"  {name:<40} {number:>12,}\n" for name, number in found.counts.items())
    sys.stdout.writelines(f"  WRONG {fault}\n" for fault in found.faults)
    sys.stdout.write("the books are the stand-in's to the cent\n" if not found.faults else "")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
