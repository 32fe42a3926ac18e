"""The pages people work on, in a real browser, on a phone and on a desk, filled with a day of work."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from identity import clock, first_start
from identity.models import User
from marketplace.models import Booking
from payroll import pay_run
from quality import complaints
from quality.models import Complaint
from scheduling.models import Visit
from tests import build, build_pay, build_work
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
    build_work.worker("Noor K.")
    visit = build_work.worked_visit()
    customer = visit.booking.customer
    build.booking(customer, starts=[NOON + timedelta(days=15)], at=NOON)
    return {
        "resident": build.owner_of(customer), "worker": build_work.only(visit).worker.user,
        "office": build.member("coordinator", where=visit.neighbourhood),
        "desk": build.member("desk", where=visit.neighbourhood), "qa": build.member("qa", where=visit.neighbourhood),
        "payroll": build.member("payroll"), "new": build.user("Nieuw"),
    }  # fmt: skip


@pytest.fixture
def open_as(open_page: Callable[..., Page], people: dict[str, User]) -> Callable[..., Page]:
    """Open a page as one of the people."""

    def opened(who: str, path: str, **like: object) -> Page:
        clock.shift_to(NOON + timedelta(days=7, hours=4))
        return open_page(path, by=people.get(who), **like)

    return opened


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("who", "pages"), [("resident", RESIDENT), ("worker", WORKER), ("office", OFFICE)])
def test_has_no_faults_and_fits(open_as, shoot, who, pages, width):
    for name, path in pages.items():
        page = open_as(who, path, width=width)
        shoot(page, f"{who}-{name}-{width}")
        assert_sound(page, name)


def about_one_thing() -> list[tuple[str, str, str]]:
    """Make what is shown one by one, and return who looks at which page of it."""
    visit = Visit.objects.get()
    row, customer = build_work.only(visit), visit.booking.customer
    asked = Booking.objects.exclude(pk=visit.booking_id).get()
    for words in ("De deur bleef open toen Samira wegging.", "De brief kwam te laat."):
        complaints.open_complaint(
            neighbourhood_id=visit.neighbourhood_id, customer_id=customer.pk, visit_id=visit.pk, words=words,
            by=build.owner_of(customer), at=visit.end_at,
        )  # fmt: skip
    said, other = Complaint.objects.order_by("pk")
    complaints.answer(said.pk, words="Wij spraken met haar.", by=build.member("qa"), at=visit.end_at)
    build_work.close_week(visit)
    build_pay.worker_file(row.worker)
    month = pay_run.make(visit.start_at.date().replace(day=1), by=build.user(), at=NOON + timedelta(days=30))
    return [
        ("resident", "wrong", f"/mijn/bezoek/{visit.ref}/klopt-niet/"), ("resident", "cancel", f"/mijn/afzeggen/{asked.ref}/"),
        ("resident", "complain", "/mijn/klacht/"), ("resident", "languages", "/mijn/taal/"), ("office", "replace", f"/kantoor/bezoek/{visit.ref}/vervangen/"),
        ("office", "times", f"/kantoor/tijden/{row.ref}/"), ("payroll", "run", f"/kantoor/lonen/{month.ref}/"),
        ("desk", "complaint", f"/kantoor/klanten/{customer.ref}/klacht/"), ("desk", "customer", f"/kantoor/klanten/?q={customer.name}"),
        ("qa", "quality", "/kantoor/kwaliteit/"), ("qa", "answer", f"/kantoor/kwaliteit/klacht/{other.ref}/"),
        ("new", "register", "/mijn/inschrijven/"), ("", "begin", f"/begin/{first_start.make_link(at=NOON + timedelta(days=7))}/"),
    ]  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_about_one_thing_have_no_faults_and_fit(open_as, shoot, width):
    for who, name, path in about_one_thing():
        page = open_as(who, path, width=width)
        assert "404" not in page.title(), name
        shoot(page, f"one-{name}-{width}")
        assert_sound(page, name)


@pytest.mark.parametrize("width", [390, 1280])
def test_work_that_is_still_to_do_has_no_faults_and_fits(committed_db, open_page, shoot, width):
    visit = build_work.published_visit()
    row, coordinator = build_work.only(visit), build.member("coordinator", where=visit.neighbourhood)
    clock.shift_to(visit.start_at)
    for name, path in {
        "times": f"/kantoor/tijden/{row.ref}/", "nobody": f"/kantoor/bezoek/{visit.ref}/vervangen/",
    }.items():  # fmt: skip
        page = open_page(path, by=coordinator, width=width)
        shoot(page, f"todo-{name}-{width}")
        assert_sound(page, name)


def test_a_resident_agrees_without_script(open_as):
    page = open_as("resident", "/mijn/", java_script_enabled=False)
    page.get_by_role("button", name="Ja, dat klopt").click()
    assert "De uren zijn bevestigd" in page.inner_text("body")
    assert page.get_by_role("button", name="Ja, dat klopt").count() == 0


def test_a_resident_says_what_is_wrong_without_script(open_as):
    page = open_as("resident", "/mijn/", java_script_enabled=False)
    page.get_by_role("link", name="Klopt niet").first.click()
    page.get_by_role("button", name="Meld het").click()
    assert page.get_by_role("heading", name="Wat klopt er niet?", level=1).count() == 1
    assert page.locator(".wijk-field__error").count() == 1
    page.get_by_label("De tijden kloppen niet").check()
    page.get_by_role("button", name="Meld het").click()
    assert "Wij bellen u vandaag" in page.inner_text("body")
    assert page.get_by_role("button", name="Ja, dat klopt").count() == 0


def test_a_worker_checks_in_and_out_without_script(committed_db, open_page):
    build.organisation(phone="076 123 45 67")
    visit = build_work.published_visit()
    clock.shift_to(visit.start_at)
    worker = build_work.only(visit).worker.user
    page = open_page("/werk/", by=worker, java_script_enabled=False)
    page.get_by_role("button", name="Ik ben er").click()
    assert page.get_by_role("button", name="Ik ben er").count() == 0
    clock.shift_to(visit.end_at)
    page.get_by_role("button", name="Klaar").click()
    row = build_work.only(visit)
    assert row.checked_out_at is not None
    assert abs(row.recorded_minutes - 180) <= 1
    assert page.get_by_role("button", name="Klaar").count() == 0


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
