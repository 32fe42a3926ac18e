"""The program runs as a role that cannot switch its own rules off."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

WHO = """SELECT current_user, rolsuper, pg_has_role(current_user, datdba, 'MEMBER'),
    EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND pg_has_role(current_user, relowner, 'MEMBER'))
    FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"""
_fit: set[str] = set()


@receiver(connection_created)
def refuse_an_owner(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Look at the first connection a process makes to a database: a web worker, a task, a command alike.

    :raises ImproperlyConfigured: the role is a superuser or an owner, so it could switch a trigger off.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.alias != "default" or name in _fit:
        return
    with connection.cursor() as cursor:
        cursor.execute(WHO)
        sentences = why_not(*cursor.fetchone())
    if sentences:
        connection.close()
        raise ImproperlyConfigured(" ".join(sentences))
    _fit.add(name)


def look() -> None:
    """Look now, at the start of a server; a database that is away for a moment is looked at when it is back.

    :raises ImproperlyConfigured: see `refuse_an_owner`.
    """
    with suppress(OperationalError):
        connections["default"].ensure_connection()
    connections["default"].close()


def why_not(role: str, superuser: bool, of_database: bool, of_table: bool) -> list[str]:
    """Return the reasons why a role may not run the program."""
    could = "it could switch the rules of the books off. Let DATABASE_URL name a role like 'app'."
    if superuser:
        return [f"The database role {role!r} is a superuser: {could}"]
    if of_database:
        return [f"The database role {role!r} owns the database: {could}"]
    if of_table:
        return [f"The database role {role!r} owns tables: {could}"]
    return []
