"""The program runs as a role that cannot switch its own rules off."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections


@register(Tags.database)
def runs_as_app(databases: Iterable[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse to start as a superuser or as the owner of the tables."""
    if databases is not None and "default" not in databases:
        return []
    return [Error(sentence, id="config.E001") for sentence in why_not()]


def why_not() -> list[str]:
    """Return the reasons why the role of this connection may not run the program."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                """SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                   EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)"""
            )
            role, superuser, owns = cursor.fetchone()
    except OperationalError as error:
        return [f"The database does not answer: {error}"]
    if superuser:
        return [f"The role {role!r} is a superuser: it could switch the rules off. Use the role 'app'."]
    if owns:
        return [f"The role {role!r} owns tables: it could switch the rules off. Use the role 'app'."]
    return []
