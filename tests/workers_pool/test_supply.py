"""Who can work: hired, under contract, able, and when."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from events.models import Event
from kernel.periods import AMSTERDAM
from tests import build, build_work
from tests.build import NOON
from tests.build_work import EVERY_DAY, MONDAY
from workers_pool import absences, availability, avoiding, contracts, hiring, skills
from workers_pool.models import Absence, Certificate, NotWith, Worker

pytestmark = pytest.mark.django_db


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=AMSTERDAM)


def away(worker, start, end) -> Absence:
    with transaction.atomic():
        return absences.report(worker.pk, from_at=start, until_at=end, by=worker.user, at=NOON)


class TestHire:
    def test_gives_the_role_and_the_contract_from_the_first_day(self):
        worker = build_work.worker(from_on=date(2026, 11, 1))

        assert contracts.contract_on(worker, date(2026, 10, 31)) is None
        assert contracts.contract_on(worker, date(2026, 11, 1)).week_minutes == 36 * 60
        assert Event.objects.get(kind="worker.hired").subject == f"worker:{worker.pk}"

    def test_happens_once(self):
        worker = build_work.worker()
        with pytest.raises(hiring.AlreadyInThePool):
            hiring.hire(
                worker.user, home=worker.home, mode="walk", languages=["nl"], skills={}, week_minutes=60,
                wanted_minutes=60, windows=[], by=build.user(), at=NOON, from_on=MONDAY,
            )  # fmt: skip

    @pytest.mark.parametrize(("week", "wanted"), [(0, 0), (600, 601), (7 * 24 * 60 + 1, 60)])
    def test_refuses_hours_that_make_no_sense_and_leaves_nothing(self, week, wanted):
        with pytest.raises(contracts.NotAContract):
            build_work.worker(week_minutes=week, wanted_minutes=wanted)
        assert not Worker.objects.exists()


class TestContract:
    def test_changes_from_a_day_and_keeps_what_was(self):
        worker = build_work.worker()

        contracts.change(
            worker.pk,
            week_minutes=1200,
            wanted_minutes=1200,
            from_on=date(2026, 12, 1),
            by=build.user(),
            at=NOON,
        )

        hours = [contracts.contract_on(worker, date(2026, *day)).week_minutes for day in ((11, 30), (12, 1))]
        assert hours == [2160, 1200]

    def test_refuses_a_second_one_on_the_same_day(self):
        worker = build_work.worker()
        facts = {
            "week_minutes": 1200,
            "wanted_minutes": 900,
            "from_on": date(2026, 12, 1),
            "by": build.user(),
            "at": NOON,
        }
        contracts.change(worker.pk, **facts)
        with pytest.raises(contracts.NotAContract):
            contracts.change(worker.pk, **facts)


class TestAvailability:
    def test_is_the_usual_week_less_what_is_away(self):
        worker = build_work.worker(windows=[(0, 9 * 60, 17 * 60), (2, 9 * 60, 12 * 60)])
        away(worker, local(9, 12), local(9, 13))
        away(worker, local(11, 8), local(11, 23))

        assert availability.windows(worker, MONDAY) == (
            (local(9, 9), local(9, 12)),
            (local(9, 13), local(9, 17)),
        )

    def test_begins_with_the_first_day_and_ends_with_the_last(self):
        worker = build_work.worker(from_on=date(2026, 11, 11))
        with transaction.atomic():
            hiring.end(worker.pk, left_on=date(2026, 11, 13), by=build.user(), at=NOON)
        worker.refresh_from_db()

        days = [start.astimezone(AMSTERDAM).day for start, _end in availability.windows(worker, MONDAY)]

        assert days == [11, 12]

    def test_keeps_the_clock_on_the_day_it_changes(self):
        worker = build_work.worker(windows=[(6, 9 * 60, 1440)])

        assert availability.windows(worker, date(2026, 10, 19)) == (
            (local(25, 9, month=10), local(26, 0, month=10)),
        )

    @pytest.mark.parametrize(("windows", "refusal"), [
        ([(7, 0, 60)], availability.NotAWindow),
        ([(0, 600, 600)], availability.NotAWindow),
        ([(0, 600, 1441)], availability.NotAWindow),
        ([(0, 600, 700), (0, 690, 800)], availability.WindowsMeet),
        ([(0, 700, 800), (0, 600, 700)], availability.WindowsMeet),
    ])  # fmt: skip
    def test_refuses_windows_that_are_none_and_keeps_what_was(self, windows, refusal):
        worker = build_work.worker()
        with pytest.raises(refusal):
            availability.set_week(worker.pk, windows=windows, by=worker.user, at=NOON)
        assert worker.availability.count() == len(EVERY_DAY)

    def test_is_replaced_as_a_whole(self):
        worker = build_work.worker()
        availability.set_week(worker.pk, windows=[(3, 60, 120)], by=worker.user, at=NOON)
        assert [(w.weekday, w.from_minute, w.until_minute) for w in worker.availability.all()] == [
            (3, 60, 120)
        ]


class TestAbsence:
    def test_has_time_in_it(self):
        worker = build_work.worker()
        with pytest.raises(absences.EndsBeforeItStarts):
            away(worker, NOON, NOON)

    def test_ends_sooner_but_never_later(self):
        worker = build_work.worker()
        absence = away(worker, NOON, NOON + timedelta(days=3))

        absences.end(absence.pk, until_at=NOON + timedelta(days=1), by=worker.user, at=NOON)

        absence.refresh_from_db()
        assert absence.until_at == NOON + timedelta(days=1)
        with pytest.raises(absences.AlreadyBack):
            absences.end(absence.pk, until_at=NOON + timedelta(days=2), by=worker.user, at=NOON)
        with pytest.raises(absences.EndsBeforeItStarts):
            absences.end(absence.pk, until_at=NOON, by=worker.user, at=NOON)

    def test_the_database_has_no_place_for_a_reason(self):
        assert {field.name for field in Absence._meta.fields} == {
            "id", "worker", "from_at", "until_at", "reported_at", "reported_by",
        }  # fmt: skip


class TestSkills:
    def test_a_learner_becomes_qualified_on_the_same_row(self):
        worker = build_work.worker(skills={"moving": "learner"})
        skills.learn(worker.pk, skill="moving", level="qualified", by=build.user(), at=NOON)
        assert [(s.skill, s.level) for s in worker.skills.all()] == [("moving", "qualified")]
        skills.unlearn(worker.pk, skill="moving", by=build.user(), at=NOON)
        assert not worker.skills.exists()

    @pytest.mark.parametrize(("skill", "level"), [("juggling", "qualified"), ("moving", "so-so")])
    def test_refuses_what_it_does_not_know(self, skill, level):
        with pytest.raises(skills.NotASkill):
            skills.learn(build_work.worker().pk, skill=skill, level=level, by=build.user(), at=NOON)

    def test_a_paper_ends_after_it_starts(self):
        with pytest.raises(skills.NeverValid):
            skills.add_certificate(
                build_work.worker().pk, kind="vca", number="1", from_on=date(2026, 2, 1), until_on=date(2026, 1, 31),
                by=build.user(), at=NOON,
            )  # fmt: skip

    @pytest.mark.parametrize(("papers", "last"), [
        ([], None),
        ([((1, 1), (11, 8))], None),  # over on the day before
        ([((11, 10), (12, 31))], None),  # begins a day late: Monday would be worked without
        ([((1, 1), (11, 9))], date(2026, 11, 9)),
        ([((1, 1), (11, 11)), ((11, 12), (12, 31))], date(2026, 12, 31)),  # a renewal that joins up
        ([((1, 1), (11, 11)), ((11, 13), (12, 31))], date(2026, 11, 11)),  # a day between without
        ([((1, 1), (12, 31)), ((2, 1), (11, 10))], date(2026, 12, 31)),
    ])  # fmt: skip
    def test_a_paper_counts_from_its_own_first_day(self, papers, last):
        rows = [
            Certificate(
                kind="guard_pass", valid_from_on=date(2026, *since), valid_until_on=date(2026, *until)
            )
            for since, until in papers
        ]
        rows.append(Certificate(kind="vca", valid_from_on=date(2020, 1, 1), valid_until_on=date(2030, 1, 1)))
        assert skills.valid_to(rows, "guard_pass", since=MONDAY) == last


class TestAvoiding:
    def test_is_noted_once_per_side_and_taken_back_by_the_side(self):
        worker, customer = build_work.worker(), build.customer()
        for side in ("worker", "worker", "customer"):
            avoiding.keep_apart(worker.pk, customer_id=customer.pk, side=side, by=build.user(), at=NOON)
        assert NotWith.objects.count() == 2

        avoiding.allow_again(worker.pk, customer_id=customer.pk, side="worker", by=build.user(), at=NOON)

        assert NotWith.objects.get().side == "customer"


class TestLeave:
    def test_happens_once(self):
        worker = build_work.worker()
        with transaction.atomic():
            hiring.end(worker.pk, left_on=MONDAY, by=build.user(), at=NOON)
        with pytest.raises(hiring.AlreadyLeft), transaction.atomic():
            hiring.end(worker.pk, left_on=MONDAY, by=build.user(), at=NOON)


def test_the_database_refuses_a_window_that_is_none():
    worker = build_work.worker()
    with pytest.raises(DatabaseError, match="availability_is_a_window"), transaction.atomic():
        worker.availability.update(until_minute=1441)
