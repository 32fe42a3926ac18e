"""Complaints through their doors: a resident writes, the desk writes down, QA answers."""

from datetime import timedelta

import pytest

from quality import complaints
from quality.models import Complaint
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=20)
MINE, QUALITY = "/mijn/klacht/", "/kantoor/kwaliteit/"


@pytest.fixture
def visit():
    return build_work.worked_visit()


@pytest.fixture
def resident(visitor, visit):
    return visitor(build.owner_of(visit.booking.customer), at=LATER)


@pytest.fixture
def qa(visitor, visit):
    return visitor(build.member("qa", where=visit.neighbourhood), at=LATER)


def opened(visit, words="De bel doet het niet.", **facts) -> Complaint:
    facts = {"customer_id": visit.booking.customer_id, "visit_id": visit.pk, **facts}
    return complaints.open_complaint(
        neighbourhood_id=visit.neighbourhood_id, words=words, by=build.user("Ria B."), at=NOON, **facts
    )


class TestResident:
    def test_writes_about_a_visit_and_reads_the_answer(self, resident, qa, visit):
        form = resident.get(f"{MINE}?bezoek={visit.ref}").text
        assert f'value="{visit.ref}" selected' in form

        said = resident.post(MINE, {"words": "De deur bleef open.", "visit": visit.ref}, follow=True).text
        row = Complaint.objects.get()
        assert (row.words, row.visit, row.customer) == ("De deur bleef open.", visit, visit.booking.customer)
        assert "Wij geven u antwoord" in said
        assert "wacht op antwoord" in said

        qa.post(f"{QUALITY}klacht/{row.ref}/", {"words": "Wij spraken met Sam."})
        said = resident.get(MINE).text
        assert "Wij spraken met Sam." in said
        assert "wacht op antwoord" not in said

    def test_may_be_about_no_visit(self, resident, visit):
        resident.post(MINE, {"words": "De brief kwam laat.", "visit": ""})
        row = Complaint.objects.get()
        assert (row.visit, row.neighbourhood) == (None, visit.neighbourhood)

    def test_without_words_nothing_is_sent_and_the_visit_stays_chosen(self, resident, visit):
        said = resident.post(MINE, {"words": "  ", "visit": visit.ref}).text
        assert "Schrijf in een paar woorden wat er is." in said
        assert f'value="{visit.ref}" selected' in said
        assert not Complaint.objects.exists()

    def test_another_customers_visit_and_complaint_are_not_there(self, visitor, visit):
        opened(visit, words="Alleen voor de buurman.")
        other = visitor(build.owner_of(build.customer()), at=LATER)
        assert "Alleen voor de buurman." not in other.get(MINE).text
        other.post(MINE, {"words": "Hallo", "visit": visit.ref})
        assert Complaint.objects.count() == 1

    def test_the_page_of_wrong_hours_shows_the_way_here(self, resident, visit):
        assert f"{MINE}?bezoek={visit.ref}" in resident.get(f"/mijn/bezoek/{visit.ref}/klopt-niet/").text
        assert MINE in resident.get("/mijn/").text


class TestDesk:
    @pytest.mark.parametrize("role", ["desk", "coordinator"])
    def test_writes_down_what_a_caller_says(self, visitor, visit, role):
        customer = visit.booking.customer
        member = build.member(role, where=visit.neighbourhood)
        desk = visitor(member, at=LATER)
        address = f"/kantoor/klanten/{customer.ref}/klacht/"
        assert address in desk.get("/kantoor/klanten/", {"q": customer.name}).text

        said = desk.post(address, {"words": "Er was lawaai.", "visit": ""}, follow=True).text

        row = Complaint.objects.get()
        assert (row.customer, row.words, row.opened_by) == (customer, "Er was lawaai.", member)
        assert "Kwaliteit geeft antwoord" in said

    def test_keeps_the_words_when_the_visit_is_somebody_elses(self, visitor, visit):
        desk = visitor(build.member("desk", where=visit.neighbourhood), at=LATER)
        customer = build.customer()
        said = desk.post(
            f"/kantoor/klanten/{customer.ref}/klacht/", {"words": "Er was lawaai.", "visit": visit.ref}
        ).text
        assert "Er was lawaai.</textarea>" in said
        assert not Complaint.objects.exists()


class TestQuality:
    def test_shows_who_waits_and_answers_once(self, qa, visit):
        row = opened(visit)
        page = qa.get(QUALITY).text
        assert "De bel doet het niet." in page
        assert "opgeschreven door Ria B." in page

        said = qa.post(f"{QUALITY}klacht/{row.ref}/", {"words": "De bel is gemaakt."}, follow=True).text
        assert "Er wacht geen klacht op antwoord." in said
        assert "De bel is gemaakt." in said

        again = qa.post(f"{QUALITY}klacht/{row.ref}/", {"words": "Nog iets."})
        row.refresh_from_db()
        assert row.answer == "De bel is gemaakt."
        assert again.status_code == 200

    def test_an_answer_needs_words(self, qa, visit):
        row = opened(visit)
        assert "Schrijf een antwoord." in qa.post(f"{QUALITY}klacht/{row.ref}/", {"words": " "}).text
        row.refresh_from_db()
        assert row.closed_at is None

    def test_a_complaint_of_nobody_we_know_is_shown_too(self, qa, visit):
        opened(visit, customer_id=None, visit_id=None)
        assert "Iemand uit de wijk" in qa.get(QUALITY).text

    def test_another_neighbourhoods_complaint_is_not_there(self, visitor, visit):
        row = opened(visit)
        far = visitor(build.member("qa", where=build.neighbourhood("Noord")), at=LATER)
        assert "De bel doet het niet." not in far.get(QUALITY).text
        assert far.post(f"{QUALITY}klacht/{row.ref}/", {"words": "Nee."}).status_code == 404
