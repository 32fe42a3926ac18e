"""The pages about messages, in a real browser: how somebody hears from us, and the letters of the desk."""

import pytest
from django.conf import settings
from django.test import Client

from events.models import Event
from identity import clock
from notifications import telling
from tests import build
from tests.browser.conftest import faults
from tests.build import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def users(committed_db):
    """Make somebody who was told something on paper, and the desk that prints it."""
    build.organisation(phone="076 123 45 67")
    booking = build.booking()
    user = build.owner_of(booking.customer)
    telling.prefer(by=user, channel="letter")
    telling.tell(Event.objects.get(kind="booking.placed").pk, at=NOON)
    return {"/berichten/": user, "/kantoor/brieven/": build.member("desk")}


@pytest.mark.parametrize("width", [390, 1280])
def test_have_no_faults_and_fit(users, open_page, site, shoot, width):
    clock.shift_to(NOON)
    for path, user in users.items():
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        page = open_page("/stijl/", width=width, height=2400)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        page.goto(site + path)
        shoot(page, f"messages-{path.split('/')[-2]}-{width}")
        assert faults(page) == [], path
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_desk_prints_and_the_list_is_empty(users, open_page, site):
    clock.shift_to(NOON)
    client = Client()
    client.force_login(users["/kantoor/brieven/"], backend="django.contrib.auth.backends.ModelBackend")
    page = open_page("/stijl/")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    page.goto(site + "/kantoor/brieven/")
    page.get_by_role("button", name="1 brief is geprint").click()
    page.get_by_text("Er zijn geen brieven om te printen.").wait_for()
