"""Firms that register, people who act for a customer, and what the front page counts."""

import pytest
from django.core import mail
from django.urls import reverse

from identity.models import Customer, CustomerMember
from tests import build, build_work
from tests.web.test_sign_in import code_sent

pytestmark = pytest.mark.django_db
FIRM = {
    "name": "Bouwbedrijf A", "kvk": "12 34 56 78", "vat_id": "NL004495445B01", "phone": "076 1234567", "postcode": "4818 CK",
    "house_number": "100",
}  # fmt: skip
REGISTER = "/mijn/inschrijven/?soort=bedrijf"


class TestFirm:
    def test_comes_from_the_front_page_to_its_own_form(self, client):
        build.postcode()
        assert "soort=bedrijf&amp;next=/mijn/inschrijven/%3Fsoort%3Dbedrijf" in client.get("/").text
        address = "/account/signup/?soort=bedrijf&next=/mijn/inschrijven/%3Fsoort%3Dbedrijf"
        assert 'value="/mijn/inschrijven/?soort=bedrijf"' in client.get(address).text
        client.post("/account/signup/", {"email": "baas@example.org", "next": REGISTER})
        said = client.post("/account/confirm-email/", {"code": code_sent()})
        assert said.url == REGISTER
        assert "Naam van uw bedrijf" in client.get(REGISTER).text
        client.post(REGISTER, FIRM)
        made = Customer.objects.get()
        assert (made.kind, made.kvk, made.vat_id) == ("firm", "12345678", "NL004495445B01")
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [
            ("kvk", "123", "Een KvK-nummer heeft acht cijfers"),
            ("vat_id", "NL1", "Dit btw-nummer klopt niet"),
            ("postcode", "9999 ZZ", "Wij werken nog niet op postcode"),
            ("phone", "bel", "Dit telefoonnummer klopt niet"),
        ],
    )
    def test_keeps_what_was_typed_when_a_number_is_wrong(self, visitor, field, typed, said):
        build.postcode()
        answer = visitor(build.user()).post(REGISTER, {**FIRM, field: typed}).text
        assert said in answer
        assert 'value="Bouwbedrijf A"' in answer
        assert not Customer.objects.exists()


class TestPeople:
    @pytest.fixture
    def home(self):
        return build.customer(name="Fam. Yilmaz")

    def test_a_helper_is_let_in_and_acts(self, visitor, home):
        owner = visitor(build.owner_of(home))
        owner.post("/mijn/wie/", {"name": "Ayse", "email": "ayse@example.org", "part": "helper"})
        helper = visitor(CustomerMember.objects.get(part="helper").user)
        assert "Dag Fam. Yilmaz" in helper.get("/mijn/").text
        assert helper.get("/mijn/kopen/").status_code == 200
        assert "Laat iemand dit ook doen" not in helper.get("/mijn/wie/").text
        helper.post("/mijn/wie/", {"name": "X", "email": "x@example.org", "part": "helper"})
        assert CustomerMember.objects.count() == 2

    def test_a_worker_is_refused_with_a_sentence_and_what_was_typed(self, visitor, home):
        worker = build_work.worker()
        typed = {"name": "Samira", "email": worker.user.email, "part": "helper"}
        said = visitor(build.owner_of(home)).post("/mijn/wie/", typed).text
        assert "kan niet voor een klant handelen" in said
        assert f'value="{worker.user.email}"' in said

    def test_somebody_with_a_home_of_their_own_chooses_for_whom(self, visitor, home):
        own = build.customer(name="Eigen huis")
        CustomerMember.objects.create(customer=home, user=build.owner_of(own), part="helper")
        client = visitor(build.owner_of(own))
        assert "Dag Eigen huis" in client.get("/mijn/").text
        client.post(reverse("resident:act-for", args=[home.ref]))
        assert "Dag Fam. Yilmaz" in client.get("/mijn/").text
        stranger = build.customer()
        assert client.post(reverse("resident:act-for", args=[stranger.ref])).status_code == 404

    def test_stops(self, visitor, home):
        CustomerMember.objects.create(customer=home, user=build.user(), part="member")
        member = CustomerMember.objects.get(part="member").user
        visitor(build.owner_of(home)).post(reverse("resident:stop-acting", args=[member.ref]))
        assert visitor(member).get("/mijn/").url == "/mijn/inschrijven/"


class TestFrontPage:
    def test_counts_nothing_before_the_first_visit(self, client):
        assert "Er zijn nog geen cijfers" in client.get("/").text

    def test_counts_what_was_worked_this_quarter_and_hides_few_people(self, visitor):
        visit = build_work.worked_visit()
        said = visitor(build.user(), at=visit.end_at).get("/").text
        assert "3 uur" in said.split("Onze cijfers van dit kwartaal")[1]
        assert "buren aan het werk" not in said
