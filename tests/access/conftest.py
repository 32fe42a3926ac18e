"""One world for the rows of a module, in a database of its own."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.test import Client

from tests.access import world as worlds
from tests.access.matrix import ROLES
from tests.access.world import World
from tests.databases import copy, drop, use

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="module")
def world(template, django_db_setup, django_db_blocker) -> Iterator[World]:
    """Every request is undone, but for those that call Stripe."""
    before, name = configured.DATABASES["default"]["NAME"], f"test_access_{os.getpid()}"
    copy(template, name)
    with django_db_blocker.unblock():
        use(name)
        yield worlds.make()
        use(before)
    drop(name)


@pytest.fixture(scope="module")
def clients(world) -> dict[str, Client]:
    made = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, client in made.items():
        if role != "anonymous":
            client.force_login(world.users[role], backend=BACKEND)
    return made


@pytest.fixture(scope="module")
def stripe(starts):
    return starts("stripe_server")


@pytest.fixture(autouse=True)
def with_stripe(settings, stripe) -> None:
    settings.STRIPE_API_BASE = stripe.url
