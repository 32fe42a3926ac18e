"""What a program of a customer asks: once for each key, by who may, and paid by what is there."""

from uuid import uuid4

import pytest

from cheques.models import Order, Refund
from marketplace.models import Booking
from tests import build
from tests.web.conftest import visitor

pytestmark = pytest.mark.django_db
__all__ = ["visitor"]


@pytest.fixture
def customer():
    return build.customer()


@pytest.fixture
def client(visitor, customer):
    return visitor(build.owner_of(customer))


def post(client, path, facts, key=None, **headers):
    return client.post(
        f"/api/{path}", facts, content_type="application/json",
        headers={"Idempotency-Key": str(key or uuid4()), **headers},
    )  # fmt: skip


class TestOneKey:
    """Same key, same facts: the same answer. Same key, other facts: 409, and nothing new."""

    def test_of_a_refund(self, client, customer):
        lot, key = build.lot(customer, hours=10), uuid4()
        first = post(client, f"orders/{lot.order.ref}/refund", {"minutes": 120}, key)
        again = post(client, f"orders/{lot.order.ref}/refund", {"minutes": 120}, key)
        other = post(client, f"orders/{lot.order.ref}/refund", {"minutes": 60}, key)

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert (other.status_code, other.json()["code"]) == (409, "KeyUsedBefore")
        assert Refund.objects.get().minutes == 120

    def test_of_an_order(self, client, customer):
        key = uuid4()
        order = build.order(customer, hours=5, form_key=key, session_url="https://pay.example/1")
        other = post(client, "orders", {"hours": 6}, key)

        assert post(client, "orders", {"hours": 5}, key).json()["ref"] == order.ref
        assert (other.status_code, other.json()["code"]) == (409, "KeyUsedBefore")
        assert Order.objects.get().hours == 5

    def test_of_a_booking(self, client, customer):
        build.lot(customer, hours=10)
        facts = {
            "service": build.service().code, "starts": ["2026-11-09T10:00:00+01:00"], "minutes": 180, "note": " Bel ",
        }  # fmt: skip
        key = uuid4()
        first = post(client, "bookings", facts, key)

        assert first.status_code == 201
        assert post(client, "bookings", facts, key).json() == first.json()
        same_moment = {**facts, "starts": ["2026-11-09T09:00:00Z"]}
        assert post(client, "bookings", same_moment, key).json() == first.json()
        for changed in ({"minutes": 195}, {"note": "Klop"}, {"starts": ["2026-11-09T11:00:00+01:00"]}):
            other = post(client, "bookings", {**facts, **changed}, key)
            assert (other.status_code, other.json()["code"]) == (409, "KeyUsedBefore"), changed
            promised = post(client, "bookings", {**facts, **changed, "promised": True}, key)
            assert promised.json()["code"] == "KeyUsedBefore", changed
        assert Booking.objects.get().minutes == 180

    @pytest.mark.parametrize("what", ["orders", "bookings"])
    def test_of_somebody_else_is_refused_and_shows_nothing(self, client, customer, what):
        key, stranger = uuid4(), build.customer()
        if what == "orders":
            build.order(stranger, hours=5, form_key=key)
            answer = post(client, what, {"hours": 5}, key)
        else:
            build.lot(stranger, hours=10)
            theirs = build.booking(stranger, form_key=key)
            facts = {"service": "cleaning", "starts": [theirs.starts[0].isoformat()], "minutes": 180}
            answer = post(client, what, facts, key)
        assert (answer.status_code, answer.json()["code"]) == (409, "KeyUsedBefore")


class TestWhoMay:
    """A booker of a firm spends what was bought, and neither buys nor gives back."""

    @pytest.mark.parametrize(("part", "status"), [("booker", 404), ("approver", 201)])
    def test_give_hours_back(self, visitor, part, status):
        firm = build.customer(kind="firm", kvk="12345678")
        lot = build.lot(firm, hours=10)
        client = visitor(build.colleague(firm, part))

        answer = post(client, f"orders/{lot.order.ref}/refund", {"minutes": 60})

        assert answer.status_code == status
        assert Refund.objects.exists() is (status == 201)

    def test_the_page_says_the_same(self, visitor):
        firm = build.customer(kind="firm", kvk="12345678")
        lot = build.lot(firm, hours=10)
        page = visitor(build.colleague(firm, "booker"))
        answer = page.post(f"/mijn/cheques/{lot.ref}/terug/", {"uren": "1", "key": uuid4()})
        assert answer.status_code == 404
        assert not Refund.objects.exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nl", "Betalen met iDEAL of kaart kan nu niet"), ("en", "You cannot pay with iDEAL or card now")],
)
def test_without_a_payment_service_an_order_is_refused_and_leaves_nothing(
    client, settings, language, sentence
):
    settings.CARD_PAYMENT = False
    answer = post(client, "orders", {"hours": 5}, **{"Accept-Language": language})

    assert (answer.status_code, answer.json()["code"]) == (409, "CardPaymentOff")
    assert sentence in answer.json()["detail"]
    assert not Order.objects.exists()
