"""The first administrator: one link, once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from identity import first_start
from identity.first_start import LinkDoesNotWork, make_link, use
from identity.models import FirstStep, Organisation, Role
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
WHO = {"email": "Ans@example.org", "name": "Ans"}


def test_makes_the_administrator_and_the_organisation():
    user = use(make_link(at=NOON), **WHO, at=NOON)

    assert (user.email, user.is_superuser, user.memberships.get().role) == (
        "ans@example.org",
        True,
        Role.ADMIN,
    )
    assert Organisation.objects.count() == 1
    assert not first_start.is_needed()


def test_works_once():
    token = make_link(at=NOON)
    use(token, **WHO, at=NOON)

    with pytest.raises(LinkDoesNotWork):
        use(token, email="another@example.org", name="B", at=NOON)


def test_a_newer_link_replaces_the_older():
    older, newer = make_link(at=NOON), make_link(at=NOON)

    assert not first_start.opens(older, at=NOON)
    assert first_start.opens(newer, at=NOON)


@pytest.mark.parametrize("wrong", ["", "x" * 43])
def test_another_token_opens_nothing(wrong):
    make_link(at=NOON)

    with pytest.raises(LinkDoesNotWork):
        use(wrong, **WHO, at=NOON)


def test_is_over_after_a_day():
    token = make_link(at=NOON)

    with pytest.raises(LinkDoesNotWork):
        use(token, **WHO, at=NOON + timedelta(hours=24))


@pytest.mark.parametrize("made", [lambda: build.member("admin"), lambda: build.user(is_superuser=True)])
def test_there_is_none_once_somebody_is_administrator(made):
    token = make_link(at=NOON)
    made()

    assert make_link(at=NOON) is None
    with pytest.raises(LinkDoesNotWork):
        use(token, **WHO, at=NOON)


def test_the_database_does_not_hold_the_token():
    token = make_link(at=NOON)

    assert token not in str(FirstStep.objects.values().get())


def test_the_command_prints_a_link_that_works():
    out = StringIO()
    call_command("first_step", stdout=out)
    token = out.getvalue().strip().rstrip("/").rsplit("/", 1)[1]

    from identity import clock

    assert first_start.opens(token, at=clock.now())
