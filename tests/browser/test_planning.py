"""The life of a plan in a real browser: progress, comparing, reasons, proposals, and a visit that is dragged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from identity import clock
from scheduling import planning, replanning, sick_call
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, Repair
from tests import build, build_work
from tests.browser.conftest import assert_sound
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.browser
BOARD = "/kantoor/planning/?dag=2026-11-09"


@pytest.fixture
def visit(committed_db):
    """A published week with a second visit, free colleagues, and a booking nobody can do."""
    build.organisation(phone="076 123 45 67")
    made = build_work.published_visit()
    for number, name in enumerate(("Noor El Amrani", "Piet Jansen", "Wim de Groot")):
        build_work.worker(name, home=build.address(x=900 * number))
    other = build.customer(name="Mevrouw Van den Heuvel")
    build.lot(other, hours=20)
    build.booking(other, starts=[NOON + timedelta(days=7, hours=3)])
    build.booking(other, code="moving", starts=[NOON + timedelta(days=8)])
    return made


@pytest.fixture
def open_as(open_page: Callable[..., Page], visit) -> Callable[..., Page]:
    """Open a page as the coordinator, five hours before the first visit."""
    coordinator = build.member("coordinator", where=visit.neighbourhood)

    def opened(path: str, **like: object) -> Page:
        clock.shift_to(visit.start_at - timedelta(hours=5))
        return open_page(path, by=coordinator, **like)

    return opened


def proposals(visit) -> Repair:
    """Proposals for a visit whose worker is ill."""
    at = visit.start_at - timedelta(hours=5)
    row = build_work.only(visit)
    sick_call.report(row.worker_id, from_at=at, until_at=visit.end_at, by=row.worker.user, at=at)
    (repair,) = replanning.ask_for_visits("absent", [visit.pk], by=build.user("Noor K."), at=at)
    return replanning.make(repair.pk, at=at, stop=lambda: Iterations(60))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_a_plan_have_no_faults_and_fit(open_as, shoot, visit, width):
    draft = build_work.plan()
    waiting = draft.unassigned.get().booking
    planned = draft.visits.get().booking
    repair = proposals(visit)
    busy = planning.ask(
        visit.neighbourhood_id, monday=MONDAY + timedelta(days=7), seconds=1, seed=1, by=build.user(), at=NOON
    )
    pages = {
        "draft": f"/kantoor/rooster/{draft.ref}/", "busy": f"/kantoor/rooster/{busy.ref}/",
        "compare": f"/kantoor/rooster/{draft.ref}/vergelijken/",
        "why-nobody": f"/kantoor/afspraak/{waiting.ref}/waarom/?rooster={draft.ref}",
        "why-they": f"/kantoor/afspraak/{planned.ref}/waarom/?rooster={draft.ref}",
        "proposals": f"/kantoor/herstel/{repair.ref}/", "move": f"/kantoor/bezoek/{visit.ref}/verzetten/",
        "board-with-proposals": BOARD,
    }  # fmt: skip
    for name, path in pages.items():
        page = open_as(path, width=width)
        shoot(page, f"plan-{name}-{width}")
        assert_sound(page, name)


@pytest.mark.parametrize("with_script", [True, False])
def test_one_press_applies_a_proposal(open_as, shoot, visit, with_script):
    repair = proposals(visit)
    page = open_as(f"/kantoor/herstel/{repair.ref}/", width=1280, java_script_enabled=with_script)
    page.get_by_role("button", name="Doe dit").first.click()
    page.get_by_text("Dit is gedaan").wait_for()
    assert visit.assignments.filter(state__in=Assignment.LIVE).count() == 1


def test_a_visit_is_dragged_to_a_colleague_and_a_refusal_names_the_rule(open_as, shoot, visit):
    build_work.worker("Kort van Dienst", week_minutes=120, wanted_minutes=60)
    page = open_as(BOARD, width=1280)
    page.on("dialog", lambda dialog: dialog.accept())
    block = page.locator("[data-move]").first

    def row(name: str):
        return page.locator(f'tr[data-name="{name}"]')

    block.drag_to(row("Kort van Dienst").locator("td").first)
    page.get_by_text("Kort van Dienst zou in de week").wait_for()
    shoot(page, "board-refused-1280")
    assert build_work.only(visit).worker.user.name == "Samira B."

    grabbed = page.locator("[data-move]").first.bounding_box()
    target = row("Piet Jansen").bounding_box()
    page.mouse.move(grabbed["x"] + 20, grabbed["y"] + 20)
    page.mouse.down()
    page.mouse.move(grabbed["x"] + 22, target["y"] + 20, steps=8)
    page.mouse.up()
    page.get_by_text("Verzet. Medewerkers en klant horen het.").wait_for()
    live = visit.assignments.filter(state__in=Assignment.LIVE)
    assert [mark.worker.user.name for mark in live] == ["Piet Jansen"]
    visit.refresh_from_db()
    assert visit.state == "published"
