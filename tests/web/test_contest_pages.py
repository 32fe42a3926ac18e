"""A worker sees why, says in one tap that they do not agree, and reads the answer of somebody else than the planner."""

from datetime import timedelta

import pytest

from scheduling import publishing
from scheduling.models import Assignment, Contest, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db
QUEUE = "/kantoor/niet-eens/"


@pytest.fixture
def planner():
    return build.member("coordinator", where=build.neighbourhood())


@pytest.fixture
def row(planner):
    build_work.worker()
    build_work.worker("Piet Verhulst")
    booking = build.booking()
    publishing.publish(build_work.plan().pk, by=planner, at=NOON)
    return Visit.objects.get(booking=booking).assignments.get()


@pytest.fixture
def reviewer(row):
    return build.member("coordinator", where=build.neighbourhood())


def test_one_tap_an_answer_and_the_worker_reads_it(visitor, row, reviewer):
    why, worker = f"/werk/{row.ref}/waarom/", visitor(row.worker.user)
    assert why in worker.get("/werk/week/").content.decode()
    shown = worker.get(why).content.decode()
    assert "minuten van huis" in shown
    other = "Piet Verhulst" if row.worker.user.name != "Piet Verhulst" else "Samira B."
    assert other not in shown
    said = worker.post(why, {"words": ""}, follow=True).content.decode()
    assert f"{reviewer.name} kijkt hiernaar." in said
    assert "Ik ben het er niet mee eens</button>" not in said

    office, made = visitor(reviewer), Contest.objects.get()
    assert "(1)" in office.get("/kantoor/planning/").content.decode()
    assert row.worker.user.name in office.get(QUEUE).content.decode()
    office.post(f"{QUEUE}{made.ref}/", {"keeps": "nee", "words": "Wij zoeken een ander."})
    assert f"/kantoor/bezoek/{row.visit.ref}/verzetten/" in office.get(QUEUE).content.decode()
    assert "Het wordt anders" in (read := visitor(row.worker.user).get(why).content.decode())
    assert "Wij zoeken een ander." in read
    assert Assignment.objects.get(pk=row.pk).state == row.state


def test_who_made_the_plan_sees_it_and_gets_no_form(visitor, row, planner, reviewer):
    visitor(row.worker.user).post(f"/werk/{row.ref}/waarom/", {})
    made, office = Contest.objects.get(), visitor(planner)
    assert "Geef antwoord</button>" not in office.get(f"{QUEUE}{made.ref}/").content.decode()
    said = office.post(f"{QUEUE}{made.ref}/", {"keeps": "ja", "words": "Zo is het."}).content.decode()
    assert "Iemand anders moet kijken" in said
    assert Contest.objects.get().state == "open"


def test_an_answer_without_words_keeps_the_choice(visitor, row, reviewer):
    visitor(row.worker.user).post(f"/werk/{row.ref}/waarom/", {})
    said = visitor(reviewer).post(f"{QUEUE}{Contest.objects.get().ref}/", {"keeps": "ja", "words": ""})
    assert "checked" in said.content.decode()
    assert Contest.objects.get().state == "open"


def test_what_is_late_says_so(visitor, row, reviewer):
    visitor(row.worker.user).post(f"/werk/{row.ref}/waarom/", {})
    assert "te laat" not in visitor(reviewer).get(QUEUE).content.decode()
    assert "te laat" in visitor(reviewer, at=NOON + timedelta(days=4)).get(QUEUE).content.decode()


def test_too_late_says_so(visitor, row):
    worker = visitor(row.worker.user, at=row.visit.start_at)
    said = worker.post(f"/werk/{row.ref}/waarom/", {"words": "Mijn reden"}).content.decode()
    assert "al begonnen of gaat niet door" in said
    assert not Contest.objects.exists()


def test_the_visit_of_another_does_not_exist(visitor, row):
    other = build_work.worker("Ander")
    assert visitor(other.user).post(f"/werk/{row.ref}/waarom/", {}).status_code == 404
    assert not Contest.objects.exists()


def test_too_few_hours_are_contested_and_show_ones_own_place(visitor, row, reviewer):
    mine, colleagues = build_work.worker("Weinig"), [build_work.worker(f"Geheim {n}") for n in range(2)]
    for back in (1, 2):
        build_work.worked_before(mine, MONDAY - back * timedelta(weeks=1), minutes=600)
        for colleague in colleagues:
            build_work.worked_before(colleague, MONDAY - back * timedelta(weeks=1), minutes=1800)
    worker, here = visitor(mine.user, at=NOON + timedelta(days=6)), f"/werk/uren/{MONDAY}/"
    # the pool: two who did nothing, one a third of 30 hours, two all of it
    shown = visitor(mine.user, at=NOON + timedelta(days=7)).get(here).content.decode()
    assert "U kreeg 33% van wat u wilde." in shown
    assert "In het midden van de buurt is dat 33%." in shown
    assert "Geheim" not in shown
    said = worker.post(here, {"words": "Ik wil meer."}, follow=True).content.decode()
    assert "U schreef: Ik wil meer." in said
    assert (made := Contest.objects.get()).assignment is None
    assert "te weinig uren" in visitor(reviewer).get(f"{QUEUE}{made.ref}/").content.decode()


@pytest.mark.parametrize("day", ["2026-11-10", "nooit", "2031-01-06"])
def test_no_other_day_than_a_monday_near_this_one(visitor, row, day):
    assert visitor(row.worker.user).get(f"/werk/uren/{day}/").status_code == 404
