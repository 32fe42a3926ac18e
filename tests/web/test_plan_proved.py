"""A plan says what nobody could have served, when that is proved, and says nothing else of the kind."""

import pytest

from tests import build, build_work

pytestmark = pytest.mark.django_db
SENTENCE = "Minstens zoveel kon niemand doen"


@pytest.fixture
def client(visitor):
    return visitor(build.member("coordinator", where=build.neighbourhood()))


def shown(client, plan):
    return client.get(f"/kantoor/rooster/{plan.ref}/").content.decode()


def test_two_visits_at_one_time_are_one_too_many_for_one_worker(client):
    build_work.worker()
    build.booking(minutes=180)
    build.booking(minutes=120)
    plan = build_work.plan()
    assert (plan.figures["unserved_minutes"], plan.figures["unserved_at_least"]) == (120, 120)
    page = shown(client, plan)
    assert f"{SENTENCE}, hoe het rooster ook is: 2 uur." in page
    assert "Meer hulp geven kan dus niet." in page
    assert "Minstens 1 plek kon niemand vullen." in page


def test_a_plan_of_which_nothing_is_proved_says_nothing(client):
    build_work.worker()
    build.booking()
    page = shown(client, build_work.plan())
    assert SENTENCE not in page
    assert "kon niemand vullen" not in page
