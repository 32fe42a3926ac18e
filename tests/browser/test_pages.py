"""The pages people work on, in a real browser, on a phone and on a desk, filled with a day of work."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from identity import clock
from identity.models import User
from tests import build, build_work
from tests.browser.conftest import assert_sound, faults
from tests.build import NOON

pytestmark = pytest.mark.browser
RESIDENT = {
    "home": "/mijn/",
    "buy": "/mijn/kopen/",
    "book": "/mijn/boeken/",
    "visits": "/mijn/afspraken/",
    "cheques": "/mijn/cheques/",
}
WORKER = {"today": "/werk/", "week": "/werk/week/", "pay": "/werk/loon/", "sick": "/werk/ziek/"}
OFFICE = {
    "board": "/kantoor/planning/?dag=2026-11-09", "list": "/kantoor/planning/?dag=2026-11-09&weergave=lijst",
    "sick-call": "/kantoor/planning/ziek/",
}  # fmt: skip


@pytest.fixture
def people(committed_db) -> dict[str, User]:
    """Make a worked visit that waits for its customer, one that comes, and who plans them."""
    build.organisation(phone="076 123 45 67")
    visit = build_work.worked_visit()
    customer = visit.booking.customer
    build.booking(customer, starts=[NOON + timedelta(days=15)], at=NOON)
    return {
        "resident": build.owner_of(customer), "worker": build_work.only(visit).worker.user,
        "office": build.member("coordinator", where=visit.neighbourhood),
    }  # fmt: skip


@pytest.fixture
def open_as(open_page: Callable[..., Page], people: dict[str, User]) -> Callable[..., Page]:
    """Open a page as one of the people."""

    def opened(who: str, path: str, **like: object) -> Page:
        clock.shift_to(NOON + timedelta(days=7, hours=4))
        return open_page(path, by=people[who], **like)

    return opened


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("who", "pages"), [("resident", RESIDENT), ("worker", WORKER), ("office", OFFICE)])
def test_has_no_faults_and_fits(open_as, shoot, who, pages, width):
    for name, path in pages.items():
        page = open_as(who, path, width=width)
        shoot(page, f"{who}-{name}-{width}")
        assert_sound(page, name)


@pytest.mark.parametrize("with_script", [True, False])
def test_a_resident_books_in_four_steps(open_as, shoot, with_script):
    page = open_as("resident", "/mijn/boeken/", java_script_enabled=with_script)
    page.get_by_text("Schoonmaken in huis").click()
    page.get_by_role("button", name="Verder").click()
    page.get_by_text("Keuken", exact=True).click()
    if with_script:
        shoot(page, "book-2-390")
        assert faults(page) == []
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("Welke dag?").fill("2026-11-20")
    if with_script:
        shoot(page, "book-3-390")
        assert faults(page) == []
    page.get_by_role("button", name="Verder").click()
    if with_script:
        shoot(page, "book-4-390")
        assert faults(page) == []
    page.get_by_role("button", name="Boek dit").click()
    page.get_by_text("Gelukt. U hoort wie er komt.").wait_for()
