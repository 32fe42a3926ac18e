"""A resident buys, books, confirms and disagrees through the pages."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from cheques import lots
from cheques.models import Order
from identity import clock
from identity.models import Customer, CustomerMember
from marketplace.models import Booking
from quality.models import Dispute
from scheduling.models import Assignment
from tests import build, build_work
from workers_pool import availability

pytestmark = pytest.mark.django_db
BOOK = "/mijn/boeken/"


@pytest.fixture
def resident():
    build.service()
    customer = build.customer()
    build.lot(customer, hours=10)
    return customer


@pytest.fixture
def client(visitor, resident):
    return visitor(build.owner_of(resident))


def answer(client, **changes):
    """Answer the first three steps."""
    when: dict[str, object] = {"day": "2026-11-10", "hour": "09:00", "second": "11:00", "third": ""}
    steps: list[dict[str, object]] = [
        {"service": "cleaning"},
        {"minutes": "180", "crew": "1", "tasks": ["kitchen"], "note": "De hond is lief"},
        when,
    ]
    said = None
    for number, step in enumerate(steps, 1):
        facts = {name: changes.get(name, value) for name, value in step.items()}
        said = client.post(f"{BOOK}?stap={number}", facts)
        if said.status_code != 302:
            return said
    return client.get(said.url)


class TestFreeStarts:
    def test_a_free_time_is_chosen_and_booked(self, client, resident):
        build_work.worker()
        answer(client, day="")
        page = client.get(f"{BOOK}?stap=3")
        offer = page.context["form"].fields["start"].choices[0][0]
        assert "vrijdag 6 november" in page.content.decode()

        said = client.post(f"{BOOK}?stap=3", {"start": offer, "day": ""})
        assert "Dan is de tijd voor u" in client.get(said.url).content.decode()
        client.post(f"{BOOK}?stap=4")

        assert Booking.objects.get().starts == [datetime.fromisoformat(offer)]

    def test_a_time_that_is_gone_meanwhile_says_so_and_holds_nothing(self, client, resident):
        worker = build_work.worker()
        answer(client, day="")
        offer = client.get(f"{BOOK}?stap=3").context["form"].fields["start"].choices[0][0]
        client.post(f"{BOOK}?stap=3", {"start": offer, "day": ""})
        availability.set_week(worker.pk, windows=[], by=worker.user, at=clock.now())

        assert "Deze tijd is net weg" in client.get(f"{BOOK}?stap=4").content.decode()
        said = client.post(f"{BOOK}?stap=4").content.decode()
        assert "Deze tijd is net weg. Kies een andere tijd." in said
        assert not Booking.objects.exists()
        assert "Wij kunnen nu geen tijd beloven" in client.get(f"{BOOK}?stap=3").content.decode()

    def test_nobody_is_free_and_a_booking_still_works(self, client, resident):
        said = answer(client).content.decode()
        assert "Nu is er niemand vrij" in said
        assert "Wij kunnen nu geen tijd beloven" in client.get(f"{BOOK}?stap=3").content.decode()
        client.post(f"{BOOK}?stap=4")
        assert Booking.objects.count() == 1

    def test_a_day_of_ones_own_is_asked_with_offers_beside_it(self, client, resident):
        build_work.worker()
        assert "Er is nu iemand vrij" in answer(client).content.decode()
        said = client.post(f"{BOOK}?stap=3", {"start": "", "day": "", "hour": "09:00"}).content.decode()
        assert "Kies een dag." in said


class TestRegister:
    def test_makes_a_customer_of_somebody_in_the_area(self, visitor):
        build.postcode()
        someone = build.user()
        facts = {"name": "Jan de Wit", "phone": "06 12345678", "postcode": "4818 ck", "house_number": "12a"}
        assert visitor(someone).post("/mijn/inschrijven/", facts).url == "/mijn/"
        assert Customer.objects.get(members__user=someone).address.house_number == "12a"

    def test_keeps_what_was_typed_when_the_postcode_is_outside(self, visitor):
        facts = {"name": "Jan de Wit", "phone": "", "postcode": "1011 AB", "house_number": "12"}
        said = visitor(build.user()).post("/mijn/inschrijven/", facts)
        assert "postcode" in said.context["form"].errors
        assert 'value="Jan de Wit"' in said.content.decode()


class TestBuy:
    @pytest.mark.parametrize("hours", ["-3", "0", "10000"])
    def test_refuses_a_number_nobody_orders_and_keeps_it(self, client, hours):
        said = client.post("/mijn/kopen/", {"hours": hours, "key": "6c1b33a8-5c5f-4c8e-a7ab-000000000001"})
        assert said.context["form"].errors["hours"]
        assert f'value="{hours}"' in said.content.decode()
        assert Order.objects.filter(hours=int(hours)).count() == 0

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [("nl", "Betalen met iDEAL of kaart kan nu niet"), ("en", "You cannot pay with iDEAL or card now")],
    )
    def test_without_a_payment_service_says_so_in_the_language_of_the_page(
        self, client, settings, language, sentence
    ):
        settings.CARD_PAYMENT = False
        headers = {"Accept-Language": language}
        assert sentence in client.get("/mijn/kopen/", headers=headers).text
        told = client.post("/mijn/kopen/", {"hours": "5", "key": uuid4()}, headers=headers).text
        assert told.count(sentence) == 2  # above the form, and why it was refused
        assert not Order.objects.filter(state=Order.State.OPEN).exists()

    def test_a_page_sent_again_with_another_number_is_not_the_old_order(self, client, resident):
        key = str(uuid4())
        order = build.order(resident, hours=5, form_key=key)
        told = client.post("/mijn/kopen/", {"hours": "20", "key": key}).text
        assert "met iets anders ingevuld" in told
        assert key not in told
        assert Order.objects.latest("pk") == order

    def test_offers_round_numbers_with_their_price(self, client):
        said = client.get("/mijn/kopen/?uren=20").content.decode()
        assert "20 uur voor 200 euro" in said
        assert 'value="20"' in said

    def test_a_booker_of_a_firm_buys_nothing(self, visitor, resident):
        booker = build.user()
        CustomerMember.objects.create(customer=resident, user=booker, part="booker")
        assert visitor(booker).get("/mijn/kopen/").status_code == 404
        assert visitor(booker).get(BOOK).status_code == 200

    def test_the_order_of_somebody_else_does_not_exist(self, client):
        other = build.order(build.customer())
        assert client.get(f"/mijn/kopen/{other.ref}/").status_code == 404


class TestBook:
    def test_holds_nothing_before_the_last_press(self, client, resident):
        said = answer(client)
        assert "Dit kost" in said.content.decode()
        assert (said.context["needed"], said.context["left"]) == (180, 420)
        assert not Booking.objects.exists()

        client.post(f"{BOOK}?stap=4")

        booking = Booking.objects.get(customer=resident)
        assert [f"{start:%H:%M}" for start in booking.starts] == ["08:00", "10:00"]  # in UTC
        assert (booking.minutes, booking.tasks, booking.note) == (180, ["kitchen"], "De hond is lief")
        assert lots.figures(resident.pk, at=clock.now()).held == 180

    def test_pressed_twice_is_one_booking(self, client):
        answer(client)
        client.post(f"{BOOK}?stap=4")
        client.post(f"{BOOK}?stap=4")
        assert Booking.objects.count() == 1

    def test_cannot_skip_a_step(self, client):
        assert client.get(f"{BOOK}?stap=4").context["step"] == 1

    def test_says_what_is_not_done_and_why(self, client):
        client.post(f"{BOOK}?stap=1", {"service": "cleaning"})
        assert "Dit is werk voor een vakbedrijf" in client.get(f"{BOOK}?stap=2").content.decode()

    def test_refuses_a_task_of_no_page_of_ours(self, client):
        said = answer(client, tasks=["after-fire"])
        assert said.context["form"].errors["tasks"]

    def test_says_how_much_is_short_and_keeps_the_answers(self, client):
        said = answer(client, minutes="480", crew="2")
        assert said.context["short"] == 6 * 60
        assert "U komt tekort: 6 uur" in " ".join(said.content.decode().split())
        client.post(f"{BOOK}?stap=4")
        assert not Booking.objects.exists()
        assert client.get(f"{BOOK}?stap=2").context["form"].initial["note"] == "De hond is lief"

    def test_says_why_a_day_in_the_past_cannot_be(self, client):
        answer(client, day="2026-10-01")
        assert "al voorbij" in client.post(f"{BOOK}?stap=4").content.decode()
        assert not Booking.objects.exists()


class TestAfterTheVisit:
    def visit(self):
        visit = build_work.worked_visit()
        return visit, build.owner_of(visit.booking.customer), visit.end_at + timedelta(hours=1)

    def test_the_hours_are_agreed_with_one_press(self, visitor):
        visit, owner, at = self.visit()
        client = visitor(owner, at=at)
        assert "Ja, dat klopt" in client.get("/mijn/").content.decode()
        client.post(f"/mijn/bezoek/{visit.ref}/ja/")
        row = build_work.only(visit)
        assert (row.outcome, row.confirmed_minutes) == (Assignment.Outcome.CUSTOMER, 180)

    def test_agreed_twice_is_refused_in_words(self, visitor):
        visit, owner, at = self.visit()
        client = visitor(owner, at=at)
        client.post(f"/mijn/bezoek/{visit.ref}/ja/")
        said = client.post(f"/mijn/bezoek/{visit.ref}/ja/", follow=True)
        assert [message.level_tag for message in said.context["messages"]][-1] == "error"

    def test_disagreeing_opens_a_dispute(self, visitor):
        visit, owner, at = self.visit()
        visitor(owner, at=at).post(
            f"/mijn/bezoek/{visit.ref}/klopt-niet/", {"what": "times", "words": "Korter"}
        )
        assert Dispute.objects.get(visit=visit).words == "Korter"

    def test_a_dispute_that_is_refused_keeps_its_words(self, visitor):
        visit, owner, at = self.visit()
        client = visitor(owner, at=at)
        client.post(f"/mijn/bezoek/{visit.ref}/ja/")
        said = client.post(f"/mijn/bezoek/{visit.ref}/klopt-niet/", {"what": "times", "words": "Veel korter"})
        assert said.context["form"].non_field_errors()
        assert "Veel korter" in said.content.decode()

    def test_nobody_else_can_agree(self, visitor, resident):
        visit, _owner, at = self.visit()
        stranger = visitor(build.owner_of(resident), at=at)
        assert stranger.post(f"/mijn/bezoek/{visit.ref}/ja/").status_code == 404
        assert build_work.only(visit).outcome == ""


class TestCancel:
    def test_is_offered_for_what_comes_and_not_for_what_was(self, visitor):
        visit = build_work.published_visit()
        owner = build.owner_of(visit.booking.customer)
        link = f"/mijn/afzeggen/{visit.booking.ref}/"
        assert link in visitor(owner).get("/mijn/afspraken/").content.decode()
        assert link not in visitor(owner, at=visit.start_at).get("/mijn/afspraken/").content.decode()

    def test_shows_what_comes_back_and_gives_it_back(self, client, resident):
        booking = build.booking(resident)
        assert "3 uur" in client.get(f"/mijn/afzeggen/{booking.ref}/").content.decode()
        assert Booking.objects.get().state == Booking.State.REQUESTED
        client.post(f"/mijn/afzeggen/{booking.ref}/")
        assert Booking.objects.get().state == Booking.State.CANCELLED
        assert lots.figures(resident.pk, at=clock.now()).held == 0
