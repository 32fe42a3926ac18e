"""A database of its own for a run that really commits: a copy of the migrated template, dropped afterwards."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from tests import databases
from tools import embedded


@contextmanager
def own_database(purpose: str) -> Iterator[str]:
    """Point the product at a fresh database, as the role `app`, for as long as the block lasts."""
    embedded.ensure()
    logging.disable(logging.WARNING)  # a figure is what a run prints; each request would be a line more
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    before, name = settings.DATABASES["default"]["NAME"], f"test_{purpose}_{os.getpid()}"
    databases.copy(databases.template(), name)
    databases.use(name)
    try:
        yield name
    finally:
        connections.close_all()
        databases.use(before)
        databases.drop(name)


def as_owner(statement: str) -> None:
    """Run SQL as the owner of the tables, as a migration does."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
    connections["owner"].close()
