"""What a pay run pays beyond hours worked: calls, cancelled visits, supplements, training, leave, sickness, allowance."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from books.prove import invariants
from kernel.periods import AMSTERDAM
from ledger.balances import balance
from ledger.models import Account
from ledger.posting import Move, post
from payroll import leave, paid_time, pay_run
from payroll.models import PaidPiece
from scheduling import cancellation, sick_call
from scheduling.models import Assignment, Visit
from tests import build, build_pay, build_work
from workers_pool.models import Contract

NOVEMBER, DECEMBER = date(2026, 11, 1), datetime(2026, 12, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    build.organisation()
    return build.member("payroll")


def proved() -> None:
    assert [row for row in invariants() if not row.holds] == []


def on_call(**facts):
    worker = build_work.worker(contract_kind="on_call", **facts)
    build_pay.worker_file(worker)
    return worker


def moved_to(row: Assignment, day: date, hour: int, minute: int = 0) -> None:
    """Let a worked visit begin at another time."""
    start = datetime.combine(day, time(hour, minute), tzinfo=AMSTERDAM)
    end = start + timedelta(minutes=row.accepted_minutes)
    Visit.objects.filter(pk=row.visit_id).update(start_at=start, end_at=end)


def run_of(month: date, payer, at: datetime = DECEMBER):
    return pay_run.make(month, by=payer, at=at)


def lines(run, worker=None):
    rows = run.lines.filter(worker=worker) if worker else run.lines.all()
    return [(row.kind, row.rate_cents, row.minutes, row.cents) for row in rows.order_by("from_on", "kind")]


class TestMinutes:
    def test_t28_a_visit_over_midnight_is_paid_at_two_rates(self, payer):
        """30 June, 22:00 to 02:00: two hours at 14.71 and two at 14.99 are 59.40, with the month it starts in."""
        worker = build_work.worker()
        build_pay.worker_file(worker)
        (row,) = build_pay.worked(worker, (date(2026, 6, 30), 240))
        moved_to(row, date(2026, 6, 30), 22)

        june = build_pay.fixed(run_of(date(2026, 6, 1), payer))

        assert lines(june) == [("visit", 1471, 120, 29_42), ("visit", 1499, 120, 29_98)]
        assert june.payslips.get().gross_cents == 59_40
        assert not run_of(date(2026, 7, 1), payer).lines.exists()
        assert PaidPiece.objects.filter(assignment=row).count() == 2
        proved()

    def test_t28_a_birthday_inside_a_visit_changes_the_rate_at_midnight(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker, birth_on=date(2005, 11, 10))
        (row,) = build_pay.worked(worker, (date(2026, 11, 9), 180))
        moved_to(row, date(2026, 11, 9), 22, 30)

        assert lines(run_of(NOVEMBER, payer)) == [("visit", 1199, 90, 17_99), ("visit", 1499, 90, 22_49)]

    def test_t31_the_doubled_hour_is_paid_and_the_break_is_not(self, payer):
        """24 October 20:00 to 04:00 lasts nine hours, of which half an hour break: 8.5 hours at 14.99."""
        worker = build_work.worker()
        build_pay.worker_file(worker)
        (row,) = build_pay.worked(worker, (date(2026, 10, 24), 510))
        moved_to(row, date(2026, 10, 24), 20)

        assert lines(run_of(date(2026, 10, 1), payer)) == [("visit", 1499, 510, 127_42)]


class TestCalls:
    def test_t16_an_hour_on_call_pays_three(self, payer):
        worker = on_call()
        build_pay.worked(worker, (date(2026, 11, 9), 60))

        run = build_pay.fixed(run_of(NOVEMBER, payer))

        assert lines(run) == [("top_up", 1499, 120, 29_98), ("visit", 1499, 60, 14_99)]
        assert run.payslips.get().gross_cents == 44_97
        proved()

    def test_t30_two_calls_of_a_day_pay_three_hours_each(self, payer):
        worker = on_call()
        early, late = build_pay.worked(worker, (date(2026, 11, 9), 60), (date(2026, 11, 10), 90))
        moved_to(early, date(2026, 11, 9), 9)
        moved_to(late, date(2026, 11, 9), 15)

        assert run_of(NOVEMBER, payer).payslips.get().gross_cents == 89_94

    def test_who_has_fixed_hours_gets_no_top_up(self, payer):
        worker = build_work.worker(week_minutes=24 * 60, wanted_minutes=24 * 60)
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        assert lines(run_of(NOVEMBER, payer)) == [("visit", 1499, 60, 14_99)]

    def test_a_short_contract_gets_it(self, payer):
        worker = build_work.worker(week_minutes=14 * 60, wanted_minutes=10 * 60)
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 11, 9), 60))
        assert run_of(NOVEMBER, payer).payslips.get().gross_cents == 44_97

    def test_the_contract_of_the_day_decides(self, payer):
        worker = on_call()
        Contract.objects.create(
            worker=worker, week_minutes=24 * 60, wanted_minutes=24 * 60, from_on=date(2026, 11, 10)
        )
        build_pay.worked(worker, (date(2026, 11, 9), 60), (date(2026, 11, 10), 60))
        assert run_of(NOVEMBER, payer).payslips.get().gross_cents == 44_97 + 14_99

    def test_a_call_over_the_end_of_a_month_is_one_call(self, payer):
        worker = on_call()
        before, after = build_pay.worked(worker, (date(2026, 10, 31), 110), (date(2026, 11, 1), 70))
        moved_to(before, date(2026, 10, 31), 22)
        moved_to(after, date(2026, 11, 1), 0)
        assert lines(run_of(date(2026, 10, 1), payer)) == [("visit", 1499, 110, 27_48)]
        assert lines(run_of(NOVEMBER, payer)) == [("visit", 1499, 70, 17_49)]


class TestCancelled:
    """A visit on Monday 9 November at ten, told on the 2nd, four hours."""

    def planned(self, kind: str = "on_call", week_minutes: int = 36 * 60) -> Visit:
        visit = build_work.published_visit(minutes=240)
        worker = visit.assignments.get().worker
        Contract.objects.filter(worker=worker).update(kind=kind, week_minutes=week_minutes)
        build_pay.worker_file(worker)
        return visit

    def cancel(self, visit: Visit, *, days_before: int, minutes_late: int = 0) -> None:
        told = visit.start_at - timedelta(days=days_before) + timedelta(minutes=minutes_late)
        cancellation.cancel(visit.booking_id, by=build.user(), at=told, despite_term=True)

    def test_t17_cancelled_three_days_before_is_paid(self, payer):
        self.cancel(self.planned(), days_before=3)

        run = build_pay.fixed(run_of(NOVEMBER, payer))

        assert lines(run) == [("unworked", 1499, 240, 59_96)]
        proved()

    def test_t17_told_four_dates_earlier_is_not(self, payer):
        self.cancel(self.planned(), days_before=4)
        assert not run_of(NOVEMBER, payer).payslips.exists()

    def test_t17_a_minute_later_is(self, payer):
        self.cancel(self.planned(), days_before=4, minutes_late=1)
        assert run_of(NOVEMBER, payer).payslips.get().gross_cents == 59_96

    def test_t30_a_replacement_takes_nothing_off(self, payer):
        """09-13 cancelled two days before; 14-17 worked instead: seven hours."""
        visit = self.planned()
        self.cancel(visit, days_before=2)
        worker = visit.assignments.get().worker
        (row,) = build_pay.worked(worker, (date(2026, 11, 10), 180))
        moved_to(row, date(2026, 11, 9), 15)
        assert run_of(NOVEMBER, payer).payslips.get().gross_cents == 104_93

    def test_t30_moved_by_an_hour_counts_overlap_once(self, payer):
        visit = self.planned()
        self.cancel(visit, days_before=2)
        (row,) = build_pay.worked(visit.assignments.get().worker, (date(2026, 11, 10), 240))
        moved_to(row, date(2026, 11, 9), 11)
        assert run_of(NOVEMBER, payer).payslips.get().gross_cents == 74_95

    def test_fixed_hours_are_paid_however_early_they_were_cancelled(self, payer):
        self.cancel(self.planned("fixed"), days_before=6)
        assert lines(run_of(NOVEMBER, payer)) == [("unworked", 1499, 240, 59_96)]

    def test_fixed_hours_are_paid_up_to_the_hours_agreed(self, payer):
        visit = self.planned("fixed", week_minutes=20 * 60)
        self.cancel(visit, days_before=6)
        build_pay.worked(visit.assignments.get().worker, (date(2026, 11, 10), 600), (date(2026, 11, 11), 480))
        assert [row[0::2] for row in lines(run_of(NOVEMBER, payer))] == [("unworked", 120), ("visit", 1080)]

    def test_who_was_away_is_not_paid_for_it(self, payer):
        visit = self.planned()
        worker = visit.assignments.get().worker
        told = visit.start_at - timedelta(hours=2)
        sick_call.report(worker.pk, from_at=told, until_at=visit.end_at, by=worker.user, at=told)
        assert not run_of(NOVEMBER, payer).payslips.exists()


class TestSupplements:
    def with_scale(self):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        Contract.objects.filter(worker=worker).update(scale="cleaning-1-1")
        return worker

    def test_sunday_and_night_pay_on_top_of_the_scale(self, payer):
        """Sunday 7 June 2026 two hours: half on top; 04:00 to 07:00 on Monday: three tenths on two of three hours."""
        worker = self.with_scale()
        sunday, night = build_pay.worked(worker, (date(2026, 6, 7), 120), (date(2026, 6, 8), 180))
        moved_to(night, date(2026, 6, 8), 4)

        run = build_pay.fixed(run_of(date(2026, 6, 1), payer))

        assert lines(run) == [
            ("night", 466, 120, 9_32), ("sunday", 776, 120, 15_52), ("visit", 1552, 300, 77_60),
        ]  # fmt: skip
        assert [row.rule for row in run.lines.filter(kind="sunday")] == [
            "extra_pay.sunday_shares 2025-07-01 x wages.cleaning-1-1 2026-01-01"
        ]
        assert sunday.accepted_minutes + night.accepted_minutes == 300
        proved()

    def test_a_night_on_sunday_gets_the_higher_of_the_two(self, payer):
        worker = self.with_scale()
        (row,) = build_pay.worked(worker, (date(2026, 6, 7), 120))
        moved_to(row, date(2026, 6, 7), 1)
        assert [kind for kind, *_rest in lines(run_of(date(2026, 6, 1), payer))] == ["sunday", "visit"]

    def test_the_minimum_wage_gets_none(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 6, 7), 120))
        assert [kind for kind, *_rest in lines(run_of(date(2026, 6, 1), payer))] == ["visit"]


class TestPaidTime:
    @pytest.fixture
    def worker(self):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        return worker

    def enter(self, worker, kind, on, minutes=240, *, by, at=DECEMBER, **facts):
        return paid_time.enter(worker.pk, kind=kind, on=on, minutes=minutes, by=by, at=at, **facts)

    def test_training_is_paid_like_work(self, payer, worker):
        self.enter(worker, "training", date(2026, 11, 12), by=payer)
        run = build_pay.fixed(run_of(NOVEMBER, payer))
        assert lines(run) == [("training", 1499, 240, 59_96)]
        proved()

    def test_a_sick_hour_of_the_minimum_wage_is_paid_in_full_in_the_first_year(self, payer, worker):
        self.enter(worker, "sick", date(2026, 11, 12), by=payer)
        run = run_of(NOVEMBER, payer)
        assert lines(run) == [("sick", 1499, 240, 59_96)]
        assert run.lines.get().rule == "extra_pay.sick_floor_weeks: wages.minimum_wage_cents 2026-07-01"

    def test_seventy_per_cent_is_left_after_a_year(self, payer, worker):
        self.enter(worker, "sick", date(2026, 11, 12), by=payer, sick_since=date(2025, 11, 12))
        assert lines(run_of(NOVEMBER, payer)) == [("sick", 1049, 240, 41_96)]

    def test_a_scale_falls_to_the_minimum_wage_and_no_lower(self, payer, worker):
        """70% of 15.52 is 10.86, below the 14.71 of that day."""
        Contract.objects.filter(worker=worker).update(scale="cleaning-1-1")
        self.enter(worker, "sick", date(2026, 6, 8), by=payer)
        assert lines(run_of(date(2026, 6, 1), payer)) == [("sick", 1471, 240, 58_84)]

    def test_leave_is_earned_and_taken(self, payer, worker):
        """48 hours of work earn 4 hours of leave."""
        build_pay.worked(worker, *[(date(2026, 10, 5 + n), 480) for n in range(5)], (date(2026, 10, 12), 480))
        october = build_pay.fixed(run_of(date(2026, 10, 1), payer))
        assert october.payslips.get().leave_minutes == 240
        assert leave.free(worker.pk) == 240
        with pytest.raises(paid_time.NoLeaveLeft, match="4 uur"):
            self.enter(worker, "leave", date(2026, 11, 12), 241, by=payer)

        self.enter(worker, "leave", date(2026, 11, 12), 240, by=payer)

        november = build_pay.fixed(run_of(NOVEMBER, payer))
        assert lines(november) == [("leave", 1499, 240, 59_96)]
        assert (november.payslips.get().leave_minutes, november.payslips.get().leave_out_minutes) == (0, 240)
        assert leave.free(worker.pk) == 0
        proved()

    def test_is_withdrawn_and_not_changed(self, payer, worker):
        row = self.enter(worker, "training", date(2026, 11, 12), by=payer)
        with pytest.raises(paid_time.AlreadyEntered):
            self.enter(worker, "training", date(2026, 11, 12), 60, by=payer)
        paid_time.withdraw(row.pk, by=payer, at=DECEMBER)
        assert not run_of(NOVEMBER, payer).payslips.exists()
        self.enter(worker, "training", date(2026, 11, 12), 60, by=payer)
        assert run_of(NOVEMBER, payer).payslips.get().gross_cents == 14_99

    @pytest.mark.parametrize("minutes", [0, -5, 721])
    def test_is_a_working_day_at_most(self, payer, worker, minutes):
        with pytest.raises(paid_time.NotAWorkingDay):
            self.enter(worker, "training", date(2026, 11, 12), minutes, by=payer)

    def test_is_for_who_works_here_that_day(self, payer, worker):
        with pytest.raises(paid_time.NotEmployed):
            self.enter(worker, "training", date(2025, 12, 31), by=payer)


class TestHolidayAllowance:
    """T29: 104 hours a month at 14.71 from March; 104 hours at 14.99 from July."""

    def month(self, worker, payer, first: date):
        days = [first + timedelta(days=n) for n in range(13)]
        build_pay.worked(worker, *[(day, 480) for day in days])
        end = (first + timedelta(days=32)).replace(day=2)
        return build_pay.fixed(
            run_of(first, payer, at=max(DECEMBER, datetime(*end.timetuple()[:3], tzinfo=UTC)))
        )

    def worker(self, hired: date):
        worker = build_work.worker(from_on=hired, week_minutes=40 * 60)
        build_pay.worker_file(worker)
        return worker

    def test_t29_may_pays_what_was_earned_since_the_start(self, payer):
        worker = self.worker(date(2026, 3, 1))
        march, april = (self.month(worker, payer, date(2026, month, 1)) for month in (3, 4))
        assert [run.payslips.get().holiday_cents for run in (march, april)] == [122_39, 122_39]

        may = self.month(worker, payer, date(2026, 5, 1))

        slip = may.payslips.get()
        assert (slip.holiday_paid_cents, slip.holiday_released_cents) == (367_16, 367_17)
        assert slip.gross_cents == 1_529_84 + 367_16
        assert lines(may)[0] == ("holiday", 0, 0, 367_16)
        assert balance(Account.HOLIDAY_RESERVE) == 0
        assert balance(Account.ROUNDING) == -1
        proved()
        assert not self.month(worker, payer, date(2026, 6, 1)).lines.filter(kind="holiday").exists()

    def test_t29_leaving_pays_the_rest(self, payer):
        """June to August at 1,558.96 each; the last day is 31 August."""
        worker = self.worker(date(2026, 6, 1))
        build_pay.worked(worker, *[(date(2026, 6, 1 + n), 480) for n in range(13)])
        june = build_pay.fixed(run_of(date(2026, 6, 1), payer))
        july = self.month(worker, payer, date(2026, 7, 1))
        sick_call.leave(worker.pk, left_on=date(2026, 9, 1), by=payer, at=DECEMBER)

        august = self.month(worker, payer, date(2026, 8, 1))

        slip = august.payslips.get()
        wages = [run.payslips.get().gross_cents for run in (june, july)]
        left = august.lines.get(kind="left")
        assert wages == [1_529_84, 1_558_96]
        assert left.minutes == 3 * 520  # a twelfth of 104 hours, three times
        assert slip.holiday_paid_cents == round((sum(wages) + 1_558_96 + left.cents) * 0.08)
        assert balance(Account.HOLIDAY_RESERVE) == 0
        assert leave.free(worker.pk) == 0
        proved()

    def test_may_pays_who_did_not_work_in_may(self, payer):
        worker = self.worker(date(2026, 3, 1))
        self.month(worker, payer, date(2026, 3, 1))
        may = run_of(date(2026, 5, 1), payer)
        assert lines(may) == [("holiday", 0, 0, 122_39)]

    def test_what_was_brought_along_is_paid_with_the_first_may(self, payer):
        worker = self.worker(date(2026, 3, 1))
        with transaction.atomic():
            post(
                f"opening:holiday:{worker.pk}", date(2026, 3, 1),
                Move(Account.OPENING, Account.HOLIDAY_RESERVE, 310_25, f"worker:{worker.pk}"),
            )  # fmt: skip
        self.month(worker, payer, date(2026, 3, 1))
        may = build_pay.fixed(run_of(date(2026, 5, 1), payer))
        assert lines(may) == [("holiday", 0, 0, 122_39 + 310_25)]
        assert balance(Account.HOLIDAY_RESERVE) == 0
        proved()
