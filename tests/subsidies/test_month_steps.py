"""The month goes on after the wages: the claim on the town and its money, each with what it waits for."""

import pytest

from payroll import pay_run
from subsidies import month_steps
from tests import build, build_books, build_pay, build_work
from tests.build_books import DECEMBER, NOVEMBER

pytestmark = pytest.mark.django_db


def steps() -> list[tuple[bool, str]]:
    return [(step.done, step.blocks) for step in month_steps.of_month(NOVEMBER)]


def test_a_month_that_is_all_done():
    build_books.month()
    assert steps() == [(True, ""), (True, "")]


def test_waits_for_the_town_when_it_was_asked(monkeypatch):
    monkeypatch.setattr(build_books.remittances, "match_open_lines", lambda *, at: 0)
    build_books.month()
    assert steps() == [(True, ""), (False, "Wacht op de gemeente of het bankafschrift.")]


def test_waits_for_the_wages_then_for_the_officer():
    build.organisation(iban=build_pay.ORGANISATION)
    customer = build.customer()
    build_books.bought(customer)
    build_books._worked(customer)
    run = pay_run.make(NOVEMBER, by=build.member("payroll"), at=DECEMBER)
    assert steps() == [
        (False, "Wacht op de vastgestelde lonen."), (False, "Wacht op de stap hiervoor."),
    ]  # fmt: skip

    build_pay.fixed(run, at=DECEMBER)
    assert steps() == [(False, ""), (False, "Wacht op de stap hiervoor.")]


def test_a_month_without_a_subsidy_has_no_such_steps():
    build_pay.award(build_work.worker())
    assert steps() == []
