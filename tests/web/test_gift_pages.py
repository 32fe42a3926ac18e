"""Giving cheques to somebody else, on the pages of residents and firms."""

from uuid import uuid4

import pytest

from cheques import lots, sponsoring
from cheques.models import Order, Purpose
from identity import clock
from tests import build
from tests.cheques.test_sponsoring import paid, purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver():
    return build.customer()


@pytest.fixture
def page(visitor, giver):
    return visitor(build.owner_of(giver))


def door(customer) -> dict[str, object]:
    return {"postcode": "4818 ck", "house_number": customer.address.house_number, "phone": "06 12345678"}


def test_hours_reach_who_lives_behind_the_door(page, giver):
    mother = build.customer(phone="+31612345678")
    bound = purpose(giver, kind="gift", at=clock.now())
    paid(bound)

    said = page.post(
        f"/mijn/geven/{bound.ref}/", {**door(mother), "hours": 3, "key": uuid4()}, follow=True
    ).text

    assert "Gegeven" in said
    assert lots.figures(mother.pk, at=clock.now()).free == 180
    assert "Schoon bij verhuizing" in page.get("/mijn/geven/").text


@pytest.mark.parametrize(
    "wrong", [{"phone": "06 87654321"}, {"phone": "kaas"}, {"house_number": "999"}, {"postcode": "1"}]
)
def test_nobody_can_leaf_through_customers(page, giver, wrong):
    mother = build.customer(phone="+31612345678")
    bound = purpose(giver, kind="gift", at=clock.now())
    paid(bound)

    said = page.post(f"/mijn/geven/{bound.ref}/", {**door(mother), **wrong, "hours": 3, "key": uuid4()}).text

    assert "Wij vinden daar niemand met dit telefoonnummer" in said
    assert lots.figures(mother.pk, at=clock.now()).free == 0


@pytest.mark.parametrize(("typed", "sentence"), [
    ({"hours": "0"}, "Kies een aantal"), ({"hours": "100000"}, "Kies een aantal"), ({"until_on": "2020-01-01"}, "De laatste dag"),
])  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_left_behind(page, typed, sentence):
    asked = {"name": "Voor mama", "hours": "5", "until_on": "2030-01-01", "key": uuid4(), **typed}
    said = page.post("/mijn/geven/nieuw/", asked).text
    assert sentence in said
    assert 'value="Voor mama"' in said
    assert not Purpose.objects.exists()
    assert not Order.objects.exists()


def test_what_was_received_stands_in_the_wallet_with_its_purpose(visitor, giver):
    mother = build.customer()
    build.service()
    bound = purpose(giver, kind="gift", services=["cleaning"], at=clock.now())
    paid(bound)
    sponsoring.give(
        bound.pk, mother.pk, minutes=60, form_key=uuid4(), by=build.owner_of(giver), at=clock.now()
    )

    said = visitor(build.owner_of(mother)).get("/mijn/cheques/").text

    assert "Schoon bij verhuizing" in said
    assert "Schoonmaken in huis" in said
