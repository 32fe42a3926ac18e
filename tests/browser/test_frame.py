"""The frame of every page, in a real browser: found by everyone, on every width, with and without JavaScript."""

import pytest

from identity.models import Organisation
from marketplace import catalogue
from tests.browser.conftest import faults

pytestmark = pytest.mark.browser

PAGES = {
    "front": "/",
    "style": "/stijl/",
    "login": "/account/login/",
    "signup": "/account/signup/",
    "lost": "/nergens/",
}
TOO_SMALL = """[...document.querySelectorAll('a, button, select, textarea, summary, input:not([type=hidden])')]
  .filter(one => one.offsetParent && !one.closest('label') && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def counter(committed_db):
    """Give the site an organisation with a phone number, and what it offers."""
    Organisation.objects.create(pk=1, name="Stichting De Linde", phone="076 123 45 67")
    catalogue.install_standard()


@pytest.mark.usefixtures("counter")
class TestPage:
    @pytest.mark.parametrize("width", [390, 1280])
    def test_has_no_faults_and_is_dressed(self, open_page, shoot, width):
        for name, path in PAGES.items():
            page = open_page(path, width=width)
            shoot(page, f"{name}-{width}")
            assert faults(page) == [], name
            # axe finds nothing wrong with a page that lost its stylesheet: so look at the dress too
            assert "Noto Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")
            assert page.evaluate("document.fonts.check('16px \"Noto Sans Variable\"')")
            assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
            assert page.locator("h1").count() == 1
            assert page.title().endswith(" - Wijkcheque")
            assert page.locator("html").get_attribute("lang") == "nl"
            assert page.evaluate(TOO_SMALL) == [], name

    def test_fits_the_narrowest_phone(self, open_page):
        for name, path in PAGES.items():
            page = open_page(path, width=320, height=640)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name

    def test_breaks_no_rule_of_its_own_security_policy(self, open_page):
        page = open_page("/stijl/")
        complaints: list[str] = []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.reload()
        page.wait_for_load_state("networkidle")
        assert complaints == []

    def test_offers_a_way_past_the_header_and_a_phone_number(self, open_page):
        page = open_page("/")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Direct naar de inhoud"
        assert page.get_by_role("banner").get_by_role("link", name="076 123 45 67").is_visible()

    def test_speaks_english_after_one_press(self, open_page):
        page = open_page("/")
        page.get_by_role("button", name="English").click()
        page.get_by_role("heading", level=1, name="Help from your neighbours").wait_for()
        assert page.locator("html").get_attribute("lang") == "en"

    def test_says_that_it_is_a_sandbox(self, open_page):
        for path in PAGES.values():
            assert open_page(path).get_by_text("Oefenomgeving").is_visible()


@pytest.mark.usefixtures("counter")
class TestForm:
    def test_goes_to_the_list_of_errors_and_from_there_to_the_field(self, open_page):
        page = open_page("/account/signup/")
        page.locator("main form button[type=submit]").first.click()
        page.locator("[role=alert]:focus").wait_for()
        page.get_by_role("alert").get_by_role("link").first.click()
        assert page.evaluate("document.activeElement.name") == "email"

    def test_is_sent_once_however_often_it_is_pressed(self, open_page):
        page = open_page("/account/login/")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        page.locator("input[name=login]").fill("iemand@example.org")
        page.evaluate(
            "() => { const go = document.querySelector('main form button'); go.click(); go.click(); go.click(); }"
        )
        page.get_by_role("heading", name="Vul de code in").wait_for()
        assert len(sent) == 1

    def test_counts_with_two_buttons_and_says_the_unit(self, open_page):
        page = open_page("/stijl/")
        stepper = page.locator("[data-stepper]").first
        stepper.get_by_role("button", name="Eén meer").click()
        assert stepper.get_by_role("spinbutton").input_value() == "4"
        for _press in range(5):
            stepper.get_by_role("button", name="Eén minder").click(
                force=True
            )  # at the end it says so, and stays
        assert stepper.get_by_role("spinbutton").input_value() == "1"
        assert stepper.get_by_text("kamer", exact=True).is_visible()

    def test_works_without_javascript(self, open_page):
        page = open_page("/stijl/", java_script_enabled=False)
        stepper = page.locator("[data-stepper]").first
        assert stepper.get_by_role("button").count() == 0
        stepper.get_by_role("spinbutton").fill("5")
        page.locator("main form").first.get_by_role("button", name="Boek donderdag 9 uur").click()
        assert "rooms=5" in page.url
