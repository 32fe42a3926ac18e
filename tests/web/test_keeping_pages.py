"""'What do I keep?' on its pages: the worker's own, payroll's, and nobody else's."""

from datetime import date

import pytest

from events.models import Event
from subsidies import keeping
from subsidies.keeping import Facts
from tests import build, build_pay, build_work
from tests.build import NOON
from tests.subsidies.claimed import AT, paid

pytestmark = pytest.mark.django_db
SAID = {"household": "single", "started_on": "2026-10-01"}


@pytest.fixture
def worker():
    made = build_work.worker("Samira B.")
    build_pay.worker_file(made)
    return made


def test_payroll_writes_it_down_and_both_see_the_estimate(visitor, worker):
    office = visitor(build.member("payroll"), at=NOON)
    here = f"/kantoor/uitkering/{worker.ref}/"
    assert "Vul de eerste maand in" in office.post(here, {"household": "single"}).content.decode()
    office.post(here, SAID)

    assert "Blijft over van die uren" in office.get(here, {"uren": "10"}).content.decode()
    assert Event.objects.filter(kind="wagevalue.read").count() == 2, "a page with a refused form was read too"
    assert "Samira" not in str(list(Event.objects.filter(kind="benefit.noted").values()))
    own = visitor(worker.user, at=NOON).get("/werk/houden/", {"uren": "10"}).content.decode()
    assert "10 uur" in own
    assert "Dit is een schatting" in own


def test_somebody_of_whom_nothing_is_known_is_told_whom_to_ask(visitor, worker):
    text = visitor(worker.user, at=NOON).get("/werk/houden/").content.decode()
    assert "Uw coördinator ziet dit niet" in text


@pytest.mark.parametrize("known", [True, False])
def test_an_offer_says_what_stays_before_it_is_taken_and_to_the_worker_only(visitor, known):
    visit = build_work.published_visit()
    row = visit.assignments.get()
    row.state = "offered"
    row.save()
    build_pay.worker_file(row.worker)
    if known:
        keeping.note(row.worker_id, Facts("single", date(2026, 10, 1)), by=build.user(), at=NOON)

    text = visitor(row.worker.user, at=NOON).get("/werk/").content.decode()
    assert ("U houdt daarvan ongeveer over" in text) is known
    planner = visitor(build.member("coordinator", where=visit.neighbourhood), at=NOON)
    for path in (
        "/kantoor/planning/",
        f"/kantoor/medewerkers/{row.worker.ref}/",
        f"/kantoor/bezoek/{visit.ref}/vervangen/",
    ):
        assert "itkering" not in planner.get(path).content.decode()


def test_the_hours_of_a_month_as_a_file_for_the_town_and_for_the_worker(visitor, worker):
    officer = build.member("payroll")
    paid(officer, date(2026, 11, 1), 17, worker=_with_file(worker))
    office = visitor(officer, at=AT)
    assert "Van niemand" in office.get("/kantoor/uitkering/", {"maand": "2026-11"}).content.decode()
    keeping.note(worker.pk, Facts("single", date(2026, 10, 1)), by=officer, at=AT)

    rows = (
        office.get("/kantoor/uitkering/", {"maand": "2026-11", "vorm": "csv"}).content.decode().splitlines()
    )
    assert rows[1].startswith(f"{worker.ref};Samira B.;2026-11;180;")
    assert office.get("/kantoor/uitkering/", {"maand": "nu"}).status_code == 200
    own = visitor(worker.user, at=AT).get("/werk/houden/", {"vorm": "csv"}).content.decode().splitlines()
    assert own[1].startswith("2026-11;180;")


def _with_file(worker):
    worker.has_file = True
    return worker
