"""Clients that are signed in, at a moment of business time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from identity import clock
from identity.models import User
from tests.build import NOON

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def visitor() -> Callable[..., Client]:
    """Return a client signed in as somebody, at a moment."""

    def made(user: User, *, at=NOON) -> Client:
        clock.shift_to(
            at + timedelta(seconds=1)
        )  # kept in whole seconds: never before what was built at that moment
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return made
