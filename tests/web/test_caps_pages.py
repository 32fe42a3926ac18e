"""More cheques in a year than the caps allow, as buyers and the office see it."""

from uuid import uuid4

import pytest

from cheques import caps
from cheques.cap_models import CapException
from events.models import Event
from lawbook.cheques import PERSON_YEAR_HOURS
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return build.customer(name="Fam. Yilmaz")


def nearly_full(customer, left):
    most = PERSON_YEAR_HOURS.on(NOON.date())
    build.order(customer, hours=most - left, household=customer.household)


class TestTheBuyer:
    def test_sees_the_room_and_is_refused_with_the_number_and_what_was_typed(self, visitor, customer):
        nearly_full(customer, left=5)
        buyer = visitor(build.owner_of(customer))
        assert "U kunt dit jaar nog 5 cheques kopen." in buyer.get("/mijn/kopen/").text

        said = buyer.post("/mijn/kopen/", {"hours": "10", "key": str(uuid4())}).text

        assert "nog 5 cheques kopen. Hebt u meer nodig? Bel ons." in said
        assert 'value="10"' in said

    def test_a_firm_hears_of_no_cap(self, visitor):
        firm = build.customer(kind="firm")
        assert "U kunt dit jaar nog" not in visitor(build.owner_of(firm)).get("/mijn/kopen/").text


class TestTheOffice:
    def test_one_asks_and_another_agrees(self, visitor, customer):
        nearly_full(customer, left=5)
        clerk = build.member("desk", where=customer.neighbourhood)
        desk, ask = visitor(clerk), f"/kantoor/klanten/{customer.ref}/meer-cheques/"
        assert "5 voor deze persoon" in desk.get(ask).text
        wrong = desk.post(ask, {"hours": "0", "reason": "Net uit het ziekenhuis"}).text
        assert "Net uit het ziekenhuis" in wrong
        desk.post(ask, {"hours": "20", "reason": "Kan zelf niet schoonmaken"})
        row = CapException.objects.get()
        assert "tweede persoon nodig" in desk.get("/kantoor/meer-cheques/").text
        assert desk.post(f"/kantoor/meer-cheques/{row.ref}/akkoord/").status_code == 404

        visitor(build.member("treasurer")).post(f"/kantoor/meer-cheques/{row.ref}/akkoord/")

        assert caps.room_of(customer, at=NOON).left == 25
        assert list(Event.objects.filter(kind__startswith="cap.").order_by("pk").values_list("kind", flat=True)) == [
            "cap.asked", "cap.agreed",
        ]  # fmt: skip

    def test_who_asked_does_not_agree(self, visitor, customer):
        coordinator = build.member("coordinator", where=customer.neighbourhood)
        row = caps.ask_for_more(customer.pk, hours=5, reason="Hulp", by=coordinator, at=NOON)
        page = visitor(coordinator)
        said = page.post(f"/kantoor/meer-cheques/{row.ref}/akkoord/", follow=True).text
        assert "Iemand anders moet dit goedkeuren" in said
        assert caps.room_of(customer, at=NOON).left == PERSON_YEAR_HOURS.on(NOON.date())
