"""The ladder twice a year, and where people went."""

from datetime import date, timedelta

import pytest

from events.models import Event
from subsidies import monitoring
from subsidies.models import LadderStep, Outflow
from tests import build, build_pay, build_work
from tests.subsidies.claimed import AT
from workers_pool.models import Worker

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 18)


def waiting(on: date = ON) -> list[tuple[int, int]]:
    return [(one.worker.pk, one.step) for one in monitoring.to_measure(on=on)]


class TestMeasure:
    def test_who_waits_has_the_step_that_the_work_tells_of(self):
        plain, supported = build_work.worker("A"), build_work.worker("B")
        build_pay.award(supported)
        assert waiting() == [(plain.pk, 6), (supported.pk, 5)]

    def test_comes_back_half_a_year_later(self):
        worker = build_work.worker()
        monitoring.measure({worker.pk: 4}, on=ON, by=build.user(), at=AT)

        assert waiting() == []
        assert waiting(date(2027, 5, 17)) == []
        assert waiting(date(2027, 5, 18)) == [(worker.pk, 6)]

    def test_the_last_word_of_a_day_counts_and_the_trail_does_not_tell_the_step(self):
        worker = build_work.worker()
        for step in (4, 3):
            monitoring.measure({worker.pk: step}, on=ON, by=build.user(), at=AT)

        assert LadderStep.objects.get().step == 3
        assert "step" not in str(list(Event.objects.filter(kind="ladder.measured").values()))

    @pytest.mark.parametrize("step", [0, 7])
    def test_refuses_what_is_no_step_and_notes_nobody(self, step):
        good, bad = build_work.worker(), build_work.worker()
        with pytest.raises(monitoring.NotAStep):
            monitoring.measure({good.pk: 5, bad.pk: step}, on=ON, by=build.user(), at=AT)
        assert not LadderStep.objects.exists()

    def test_who_left_is_not_measured(self):
        Worker.objects.filter(pk=build_work.worker().pk).update(left_on=ON)
        assert waiting() == []


class TestOutflow:
    FACTS = {"work_from_on": ON, "work_months": 12, "wage_not_lower": True, "proof": "contract gezien"}

    def note(self, worker, **facts):
        return monitoring.note_outflow(worker.pk, **{**self.FACTS, **facts}, by=build.user(), at=AT)

    def test_asks_for_a_year_until_it_is_known(self):
        worker = build_work.worker()
        Worker.objects.filter(pk=worker.pk).update(left_on=ON)
        asked = [monitoring.to_ask(on=ON + timedelta(days=days)) for days in (-1, 0, 364, 366)]
        assert asked == [[], [worker], [worker], []]

        self.note(worker)
        assert monitoring.to_ask(on=ON) == []
        self.note(worker, work_months=6)
        assert Outflow.objects.get().work_months == 6

    def test_refuses_who_works_here(self):
        with pytest.raises(monitoring.NotLeft):
            self.note(build_work.worker())
