"""What counts in a plan and who worked how much, in a real browser."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from identity import clock
from identity.models import User
from scheduling import publishing
from scheduling.models import Weighting
from tests import build, build_work
from tests.browser.conftest import assert_sound
from tests.build import NOON

pytestmark = pytest.mark.browser
THIS_WEEK = NOON.date() - timedelta(days=NOON.weekday())
WEIGHTS, FAIR = "/kantoor/rooster-gewichten/", "/kantoor/eerlijk/"


@pytest.fixture
def coordinator(committed_db) -> User:
    """Some weeks of work behind four people, one of them new, and a week that is published."""
    build.organisation(phone="076 123 45 67")
    names = ("Anna de Wit", "Bilal Ouali", "Chaima El Idrissi")
    pool = [build_work.worker(name, home=build.address(x=900 * place)) for place, name in enumerate(names)]
    pool.append(build_work.worker("Dirk Nieuw", from_on=THIS_WEEK - timedelta(weeks=1)))
    for place, worker in enumerate(pool):
        for back in range(1, 2 if place == 3 else 7):
            monday: date = THIS_WEEK - timedelta(weeks=back)
            build_work.worked_before(worker, monday, minutes=1950 - 400 * place + 30 * back)
    for number in range(6):
        build.booking(minutes=120 + 30 * number)
    publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
    return build.member("coordinator", where=build.neighbourhood())


@pytest.fixture
def open_as(open_page: Callable[..., Page], coordinator: User) -> Callable[..., Page]:
    """Open a page as the coordinator, in a language."""

    def opened(path: str, language: str, **like: object) -> Page:
        clock.shift_to(NOON)
        return open_page(path, by=coordinator, language=language, **like)

    return opened


def sound(page: Page, width: int) -> None:
    assert_sound(page)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_fair_hours_have_no_faults_and_fit(open_as, shoot, width, language):
    page = open_as(FAIR, language, width=width)
    shoot(page, f"fair-hours-{width}-{language}")
    assert page.get_by_text("Chaima El Idrissi").count() > 0
    sound(page, width)


@pytest.mark.parametrize(("width", "language"), [(390, "nl"), (1280, "nl"), (1280, "en")])
def test_weights_are_tried_and_then_kept(open_as, shoot, width, language):
    page = open_as(WEIGHTS, language, width=width)
    shoot(page, f"weights-{width}-{language}")
    sound(page, width)
    page.locator("[name=travel]").fill("9")
    page.locator("[name=why]").fill("Er wordt veel gereisd")
    page.locator("form:has([name=travel]) button[type=submit]").click()
    page.locator("[name=bewaar]").wait_for()
    shoot(page, f"weights-tried-{width}-{language}")
    sound(page, width)
    assert not Weighting.objects.exists()
    page.locator("[name=bewaar]").click()
    page.get_by_text("Er wordt veel gereisd").wait_for()
    assert Weighting.objects.get().weights["travel"] == 9
    sound(page, width)
