"""The set-up list and its pages: what is typed is kept, what is wrong is said, and the list grows shorter."""

import pytest
from django.urls import reverse
from django.utils import translation

from identity.models import Municipality, Neighbourhood, Organisation, Postcode, RoleAsked
from marketplace.models import Service
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(visitor):
    return visitor(build.member("admin"))


def test_each_point_leads_to_the_page_that_fills_it(admin):
    said = admin.get("/kantoor/inrichten/").text
    for name in ("organisation", "towns", "places", "services", "staff"):
        assert f'href="{reverse(f"office:set-up-{name}")}"' in said
    assert "De eerste boeking: nog" in said


def test_from_nothing_to_an_organisation_that_can_be_booked(admin):
    admin.post(
        "/kantoor/inrichten/organisatie/", {"name": "De Linde", "kvk": "12345678", "phone": "076 1234567"}
    )
    admin.post("/kantoor/inrichten/gemeenten/", {"name": "Breda"})
    admin.post(
        "/kantoor/inrichten/buurten/", {"name": "Geeren", "municipality": Municipality.objects.get().ref}
    )
    where = Neighbourhood.objects.get()
    admin.post(
        f"/kantoor/inrichten/buurten/{where.ref}/", {"text": "4818 CK; Lindestraat\n4818 CL; Vlierhof"}
    )
    admin.post("/kantoor/inrichten/diensten/", {"gewoon": "1"})
    admin.post(
        "/kantoor/inrichten/mensen/",
        {"name": "Samira", "email": "samira@example.org", "role": "coordinator", "neighbourhood": where.ref},
    )

    said = admin.get("/kantoor/inrichten/").text

    assert "Dit houdt tegen: de eerste boeking" not in said
    assert Postcode.objects.count() == 2
    assert Organisation.objects.get().name == "De Linde"


class TestBadInput:
    def test_a_wrong_account_number_is_said_beside_it_and_everything_typed_is_kept(self, admin):
        typed = {"name": "De Linde", "iban": "NL00FOUT0123456789", "street": "Lindestraat"}
        said = admin.post("/kantoor/inrichten/organisatie/", typed)
        assert said.status_code == 200
        assert "Dit rekeningnummer (IBAN) klopt niet" in said.text
        assert all(f'value="{text}"' in said.text for text in typed.values())
        assert not Organisation.objects.exists()

    def test_a_fault_in_a_pasted_list_names_its_line_and_keeps_the_list(self, admin):
        where = build.neighbourhood()
        said = admin.post(f"/kantoor/inrichten/buurten/{where.ref}/", {"text": "4818 CK; Lindestraat\nniets"})
        assert "Regel 2: niets is geen postcode" in said.text
        assert "4818 CK; Lindestraat\nniets" in said.text
        assert not Postcode.objects.exists()

    def test_a_town_that_is_there_is_not_added_again(self, admin):
        build.municipality()
        assert (
            "Deze gemeente staat er al" in admin.post("/kantoor/inrichten/gemeenten/", {"name": "Breda"}).text
        )

    @pytest.mark.parametrize(
        "typed", [{}, {"name": "A", "email": "geen adres", "role": "desk"}, {"role": "worker"}]
    )
    def test_an_invitation_without_who_or_what_invites_nobody(self, admin, typed):
        assert admin.post("/kantoor/inrichten/mensen/", typed).status_code == 200

    def test_markup_in_a_name_is_shown_as_text(self, admin):
        admin.post("/kantoor/inrichten/gemeenten/", {"name": "<b>Breda</b>"})
        assert "&lt;b&gt;Breda" in admin.get("/kantoor/inrichten/gemeenten/").text


class TestStaff:
    def test_a_second_person_agrees_to_a_money_role(self, admin, visitor):
        treasurer = build.member("treasurer")
        admin.post(
            "/kantoor/inrichten/mensen/", {"name": "Piet", "email": "p@example.org", "role": "payroll"}
        )
        asked = RoleAsked.objects.get()
        answer = reverse("office:answer-role", args=[asked.ref])
        admin.post(answer, {"akkoord": "ja"})
        asked.refresh_from_db()
        assert asked.answered_at is None, "who asked cannot agree"
        second = visitor(treasurer)
        assert "Piet" in second.get("/kantoor/inrichten/mensen/").text
        second.post(answer, {"akkoord": "ja"})
        asked.refresh_from_db()
        assert asked.agreed

    def test_a_treasurer_sees_the_page_and_invites_nobody(self, visitor):
        client = visitor(build.member("treasurer"))
        said = client.post(
            "/kantoor/inrichten/mensen/", {"name": "A", "email": "a@example.org", "role": "desk"}
        )
        assert "Nodig iemand uit" not in said.text
        assert "a@example.org" not in client.get("/kantoor/inrichten/mensen/").text

    def test_a_role_ends(self, admin):
        desk = build.member("desk")
        admin.post(reverse("office:end-role", args=[desk.ref, "desk"]))
        assert desk.email not in admin.get("/kantoor/inrichten/mensen/").text


def test_secrets_stay_in_the_environment(admin, settings):
    settings.STRIPE_SECRET_KEY, settings.CARD_PAYMENT = "sk_live_geheim", True
    said = admin.get("/kantoor/inrichten/buiten/").text
    assert "STRIPE_SECRET_KEY" in said
    assert "sk_live_geheim" not in said


def test_a_service_is_switched_off_and_on(admin):
    admin.post("/kantoor/inrichten/diensten/", {"gewoon": "1"})
    admin.post("/kantoor/inrichten/diensten/", {"dienst": "cleaning", "aan": "nee"})
    assert not Service.objects.get(code="cleaning").active
    admin.post("/kantoor/inrichten/diensten/", {"dienst": "cleaning", "aan": "ja"})
    assert Service.objects.get(code="cleaning").active


def test_english_is_there_too(admin):
    with translation.override("nl"):  # and back to it afterwards: the page leaves its language behind
        said = admin.get("/kantoor/inrichten/", headers={"Accept-Language": "en"}).text
    assert "What still has to be done?" in said
