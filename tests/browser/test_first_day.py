"""The first day of an organisation: a site without the sandbox and with empty books, up to its first booking."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page

from kernel.periods import local_day
from tests import databases
from tests.browser.conftest import faults
from tests.standins import eventually
from tools.site import RUN, Stack

pytestmark = [pytest.mark.journey, pytest.mark.browser]
MAIL = databases.ROOT / ".run" / "mail"
CODE = re.compile(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", re.MULTILINE)
NAME = f"test_first_day_{os.getpid()}"


@pytest.fixture(scope="module")
def site(template: str) -> Iterator[Stack]:
    """Run a site as `make run` does: no sandbox, empty books."""
    databases.copy(template, NAME)
    stack = Stack(folder=RUN / NAME, database=NAME, sandbox=False)
    stack.start()
    yield stack
    stack.forget()
    databases.drop(NAME)


def link(site: Stack) -> str:
    """Return the link for the first administrator, as the program prints it."""
    printed = subprocess.run(
        [sys.executable, "manage.py", "first_step"], cwd=databases.ROOT, env=site.environment, capture_output=True,
        text=True, check=True, timeout=120,
    )  # fmt: skip
    return printed.stdout.strip().splitlines()[-1]


def mails(to: str) -> list[Message]:
    """Return what was mailed to an address that only this test uses, oldest first."""
    found = []
    for file in sorted(MAIL.glob("*.log"), key=lambda file: file.stat().st_mtime_ns) if MAIL.exists() else []:
        for part in file.read_bytes().split(b"-" * 79):
            message = message_from_bytes(part.strip())
            if message["To"] == to:
                found.append(message)
    return found


def text_of(message: Message) -> str:
    return bytes(message.get_payload(decode=True)).decode()


def codes(email: str) -> list[str]:
    """Return the codes that were mailed to somebody; other letters may come between."""
    found = [CODE.search(text_of(message)) for message in mails(email)]
    return [code[0] for code in found if code]


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, site: Stack, name: str) -> None:
        self.address = site.url()
        self.email = f"{name}.{os.getpid()}@eerste-dag.example"
        context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 2600}, locale="nl-NL", timezone_id="Europe/Amsterdam"
        )
        self.page: Page = context.new_page()

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self) -> None:
        """Come in with the one code that is mailed; who is staff sets up a second step."""
        seen = len(codes(self.email))
        page = self.go("/account/login/code/")
        page.get_by_label("E-mailadres").or_(page.locator("input[name=email]")).first.fill(self.email)
        page.locator("main form button[type=submit]").first.click()
        eventually(lambda: len(codes(self.email)) > seen, seconds=30)
        page.locator("input[name=code]").fill(codes(self.email)[-1])
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"/(mijn|werk|kantoor|account/2fa)"))
        if "/account/2fa" in page.url:
            self._second_step()

    def _second_step(self) -> None:
        page = self.page
        secret = page.locator("#authenticator_secret").input_value()
        page.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"/account/2fa/(?!totp/activate)"))

    def fill(self, path: str, *, send: str, **fields: str) -> Page:
        """Fill in a form by its labels and send it."""
        page = self.go(path)
        for label, value in fields.items():
            field = page.locator(f"[name={label}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        page.get_by_role("button", name=send, exact=True).click()
        page.wait_for_load_state()
        assert page.locator(".wijk-alert--wrong").count() == 0, page.inner_text("main")
        return page


@pytest.fixture
def people(browser: Browser, site: Stack) -> dict[str, Person]:
    names = ("admin", "coordinator", "treasurer", "officer", "fatma")
    return {name: Person(browser, site, name) for name in names}


def test_an_organisation_starts_with_empty_books_and_takes_its_first_booking(site, people, shoot):
    admin, officer, treasurer, fatma = (people[name] for name in ("admin", "officer", "treasurer", "fatma"))
    begin = link(site)
    admin.page.goto(begin)
    admin.page.locator("input[name=name]").fill("Ans de Wit")
    admin.page.locator("input[name=email]").fill(admin.email)
    admin.page.get_by_role("button", name="Word beheerder").click()
    admin.sign_in()
    page = admin.go("/kantoor/inrichten/")
    assert "Proef" in page.inner_text("body")
    assert "Oefenomgeving" not in page.inner_text("body")
    assert "De eerste boeking: nog" in page.inner_text("main")
    assert page.goto(begin).status == 404, "the link works once"

    set_up_the_organisation(admin, people)
    agree_and_take_over(officer, treasurer, fatma)

    page = admin.go("/kantoor/inrichten/")
    shoot(page, "first-day-set-up-1280")
    assert faults(page) == []
    assert "kan nu De eerste boeking" in " ".join(page.inner_text("main").split())
    assert "Dit houdt tegen: de eerste boeking" not in page.inner_text("main")
    eventually(lambda: mails(people["coordinator"].email))
    assert "Coördinator (Geeren)" in text_of(mails(people["coordinator"].email)[0])

    book(fatma, shoot)
    people["coordinator"].sign_in()
    assert "Geeren" in people["coordinator"].go("/kantoor/planning/").inner_text("main")


def set_up_the_organisation(admin: Person, people: dict[str, Person]) -> None:
    admin.fill(
        "/kantoor/inrichten/organisatie/", send="Bewaar", name="Stichting De Linde", kvk="12345678", street="Lindestraat",
        house_number="1", postcode="4818 CK", town="Breda", phone="076 123 45 67", iban="NL91 ABNA 0417 1643 00",
        wage_tax_number="123456789L01",
    )  # fmt: skip
    admin.fill("/kantoor/inrichten/gemeenten/", send="Voeg toe", name="Breda")
    page = admin.fill("/kantoor/inrichten/buurten/", send="Voeg toe", name="Geeren", municipality="Breda")
    page.get_by_role("link", name="0 postcodes").click()
    page.locator("[name=text]").fill("4818 CK; Lindestraat\n4818 CL; Vlierhof; Breda; 112500; 402300")
    page.get_by_role("button", name="Voeg toe").click()
    page.get_by_text("De postcodes staan erin.").wait_for()
    admin.go("/kantoor/inrichten/diensten/").get_by_role("button", name="Zet de gewone diensten erin").click()
    for name, role, more in (
        ("coordinator", "Coördinator", {"neighbourhood": "Geeren"}), ("treasurer", "Penningmeester", {}),
        ("officer", "Loonadministratie", {}),
    ):  # fmt: skip
        admin.fill(
            "/kantoor/inrichten/mensen/", send="Nodig uit", name=name.title(), email=people[name].email, role=role,
            **more,
        )  # fmt: skip


def agree_and_take_over(officer: Person, treasurer: Person, fatma: Person) -> None:
    """A role with money and the opening balance both take a second person."""
    treasurer.sign_in()
    treasurer.go("/kantoor/inrichten/mensen/").get_by_role("button", name="Akkoord").click()
    treasurer.page.get_by_text("Akkoord. De rol is er.").wait_for()
    officer.sign_in()
    line = f"{fatma.email}; Fatma Yilmaz; 4818 CK; 12; 7,5; 10,00; bij gebruik; {local_day(datetime.now(UTC)) + timedelta(days=200)}"
    page = officer.fill("/kantoor/inrichten/beginstand/", send="Bekijk", bank="25.000,00", cheques=line)
    assert "75,00 euro" in page.inner_text("main")
    page.get_by_role("button", name="Leg voor aan de penningmeester").click()
    page.get_by_text("De penningmeester kan de beginstand nu boeken.").wait_for()
    page = treasurer.go("/kantoor/inrichten/beginstand/")
    page.locator("main table a").first.click()
    page.get_by_role("button", name="Boek de beginstand").click()
    page.get_by_text("De beginstand is geboekt.").wait_for()


def book(fatma: Person, shoot) -> None:
    """A resident whose cheques were taken over comes in with one code and books."""
    fatma.sign_in()
    assert "7 uur en 30 minuten" in fatma.page.inner_text("main")
    page = fatma.go("/mijn/boeken/")
    page.get_by_text("Schoonmaken in huis").click()
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Verder").click()
    page.locator("[name=day]").fill(str(local_day(datetime.now(UTC)) + timedelta(days=10)))
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Boek dit").click()
    page.get_by_text("Gelukt. U hoort wie er komt.").wait_for()
    shoot(page, "first-day-booked-1280")
