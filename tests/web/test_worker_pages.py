"""A worker comes, goes, answers and calls in sick through the pages."""

from datetime import timedelta

import pytest

from scheduling.models import Assignment
from tests import build, build_work
from tests.build import NOON
from workers_pool.models import Absence

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return build_work.only(build_work.published_visit())


@pytest.fixture
def client(visitor, row):
    return visitor(row.worker.user, at=row.visit.start_at)


def test_comes_and_goes_by_one_big_button(visitor, client, row):
    assert "Ik ben er" in client.get("/werk/").content.decode()
    client.post(f"/werk/{row.ref}/ik-ben-er/")
    later = visitor(row.worker.user, at=row.visit.start_at + timedelta(hours=3))
    later.post(f"/werk/{row.ref}/klaar/")
    row.refresh_from_db()
    assert row.recorded_minutes in {179, 180, 181}
    assert "Ik ben er" not in later.get("/werk/").content.decode()


def test_cannot_leave_before_coming(client, row):
    said = client.post(f"/werk/{row.ref}/klaar/", follow=True)
    assert "U bent nog niet aangemeld" in said.content.decode()
    row.refresh_from_db()
    assert row.recorded_minutes is None


def test_the_visit_of_a_colleague_does_not_exist(visitor, row):
    colleague = build_work.worker("Piet V.")
    assert (
        visitor(colleague.user, at=row.visit.start_at).post(f"/werk/{row.ref}/ik-ben-er/").status_code == 404
    )
    row.refresh_from_db()
    assert row.checked_in_at is None


@pytest.mark.parametrize(("said", "state"), [("ja", "assigned"), ("nee", "declined")])
def test_takes_or_leaves_an_offer(visitor, said, state):
    row = build_work.only(build_work.published_visit(at=NOON + timedelta(days=5)))
    assert row.state == Assignment.State.OFFERED
    client = visitor(row.worker.user, at=NOON + timedelta(days=5))
    assert "Kunt u dit doen?" in client.get("/werk/").content.decode()
    client.post(f"/werk/{row.ref}/antwoord/", {"takes": said})
    row.refresh_from_db()
    assert row.state == state


def test_calls_in_sick_and_is_expected_nowhere(visitor, row):
    visitor(row.worker.user, at=row.visit.start_at - timedelta(hours=2)).post("/werk/ziek/", {"days": "1"})
    row.refresh_from_db()
    assert row.state == Assignment.State.WITHDRAWN
    assert Absence.objects.filter(worker=row.worker).count() == 1


@pytest.mark.parametrize("path", ["/werk/", "/werk/week/", "/werk/loon/", "/werk/ziek/"])
def test_these_pages_are_for_workers(visitor, client, path):
    assert client.get(path).status_code == 200
    assert visitor(build.owner_of(build.customer())).get(path).status_code == 404
