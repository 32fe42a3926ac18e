"""What a week's file says of pairs and languages is written down on the pages, as a coordinator would."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import RequestsClient

from events.models import Event
from identity import registration
from identity.models import Customer, Role, User
from tools.demo import from_week, week_file
from tools.demo.client import Person, Refusal
from tools.demo.neighbourhood import OPENED, email_of
from workers_pool.models import NotWith

WEEKS = Path(__file__).parents[2].parent / "shared" / "scheduling" / "weeks"
SITE = "http://testserver"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not WEEKS.is_dir(), reason="the shared folder with public weeks is not here"),
]


@pytest.fixture
def coordinator(week) -> Person:
    """A coordinator who is signed in, and talks to the site by its addresses."""
    email = email_of(Role.COORDINATOR, 1)
    client = Client()
    client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    session = RequestsClient()
    session.cookies.set(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
    return Person(SITE, "", email, session=session)


@pytest.fixture
def week():
    """A week of the file in which the first client speaks Turkish and two pairs are apart, and its people."""
    drawn = week_file.read(WEEKS / "week-30-b.json.gz")
    from_week.found(drawn, Random(1))
    first, second = drawn.clients[:2]
    worker = drawn.workers[0]
    drawn = replace(
        drawn,
        clients=(
            replace(first, languages=frozenset({"tr", "nl"}), excluded_workers=frozenset({worker.id})),
            replace(second, languages=frozenset(), excluded_workers=frozenset()),
        ),
        workers=(
            replace(worker, excluded_clients=frozenset({second.id, "somebody-else"})),
            *(replace(one, excluded_clients=frozenset()) for one in drawn.workers[1:]),
        ),
    )
    for asker in from_week.ask(drawn).askers[:2]:
        registration.register_resident(
            user=User.objects.create(email=asker.email), name=asker.name, phone="", postcode=asker.postcode,
            house_number="1", language="nl", at=OPENED,
        )  # fmt: skip
    return drawn


def test_pairs_and_languages_go_through_the_pages(week, coordinator):
    from_week.write_down(week, coordinator)
    from_week.write_down(week, coordinator)  # the week goes on after a kill

    spoken = dict(Customer.objects.values_list("members__user__email", "languages"))
    first, second = (f"{client.id}@week.example" for client in week.clients)
    assert spoken == {first: ["nl", "tr"], second: []}
    pairs = NotWith.objects.values_list("customer__members__user__email", "side", "worker__user__email")
    assert set(pairs) == {(first, "customer", email_of("w", 1)), (second, "worker", email_of("w", 1))}
    assert set(Event.objects.filter(kind="pair.kept_apart").values_list("by_id", flat=True)) == {
        User.objects.get(email=coordinator.email).pk
    }


def test_a_page_that_does_not_take_it_is_heard(week, coordinator):
    with pytest.raises(Refusal):
        coordinator.fill(
            f"/kantoor/klanten/{Customer.objects.earliest('pk').ref}/talen/", {"languages": ["klingon"]}
        )
