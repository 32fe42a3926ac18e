"""One world for the rows of a module, in a database of its own."""

import io
import logging
import os
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings as configured
from django.test import Client

from tests.access import world as worlds
from tests.access.matrix import ROLES
from tests.access.reading import Planted
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


@pytest.fixture(autouse=True)
def log(world) -> Iterator[io.StringIO]:
    """Listen to the log before numbers are taken out of its lines: none may be in what the program says."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
        foreign_pre_chain=[structlog.processors.format_exc_info],
    ))  # fmt: skip
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)
    assert not Planted().is_in(out.getvalue()), "a number of a worker was said to the log"
