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


@pytest.mark.parametrize("role", ["payroll", "treasurer", "auditor", "coordinator", "qa"])
def test_staff_sees_no_hour_without_one(client, role):
    visit = build_work.worked_visit()
    address = f"/uur/{visit.assignments.get().ref}/"
    somebody = signed_in(
        client, build.member(role, where=visit.neighbourhood if role in {"coordinator", "qa"} else None)
    )

    answer = somebody.get(address)

    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))
    Authenticator.objects.create(user=answer.wsgi_request.user, type="totp", data={})
    assert somebody.get(address).status_code == 200


def test_who_is_visited_needs_none(client):
    visit = build_work.worked_visit()
    owner = build.owner_of(visit.booking.customer)
    assert signed_in(client, owner).get(f"/uur/{visit.assignments.get().ref}/").status_code == 200


def test_staff_with_one_comes_in(client):
    officer = build.member("payroll")
    Authenticator.objects.create(user=officer, type="totp", data={})
    assert signed_in(client, officer).get("/kantoor/lonen/").status_code == 200


def test_a_worker_needs_none(client):
    worker = build_work.worker()
    assert signed_in(client, worker.user).get("/werk/").status_code == 200
