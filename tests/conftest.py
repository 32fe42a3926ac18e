"""A real database for every test: a copy of a template that was migrated once, used as the role `app`."""

import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from tests.standins import Running
from tools import embedded

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted([*ROOT.glob("*/migrations/*.py"), ROOT / "kernel" / "guards.py"]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _use(database: str) -> None:
    """Point both roles at a database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database
        settings.DATABASES[alias]["NAME"] = database


def _copy(template: str, name: str) -> None:
    with embedded.as_superuser() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER owner").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def _drop(name: str) -> None:
    with embedded.as_superuser() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def template(django_db_blocker) -> str:
    """Return the name of a migrated database; made once for a set of migrations, by whoever comes first."""
    embedded.ensure()
    name = f"template_{_fingerprint()}"
    with embedded.as_superuser() as connection:
        connection.execute("SELECT pg_advisory_lock(7340213)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            making = f"{name}_making"
            _drop(making)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(making)))
            with django_db_blocker.unblock():
                before = settings.DATABASES["default"]["NAME"]
                _use(making)
                call_command("migrate", verbosity=0, interactive=False)
                _use(before)
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
            )
    return name


@pytest.fixture(scope="session")
def own_database(request, template) -> str:
    """Return the name of this test process's own copy."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"test_{worker}_{os.getpid()}"
    _copy(template, name)
    return name


@pytest.fixture(scope="session")
def django_db_setup(own_database, django_db_blocker) -> Iterator[None]:
    """Use this process's own copy, as `app`, in place of what pytest-django would make."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        _use(own_database)
    yield
    with django_db_blocker.unblock():
        _use(before)
    _drop(own_database)


@pytest.fixture
def committed_db(request, template, django_db_setup, django_db_blocker) -> Iterator[str]:
    """Give a database of its own to a test that really commits, or uses threads; it is dropped afterwards."""
    before = settings.DATABASES["default"]["NAME"]
    name = f"test_committed_{os.getpid()}"
    _copy(template, name)
    with django_db_blocker.unblock():
        _use(name)
        yield name
        _use(before)
    _drop(name)


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Start a stand-in by its name; what was started is stopped at the end."""
    started: list[Running] = []

    def start(module: str, *arguments: str) -> Running:
        running = Running(module, tmp_path_factory.mktemp(module), list(arguments))
        started.append(running.start())
        return running

    yield start
    for running in started:
        running.stop(signal.SIGKILL)  # a polite stop would wait for the connections the tests keep open


def pytest_terminal_summary(terminalreporter, exitstatus, config) -> None:
    """Print what was skipped and why; a skip on the shared folder while it is there is a failure."""
    skipped = terminalreporter.stats.get("skipped", [])
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"not run: {report.nodeid}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus) -> None:
    """Fail the run when a test on ../shared was skipped although the folder is there."""
    if hasattr(session.config, "workerinput") or not SHARED.is_dir():
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    for report in reporter.stats.get("skipped", []) if reporter else []:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "shared" in reason:
            session.exitstatus = 1
            reporter.write_line(f"skipped although ../shared is there: {report.nodeid}", red=True)
