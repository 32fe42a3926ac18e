"""The first day of an installation: one link, one administrator, and a list of what is still open."""

from datetime import UTC, datetime

import pytest

from identity import first_start
from identity.models import Membership
from tests import build

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def test_the_link_makes_one_administrator(client):
    token = first_start.make_link(at=NOW)
    assert client.get(f"/begin/{token}/").status_code == 200

    answer = client.post(f"/begin/{token}/", {"name": "Ans", "email": "ans@example.org"})

    assert answer.status_code == 302
    assert Membership.objects.get(role="admin").user.email == "ans@example.org"
    assert client.get(f"/begin/{token}/").status_code == 404


def test_a_made_up_link_is_not_there(client):
    assert client.get("/begin/abcdefghijkl/").status_code == 404


def test_the_administrator_sees_what_blocks_the_first_booking(client):
    client.force_login(build.member("admin"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/kantoor/inrichten/")
    assert answer.status_code == 200
    assert "Dit houdt tegen: de eerste boeking" in answer.text
