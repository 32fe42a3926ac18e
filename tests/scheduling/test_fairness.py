"""Hours are shared by what was worked against what was wanted, over the weeks before."""

from datetime import date, timedelta

import pytest

from scheduling import cancellation, fairness
from scheduling.engine.score import hours
from scheduling.week_problem import problem
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from workers_pool import absences

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def shares(*workers, monday: date = MONDAY, weeks: int = fairness.WEEKS):
    pool = fairness.pool([build.neighbourhood()], monday)
    found = fairness.shares_before(pool, monday, weeks=weeks)
    return [found[worker.pk] for worker in workers]


class TestShares:
    def test_are_minutes_worked_and_wanted_week_by_week(self):
        first, second = build_work.worker(), build_work.worker()
        build_work.worked_before(first, MONDAY - WEEK, minutes=600)
        build_work.worked_before(second, MONDAY - 3 * WEEK, minutes=900)
        # two weeks ago nobody worked: that week counts for nobody
        assert shares(first, second) == [((600, 1800), (0, 1800)), ((0, 1800), (900, 1800))]

    def test_end_after_so_many_weeks(self):
        worker = build_work.worker()
        build_work.worked_before(worker, MONDAY - WEEK, minutes=60)
        build_work.worked_before(worker, MONDAY - 14 * WEEK, minutes=600)
        assert shares(worker) == [((60, 1800),)]

    def test_start_a_newcomer_where_the_colleagues_are(self):
        first = build_work.worker()
        newcomer = build_work.worker(from_on=MONDAY - WEEK, wanted_minutes=1200)
        build_work.worked_before(first, MONDAY - WEEK, minutes=900)
        build_work.worked_before(newcomer, MONDAY - WEEK, minutes=1200)
        build_work.worked_before(first, MONDAY - 2 * WEEK, minutes=900)
        # the colleague worked half of what was wanted two weeks ago; so did the newcomer, as far as fairness goes
        assert shares(newcomer) == [((1200, 1200), (600, 1200))]

    def test_do_not_want_hours_of_somebody_who_is_away(self):
        there, ill = build_work.worker(), build_work.worker()
        build_work.worked_before(there, MONDAY - WEEK, minutes=600)
        since = NOON.replace(hour=0)
        absences.report(ill.pk, from_at=since, until_at=since + timedelta(days=4), by=build.user(), at=since)
        ((worked, wanted),) = shares(ill)[0]
        # Monday 01:00 to Friday 01:00 of seven equal days
        assert (worked, wanted) == (0, 1800 * 3 // 7)

    @pytest.mark.parametrize(("ahead", "counted"), [(timedelta(days=2), 180), (timedelta(days=5), 0)])
    def test_count_a_visit_that_the_customer_called_off_too_late(self, ahead, counted):
        visit = build_work.published_visit()
        (row,) = visit.assignments.all()
        cancellation.cancel(visit.booking_id, by=build.user(), at=visit.start_at - ahead, despite_term=True)
        other = build_work.worker()
        build_work.worked_before(other, MONDAY, minutes=60)
        assert shares(row.worker, monday=MONDAY + WEEK) == [((counted, 1800),)]

    def test_count_what_was_accepted_though_no_customer_was_at_home(self):
        visit = build_work.worked_visit(minutes=15)
        row = build_work.only(visit)
        row.accepted_minutes = 180
        row.save(update_fields=["accepted_minutes"])
        assert shares(row.worker, monday=MONDAY + WEEK) == [((180, 1800),)]


class TestPlan:
    def test_knows_what_earlier_weeks_left_short(self):
        short, content = build_work.worker(), build_work.worker()
        for back in (1, 2):
            build_work.worked_before(short, MONDAY - back * WEEK, minutes=1400)
            build_work.worked_before(content, MONDAY - back * WEEK, minutes=1800)
        week = problem(build.neighbourhood(), MONDAY)
        one, other = (week.worker[str(worker.pk)] for worker in (short, content))
        # together they got eight ninths; a quarter of what each is from that, over two weeks
        assert (one.aim, other.aim) == (1900, 1700)
        # an hour more is worth more to who stands behind
        assert hours(one, 1600) > hours(other, 1600)


class TestBesideColleagues:
    def test_what_all_miss_alike_puts_nobody_behind(self):
        shares = {"a": [(800, 1000)], "b": [(1600, 2000)]}
        assert fairness.beside_colleagues(shares) == {"a": ((1000, 1000),), "b": ((2000, 2000),)}

    def test_the_same_minutes_weigh_more_for_who_wants_fewer(self):
        shares = {"a": [(600, 1000)], "b": [(1800, 2000)]}
        assert fairness.beside_colleagues(shares) == {"a": ((800, 1000),), "b": ((2200, 2000),)}

    def test_a_week_in_which_nobody_wanted_hours_leaves_all_level(self):
        assert fairness.beside_colleagues({"a": [(0, 0)], "b": [(0, 0)]}) == {"a": ((0, 0),), "b": ((0, 0),)}

    def test_nobody_is_a_neighbourhood_too(self):
        assert fairness.beside_colleagues({}) == {}


def test_the_sum_says_who_stands_furthest_behind_first():
    first, second = build_work.worker("Anna A."), build_work.worker("Bilal B.")
    for back in (1, 2, 6):
        build_work.worked_before(first, MONDAY - back * WEEK, minutes=1800)
        build_work.worked_before(second, MONDAY - back * WEEK, minutes=1000)
    pool = fairness.pool([build.neighbourhood()], MONDAY)
    found = fairness.summed(pool, fairness.shares_before(pool, MONDAY), weeks=2, monday=MONDAY)
    assert [(one.worker.user.name, one.worked, one.wanted, one.gap, one.percent) for one in found] == [
        ("Bilal B.", 2000, 3600, 1600, 56), ("Anna A.", 3600, 3600, 0, 100),
    ]  # fmt: skip
