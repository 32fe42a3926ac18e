"""What a worker keeps of more hours beside a benefit; sealed, and the worker's and payroll's alone."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from lawbook.benefits import NORM_COUPLE_CENTS, NORM_SINGLE_CENTS
from payroll import pay_run
from payroll.models import Payslip
from subsidies import keeping
from subsidies.keeping import Facts
from tests import build, build_pay, build_work
from tests.build import NOON
from tests.subsidies.claimed import paid

pytestmark = pytest.mark.django_db
DAY = NOON.date()
FACTS = Facts(keeping.SINGLE, date(2026, 10, 1))


def holder(facts: Facts | None = FACTS, *, birth_on: date = date(1985, 5, 5)):
    worker = build_work.worker()
    build_pay.worker_file(worker, birth_on=birth_on)
    note(worker, facts)
    return worker


def note(worker, facts: Facts | None) -> None:
    keeping.note(worker.pk, facts, by=build.user(), at=NOON)


def found(worker, minutes: int = 600, *, on: date = DAY):
    return keeping.estimate(worker, more_minutes=minutes, on=on)


def test_t12_a_quarter_of_the_first_hours_stays_and_the_benefit_fills_the_rest():
    one = found(holder())
    net = one.after.net_wage_cents

    assert one.before.net_wage_cents == 0
    assert one.after.exempt_cents == one.kept_cents == round(net * 0.25)
    assert one.after.benefit_cents == NORM_SINGLE_CENTS.on(DAY) - (net - one.after.exempt_cents)
    assert one.less_benefit_cents == net - one.kept_cents
    assert one.rough


def test_hours_that_are_planned_count_and_an_offer_that_waits_does_not():
    visit = build_work.published_visit()
    row = visit.assignments.get()
    build_pay.worker_file(row.worker)
    note(row.worker, FACTS)
    assert found(row.worker).minutes == 180

    row.state = "offered"
    row.save()
    assert found(row.worker).minutes == 0


def test_a_couple_has_its_own_norm_and_an_award_its_own_exemption():
    worker = holder(Facts(keeping.COUPLE, date(2026, 1, 1)))  # month 11: the first six are over
    assert found(worker).after.exempt_cents == 0
    build_pay.award(worker, from_on=date(2026, 6, 1))

    one = found(worker)
    assert one.before.norm_cents == NORM_COUPLE_CENTS.on(DAY)
    assert one.after.exempt_cents == round(one.after.net_wage_cents * 0.15)


def test_net_follows_the_last_payslip():
    run = build_pay.netted_run(600_00, withheld=200_00)
    worker = Payslip.objects.get(run=run).worker
    note(worker, FACTS)

    one = found(worker)
    assert not one.rough
    assert abs(one.after.net_wage_cents - one.more_gross_cents * 1.08 * 0.75) <= 1


@pytest.mark.parametrize("why", ["nothing known", "no benefit any more", "young", "no law", "no file"])
def test_says_nothing_when_it_cannot_know(why):
    worker = holder(birth_on=date(2006, 1, 1) if why == "young" else date(1985, 5, 5))
    on = date(2028, 1, 1) if why == "no law" else DAY
    if why == "nothing known":
        worker = build_work.worker()
    if why == "no benefit any more":
        note(worker, None)
    if why == "no file":
        worker = build_work.worker()
        note(worker, FACTS)
    assert found(worker, on=on) is None


def test_what_is_known_is_sealed_in_the_database():
    holder()
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM subsidies_benefit")
        assert "single" not in cursor.fetchone()[0]


def test_the_latest_note_holds_and_the_start_is_no_later_than_today():
    worker = holder()
    assert keeping.with_benefit() == [worker]
    with pytest.raises(keeping.WrongStart):
        note(worker, Facts(keeping.SINGLE, date(2026, 12, 1)))
    note(worker, None)
    assert keeping.with_benefit() == []


def test_hours_of_a_month_are_those_that_were_paid_and_a_draft_is_not():
    officer = build.member("payroll")
    worker = paid(officer, date(2026, 11, 1), 17, 18)
    build_pay.worked(worker, (date(2026, 12, 1), 180))
    pay_run.make(date(2026, 12, 1), by=officer, at=datetime(2027, 1, 2, tzinfo=UTC))
    [row] = keeping.months_of([worker], since=date(2026, 1, 1), until=date(2027, 1, 1))

    assert (row.month, row.minutes, row.net_cents) == (date(2026, 11, 1), 360, None)
    assert row.gross_cents == Payslip.objects.get(run__month=date(2026, 11, 1)).gross_cents
