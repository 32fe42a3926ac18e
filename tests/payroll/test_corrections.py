"""Closed months do not change: what they should have paid is paid in the open month, under the month worked."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from books.prove import invariants
from payroll import bureau, paid_time, pay_run, writing
from payroll.models import PayRun, WorkerFile
from payroll.terms import LawMissing
from tests import build, build_pay, build_work
from workers_pool.models import Contract

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    build.organisation()
    return build.member("payroll")


@pytest.fixture
def worker():
    worker = build_work.worker()
    build_pay.worker_file(worker, birth_on=date(2005, 11, 20))  # 20 years old in October
    return worker


@pytest.fixture
def october(payer, worker):
    """Ten hours at 11.99, fixed."""
    build_pay.worked(worker, (date(2026, 10, 5), 300), (date(2026, 10, 6), 300))
    return build_pay.fixed(pay_run.make(OCTOBER, by=payer, at=AT), at=AT)


def lines(run):
    return [
        (str(row.month), row.kind, row.minutes, row.cents)
        for row in run.lines.order_by("month", "kind", "from_on")
    ]


def proved() -> None:
    assert [row for row in invariants() if not row.holds] == []


class TestDifference:
    def test_a_birth_day_that_was_wrong_pays_the_rest_under_the_month_worked(self, october, payer, worker):
        """Ten hours at 14.99 in place of 11.99: thirty euros, in November's run."""
        WorkerFile.objects.update(birth_on=date(1985, 5, 5))
        build_pay.worked(worker, (date(2026, 11, 9), 60))

        november = build_pay.fixed(pay_run.make(NOVEMBER, by=payer, at=AT), at=AT)

        assert lines(october) == [("2026-10-01", "visit", 600, 119_90)]
        assert lines(november) == [("2026-10-01", "visit", 0, 30_00), ("2026-11-01", "visit", 60, 14_99)]
        assert november.payslips.get().gross_cents == 44_99
        assert november.lines.get(month=OCTOBER).rule == "correction: wages.minimum_wage_cents 2026-07-01"
        proved()

    def test_is_paid_once(self, october, payer, worker):
        WorkerFile.objects.update(birth_on=date(1985, 5, 5))
        build_pay.fixed(pay_run.make(NOVEMBER, by=payer, at=AT), at=AT)
        december = pay_run.make(date(2026, 12, 1), by=payer, at=datetime(2027, 1, 2, tzinfo=UTC))
        assert lines(december) == []

    def test_what_did_not_change_is_not_looked_at_again(self, october, payer, worker):
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        assert lines(pay_run.make(NOVEMBER, by=payer, at=AT)) == [("2026-11-01", "visit", 60, 11_99)]

    def test_a_contract_from_this_month_on_leaves_earlier_months_alone(self, october, payer, worker):
        Contract.objects.create(
            worker=worker, kind="on_call", week_minutes=600, wanted_minutes=600, from_on=date(2026, 11, 1)
        )
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        assert lines(pay_run.make(NOVEMBER, by=payer, at=AT)) == [
            ("2026-11-01", "top_up", 120, 23_98), ("2026-11-01", "visit", 60, 11_99),
        ]  # fmt: skip

    def test_time_entered_afterwards_is_paid_and_withdrawn_it_is_taken_off(self, october, payer, worker):
        row = paid_time.enter(worker.pk, kind="training", on=date(2026, 10, 7), minutes=120, by=payer, at=AT)
        november = build_pay.fixed(pay_run.make(NOVEMBER, by=payer, at=AT), at=AT)
        assert lines(november) == [("2026-10-01", "training", 120, 23_98)]
        paid_time.withdraw(row.pk, by=payer, at=AT)
        build_pay.worked(worker, (date(2026, 12, 7), 600))

        december = pay_run.make(date(2026, 12, 1), by=payer, at=datetime(2027, 1, 2, tzinfo=UTC))

        assert lines(build_pay.fixed(december, at=AT)) == [
            ("2026-10-01", "training", -120, -23_98), ("2026-12-01", "visit", 600, 149_90),
        ]  # fmt: skip
        proved()

    def test_what_was_paid_too_much_waits_for_a_wage_to_take_it_from(self, october, payer, worker):
        WorkerFile.objects.update(birth_on=date(2006, 12, 1))  # 19 in October: 8.99
        assert not pay_run.make(NOVEMBER, by=payer, at=AT).payslips.filter(gross_cents__lt=0).exists()
        build_pay.worked(worker, (date(2026, 11, 9), 300))
        november = pay_run.make(NOVEMBER, by=payer, at=AT)
        assert lines(november) == [("2026-10-01", "visit", 0, -30_00), ("2026-11-01", "visit", 300, 44_95)]

    def test_the_export_names_the_month_worked(self, october, payer, worker):
        WorkerFile.objects.update(birth_on=date(1985, 5, 5))
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        november = build_pay.fixed(pay_run.make(NOVEMBER, by=payer, at=AT), at=AT)

        rows = [row.split(";")[4:8] for row in bureau.export(november.pk).decode().splitlines()[2:]]

        assert rows == [["2026-10", "3000", "0", "0"], ["2026-11", "1499", "0", "60"]]


class TestRun:
    def test_is_fixed_by_somebody_else(self, payer, worker):
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        run = pay_run.make(NOVEMBER, by=payer, at=AT)
        with pytest.raises(pay_run.SecondPersonNeeded):
            pay_run.fix(run.pk, by=payer, at=AT)
        with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
            PayRun.objects.update(state="fixed", fixed_by=payer)

    def test_a_month_has_one_run(self, october, payer):
        with pytest.raises(pay_run.NotADraft):
            pay_run.make(OCTOBER, by=payer, at=AT)
        assert PayRun.objects.count() == 1

    def test_is_not_fixed_when_something_changed_since(self, payer, worker):
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        run = pay_run.make(NOVEMBER, by=payer, at=AT)
        Contract.objects.create(
            worker=worker, week_minutes=600, wanted_minutes=600, from_on=date(2026, 11, 5)
        )
        with pytest.raises(pay_run.FactsChanged, match=worker.ref):
            build_pay.fixed(run, at=AT)
        build_pay.fixed(pay_run.make(NOVEMBER, by=payer, at=AT), at=AT)

    def test_killed_half_way_it_goes_on_to_the_same_bytes(self, payer, worker, monkeypatch):
        for _number in range(5):
            other = build_work.worker()
            build_pay.worker_file(other)
            build_pay.worked(other, (date(2026, 11, 9), 187), (date(2026, 11, 10), 61), travel=8)
        whole = bureau.export(pay_run.make(NOVEMBER, by=payer, at=AT).pk)
        monkeypatch.setattr(pay_run, "AT_A_TIME", 2)
        calls, pay = [], writing.pay

        def dies(*args, **facts):
            calls.append(args)
            if len(calls) == 2:
                raise KeyboardInterrupt
            pay(*args, **facts)

        monkeypatch.setattr(writing, "pay", dies)
        run = pay_run.begin(NOVEMBER, by=payer, at=AT)
        with pytest.raises(KeyboardInterrupt):
            pay_run.go_on(run.pk, at=AT)
        assert run.payslips.count() == 2
        with pytest.raises(pay_run.NotReady):
            build_pay.fixed(run, at=AT)

        monkeypatch.setattr(writing, "pay", pay)
        done = pay_run.go_on(run.pk, at=AT)

        assert done.payslips.count() == 5
        assert bureau.export(done.pk) == whole
        build_pay.fixed(done, at=AT)
        proved()

    def test_says_why_it_could_not_be_made_and_leaves_nothing(self, payer, worker):
        Contract.objects.filter(worker=worker).update(scale="cleaning-1-1")  # its last row ended on 1 July
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        with pytest.raises(LawMissing, match=worker.ref):
            pay_run.make(NOVEMBER, by=payer, at=AT)
        run = PayRun.objects.get()
        assert "cleaning-1-1" in run.error
        assert (run.ready_at, run.lines.count(), run.payslips.count()) == (None, 0, 0)
