"""A coordinator plans, publishes, replaces and closes through the pages."""

from datetime import timedelta

import pytest

from scheduling.models import Assignment, ClosedWeek, Plan, Visit
from tests import build, build_work
from tests.build import NOON
from web.office import board

pytestmark = pytest.mark.django_db
BOARD = "/kantoor/planning/"


@pytest.fixture
def coordinator():
    return build.member("coordinator", where=build.neighbourhood())


@pytest.fixture
def client(visitor, coordinator):
    return visitor(coordinator)


class TestBoard:
    def test_puts_a_visit_as_wide_as_it_is_long(self, client):
        visit = build_work.published_visit()
        said = client.get(f"{BOARD}?dag=2026-11-09")
        (line,) = said.context["lines"]
        assert [(cell.span, len(cell.rows)) for cell in line.cells] == [(12, 0), (12, 1), (36, 0)]
        assert line.cells[1].rows[0].visit == visit
        assert sum(cell.span for cell in line.cells) == board.QUARTERS

    def test_is_a_list_too(self, client):
        visit = build_work.published_visit()
        said = client.get(f"{BOARD}?dag=2026-11-09&weergave=lijst").content.decode()
        assert build_work.only(visit).worker.user.name in said
        assert "<table" not in said

    @pytest.mark.parametrize("day", ["", "gisteren", "9999-12-31", "0001-01-01"])
    def test_shows_some_day_whatever_was_asked(self, client, day):
        assert client.get(f"{BOARD}?dag={day}").status_code == 200

    def test_of_another_neighbourhood_shows_nobody(self, visitor):
        build_work.published_visit()
        stranger = visitor(build.member("coordinator", where=build.neighbourhood("Noord")))
        assert stranger.get(f"{BOARD}?dag=2026-11-09").context["lines"] == []


def row_at(start, end):
    """An assignment that only knows when it is."""
    day = NOON.replace(hour=0)
    visit = Visit(
        start_at=day + timedelta(hours=start - 1), end_at=day + timedelta(hours=end - 1)
    )  # Breda is an hour ahead
    return Assignment(visit=visit, state=Assignment.State.ASSIGNED)


@pytest.mark.parametrize(
    "hours", [[(5, 8)], [(21, 23)], [(21, 22), (22, 23)], [(7, 22)], [(9, 12), (10, 11)], [(5, 6), (6, 7)]]
)
def test_a_day_is_always_as_wide_as_the_head(hours):
    cells = board.cells_of([row_at(*one) for one in hours])
    assert sum(cell.span for cell in cells) == board.QUARTERS
    assert sum(len(cell.rows) for cell in cells) == len(hours)
    assert all(cell.span > 0 for cell in cells)


class TestPlan:
    def test_is_asked_and_published(self, client):
        where = build.neighbourhood()
        said = client.post(f"{BOARD}maken/", {"buurt": where.ref, "maandag": "2026-11-09"}, follow=True)
        asked = Plan.objects.get()
        assert asked.state == Plan.State.ASKED
        assert "Stop nu, bewaar dit" in said.content.decode()
        again = client.post(f"{BOARD}maken/", {"buurt": where.ref, "maandag": "2026-11-09"}, follow=True)
        assert "Er wordt al een rooster gemaakt" in again.content.decode()
        client.post(f"/kantoor/rooster/{asked.ref}/stoppen/")
        build_work.worker()
        build.booking()
        draft = build_work.plan()
        assert "Publiceer" in client.get(f"{BOARD}?dag=2026-11-09").content.decode()
        said = client.post(f"{BOARD}{draft.ref}/publiceren/")
        assert said.url.endswith("?dag=2026-11-09")
        assert Visit.objects.count() == 1

    def test_published_twice_is_refused_in_words(self, client):
        build_work.published_visit()
        said = client.post(f"{BOARD}{Plan.objects.get().ref}/publiceren/", follow=True)
        assert "geen concept" in said.content.decode()

    def test_says_why_a_booking_is_not_placed(self, client):
        build.booking()
        reason = build_work.plan().unassigned.get().reason_nl
        assert reason in client.get(f"{BOARD}?dag=2026-11-09").content.decode()

    def test_of_another_neighbourhood_is_not_published(self, visitor):
        build_work.worker()
        build.booking()
        draft = build_work.plan()
        stranger = visitor(build.member("coordinator", where=build.neighbourhood("Noord")))
        assert stranger.post(f"{BOARD}{draft.ref}/publiceren/").status_code == 404
        assert not Visit.objects.exists()

    def test_of_no_week_is_not_found(self, client):
        where = build.neighbourhood()
        for act in ("maken", "week-afsluiten"):
            assert client.post(f"{BOARD}{act}/", {"buurt": where.ref, "maandag": "ooit"}).status_code == 404


class TestOnePlan:
    def page(self, client, plan, more=""):
        return client.get(f"/kantoor/rooster/{plan.ref}/{more}").content.decode()

    def test_that_failed_says_what_to_do(self, client):
        plan = build_work.planning.ask(
            build.neighbourhood().pk, monday=build_work.MONDAY, seconds=1, seed=1, by=build.user(), at=NOON
        )
        build_work.planning.fail(plan.pk, why=build_work.planning.KILLED, at=NOON)
        assert "Wat er al stond, is niet veranderd" in self.page(client, plan)

    def test_is_compared_with_what_stands_part_by_part(self, client):
        build_work.worker()
        build.booking()
        draft = build_work.plan()
        said = self.page(client, draft, "vergelijken/")
        assert "is beter" in said
        assert "Reistijd" in said
        other = build_work.plan()
        assert "even goed" in self.page(client, other, f"vergelijken/?met={draft.ref}")

    def test_a_publication_is_taken_back_while_nobody_acted_on_it(self, visitor, coordinator):
        visit = build_work.published_visit()
        plan = visit.plan
        client = visitor(coordinator, at=NOON + timedelta(minutes=10))
        assert "Draai het publiceren terug" in self.page(client, plan)
        client.post(f"/kantoor/rooster/{plan.ref}/terugdraaien/")
        visit.refresh_from_db()
        assert (visit.state, visit.booking.state, build_work.only(visit).state) == (
            "cancelled",
            "requested",
            "withdrawn",
        )
        assert "Terugdraaien kan" not in self.page(client, plan)


class TestReasons:
    def page(self, client, booking, **query):
        return client.get(f"/kantoor/afspraak/{booking.ref}/waarom/", query).content.decode()

    def test_of_a_booking_without_anybody_say_who_and_what_helps(self, client):
        build_work.worker("Piet V.", windows=[(0, 11 * 60, 20 * 60)])
        booking = build.booking()
        said = self.page(client, booking, rooster=build_work.plan().ref)
        assert "Piet V. is niet beschikbaar van maandag 10:00 tot maandag 13:00." in said
        assert "het bezoek 60 minuten later begint" in said

    def test_why_one_and_not_the_other(self, client):
        one, other = build_work.worker(), build_work.worker("Piet V.", home=build.address(x=2000))
        booking = build.booking()
        said = self.page(client, booking, rooster=build_work.plan().ref, wel=one.ref, niet=other.ref)
        assert "Piet V. kan ook" in said
        assert "+20 minuten reistijd" in said
        assert "deze klant Piet V. al kende" in said

    def test_what_was_promised_weighs_more_than_any_wish(self, client):
        visit = build_work.published_visit()
        one, other = build_work.only(visit).worker, build_work.worker("Piet V.", home=build.address(x=2000))
        said = self.page(client, visit.booking, wel=one.ref, niet=other.ref)
        assert "+1 beloften die anders worden" in said
        assert "niets kleins" in said


class TestBadDay:
    def test_a_sick_worker_is_replaced_by_who_may_go(self, visitor, coordinator):
        visit = build_work.published_visit()
        lost, other = build_work.only(visit), build_work.worker("Piet V.")
        client = visitor(coordinator, at=visit.start_at - timedelta(hours=2))
        client.post(f"{BOARD}ziek/", {"medewerker": lost.worker.ref, "dagen": "1"})
        assert f"/kantoor/bezoek/{visit.ref}/vervangen/" in client.get(BOARD).content.decode()
        said = client.get(f"/kantoor/bezoek/{visit.ref}/vervangen/")
        assert [candidate.worker for candidate in said.context["candidates"]] == [other]
        client.post(f"/kantoor/bezoek/{visit.ref}/vervangen/", {"medewerker": other.ref})
        assert visit.assignments.get(worker=other).state == Assignment.State.OFFERED

    def test_days_that_are_no_number_are_one_day(self, visitor, coordinator):
        visit = build_work.published_visit()
        client = visitor(coordinator, at=visit.start_at - timedelta(hours=2))
        worker = build_work.only(visit).worker
        assert client.post(f"{BOARD}ziek/", {"medewerker": worker.ref, "dagen": "veel"}).status_code == 302

    def test_who_did_not_come_is_noted(self, visitor, coordinator):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        visitor(coordinator, at=visit.start_at + timedelta(minutes=30)).post(
            f"/kantoor/tijden/{row.ref}/", {"niet-gekomen": "1"}
        )
        row.refresh_from_db()
        assert row.state == Assignment.State.NO_SHOW

    def test_times_by_hand_are_kept_when_refused(self, visitor, coordinator):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        client = visitor(coordinator, at=visit.end_at + timedelta(hours=1))
        said = client.post(f"/kantoor/tijden/{row.ref}/", {"van": "12:00", "tot": "10:00"})
        assert 'value="12:00"' in said.content.decode()
        client.post(f"/kantoor/tijden/{row.ref}/", {"van": "10:05", "tot": "13:00"})
        row.refresh_from_db()
        assert row.recorded_minutes == 175

    def test_a_week_is_closed(self, visitor, coordinator):
        visit = build_work.worked_visit()
        client = visitor(coordinator, at=NOON + timedelta(days=14))
        client.post(f"{BOARD}week-afsluiten/", {"buurt": visit.neighbourhood.ref, "maandag": "2026-11-09"})
        assert ClosedWeek.objects.filter(neighbourhood=visit.neighbourhood).count() == 1
