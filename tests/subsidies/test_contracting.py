"""Hours are agreed in one place, which asks whether public money lasts; a planner is not told of what."""

import ast
from datetime import date
from decimal import Decimal

import pytest

from subsidies import budgets, contracting
from subsidies.models import Ceiling, Expected
from tests import build, build_pay, build_work
from tests.architecture.sources import modules, short, tree
from tests.build import NOON
from workers_pool.models import Worker

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)
ASIDE = {"hiring.hire", "hiring.bring_in", "hiring.enrol", "contracts.change", "contracts.agree"}


def ceiling(cents: int) -> None:
    Ceiling.objects.create(
        municipality=build.municipality(), source="lks", year=2026, cents=cents, letter="P"
    )


def take_on(number: int = 1, **facts) -> Worker:
    place = build.neighbourhood()
    build.postcode("4818CK", where=place)
    asked = {
        "name": f"Nieuw {number}", "email": f"nieuw{number}@wijk.example", "phone": "", "postcode": "4818CK", "house_number": str(number),
        "within": [place.pk], "mode": "bike", "languages": ["nl"], "skills": {"cleaning": "qualified"}, "windows": [],
        "week_minutes": 24 * 60, "wanted_minutes": 24 * 60, "from_on": DECEMBER, **facts,
    }  # fmt: skip
    return contracting.take_on(by=build.user(), at=NOON, **asked)


def change(worker: Worker, hours: int, **facts):
    asked = {"week_minutes": hours * 60, "wanted_minutes": hours * 60, "from_on": DECEMBER, **facts}
    return contracting.change_hours(worker.pk, by=build.user(), at=NOON, **asked)


class TestHire:
    def test_asks_the_ceiling_and_leaves_nobody_behind_when_it_says_no(self):
        ceiling(100_00)
        with pytest.raises(budgets.MoneyRunsOut):
            take_on()
        assert not Worker.objects.exists()

    def test_without_subsidy_asks_nothing_and_expects_nothing(self):
        ceiling(0)
        assert take_on(without_subsidy=True)
        assert not Expected.objects.exists()

    def test_two_hires_do_not_get_the_same_money(self):
        ceiling(1_900_00)  # December of one forfait of 24 hours is between half of this and all of it
        take_on(1)
        with pytest.raises(budgets.MoneyRunsOut):
            take_on(2)

    def test_who_leaves_frees_the_room(self):
        ceiling(1_900_00)
        Worker.objects.filter(pk=take_on(1).pk).update(left_on=DECEMBER)
        assert take_on(2)


class TestOtherHours:
    def test_without_subsidy_never_ask(self):
        ceiling(0)
        assert change(build_work.worker(), 36).week_minutes == 36 * 60

    def test_more_with_an_award_need_room_and_the_sentence_does_not_say_of_what(self):
        ceiling(1_300_00)
        worker = build_pay.award(build_work.worker(), from_on=DECEMBER).worker
        build_pay.worker_file(worker)
        assert change(worker, 24)
        with pytest.raises(contracting.AskPayroll) as refused:
            change(worker, 36, from_on=date(2026, 12, 2))

        assert "subsidie" not in str(refused.value).lower()
        assert "plafond" not in str(refused.value).lower()
        assert not worker.contracts.filter(from_on=date(2026, 12, 2)).exists()

    def test_less_than_was_expected_frees_the_room(self):
        ceiling(1_900_00)
        worker = take_on(1)
        change(worker, 8, from_on=date(2026, 12, 2))
        assert take_on(2, week_minutes=8 * 60, wanted_minutes=0, from_on=date(2026, 12, 2))


def test_a_measured_expectation_weighs_by_its_wage_value():
    ceiling(100_000_00)
    worker = build_work.worker()
    build_pay.worker_file(worker)
    facts = {
        "week_minutes": 24 * 60,
        "wanted_minutes": 0,
        "from_on": DECEMBER,
        "by": build.user(),
        "at": NOON,
    }
    contracting.agree(worker.pk, wage_value=Decimal(40), **facts)
    [budget] = budgets.all_on(date(2026, 11, 20))
    assert set(budget.by_month) == {DECEMBER}
    assert budget.forecast_cents > 1_200_00


def calls(found: ast.Module) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(found) if isinstance(node, ast.Attribute)}


def test_no_page_goes_around_it():
    around = [
        short(file) for file in modules("web", "api", "books", "quality", "notifications", "payroll", "subsidies")
        if calls(tree(file)) & ASIDE and short(file) != "subsidies/contracting.py"
    ]  # fmt: skip
    assert around == []
    assert calls(ast.parse("hiring.hire(x)")) & ASIDE, "the search finds what it looks for"
