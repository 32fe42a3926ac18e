"""Which languages a customer speaks: said by the resident or written down at the desk, and kept to by the plan."""

import pytest

from events.models import Event
from identity.models import Customer
from tests import build, build_work

pytestmark = pytest.mark.django_db
MINE = "/mijn/taal/"


@pytest.fixture
def customer():
    return build.customer()


@pytest.fixture(params=["resident", "desk"])
def door(request, visitor, customer):
    """A page to say it on, and who sends it."""
    if request.param == "resident":
        return visitor(build.owner_of(customer)), MINE
    member = build.member("desk", where=customer.neighbourhood)
    return visitor(member), f"/kantoor/klanten/{customer.ref}/talen/"


def spoken(customer: Customer) -> list[str]:
    customer.refresh_from_db()
    return list(customer.languages)


def test_is_said_changed_and_taken_back(door, customer):
    client, address = door
    said = client.post(address, {"languages": ["tr", "nl"]}, follow=True).text
    assert "Het staat erin." in said
    assert spoken(customer) == ["nl", "tr"]
    assert 'value="tr" ' in client.get(address).text
    client.post(address, {})
    assert spoken(customer) == []


def test_a_language_we_do_not_know_changes_nothing(door, customer):
    client, address = door
    client.post(address, {"languages": ["nl"]})
    answer = client.post(address, {"languages": ["klingon"]})
    assert answer.status_code == 200
    assert spoken(customer) == ["nl"]


def test_said_twice_it_happened_once(door, customer):
    client, address = door
    for _click in range(2):
        client.post(address, {"languages": ["tr"]})
    assert Event.objects.filter(kind="customer.speaks").count() == 1


@pytest.mark.parametrize(("languages", "served"), [(["nl"], 0), (["nl", "tr"], 1), ([], 1)])
def test_the_next_plan_sends_nobody_who_cannot_be_understood(visitor, customer, languages, served):
    build_work.worker(languages=["tr"])
    build.lot(customer)
    build.booking(customer)
    visitor(build.owner_of(customer)).post(MINE, {"languages": languages})

    draft = build_work.plan()

    assert draft.unassigned.count() == 1 - served
