"""The pages with which an organisation is set up and its people are kept, in a real browser."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Page

from identity import clock
from identity.models import CustomerMember, RoleAsked, User
from opening import sheets
from opening.models import Sheet
from payroll import worker_files
from tests import build, build_pay, build_work
from tests.browser.conftest import assert_sound, faults
from tests.build import NOON
from tests.subsidies.claimed import APRIL, paid, sent
from workers_pool import absences, skills
from workers_pool.models import Worker

pytestmark = pytest.mark.browser
SET_UP = {
    "overview": "/kantoor/inrichten/", "organisation": "/kantoor/inrichten/organisatie/", "towns": "/kantoor/inrichten/gemeenten/",
    "places": "/kantoor/inrichten/buurten/", "services": "/kantoor/inrichten/diensten/",
    "outside": "/kantoor/inrichten/buiten/", "law": "/kantoor/inrichten/wet/", "staff": "/kantoor/inrichten/mensen/",
}  # fmt: skip


CHEQUES = "fatma@example.org; Fatma Yilmaz; 4818 CK; 12; 7,5; 10,00; bij gebruik; 31-12-2026"


@pytest.fixture
def people(committed_db) -> dict[str, User]:
    """Make an organisation that is half set up."""
    build.organisation(phone="076 123 45 67", iban="")
    build.postcode(where=build.neighbourhood())
    build.service()
    admin = build.member("admin")
    sheets.draft(sheets.Paper(NOON.date(), bank="25.000,00", cheques=CHEQUES), by=build.user("Ria"), at=NOON)
    RoleAsked.objects.create(
        user=build.user("Piet"), role="payroll", asked_by=build.user("Ans"), asked_at=NOON
    )
    worker = build_work.worker()
    build_pay.worker_file(worker)
    worker_files.keep(
        worker.pk,
        birth_on=date(1985, 5, 5),
        bsn="",
        iban=build_pay.iban(9),
        account_name="S. B.",
        by=admin,
        at=NOON,
    )
    papers = {"by": admin, "at": NOON}
    skills.add_certificate(
        worker.pk, kind="vca", number="7", from_on=date(2025, 1, 1), until_on=date(2026, 11, 20), **papers
    )
    with transaction.atomic():
        absences.report(worker.pk, from_at=NOON, until_at=NOON + timedelta(days=1), **papers)
    return {
        "office": build.member("coordinator"),
        "admin": admin,
        "officer": build.member("payroll"),
        "treasurer": build.member("treasurer"),
    }


@pytest.fixture
def open_as(open_page: Callable[..., Page], people: dict[str, User]) -> Callable[..., Page]:
    """Open a page as one of the people."""

    def opened(who: str, path: str, **like: object) -> Page:
        clock.shift_to(NOON)
        return open_page(path, by=people[who], **like)

    return opened


def looked_at(open_as, shoot, who: str, pages: dict[str, str], width: int) -> None:
    """Open pages one after another: axe finds nothing, one heading, nothing wider than the screen."""
    for name, path in pages.items():
        page = open_as(who, path, width=width)
        shoot(page, f"{who}-{name}-{width}")
        assert_sound(page, name)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_set_up_pages_have_no_faults_and_fit(open_as, shoot, width):
    looked_at(open_as, shoot, "admin", SET_UP, width)
    where = build.neighbourhood()
    looked_at(open_as, shoot, "admin", {"postcodes": f"/kantoor/inrichten/buurten/{where.ref}/"}, width)


def test_a_mistake_is_said_beside_the_field(open_as, shoot):
    page = open_as("admin", "/kantoor/inrichten/organisatie/")
    page.get_by_label("Rekeningnummer (IBAN)").fill("NL00FOUT0123456789")
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_role("alert").get_by_text("klopt niet").first.wait_for()
    shoot(page, "admin-organisation-wrong-390")
    assert faults(page) == []
    assert page.get_by_label("Rekeningnummer (IBAN)").input_value() == "NL00FOUT0123456789"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_opening_balances_have_no_faults_and_fit(open_as, shoot, width):
    looked_at(open_as, shoot, "officer", {"opening": "/kantoor/inrichten/beginstand/"}, width)
    ref = Sheet.objects.get().ref
    looked_at(open_as, shoot, "treasurer", {"sheet": f"/kantoor/inrichten/beginstand/{ref}/"}, width)
    page = open_as("officer", "/kantoor/inrichten/beginstand/", width=width)
    page.get_by_label("Cheques die nog niet").fill(CHEQUES.replace("fatma@", "ahmed@"))
    page.get_by_role("button", name="Bekijk").click()
    page.get_by_role("heading", name="Zo wordt het geboekt").wait_for()
    shoot(page, f"officer-opening-preview-{width}")
    assert faults(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pool_has_no_faults_and_fits(open_as, shoot, width):
    looked_at(
        open_as,
        shoot,
        "office",
        {"pool": "/kantoor/medewerkers/", "hire": "/kantoor/medewerkers/nieuw/"},
        width,
    )
    ref = Worker.objects.get().ref
    looked_at(open_as, shoot, "office", {"worker": f"/kantoor/medewerkers/{ref}/"}, width)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_payroll_files_have_no_faults_and_fit(open_as, shoot, width):
    looked_at(open_as, shoot, "treasurer", {"files": "/kantoor/loondossiers/"}, width)
    ref = Worker.objects.get().ref
    looked_at(open_as, shoot, "officer", {"file": f"/kantoor/loondossiers/{ref}/"}, width)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_claim_and_a_refused_line_have_no_faults_and_fit(open_as, shoot, width):
    by = build.member("payroll")
    build_pay.award(paid(by, APRIL), from_on=APRIL)
    claim = sent(by, APRIL)
    pages = {
        "claim": f"/kantoor/subsidie/{claim.ref}/",
        "refuse": f"/kantoor/subsidie/{claim.ref}/regel/1/geweigerd/",
    }
    looked_at(open_as, shoot, "officer", pages, width)


@pytest.mark.parametrize("width", [390, 1280])
def test_who_may_act_and_a_firm_that_registers_have_no_faults_and_fit(open_as, people, shoot, width):
    customer = build.customer()
    CustomerMember.objects.create(customer=customer, user=build.user("Ayse"), part="helper")
    people |= {"owner": build.owner_of(customer), "new": build.user("Baas")}
    looked_at(open_as, shoot, "owner", {"people": "/mijn/wie/"}, width)
    looked_at(open_as, shoot, "new", {"firm": "/mijn/inschrijven/?soort=bedrijf"}, width)
