"""The pages about messages, in a real browser: how somebody hears from us, and the letters of the desk."""

import pytest

from events.models import Event
from identity import clock
from notifications import telling
from tests import build
from tests.browser.conftest import assert_sound
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
def test_have_no_faults_and_fit(users, open_page, shoot, width):
    clock.shift_to(NOON)
    for path, user in users.items():
        page = open_page(path, by=user, width=width)
        shoot(page, f"messages-{path.split('/')[-2]}-{width}")
        assert_sound(page, path)


def test_the_desk_prints_and_the_list_is_empty(users, open_page):
    clock.shift_to(NOON)
    page = open_page("/kantoor/brieven/", by=users["/kantoor/brieven/"])
    page.get_by_role("button", name="1 brief is geprint").click()
    page.get_by_text("Er zijn geen brieven om te printen.").wait_for()
