"""The report on fair competition: the floor of a price, what others ask, and who is asked too little or works too much."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from books import fair_competition, fair_competition_in_words, names
from identity.models import Customer
from kernel.periods import Period
from scheduling.models import Assignment
from subsidies import fair_competition as facts
from tests import build, build_work
from tests.build import NOON
from tests.subsidies.claimed import paid

pytestmark = pytest.mark.django_db
QUARTER = Period(date(2026, 10, 1), date(2027, 1, 1))
LATE = NOON + timedelta(days=20)


def by() -> dict[str, Any]:
    return {"by": build.user(), "at": LATE}


def sample(cents: int, *, on: date = date(2026, 11, 2), kind: str = "resident"):
    return facts.note_price(build.service(), kind=kind, cents=cents, on=on, source="site", **by())


def test_the_floor_is_what_an_hour_cost_less_the_subsidy_that_was_asked():
    paid(build.member("payroll"), date(2026, 11, 1), 17)
    [floor] = fair_competition.of(QUARTER).floors

    assert floor.service == "cleaning"
    assert floor.minutes > 0
    assert floor.floor_cents == floor.cost_cents - floor.subsidy_cents


def test_a_price_below_the_rule_is_named_with_its_reason_and_a_right_one_is_not():
    low = build.firm(contract_price_cents=20_00, below_floor_reason="Proef met de gemeente")
    build.firm(contract_price_cents=22_52)
    [row] = fair_competition.of(QUARTER).agreed

    assert (row.who, row.cents, row.reason) == (names.pseudonym(low), 20_00, "Proef met de gemeente")
    assert (row.below_the_rule, row.below_cost) == (True, False), "nobody worked, so that no cost is known"


def test_a_price_below_cost_is_told_too():
    paid(build.member("payroll"), date(2026, 11, 1), 17)
    build.firm(contract_price_cents=1_00, below_floor_reason="Proef met de gemeente")
    [row] = fair_competition.of(QUARTER).agreed

    assert row.below_cost


def test_samples_of_the_last_year_stand_beside_our_price():
    for cents in (14_00, 18_00, 16_00):
        sample(cents)
    sample(1_00, on=date(2025, 12, 31))
    sample(30_00, kind=Customer.Kind.FIRM)
    firm, resident = sorted(fair_competition.of(QUARTER).prices, key=lambda row: row.kind)

    assert (resident.samples, resident.lowest_cents, resident.median_cents) == (3, 14_00, 16_00)
    assert (resident.ours_cents, resident.percent) == (10_00, 63)
    assert (firm.ours_cents, firm.percent) == (22_50, 75), "without agreements the price of the rule"


@pytest.mark.parametrize(("minutes", "too_much"), [(32 * 60, False), (32 * 60 + 15, True)])
def test_a_customer_with_a_job_full_of_hours_is_told(minutes, too_much):
    visit = build_work.worked_visit()
    Assignment.objects.update(accepted_minutes=minutes)
    [row] = fair_competition.of(QUARTER).use

    assert (row.who, row.minutes, row.share) == (names.pseudonym(visit.booking.customer), minutes, 100)
    assert (row.month, row.too_much) == (date(2026, 11, 1), too_much)


def test_a_firm_nobody_asked_within_a_year_is_open():
    firm, other = build.firm(), build.firm()
    answers = facts.Answers(dismissals=False, same_work=False, vacancies=False, council="none")
    facts.check(firm, answers, on=date(2025, 12, 31), **by())
    facts.check(other, answers, on=date(2026, 11, 1), **by())
    found = fair_competition.of(QUARTER)

    assert [check.row is None for check in found.checks] == [True, False]
    assert found.unchecked == 1


def test_page_file_and_paper_say_the_same_and_name_nobody():
    build.organisation()
    firm = build.firm()
    facts.refuse_work(
        firm.name, service=None, why="staff", words="Dit doet de conciërge", on=NOON.date(), **by()
    )
    facts.note_aid(firm, giver="Gemeente", cents=1_234_56, on=NOON.date(), letter="B-1", **by())
    found = fair_competition.of(QUARTER)
    paper = fair_competition_in_words.as_pdf(found, "kwartaal 4 van 2026")
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    rows = "\n".join(";".join(map(str, row)) for row in fair_competition_in_words.as_rows(found))

    for text in (words, rows):
        assert "1.234,56" in text
        assert "298.765,44" in text
        assert "conciërge" in text
        assert firm.name not in text
        assert names.pseudonym(firm) in text
