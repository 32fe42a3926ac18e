"""The rate of every day, the month it belongs to, and the weeks that must be closed first."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.dated import NothingInForce
from payroll import bureau, pay_run
from payroll.models import PaidPiece, Payslip, WageLine
from tests import build, build_pay, build_work
from workers_pool.models import Contract

NOVEMBER, DECEMBER = date(2026, 11, 1), datetime(2026, 12, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    build.organisation()
    return build.member("payroll")


def lines(run):
    return [
        (line.kind, line.rate_cents, line.minutes, line.cents)
        for line in run.lines.order_by("from_on", "kind")
    ]


class TestRates:
    def test_t28_follows_the_minimum_wage_inside_two_months(self, payer):
        """Monday, Wednesday and Friday eight hours, 15 June to 12 July: 56 at 14.71 and 40 at 14.99."""
        worker = build_work.worker(week_minutes=40 * 60)
        build_pay.worker_file(worker)
        days = [date(2026, 6, 15) + timedelta(days=n) for n in range(28)]
        build_pay.worked(worker, *[(day, 8 * 60) for day in days if day.weekday() in {0, 2, 4}])

        june = pay_run.make(date(2026, 6, 1), by=payer, at=DECEMBER)
        july = pay_run.make(date(2026, 7, 1), by=payer, at=DECEMBER)

        assert lines(june) == [("visit", 1471, 56 * 60, 823_76)]
        assert lines(july) == [("visit", 1499, 40 * 60, 599_60)]
        assert june.payslips.get().gross_cents + july.payslips.get().gross_cents == 1_423_36

    def test_gives_the_wage_of_the_new_age_from_the_birthday(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker, birth_on=date(2005, 11, 10))
        build_pay.worked(worker, (date(2026, 11, 9), 180), (date(2026, 11, 10), 180))

        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)

        assert lines(run) == [("visit", 1199, 180, 35_97), ("visit", 1499, 180, 44_97)]
        assert [line.rule for line in run.lines.order_by("from_on")] == [
            "wages.minimum_wage_cents 2026-07-01, wages.youth_shares 2024-01-01 age 20",
            "wages.minimum_wage_cents 2026-07-01",
        ]

    def test_pays_by_the_contract_of_the_day(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        Contract.objects.filter(worker=worker).update(from_on=date(2026, 1, 1), scale="")
        Contract.objects.create(
            worker=worker, week_minutes=36 * 60, wanted_minutes=30 * 60, from_on=date(2026, 6, 16), scale="cleaning-1-1",
        )  # fmt: skip
        build_pay.worked(worker, (date(2026, 6, 15), 60), (date(2026, 6, 16), 60))

        run = pay_run.make(date(2026, 6, 1), by=payer, at=DECEMBER)

        assert [rate for _kind, rate, *_rest in lines(run)] == [1471, 1552]

    def test_pays_the_way_between_visits_like_work(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 11, 9), 180), travel=8)

        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)

        assert [(kind, minutes) for kind, _rate, minutes, _cents in lines(run)] == [
            ("travel", 8),
            ("visit", 180),
        ]
        assert run.payslips.get().gross_cents == 46_97  # 188 minutes at 14.99 are rounded once
        assert PaidPiece.objects.filter(travel__isnull=False).get().minutes == 8

    def test_shares_a_line_over_its_visits_to_the_cent(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, *[(date(2026, 11, 9 + n), 61) for n in range(3)])

        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)

        cents = sorted(PaidPiece.objects.values_list("cents", flat=True))
        assert cents == [15_24, 15_24, 15_24]
        assert sum(cents) == run.lines.get().cents

    def test_stops_when_the_lawbook_says_nothing_of_the_month(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2027, 1, 5), 180))
        with pytest.raises(NothingInForce, match=r"1 januari 2027.*Het minimumloon"):
            pay_run.make(date(2027, 1, 1), by=payer, at=datetime(2027, 2, 2, tzinfo=UTC))
        assert not WageLine.objects.exists()

    def test_a_visit_belongs_to_the_local_month_it_starts_in(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        (row,) = build_pay.worked(worker, (date(2026, 10, 31), 60))
        start = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # 0:30 on 1 November in Breda
        type(row.visit).objects.filter(pk=row.visit_id).update(
            start_at=start, end_at=start + timedelta(hours=1)
        )

        assert lines(pay_run.make(NOVEMBER, by=payer, at=DECEMBER)) == [("visit", 1499, 60, 14_99)]
        assert lines(pay_run.make(date(2026, 10, 1), by=payer, at=DECEMBER)) == []


class TestBlocks:
    def test_names_each_week_that_is_not_closed(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        days = [(date(2026, 11, day), 60) for day in (3, 9, 10)]
        build_pay.worked(worker, *days, accepted=False)
        with pytest.raises(
            pay_run.HoursNotAccepted,
            match=r"3 bezoeken.*week 45 \(Haagse Beemden\), week 46 \(Haagse Beemden\)\.",
        ):
            pay_run.make(NOVEMBER, by=payer, at=DECEMBER)

    def test_ends_a_long_list_with_a_count(self, payer):
        for _number in range(8):
            build_pay.worked(build_work.worker(), (date(2026, 11, 9), 60))
        with pytest.raises(pay_run.FileMissing, match="en nog 2"):
            pay_run.make(NOVEMBER, by=payer, at=DECEMBER)


class TestAgain:
    def test_the_same_hours_give_the_same_export(self, payer):
        for _number in range(3):
            worker = build_work.worker()
            build_pay.worker_file(worker)
            build_pay.worked(worker, (date(2026, 11, 9), 187), (date(2026, 11, 10), 61), travel=8)
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        first = bureau.export(run.pk)

        assert bureau.export(pay_run.make(NOVEMBER, by=payer, at=DECEMBER).pk) == first
        assert first.count(b"\n") == 2 + 3

    def test_a_draft_takes_up_hours_that_came_later(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        build_pay.worked(worker, (date(2026, 11, 10), 60))
        assert pay_run.make(NOVEMBER, by=payer, at=DECEMBER).payslips.get().gross_cents == 29_98


class TestDatabase:
    """What the role of the program cannot do to wages that are fixed."""

    @pytest.fixture
    def fixed(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        return build_pay.fixed(run, at=DECEMBER)

    @pytest.mark.parametrize("statement", [
        "UPDATE payroll_wageline SET cents = 1", "DELETE FROM payroll_wageline", "UPDATE payroll_paidpiece SET minutes = 1",
        "DELETE FROM payroll_paidpiece", "UPDATE payroll_payslip SET gross_cents = 1", "DELETE FROM payroll_payslip",
        "UPDATE payroll_payslip SET holiday_cents = 0", "UPDATE payroll_payrun SET state = 'draft'",
        "UPDATE payroll_payrun SET month = '2026-10-01'", "DELETE FROM payroll_payrun",
        """INSERT INTO payroll_wageline (run_id, worker_id, month, kind, rate_cents, from_on, until_on, minutes, cents, rule)
           SELECT run_id, worker_id, month, 'visit', 1, from_on, until_on, 1, 1, '' FROM payroll_wageline""",
        "UPDATE payroll_payslip SET net_cents = 1, withheld_cents = 1",
        "UPDATE payroll_payslip SET leave_minutes = 1", "UPDATE payroll_payslip SET holiday_paid_cents = 1",
        """INSERT INTO payroll_payrun (ref, month, state, made_at, made_by_id, bureau_id, export_digest, worker_ids, error)
           SELECT 'second', month, 'draft', made_at, made_by_id, '', '', '{}', '' FROM payroll_payrun""",
    ])  # fmt: skip
    def test_refuses(self, fixed, statement):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_net_is_told_once(self, fixed, payer):
        Payslip.objects.update(net_cents=14_00, withheld_cents=99)
        with pytest.raises(DatabaseError, match="payslip of a run that is fixed"), transaction.atomic():
            Payslip.objects.update(net_cents=13_00, withheld_cents=1_99)
