"""A coordinator mends a disturbed week through the pages, and moves a visit with the form that the drag sends."""

from datetime import timedelta

import pytest

from identity import clock
from scheduling import replanning
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, Repair, Visit
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return build_work.published_visit()


@pytest.fixture
def client(visitor, visit):
    return visitor(
        build.member("coordinator", where=visit.neighbourhood), at=visit.start_at - timedelta(hours=5)
    )


def made() -> Repair:
    repair = Repair.objects.get()
    return replanning.make(repair.pk, at=clock.now(), stop=lambda: Iterations(60))


def crew(visit):
    return {row.worker for row in visit.assignments.filter(state__in=Assignment.LIVE)}


class TestSickCall:
    def test_shows_proposals_and_one_press_applies(self, client, visit):
        worker = build_work.only(visit).worker
        other = build_work.worker("Vrij")
        said = client.post("/kantoor/planning/ziek/", {"medewerker": worker.ref, "dagen": "1"}, follow=True)
        assert "Wij zoeken de beste oplossingen" in said.content.decode()
        repair = made()
        assert "kies een voorstel" in client.get("/kantoor/planning/").content.decode()

        page = client.get(f"/kantoor/herstel/{repair.ref}/").content.decode()
        assert "Vrij gaat naar Fatma Yilmaz" in page
        assert "minstens nodig als alles doorgaat: 1." in page
        said = client.post(f"/kantoor/voorstel/{repair.proposals.get(rank=1).ref}/doen/", follow=True)

        assert "Dit is gedaan" in said.content.decode()
        assert crew(visit) == {other}

    def test_a_press_too_late_says_so_and_offers_new_ones(self, client, visit):
        worker = build_work.only(visit).worker
        build_work.worker("Vrij")
        client.post("/kantoor/planning/ziek/", {"medewerker": worker.ref, "dagen": "1"})
        proposal = made().proposals.get(rank=1)
        Visit.objects.filter(pk=visit.pk).update(version=9)

        said = client.post(f"/kantoor/voorstel/{proposal.ref}/doen/", follow=True).content.decode()
        assert "Intussen is er iets veranderd bij Fatma Yilmaz" in said
        again = client.post(f"/kantoor/herstel/{proposal.repair.ref}/opnieuw/")
        assert Repair.objects.latest("pk").ref in again.url

    def test_without_work_goes_back_to_the_board(self, client):
        idle = build_work.worker("Vrij")
        said = client.post("/kantoor/planning/ziek/", {"medewerker": idle.ref, "dagen": "1"})
        assert said.url == "/kantoor/planning/"


class TestOtherDoors:
    def test_no_show_goes_to_proposals(self, client, visit):
        clock.shift_to(visit.start_at + timedelta(minutes=20))
        row = build_work.only(visit)
        said = client.post(f"/kantoor/tijden/{row.ref}/", {"niet-gekomen": "1"})
        assert said.url == f"/kantoor/herstel/{Repair.objects.get(cause='no_show').ref}/"

    def test_a_visit_that_is_dropped_gives_its_time_to_who_waits(self, client, visit):
        build.booking(starts=[visit.start_at], at=NOON)
        said = client.post(f"/kantoor/bezoek/{visit.ref}/vervalt/")
        assert said.url == f"/kantoor/herstel/{Repair.objects.get(cause='cancelled').ref}/"

    def test_a_short_crew_and_a_booking_without_a_visit(self, client, visit):
        Assignment.objects.filter(visit=visit).update(state=Assignment.State.DECLINED)
        assert "Maak voorstellen" in client.get("/kantoor/planning/").content.decode()
        client.post("/kantoor/herstel/vragen/", {"bezoek": [visit.ref]})
        waiting = build.booking(starts=[visit.start_at], at=NOON)
        assert "Zoek nu een plaats" in client.get(f"/kantoor/afspraak/{waiting.ref}/waarom/").content.decode()
        client.post("/kantoor/herstel/vragen/", {"afspraak": waiting.ref})
        assert list(Repair.objects.order_by("pk").values_list("cause", flat=True)) == ["short", "urgent"]

    def test_a_client_who_is_late(self, client, visit):
        said = client.post(f"/kantoor/bezoek/{visit.ref}/later/", {"thuis": "11:30"}, follow=True)
        assert "later thuis" in said.content.decode()
        assert (
            made().proposals.get(rank=1).moves[0]["after"]["start"]
            == (visit.start_at + timedelta(minutes=90)).isoformat()
        )
        said = client.post(f"/kantoor/bezoek/{visit.ref}/later/", {"thuis": "ooit"}, follow=True)
        assert "Vul een tijd in" in said.content.decode()


class TestMove:
    def form(self, visit, **facts):
        row = build_work.only(visit)
        return {"versie": visit.version, "van": row.worker.ref, "naar": "", "tijd": "10:00", **facts}

    def test_to_another_worker(self, client, visit):
        other = build_work.worker("Ander")
        assert "Ander" in client.get(f"/kantoor/bezoek/{visit.ref}/verzetten/").content.decode()
        client.post(f"/kantoor/bezoek/{visit.ref}/verzetten/", self.form(visit, naar=other.ref))
        assert crew(visit) == {other}

    def test_a_refusal_says_the_rule_and_keeps_what_was_typed(self, client, visit):
        short = build_work.worker("Kort", week_minutes=120, wanted_minutes=60)
        form = self.form(visit, naar=short.ref, tijd="11:15")
        said = client.post(f"/kantoor/bezoek/{visit.ref}/verzetten/", form).content.decode()
        assert "Kort zou in de week 180 minuten" in said
        assert 'value="11:15"' in said
        assert f'value="{short.ref}" selected' in said
        dragged = client.post(f"/kantoor/bezoek/{visit.ref}/verzetten/", form | {"bord": "1"}, follow=True)
        assert dragged.redirect_chain[0][0] == "/kantoor/planning/?dag=2026-11-09"
        assert "Kort zou in de week 180 minuten" in dragged.content.decode()
