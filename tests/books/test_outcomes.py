"""Results for the town, and what people may not read in them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from books import outcomes
from books.outcomes import is_work
from identity.models import Municipality
from kernel.periods import Period
from subsidies.models import LadderStep, Outflow
from tests import build, build_pay, build_work
from tests.subsidies.claimed import AT
from workers_pool.models import Worker

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
GONE = date(2026, 6, 1)
OVER = YEAR.end


def pool(count: int, *, subsidised: int = 0) -> list[Worker]:
    workers = [build_work.worker(f"Werker {number}") for number in range(count)]
    for number, worker in enumerate(workers):
        build_pay.worked(worker, (date(2026, 11, 17), 120))
        if number < subsidised:
            build_pay.award(worker)
    return workers


class TestWork:
    @pytest.mark.parametrize(("facts", "counts"), [
        ({}, True), ({"work_from_on": GONE + timedelta(days=28)}, True), ({"work_from_on": GONE + timedelta(days=29)}, False),
        ({"work_months": 5}, False), ({"wage_not_lower": False}, False), ({"work_from_on": None}, False),
    ])  # fmt: skip
    def test_is_another_contract_within_four_weeks_for_half_a_year_at_no_lower_wage(self, facts, counts):
        flow = Outflow(**{"work_from_on": GONE, "work_months": 6, "wage_not_lower": True, **facts})
        assert is_work(flow, GONE) is counts


class TestOf:
    def test_few_people_are_hidden_everywhere(self):
        pool(3, subsidised=1)
        found = outcomes.of(YEAR, on=OVER)

        assert found.by_neighbourhood.total is None
        assert set(found.by_subsidy.cells.values()) == {None}
        assert found.accepted_minutes == 360

    def test_eleven_of_twelve_does_not_give_away_the_one(self):
        pool(12, subsidised=11)
        found = outcomes.of(YEAR, on=OVER)

        assert found.by_subsidy.total == 12
        assert found.by_subsidy.cells == {"with": None, "without": None}
        assert found.by_neighbourhood.cells == {"Haagse Beemden": 12}

    def test_the_ladder_follows_from_the_work_unless_it_was_measured(self):
        workers = pool(30, subsidised=10)
        for worker in workers[20:]:
            LadderStep.objects.create(worker=worker, step=3, measured_on=date(2026, 10, 1))
        LadderStep.objects.create(worker=workers[0], step=1, measured_on=date(2026, 3, 1))  # too long ago

        assert outcomes.of(YEAR, on=OVER).ladder.cells == {"1": 0, "2": 0, "3": 10, "4": 0, "5": 10, "6": 10}

    def test_growth_is_per_year_and_only_of_many(self):
        from subsidies import awards

        for number in range(10):
            first = build_pay.award(build_work.worker(), from_on=date(2025, 1, 1))
            awards.succeed(
                first.pk, wage_value=Decimal(50), week_minutes=24 * 60, from_on=date(2026, 1, 1), letter="M",
                by=build.user(), at=AT,
            )  # fmt: skip
            expected = 10 if number == 9 else None  # points in a year
            assert outcomes.of(YEAR, on=OVER).growth_points == expected

    def test_cost_of_a_placement_is_hidden_with_the_count(self):
        for worker in pool(2):
            type(worker).objects.filter(pk=worker.pk).update(left_on=GONE)
            Outflow.objects.create(worker=worker, work_from_on=GONE, work_months=12, wage_not_lower=True)
        found = outcomes.of(YEAR, on=OVER)

        assert found.left.total is None
        assert found.cost_per_placement_cents is None

    def test_a_town_sees_its_own_people(self):
        pool(12)
        other = Municipality.objects.create(name="Oosterhout")
        assert outcomes.of(YEAR, on=OVER, town=build.municipality()).by_neighbourhood.total == 12
        assert outcomes.of(YEAR, on=OVER, town=other).by_neighbourhood.total == 0
