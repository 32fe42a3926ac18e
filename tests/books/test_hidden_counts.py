"""Attacks on the results for the town: tables of one report, of several towns, of several periods, and day after day."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from books import front_figures, outcomes
from books.suppression import Shielded, in_tens, shield, together
from identity.models import Municipality, Neighbourhood
from kernel.periods import Period, add_months
from subsidies.models import Outflow
from tests import build, build_pay, build_work
from tests.books.attacking import Attack
from workers_pool.models import Worker

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
QUARTERS = [Period(add_months(YEAR.start, 3 * n), add_months(YEAR.start, 3 * n + 3)) for n in range(4)]
ASKED = ("by_neighbourhood", "by_subsidy", "ladder")
PERSON = some.tuples(
    some.sampled_from(["A", "B"]), some.sampled_from("pqr"), some.booleans(), some.integers(1, 6)
)


def test_the_attack_finds_what_a_total_gives_away():
    attack = Attack()
    attack.table("naive", Shielded({"a": 20, "b": None}, 23))
    assert attack.found() == {"naive/b": 3}


def published(people: list[tuple[str, str, bool, int]]) -> dict[str, Shielded]:
    """Return the tables of two towns and of both, as the reports make them."""
    tables = {}
    for number, table in enumerate(ASKED, start=1):
        for town in ("A", "B"):
            names = (
                f"{town}{person[1]}" if number == 1 else str(person[number])
                for person in people
                if person[0] == town
            )
            tables[f"{table} {town}"] = shield(Counter(names))
        tables[f"{table} both"] = together([tables[f"{table} A"], tables[f"{table} B"]])
    return tables


def attacked(tables: dict[str, Shielded]) -> Attack:
    """Return what can be known: each table adds up, all tables have the same people, both is A and B."""
    attack = Attack()
    for name, shown in tables.items():
        attack.table(name, shown)
    for table in ASKED:
        parts = [f"{table} {town}" for town in ("A", "B") if tables[f"{table} {town}"].total is not None]
        if parts:
            attack.same(f"{table} both", parts, tables)
    for town in ("A", "B", "both"):
        totals = {tables[f"{table} {town}"].total for table in ASKED}
        assert len(totals) == 1, "the same people are in each table: either all totals are shown, or none"
        attack.sums += [
            ({f"{one} {town}/total": 1, f"{other} {town}/total": -1}, 0)
            for one, other in pairwise(ASKED)
            if totals == {None}
        ]
    return attack


@given(some.lists(PERSON, max_size=90))
def test_no_hidden_count_follows_from_all_tables_of_all_towns(people):
    assert attacked(published(people)).found() == {}


def test_adding_towns_as_they_are_would_give_the_small_one_away():
    people = [("A", "p", True, 5)] * 20 + [("B", "q", False, 6)] * 3
    tables = published(people)
    assert tables["by_subsidy both"] == Shielded({"True": 20}, 20), "the town of three is in no sum"

    plain = {**tables, "by_subsidy both": shield(Counter(str(person[2]) for person in people))}
    attack = Attack()
    attack.table("all", plain["by_subsidy both"])
    attack.table("A", plain["by_subsidy A"])
    attack.same("all", ["A", "B"], {"all": Shielded({}, 23), "A": Shielded({}, 20), "B": Shielded({}, None)})
    assert attack.found()["B/total"] == 3


def gone(count: int, on: date, *, to_work: bool) -> None:
    for _number in range(count):
        worker = build_work.worker()
        Worker.objects.filter(pk=worker.pk).update(left_on=on)
        if to_work:
            Outflow.objects.create(worker=worker, work_from_on=on, work_months=12, wage_not_lower=True)


@pytest.mark.django_db
class TestPeriods:
    def test_a_year_less_its_quarters_tells_nothing_of_who_left(self):
        for quarter in QUARTERS[:3]:
            gone(10, quarter.start + timedelta(days=40), to_work=True)
            gone(10, quarter.start + timedelta(days=50), to_work=False)
        gone(3, QUARTERS[3].start, to_work=True)
        gone(12, QUARTERS[3].start, to_work=False)

        year = outcomes.of(YEAR, on=YEAR.end)
        tables = {"year": year.left}
        attack = Attack()
        attack.table("year", year.left)
        for number, quarter in enumerate(QUARTERS):
            found = outcomes.of(quarter, on=YEAR.end)
            tables[str(number)] = found.left or Shielded({"work": None, "other": None}, None)
            attack.table(str(number), tables[str(number)])
            assert (found.cost_per_placement_cents, found.spread) == (None, None)
        attack.same("year", "0123", tables)

        assert year.left == Shielded({"work": 33, "other": 42}, 75)
        assert attack.found() == {}

    def test_a_day_later_in_a_running_period_does_not_count_the_one_who_came(self):
        pool = [build_work.worker(f"Werker {number}") for number in range(12)]
        seen = []
        for number, worker in enumerate(pool):
            build_pay.worked(worker, (date(2026, 11, 17), 120))
            if number >= 9:
                found = outcomes.of(QUARTERS[3], on=date(2026, 11, 18))
                seen.append(
                    (
                        found.by_neighbourhood,
                        found.by_subsidy,
                        front_figures.of_quarter(date(2026, 11, 18)).people,
                    )
                )
        assert seen[0] == seen[1] == seen[2]
        assert seen[0][2] == 10
        assert outcomes.of(QUARTERS[3], on=YEAR.end).by_neighbourhood.total == 12

    def test_a_running_year_tells_who_left_in_tens_and_nothing_per_placement(self):
        gone(12, date(2026, 3, 1), to_work=True)
        running, over = (outcomes.of(YEAR, on=on) for on in (date(2026, 12, 31), YEAR.end))

        assert (running.left.cells["work"], running.cost_per_placement_cents, running.spread) == (
            10,
            None,
            None,
        )
        assert (over.left.cells["work"], over.cost_per_placement_cents) == (12, 0)
        assert (over.spread.low_cents, over.spread.middle_cents) == (0, 0)

    def test_a_town_of_few_is_in_no_sum_of_all_towns(self):
        small = Neighbourhood.objects.create(
            name="Dorst", municipality=Municipality.objects.create(name="Oosterhout")
        )
        for number in range(15):
            worker = build_work.worker()
            if number >= 12:
                Worker.objects.filter(pk=worker.pk).update(neighbourhood=small)
            build_pay.worked(worker, (date(2026, 11, 17), 120))

        every, own, other = (
            outcomes.of(YEAR, on=YEAR.end, town=town)
            for town in (None, build.municipality(), small.municipality)
        )

        assert (every.by_neighbourhood.total, own.by_neighbourhood.total) == (12, 12)
        assert other.by_neighbourhood == Shielded({"Dorst": None}, None)
        assert front_figures.of_quarter(date(2026, 11, 18)).people == 10
        assert every.accepted_minutes == 15 * 120


def test_tens_are_rounded_down():
    assert in_tens(Shielded({"a": 19, "b": None, "c": 0}, 30)) == Shielded({"a": 10, "b": None, "c": 0}, 30)
