"""Residents and workers come in with a code by e-mail."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from tests import build, build_work

pytestmark = pytest.mark.django_db


def code_sent() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def test_a_worker_comes_in_with_one_code_also_the_first_time_and_lands_on_today(client):
    """The organisation typed the address; whoever types the code that was mailed there has it."""
    worker = build_work.worker()
    client.post("/account/login/code/", {"email": worker.user.email})
    said = client.post("/account/login/code/confirm/", {"code": code_sent()})
    assert said.url == "/binnen/"
    assert len(mail.outbox) == 1
    assert EmailAddress.objects.get(user=worker.user).verified
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


def test_asking_for_a_code_does_not_prove_an_address(client):
    worker = build_work.worker()
    client.post("/account/login/code/", {"email": worker.user.email})
    client.post("/account/login/code/confirm/", {"code": "ZZZ-ZZZ"})
    assert not EmailAddress.objects.filter(user=worker.user).exists()


def test_an_account_of_ones_own_still_confirms_its_address(client):
    said = client.post("/account/signup/", {"email": "nieuw@example.org"})
    assert said.url == "/account/confirm-email/"
    assert client.get("/mijn/").url.startswith("/account/login/")
    said = client.post("/account/confirm-email/", {"code": code_sent()})
    assert said.url == "/binnen/"
