"""A real browser on the pages: headless Chromium, nothing but this machine within its reach."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as configured
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page

from identity.models import User
from tests.browser.windows import Windows

SHOTS = Path(__file__).resolve().parents[2] / "shots"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Serve the site for this process, whatever database is in use, and return its address."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0  # the next test has another database
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(20)
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def site(committed_db: str, server: str, settings: Any) -> str:
    """Return the address of the site on a database of its own."""
    settings.ALLOWED_HOSTS = ["*"]
    return server


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """Return the windows of this process's browser."""
    return Windows(browser)


@pytest.fixture
def open_page(windows: Windows, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the site: path, who looks in which language, width, and what else the browser should be like."""

    def opened(
        path: str,
        *,
        by: User | None = None,
        language: str = "",
        width: int = 390,
        height: int = 844,
        **like: Any,
    ) -> Page:
        page = windows.open(width=width, height=height, **like)
        cookies = {configured.LANGUAGE_COOKIE_NAME: language} if language else {}
        if by is not None:
            client = Client()
            client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
            name = configured.SESSION_COOKIE_NAME
            cookies[name] = client.cookies[name].value
        if cookies:
            page.context.add_cookies([
                {"name": name, "value": value, "url": site} for name, value in cookies.items()
            ])  # fmt: skip
        page.goto(site + path)
        return page

    yield opened
    windows.give_back()


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a picture of a page in shots/ for people to look at, when SHOTS is set (`make shots`)."""

    def taken(page: Page, name: str) -> None:
        if os.environ.get("SHOTS"):
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return taken


def faults(page: Page) -> list[tuple[str, str, Any]]:
    """Return what axe finds wrong with a page, all of it in sight.

    What lies under the bar at the bottom until somebody scrolls is too small to press, says axe: so the window
    is made as high as the page.
    """
    height = page.evaluate("document.documentElement.scrollHeight") + 200
    page.set_viewport_size({"width": width_of(page), "height": height})
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], one["impact"], one["nodes"][0]["target"]) for one in found]


def assert_sound(page: Page, what: str = "") -> None:
    """Axe finds nothing, there is one heading, and nothing is wider than the screen."""
    assert faults(page) == [], what
    assert page.locator("h1").count() == 1, what
    assert page.evaluate("document.documentElement.scrollWidth") <= width_of(page), what


def width_of(page: Page) -> int:
    assert page.viewport_size is not None
    return page.viewport_size["width"]
