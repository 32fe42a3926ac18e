"""Databases of the tests: a template that was migrated once, and copies that are thrown away."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from tools import embedded

ROOT = Path(__file__).resolve().parent.parent
LOCK = 7340213


def use(database: str) -> None:
    """Point both roles at a database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database
        settings.DATABASES[alias]["NAME"] = database


def copy(template: str, name: str) -> None:
    """Make a fresh copy of a template; it may lose its last commits in a power cut, for speed."""
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run("CREATE DATABASE {} TEMPLATE {} OWNER owner", name, template)
    _run("ALTER DATABASE {} SET synchronous_commit = off", name)


def drop(name: str) -> None:
    """Remove a database, whoever is connected to it."""
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def template() -> str:
    """Return the name of a migrated database; made once for a set of migrations, by whoever comes first."""
    name = f"template_{_fingerprint()}"
    with embedded.as_superuser() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if name in _existing(connection):
            return name
        _sweep(connection)
        making = f"{name}_making"
        drop(making)
        _run("CREATE DATABASE {} OWNER owner", making)
        before = settings.DATABASES["default"]["NAME"]
        use(making)
        call_command("migrate", verbosity=0, interactive=False)
        use(before)
        _run("ALTER DATABASE {} RENAME TO {}", making, name)
    return name


def _sweep(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Remove templates of other migrations, and copies whose test run was killed."""
    for name in _existing(connection):
        run = re.fullmatch(r"test_\w*?(\d+)", name)
        of_the_dead = run is not None and not Path(f"/proc/{run[1]}").exists()
        if of_the_dead or name.startswith("template_"):
            with suppress(psycopg.Error):  # in use by another run: then it is not ours to remove
                _run("DROP DATABASE {}", name)


def _existing(connection: "psycopg.Connection[tuple[object, ...]]") -> list[str]:
    return [
        str(row[0]) for row in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
    ]


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted([*ROOT.glob("*/migrations/*.py"), ROOT / "kernel" / "guards.py"]):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _run(statement: str, *names: str) -> None:
    with embedded.as_superuser() as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
