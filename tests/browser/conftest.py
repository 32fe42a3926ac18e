"""A real browser on the pages: headless Chromium, nothing but this machine within its reach."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Route

SHOTS = Path(__file__).resolve().parents[2] / "shots"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def site(committed_db: str, settings: Any) -> Iterator[str]:
    """Serve the site on a database of its own and return its address."""
    settings.ALLOWED_HOSTS = ["*"]
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(20)
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the site: path, width, and what else the browser should be like."""
    contexts = []

    def only_here(route: Route) -> None:
        here = route.request.url.startswith((site, "data:", "blob:"))
        route.continue_() if here else route.abort()

    def opened(path: str, *, width: int = 390, height: int = 844, **like: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            **like,
        )
        contexts.append(context)
        context.route("**/*", only_here)
        page = context.new_page()
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a picture of a page in shots/, for people to look at."""

    def taken(page: Page, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return taken


def faults(page: Page) -> list[tuple[str, str, Any]]:
    """Return what axe finds wrong with a page."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], one["impact"], one["nodes"][0]["target"]) for one in found]
