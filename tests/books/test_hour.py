"""The hour: one chain, whose shares add up, and of which each sees their own part."""

from datetime import UTC, date, datetime

import pytest

from books import hour
from payroll import pay_run
from payroll.models import Payslip
from scheduling import confirming
from scheduling.models import Assignment
from subsidies import claims
from tests import build, build_pay, build_work

DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def worked():
    visit = build_work.worked_visit(crew=2, minutes=187)
    for row in visit.assignments.all():
        build_pay.worker_file(row.worker)
        build_pay.award(row.worker)
    confirming.confirm(visit.pk, by=build.user(), at=visit.end_at)
    build_work.close_week(visit)
    run = pay_run.make(date(2026, 11, 1), by=build.user(), at=DECEMBER)
    pay_run.fix(run.pk, by=build.user(), at=DECEMBER)
    claims.make(build.municipality().pk, month=date(2026, 11, 1), by=build.user(), at=DECEMBER)
    return visit


def seen_by(row: Assignment, user) -> list[int]:
    return [step.number for step in hour.chain(row, viewer=user, at=DECEMBER).steps]


def test_shares_of_all_hours_add_up_to_what_was_booked(worked):
    rows = list(worked.assignments.all())

    assert sum(hour.share_of_redemption(row) for row in rows) == 60_00
    assert sum(hour.wage_cents(row) for row in rows) == sum(
        slip.gross_cents + slip.holiday_cents + slip.premium_cents for slip in Payslip.objects.all()
    )
    assert sum(hour.subsidy_cents(row) for row in rows) == 2 * 1_224_11
    shown = hour.chain(rows[0], viewer=build.member("payroll"), at=DECEMBER)
    assert shown.adds_up
    assert shown.rest_cents == shown.cost_cents - shown.cheques_cents - shown.subsidy_cents


def test_each_sees_their_own_part(worked):
    row = worked.assignments.first()
    where = worked.neighbourhood
    assert seen_by(row, build.owner_of(worked.booking.customer)) == [1, 2, 3, 4, 5]
    assert seen_by(row, row.worker.user) == [3, 4, 6]
    assert seen_by(row, build.member("coordinator", where=where)) == [2, 3, 4, 5]
    assert seen_by(row, build.member("coordinator", where=build.neighbourhood("Elsewhere"))) == []
    assert seen_by(row, build.member("payroll")) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert seen_by(row, build.member("municipality")) == []
    assert seen_by(row, build.user()) == []


def test_a_coordinator_sees_that_it_was_paid_and_not_how_much(worked):
    row = worked.assignments.first()
    shown = hour.chain(row, viewer=build.member("coordinator", where=worked.neighbourhood), at=DECEMBER)
    assert [step.cents for step in shown.steps] == [None] * 4
    assert shown.steps[-1].done
