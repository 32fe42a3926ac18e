"""The page of the ladder, and the one that asks where somebody went."""

from datetime import date

import pytest

from books import outcomes
from events.models import Event
from kernel.periods import Period
from subsidies.models import LadderStep, Outflow
from tests import build, build_work
from tests.build import NOON
from workers_pool.models import Worker

pytestmark = pytest.mark.django_db
HERE = "/kantoor/meten/"


@pytest.fixture
def office(visitor):
    return visitor(build.member("payroll"), at=NOON)


def test_one_press_measures_everybody_and_what_differs_is_changed(office):
    one, other = build_work.worker("Samira B."), build_work.worker("Piet J.")
    page = office.get(HERE).content.decode()
    assert "Samira B." in page
    assert "6 betaald werk zonder steun" in page

    wrong = office.post(HERE, {one.ref: "3", other.ref: "9"}).content.decode()
    assert not LadderStep.objects.exists()
    assert '<option value="3" selected' in wrong, "what was chosen stays"

    office.post(HERE, {one.ref: "3", other.ref: "6"})

    assert set(LadderStep.objects.values_list("worker", "step")) == {(one.pk, 3), (other.pk, 6)}
    assert "Iedereen is het afgelopen half jaar gemeten" in office.get(HERE).content.decode()
    assert Event.objects.filter(kind="wagevalue.read").count() == 3


def test_where_somebody_went_makes_the_figure_of_the_town(office):
    worker = build_work.worker("Samira B.")
    here = f"{HERE}{worker.ref}/"
    facts = {
        "work_from_on": "2026-03-10",
        "work_months": "12",
        "wage_not_lower": "on",
        "proof": "contract gezien",
    }
    assert "werkt hier nog" in office.post(here, facts).content.decode()

    Worker.objects.filter(pk=worker.pk).update(left_on=date(2026, 3, 1))
    assert "Samira B." in office.get(HERE).content.decode()
    bad = office.post(here, {**facts, "work_months": "lang"}).content.decode()
    assert 'value="lang"' in bad
    office.post(here, facts)

    assert outcomes.is_work(Outflow.objects.get(), date(2026, 3, 1))
    assert outcomes.of(Period(date(2026, 1, 1), date(2027, 1, 1)), on=date(2027, 1, 1)).left.total is None
    assert "weten wij waarheen" in office.get(HERE).content.decode()
