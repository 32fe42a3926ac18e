from datetime import date
from decimal import Decimal

import pytest

from books import coverage, proof_of_subsidies, result
from books.result import KEYS, Result, by, total
from kernel.money import vat_inside
from payroll import pay_run
from payroll.models import Payslip
from scheduling import confirming
from subsidies import claims
from subsidies.models import ClaimLine, PieceShare
from tests import build, build_pay, build_work
from tests.subsidies.claimed import AT

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def month():
    """A visit of two that is confirmed, and a worker who came twice without a confirmation; all paid, one claimed."""
    build.organisation()
    officer = build.member("payroll")
    visit = build_work.worked_visit(crew=2)
    confirming.confirm(visit.pk, by=build.user(), at=visit.end_at)
    build_work.close_week(visit)
    other = build_work.worker("Ali K.")
    build_pay.worked(other, (date(2026, 11, 17), 120), (date(2026, 11, 18), 95), travel=20)
    for worker in [other, *(row.worker for row in visit.assignments.all())]:
        build_pay.worker_file(worker)
    build_pay.award(other)
    build_pay.fixed(pay_run.make(NOVEMBER, by=officer, at=AT), at=AT)
    claims.make(build.municipality().pk, month=NOVEMBER, by=officer, at=AT)
    return visit


def paid() -> int:
    return sum(slip.gross_cents + slip.holiday_cents + slip.premium_cents for slip in Payslip.objects.all())


def test_rows_add_up_to_what_was_used_paid_and_claimed(month):
    whole = total(result.of_month(NOVEMBER))

    assert whole.cheques_net_cents == 60_00 - vat_inside(60_00, Decimal("0.09"))
    assert whole.wage_cost_cents == paid()
    [line] = ClaimLine.objects.all()
    assert whole.subsidy_cents == line.subsidy_cents + line.compensation_cents
    assert (whole.accepted_minutes, whole.sold_minutes) == (2 * 180 + 120 + 95, 360)


def test_left_is_income_less_every_cost(month):
    one = total(result.of_month(NOVEMBER))

    assert one.training_cents == 2 * 255 + 170 + 135  # 0.85 an hour: 95 minutes are 1.3458, each row rounded
    assert one.rest_cents == (
        one.cheques_net_cents
        + one.subsidy_cents
        - one.wage_cost_cents
        - one.training_cents
        - one.overhead_cents
    )


@pytest.mark.parametrize("key", KEYS)
def test_each_way_of_grouping_has_the_same_total(month, key):
    rows = result.of_month(NOVEMBER)

    assert sum(by(rows, KEYS[key]).values(), Result()) == total(rows)


def test_travel_belongs_to_the_visit_it_went_to(month):
    alone = [row for row in result.of_month(NOVEMBER) if row.result.accepted_minutes in {120, 95}]

    assert len(alone) == 2
    assert all(row.result.wage_cost_cents > 0 and row.result.subsidy_cents > 0 for row in alone)
    assert [row for row in result.of_month(NOVEMBER) if not row.visit_ref] == []


def test_a_worker_is_shown_under_a_pseudonym(month):
    names = by(result.of_month(NOVEMBER), KEYS["worker"])

    assert len(names) == 3
    assert all(name.startswith("M-") and len(name) == 10 for name in names)


def test_a_payslip_without_work_is_a_row_without_a_visit():
    build_pay.netted_run(100_00, withheld=20_00, month=NOVEMBER)

    [row] = result.of_month(NOVEMBER)

    assert (row.visit_ref, row.result.wage_cost_cents, row.result.accepted_minutes) == ("", 120_00, 0)


def test_own_ratio_leaves_public_money_out(month):
    one = coverage.of_month(NOVEMBER)

    assert one.own_percent < one.percent
    assert coverage.months() == [NOVEMBER]


def test_an_empty_month_has_no_ratio():
    assert (Result().coverage, Result().own_ratio, Result().cost_per_hour) == (None, None, None)
    assert coverage.months() == []


def test_prove_says_so(month):
    codes = {row.code: row for row in proof_of_subsidies.all_of()}

    assert all(codes[code].holds for code in ("result_cheques", "result_wages", "result_subsidies"))
    assert codes["result_cheques"].left > 0


def test_a_subsidy_that_no_hour_carries_is_a_row_without_a_visit(month):
    before = total(result.of_month(NOVEMBER)).subsidy_cents
    PieceShare.objects.all().delete()

    loose = [row for row in result.of_month(NOVEMBER) if not row.visit_ref]

    assert [row.result.subsidy_cents for row in loose] == [before]
