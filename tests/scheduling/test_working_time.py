"""The working-time law beyond one week, case by case."""

from datetime import datetime, timedelta

import pytest

from kernel.periods import AMSTERDAM
from scheduling import working_time
from scheduling.week_problem import problem
from scheduling.working_time import Shift
from tests import build, build_work
from tests.build_work import MONDAY

HOUR = 60


def at(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def late_shift(day=9):
    return Shift(at(2026, 11, day, 14), at(2026, 11, day, 22))


def test_t14_after_a_shift_that_ends_at_ten_somebody_starts_at_nine():
    assert working_time.next_start(late_shift()) == at(2026, 11, 10, 9)


def test_t14_six_in_the_morning_only_once_in_seven_days():
    first, early = late_shift(), Shift(at(2026, 11, 10, 6), at(2026, 11, 10, 9))
    assert working_time.next_start(first, shortened=True) == early.start
    assert working_time.may_shorten(first, before=[])
    for day, allowed in ((12, False), (15, False), (16, True)):
        assert working_time.may_shorten(late_shift(day), before=[first, early]) is allowed, day


@pytest.mark.parametrize(("minutes", "rest"), [(330, 0), (331, 30), (600, 30), (601, 45)])
def test_t15_breaks_are_due_after_so_much_work(minutes, rest):
    start = at(2026, 11, 9, 8)
    assert Shift(start, start + timedelta(minutes=minutes)).break_minutes == rest


def test_t18_sixteen_weeks_hold_768_hours_and_not_a_minute_more():
    before = [48 * HOUR] * 15
    assert working_time.room(before, [], monday=MONDAY) == 48 * HOUR
    assert sum(before) + working_time.room(before, [], monday=MONDAY) == 768 * HOUR
    assert working_time.room([*before[:-1], 48 * HOUR + 1], [], monday=MONDAY) == 48 * HOUR - 1


@pytest.mark.parametrize(("before", "after", "hours"), [
    ([], [], 60), ([60 * HOUR] * 3, [], 40), ([60 * HOUR] * 2, [60 * HOUR], 40), ([], [60 * HOUR] * 3, 40),
    ([0] * 3 + [60 * HOUR] * 12, [], 48), ([60 * HOUR] * 15, [], 0),
])  # fmt: skip
def test_a_week_has_the_room_that_four_and_sixteen_weeks_leave(before, after, hours):
    assert working_time.room(before, after, monday=MONDAY) == hours * HOUR


class TestT31Clocks:
    def test_t31_the_longest_night_lasts_nine_hours_of_which_a_half_is_break(self):
        night = Shift(at(2026, 10, 24, 20), at(2026, 10, 25, 4))
        assert (night.elapsed_minutes, night.break_minutes, night.paid_minutes) == (540, 30, 510)

    def test_t31_after_a_night_the_rest_is_fourteen_hours(self):
        night = Shift(at(2026, 10, 24, 20), at(2026, 10, 25, 4))
        assert night.is_night
        assert working_time.next_start(night) == at(2026, 10, 25, 18)
        assert not working_time.may_shorten(night, before=[])

    def test_t31_eleven_hours_pass_also_when_the_clock_jumps(self):
        shift = Shift(at(2027, 3, 27, 14), at(2027, 3, 27, 22))
        assert working_time.next_start(shift) == at(2027, 3, 28, 10)

    def test_t31_six_hours_pass_between_half_past_ten_and_half_past_three(self):
        night = Shift(at(2026, 10, 24, 22, 30), at(2026, 10, 25, 3, 30))
        assert (night.elapsed_minutes, night.break_minutes) == (360, 30)

    def test_an_hour_before_six_is_no_night_yet(self):
        assert not Shift(at(2026, 11, 9, 5), at(2026, 11, 9, 12)).is_night
        assert Shift(at(2026, 11, 9, 4, 59), at(2026, 11, 9, 12)).is_night


@pytest.mark.django_db
def test_t18_somebody_who_worked_much_gets_what_the_law_leaves():
    worker = build_work.worker(week_minutes=60 * HOUR, wanted_minutes=60 * HOUR)
    for weeks in range(1, 4):
        build_work.worked_before(worker, MONDAY - timedelta(weeks=weeks), minutes=60 * HOUR)

    found = problem(build.neighbourhood(), MONDAY).worker[str(worker.pk)]

    assert found.contract == 40 * HOUR
