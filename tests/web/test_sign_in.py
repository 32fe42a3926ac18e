"""Residents and workers come in with a code by e-mail."""

import re

import pytest
from django.core import mail

from tests import build, build_work

pytestmark = pytest.mark.django_db


def code_sent() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def test_a_worker_comes_in_with_the_code_and_lands_on_today(client):
    worker = build_work.worker()
    client.post("/account/login/code/", {"email": worker.user.email})
    said = client.post("/account/login/code/confirm/", {"code": code_sent()})
    assert said.url == "/account/confirm-email/", (
        "the first time, an address that others typed is confirmed too"
    )
    said = client.post(said.url, {"code": code_sent()})
    assert said.url == "/binnen/"
    assert client.get("/binnen/").url == "/werk/"


def test_a_wrong_code_lets_nobody_in(client):
    client.post("/account/login/code/", {"email": build.user().email})
    client.post("/account/login/code/confirm/", {"code": "ZZZ-ZZZ"})
    assert client.get("/mijn/").url.startswith("/account/login/")


def test_says_the_same_to_an_address_nobody_has(client):
    known = client.post("/account/login/code/", {"email": build.user().email})
    unknown = client.post("/account/login/code/", {"email": "niemand@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize("path", ["/mijn/", "/mijn/boeken/", "/werk/", "/kantoor/planning/"])
def test_nothing_inside_opens_without_signing_in(client, path):
    assert client.get(path).url == f"/account/login/?next={path}"
