"""Coverage and what-if: charts with their tables, without scripts."""

import re
from datetime import date

import pytest

from payroll import pay_run
from subsidies import claims
from tests import build, build_pay, build_work
from tests.subsidies.claimed import AT
from web import charts

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    build.organisation()
    maker = build.member("payroll")
    worker = build_work.worker()
    build_pay.worker_file(worker)
    build_pay.award(worker)
    build_pay.worked(worker, (date(2026, 11, 17), 120))
    build_pay.fixed(pay_run.make(date(2026, 11, 1), by=maker, at=AT), at=AT)
    claims.make(build.municipality().pk, month=date(2026, 11, 1), by=maker, at=AT)
    return maker


@pytest.mark.parametrize("per", ["service", "neighbourhood", "worker", "visit", "month"])
def test_coverage_has_a_chart_and_the_table_of_it(officer, visitor, per):
    text = visitor(officer, at=AT).get("/kantoor/dekking/", {"maand": "2026-11", "per": per}).content.decode()

    assert 'role="img"' in text
    assert "1.224,11" in text
    assert "Samira" not in text, "a worker is shown under a pseudonym"


def test_coverage_as_a_file_has_the_same_figures(officer, visitor):
    answer = visitor(officer, at=AT).get("/kantoor/dekking/", {"per": "worker", "vorm": "csv"})

    head, row = answer.content.decode().splitlines()
    assert head.startswith("key;accepted minutes")
    assert re.match(r"M-[0-9a-f]{8};120;0;0;122411;", row)


@pytest.mark.parametrize("wrong", [{"per": "name"}, {"maand": "nooit"}])
def test_a_question_that_does_not_exist_is_not_found(officer, visitor, wrong):
    assert visitor(officer, at=AT).get("/kantoor/dekking/", wrong).status_code == 404


def test_empty_books_say_what_will_stand_there(visitor):
    assert (
        "Er zijn nog geen uren"
        in visitor(build.member("payroll"), at=AT).get("/kantoor/dekking/").content.decode()
    )


def test_what_if_starts_with_the_figures_of_today(visitor):
    text = visitor(build.member("treasurer"), at=AT).get("/kantoor/wat-als/").content.decode()

    assert 'value="14.99"' in text
    assert text.count('role="img"') == 2


ASKED = {
    "wage": "15",
    "price": "12",
    "utilisation": "80",
    "with_subsidy": "50",
    "wage_value": "40",
    "week_hours": "24",
    "other": "3",
}


def test_what_if_answers_what_was_asked(visitor):
    text = visitor(build.member("treasurer"), at=AT).get("/kantoor/wat-als/", ASKED).content.decode()

    assert "915,96" in text  # 83.2 hours at 12 euro, less VAT


def test_what_if_keeps_what_was_typed_when_it_cannot_be(visitor):
    wrong = {**ASKED, "utilisation": "130", "wage": "abc"}
    text = visitor(build.member("treasurer"), at=AT).get("/kantoor/wat-als/", wrong).content.decode()

    assert 'value="130"' in text
    assert 'value="abc"' in text
    assert 'role="img"' not in text


def test_a_bar_is_as_long_as_its_value():
    drawn = str(
        charts.bars(
            "t", "f", ["a", "b"], [charts.Bar("x", [charts.Part(1, 75, "75"), charts.Part(2, 25, "25")])]
        )
    )

    assert re.findall(r'x="(\d+)" y="\d+" width="(\d+)"', drawn) == [("8", "468"), ("476", "156")]


def test_what_is_below_zero_is_not_drawn():
    drawn = str(charts.bars("t", "f", ["a"], [charts.Bar("x", [charts.Part(1, -5, "-5")])]))

    assert "<title>" not in drawn


def test_names_are_text():
    assert "<b>" not in str(charts.bars("t", "f", ["a"], [charts.Bar("<b>", [charts.Part(1, 5, "5")])]))
