"""Staff works with a second factor; residents and workers sign in with a code alone."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests import build, build_work

pytestmark = pytest.mark.django_db


def signed_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def outside_the_sandbox(settings):
    settings.REQUIRE_STAFF_MFA = True


def test_staff_is_sent_to_set_one_up(client):
    officer = build.member("payroll")

    answer = signed_in(client, officer).get("/kantoor/lonen/")

    assert answer.status_code == 302
    assert answer.url == reverse("mfa_activate_totp")
    assert (
        client.post("/api/pay-runs", {"month": "2026-11-01"}, content_type="application/json").status_code
        == 403
    )


def test_staff_with_one_comes_in(client):
    officer = build.member("payroll")
    Authenticator.objects.create(user=officer, type="totp", data={})
    assert signed_in(client, officer).get("/kantoor/lonen/").status_code == 200


def test_a_worker_needs_none(client):
    worker = build_work.worker()
    assert signed_in(client, worker.user).get("/werk/").status_code == 200
