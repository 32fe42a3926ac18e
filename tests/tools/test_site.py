"""The programs of a site live and die together, and each comes back when it crashes."""

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests

from config.trial import socket_folder, valkey_socket
from tests import databases
from tests.standins import eventually
from tools import leashed
from tools.site import RUN, NotStarted, Stack

pytestmark = [pytest.mark.journey]
# a word in the command line of each program that only it has
PROGRAMS = {
    "web": "gunicorn", "worker": "celery worker", "beat": "celery beat", "relay": "manage.py relay",
    "stripe": "sandbox.stripe_server", "bank": "sandbox.bank", "bureau": "sandbox.bureau", "inbox": "sandbox.inbox",
}  # fmt: skip
WORDS = PROGRAMS | {
    "worker": "worker@localhost",
    "planner": "planner@localhost",
    "repairer": "repairer@localhost",
    "beat": "config.celery beat",
}


@pytest.fixture(scope="module")
def site(template) -> Iterator[Stack]:
    name = f"test_site_{os.getpid()}"
    databases.copy(template, name)
    stack = Stack(folder=RUN / name, database=name)
    stack.start()
    yield stack
    stack.forget()
    databases.drop(name)


def log(site: Stack, program: str) -> list[dict[str, object]]:
    lines = (site.folder / "log" / f"{program}.log").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_a_request_is_found_again_in_the_log_of_its_task(site):
    payout = {"id": "po_1", "object": "payout", "amount": 100, "status": "paid"}
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "payout.paid",
        "livemode": False,
        "created": 1,
        "data": {"object": payout},
    }
    body = json.dumps(event)
    moment = int(time.time())
    secret = site.environment["STRIPE_WEBHOOK_SECRETS"]
    signature = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    answer = requests.post(
        f"{site.url()}/api/stripe/webhook",
        data=body,
        headers={"Stripe-Signature": f"t={moment},v1={signature}"},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text

    asked = next(line for line in log(site, "web") if "/api/stripe/webhook" in str(line.get("request")))
    eventually(
        lambda: [line for line in log(site, "worker") if line.get("request_id") == asked["request_id"]],
        seconds=120,
    )


def test_is_held_by_one_process(site):
    with pytest.raises(NotStarted, match="runs already"):
        Stack(folder=site.folder, database=site.database).start()


def test_each_program_comes_back_after_a_crash(site):
    eventually(lambda: all(site.processes(word) for word in WORDS.values()), seconds=120)
    before = {name: min(site.processes(word)) for name, word in WORDS.items()}

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    for name, word in WORDS.items():
        eventually(
            lambda word=word, pid=before[name]: [new for new in site.processes(word) if new > pid], seconds=120
        )
    eventually(site.answers, seconds=120)


def test_all_of_it_dies_with_the_supervisor_and_starts_again(site):
    supervisor = next(iter(site.processes("supervisor.supervisord")))
    os.kill(supervisor, signal.SIGKILL)

    eventually(lambda: site.processes() == [], seconds=120)
    site.start()
    assert site.answers()


def test_does_not_start_under_a_parent_that_is_gone():
    command = [sys.executable, "-m", "tools.leashed", sys.executable, "-c", "print('runs')"]

    def said(parent: int) -> str:
        environment = {**os.environ, leashed.PARENT: str(parent)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout

    assert (said(os.getpid()), said(1)) == ("runs\n", "")


def test_starts_again_after_everything_was_killed(site):
    site.kill()
    assert site.processes() == []
    site.start()
    assert site.answers()


def test_stops_together(site):
    site.stop()
    assert site.processes() == []
    assert not site.answers()
    site.start()


def test_serves_an_installation_of_its_own_servers(template):
    name = f"test_own_{os.getpid()}"
    databases.copy(template, name)
    sockets = quote(str(socket_folder()), safe="")
    real = {
        "DATABASE_URL": f"postgres://app@{sockets}/{name}", "DATABASE_OWNER_URL": f"postgres://owner@{sockets}/{name}",
        "REDIS_URL": f"unix://{valkey_socket()}?db=126", "SECRET_KEY": "0123456789abcdefghij" * 3, "HASH_KEY": "h" * 40,
        "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "ALLOWED_HOSTS": "wijk.example",
        "SITE_URL": "https://wijk.example", "BEHIND_PROXY": "1", "MAIL_HOST": "mail.example", "STRIPE_SECRET_KEY": "",
    }  # fmt: skip
    stack = Stack(folder=RUN / name, database=name, sandbox=False, more_environment=real)
    stack.choose_ports()
    try:
        stack.command("collectstatic", "--noinput", "-v0")
        stack.start()
        as_the_proxy = {"Host": "wijk.example", "X-Forwarded-Proto": "https"}
        page = requests.get(f"{stack.url()}/account/login/code/", headers=as_the_proxy, timeout=20)
        assert page.status_code == 200
        assert "wijk-watermark" not in page.text
        assert page.headers["Set-Cookie"].startswith("__Host-csrf=")
        assert "Secure" in page.headers["Set-Cookie"]
        sheet = re.search(r"/static/wijk\.[0-9a-f]{12}\.css", page.text)
        assert sheet, "files are named by their content"
        assert requests.get(stack.url() + sheet[0], headers=as_the_proxy, timeout=20).ok
        assert (
            requests.get(
                f"{stack.url()}/", headers={"Host": "wijk.example"}, allow_redirects=False, timeout=20
            ).status_code
            == 301
        )
    finally:
        stack.forget()
        databases.drop(name)
