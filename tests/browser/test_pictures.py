"""The pictures of the README, taken along the life of one cheque: `make pictures` writes them to docs/pictures."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from identity import clock
from identity.models import User
from tests import build, build_books, build_work
from tests.build import NOON
from tests.build_books import DECEMBER

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 150_000
PHONE, DESK = (390, 760), (1080, 760)
WORKDAY = NOON + timedelta(days=7)


@pytest.fixture
def take(open_page: Callable[..., Page], site: str, tmp_path: Path) -> Callable[..., None]:
    """Take a picture of what somebody sees at a moment; it must be small enough for a README."""
    folder = PICTURES if os.environ.get("PICTURES") else tmp_path
    folder.mkdir(exist_ok=True)

    def taken(name: str, user: User, path: str, *, at: datetime, size: tuple[int, int]) -> None:
        clock.shift_to(at)
        page = open_page(path, by=user, width=size[0], height=size[1])
        answer = page.reload()
        assert answer is not None
        assert answer.status == 200, path
        page.screenshot(path=folder / f"{name}.png")
        assert page.locator("h1").count() == 1
        assert (folder / f"{name}.png").stat().st_size < MOST_BYTES, name

    return taken


def test_the_life_of_one_cheque(committed_db, take):
    month = build_books.month()
    build.organisation(phone="076 123 45 67")
    customer, row = month.visit.booking.customer, month.visit.assignments.first()
    owner, where = build.owner_of(customer), month.visit.neighbourhood
    build_work.worker("Joris P.")

    take("1-buy", owner, "/mijn/kopen/", at=NOON, size=PHONE)
    take("2-book", owner, "/mijn/boeken/", at=NOON, size=PHONE)
    take(
        "3-board",
        build.member("coordinator", where=where),
        "/kantoor/planning/?dag=2026-11-09",
        at=WORKDAY,
        size=DESK,
    )
    take("4-work", row.worker.user, "/werk/", at=WORKDAY, size=PHONE)
    take("5-hour", build.member("treasurer"), f"/uur/{row.ref}/", at=DECEMBER, size=DESK)
    take("6-proof", build.member("auditor"), "/kantoor/boeken/", at=DECEMBER, size=DESK)


def test_the_readme_shows_every_picture():
    readme = (PICTURES.parents[1] / "README.md").read_text()
    found = sorted(file.name for file in PICTURES.glob("*.png"))
    assert len(found) == 6
    assert all(f"docs/pictures/{name}" in readme for name in found)
