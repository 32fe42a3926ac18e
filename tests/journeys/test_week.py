"""The whole week through the front doors, and its pages in a real browser."""

import re

import pytest
import requests
from playwright.sync_api import Page

from tests.browser.conftest import assert_sound
from tools.demo.client import Refusal

pytestmark = pytest.mark.journey
PAGES = [
    ("", "/"), ("", "/account/login/code/"), ("r1@bewoner.example", "/mijn/"), ("r1@bewoner.example", "/mijn/kopen/"),
    ("r1@bewoner.example", "/mijn/boeken/"), ("r1@bewoner.example", "/mijn/afspraken/"),
    ("r1@bewoner.example", "/mijn/cheques/"), ("r1@bewoner.example", "/mijn/cheques/overzicht/?jaar=2026"), ("r1@bewoner.example", "/mijn/wie/"), ("w1@wijk.example", "/werk/"), ("w1@wijk.example", "/werk/week/"),
    ("w1@wijk.example", "/werk/loon/"), ("w1@wijk.example", "/werk/ziek/"),
    ("coordinator1@wijk.example", "/kantoor/planning/?dag=2026-11-10"),
    ("coordinator1@wijk.example", "/kantoor/planning/?dag=2026-11-10&weergave=lijst"),
    ("coordinator1@wijk.example", "/kantoor/rooster-gewichten/"), ("coordinator1@wijk.example", "/kantoor/eerlijk/"), ("coordinator1@wijk.example", "/kantoor/niet-eens/"),
    ("coordinator1@wijk.example", "/kantoor/planning/ziek/"), ("desk@wijk.example", "/kantoor/klanten/?q=a"),
    ("coordinator1@wijk.example", "/kantoor/medewerkers/"), ("coordinator1@wijk.example", "/kantoor/medewerkers/nieuw/"),
    ("desk@wijk.example", "/kantoor/balie/"), ("desk@wijk.example", "/kantoor/balie/drukken/"),
    ("coordinator1@wijk.example", "/kantoor/sponsors/"), ("coordinator1@wijk.example", "/kantoor/sponsors/coach/"),
    ("desk@wijk.example", "/kantoor/balie/verkopen/"), ("desk@wijk.example", "/kantoor/balie/blokkeren/"),
    ("desk@wijk.example", "/kantoor/balie/kas/"), ("r1@bewoner.example", "/mijn/geven/"), ("r1@bewoner.example", "/mijn/klacht/"), ("r1@bewoner.example", "/mijn/taal/"),
    ("r1@bewoner.example", "/mijn/geven/nieuw/"),
    ("payroll@wijk.example", "/kantoor/lonen/"), ("payroll@wijk.example", "/kantoor/lonen/tijd/"),
    ("payroll@wijk.example", "/kantoor/wetboek/"), ("payroll@wijk.example", "/kantoor/bank/"),
    ("payroll@wijk.example", "/kantoor/subsidie/"), ("qa@wijk.example", "/kantoor/kwaliteit/"),
    ("auditor@wijk.example", "/kantoor/controle/"), ("payroll@wijk.example", "/kantoor/aansluiting/"), ("payroll@wijk.example", "/kantoor/beschikkingen/"), ("payroll@wijk.example", "/kantoor/gemeentegeld/"),
    ("payroll@wijk.example", "/kantoor/beschikkingen/nieuw/"), ("payroll@wijk.example", "/kantoor/dekking/"), ("payroll@wijk.example", "/kantoor/wat-als/"),
    ("payroll@wijk.example", "/kantoor/social-return/"), ("payroll@wijk.example", "/kantoor/social-return/nieuw/"),
    ("payroll@wijk.example", "/kantoor/concurrentie/"), ("payroll@wijk.example", "/kantoor/concurrentie/nieuw/vragenlijst/"),
    ("coordinator1@wijk.example", "/kantoor/concurrentie/geweigerd/"),
    ("payroll@wijk.example", "/kantoor/geld-terug/"), ("auditor@wijk.example", "/kantoor/afsluiten/"),
    ("desk@wijk.example", "/kantoor/meer-cheques/"), ("payroll@wijk.example", "/kantoor/debiteuren/g-rekening/"),
    ("payroll@wijk.example", "/kantoor/debiteuren/gebruik/"),
    ("auditor@wijk.example", "/kantoor/boeken/"), ("municipality@wijk.example", "/kantoor/resultaat/"),
    ("admin@wijk.example", "/kantoor/inrichten/"), ("admin@wijk.example", "/kantoor/inrichten/organisatie/"),
    ("admin@wijk.example", "/kantoor/inrichten/gemeenten/"), ("admin@wijk.example", "/kantoor/inrichten/buurten/"),
    ("admin@wijk.example", "/kantoor/inrichten/diensten/"), ("admin@wijk.example", "/kantoor/inrichten/buiten/"),
    ("admin@wijk.example", "/kantoor/inrichten/wet/"), ("admin@wijk.example", "/kantoor/inrichten/mensen/"),
    ("payroll@wijk.example", "/kantoor/inrichten/beginstand/"),
    ("payroll@wijk.example", "/kantoor/loondossiers/"), ("payroll@wijk.example", "/kantoor/uitkering/"), ("payroll@wijk.example", "/kantoor/meten/"),
    ("w1@wijk.example", "/werk/houden/"),
]  # fmt: skip


def test_goes_on_after_two_kills_and_everything_adds_up(week):
    booking, working = week.kills
    assert booking[-1].startswith("booking:")
    assert any(key.startswith("in:") for key in working), "somebody was at work"
    assert "hour:23" not in working, "it was the first day of the week"
    assert week.returncode == 0, week.output[-3000:]
    assert "unmatched lines: 0" in week.output
    assert "broken: 0" in week.output


def test_the_screen_shows_no_line_of_a_log(week):
    assert [line for line in week.output.splitlines() if line.startswith("{")] == []


def test_shows_each_role_its_part_of_an_hour(week):
    payroll, found = week.person("payroll@wijk.example"), None
    for number in range(1, 37):
        worker = week.person(f"w{number}@wijk.example")
        found = re.search(r"/uur/(\w+)/", worker.session.get(f"{week.stack.url()}/werk/loon/").text)
        if found:
            break
    assert found, "the payslip opens its hours"
    address = f"{week.stack.url()}/uur/{found[1]}/"
    whole, own = payroll.session.get(address).text, worker.session.get(address).text
    assert "Subsidie" in whole
    assert "Subsidie" not in own
    assert week.person("municipality@wijk.example").session.get(address).status_code == 404


def test_nothing_of_another_is_there(week):
    somebody = week.person("r2@bewoner.example")
    for path in ("pay-runs", "plans", "claims"):
        with pytest.raises(Refusal) as refused:
            somebody.post(
                path,
                {"month": "2026-11-01", "monday": "2026-11-09", "neighbourhood": "x", "municipality": "x"},
            )
        assert refused.value.status in {403, 404}


def test_an_unsigned_webhook_is_refused(week):
    answer = requests.post(
        f"{week.stack.url()}/api/stripe/webhook",
        data=b"{}",
        headers={"Stripe-Signature": "t=1,v1=0"},
        timeout=10,
    )
    assert answer.status_code == 400


@pytest.fixture(scope="module")
def windows(week, browser):
    """One window for everybody who looks, kept open: to open a window takes longer than to look at a page."""
    opened: dict[str, tuple[Page, list[str]]] = {}

    def window(email: str) -> tuple[Page, list[str]]:
        if email not in opened:
            context = browser.new_context(locale="nl-NL")
            if email:
                cookies = week.person(email).session.cookies
                context.add_cookies(
                    [{"name": c.name, "value": c.value, "url": week.stack.url()} for c in cookies]
                )
            page, faults = context.new_page(), list[str]()
            page.on("pageerror", lambda fault: faults.append(str(fault)))
            opened[email] = page, faults
        return opened[email]

    yield window
    for page, _faults in opened.values():
        page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("email", "path"), PAGES)
def test_a_page_can_be_used_by_everyone(week, windows, email, path, width):
    page, faults = windows(email)
    faults.clear()
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(f"{week.stack.url()}{path}")
    assert answer is not None
    assert answer.status == 200
    assert_sound(page, path)
    assert "Oefenomgeving" in page.inner_text("body")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Noto Sans')
    assert faults == []
