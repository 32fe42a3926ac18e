"""A plan is asked, made once whatever is killed, and published under the law of that moment."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import translation

from kernel.periods import AMSTERDAM
from marketplace import bookings
from scheduling import cancellation, planning, publishing, tasks
from scheduling.models import Assignment, Plan, Unassigned, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from workers_pool import absences, contracts, skills

pytestmark = pytest.mark.django_db


def ask(**facts) -> Plan:
    facts = {"monday": MONDAY, "seconds": 1, "seed": 1, "by": build.user(), "at": NOON, **facts}
    return planning.ask(build.neighbourhood().pk, **facts)


def publish(plan, *, at=NOON):
    return publishing.publish(plan.pk, by=build.user(), at=at)


def away(worker, start, end):
    with transaction.atomic():
        absences.report(worker.pk, from_at=start, until_at=end, by=worker.user, at=NOON)


class TestAsk:
    @pytest.mark.parametrize(("facts", "refusal"), [
        ({"monday": MONDAY + timedelta(days=1)}, planning.NotAMonday),
        ({"seconds": 0}, planning.NotANumberOfSeconds),
        ({"seconds": 301}, planning.NotANumberOfSeconds),
    ])  # fmt: skip
    def test_refuses(self, facts, refusal):
        with pytest.raises(refusal):
            ask(**facts)


class TestMake:
    def test_leaves_one_draft_of_a_week(self):
        build_work.worker()
        build.booking()
        first, second = build_work.plan(), build_work.plan()
        first.refresh_from_db()
        assert (first.state, second.state) == ("dropped", "draft")

    def test_keeps_what_was_published_and_plans_the_rest(self):
        visit = build_work.published_visit()
        later = build.booking(starts=[NOON + timedelta(days=8)])

        plan = build_work.plan()

        assert [row.booking for row in plan.visits.all()] == [later]
        publish(plan)
        assert Visit.objects.count() == 2
        assert Visit.objects.get(pk=visit.pk).plan_id != plan.pk

    def test_gives_every_booking_a_visit_or_a_reason_in_two_languages(self):
        build_work.worker()
        for code in ("cleaning", "moving"):
            build.booking(code=code)

        plan = build_work.plan()

        reason = Unassigned.objects.get(plan=plan)
        assert plan.visits.count() == 1
        assert (reason.code, reason.reason_nl, reason.reason_en) == (
            "nobody", "1 nodig, 0 vrij.", "1 needed, 0 free.",
        )  # fmt: skip

    def test_says_why_each_worker(self):
        worker = build_work.worker(home=build.address(x=1000))
        build.booking()

        why = build_work.plan().visits.get().why[str(worker.pk)]

        assert [line["nl"] for line in why] == [
            "5 minuten van huis",
            "werkt zo 3,0 van de 30,0 gewenste uren deze week",
            "niemand anders kan dit dan doen",
        ]
        assert [line["en"] for line in why] == [
            "5 minutes from home",
            "works 3.0 of 30.0 wanted hours this week this way",
            "nobody else can do this then",
        ]

    def test_prefers_the_face_that_is_known_and_says_so(self):
        visit = build_work.worked_visit()
        row = build_work.only(visit)
        build_work.worker("New face")
        build.booking(visit.booking.customer, starts=[NOON + timedelta(days=14)])

        draft = build_work.plan(monday=MONDAY + timedelta(days=7)).visits.get()

        assert [w.pk for w in draft.workers.all()] == [row.worker_id]
        assert draft.why[str(row.worker_id)][0]["nl"] == "kwam hier al eerder"


def _killed(*_args, **_facts):
    raise KeyboardInterrupt


class TestTask:
    def test_a_fault_of_ours_ends_the_plan_with_its_reason(self, monkeypatch):
        plan = ask()
        monkeypatch.setattr(planning, "solve", lambda *_a, **_f: 1 / 0)

        tasks.make_plan(plan_id=plan.pk, at="whatever", event_id=1)

        plan.refresh_from_db()
        assert plan.state == "failed"
        assert plan.error.startswith("ZeroDivisionError")

    def test_a_database_that_is_away_is_tried_again(self, monkeypatch):
        plan = ask()

        def away(*_args, **_facts):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(planning, "problem", away)
        with pytest.raises(OperationalError):
            tasks.make_plan(plan_id=plan.pk)
        plan.refresh_from_db()
        assert plan.state == "asked"


class TestPublish:
    def test_leaves_out_what_was_taken_back_since(self):
        build_work.worker()
        kept, gone = build.booking(), build.booking(starts=[NOON + timedelta(days=9)])
        plan = build_work.plan()
        bookings.cancel(gone.pk, by=build.user(), at=NOON)

        visits = publish(plan)

        assert [visit.booking for visit in visits] == [kept]

    def test_leaves_out_what_began_since(self):
        build_work.worker()
        build.booking()
        plan = build_work.plan()
        assert publish(plan, at=NOON + timedelta(days=7)) == []

    def test_names_people_not_numbers_in_the_readers_language(self):
        worker = build_work.worker("Samira B.")
        build.booking()
        plan = build_work.plan()
        away(worker, NOON + timedelta(days=6), NOON + timedelta(days=9))

        with pytest.raises(publishing.BreaksARule, match=r"Samira B\. is niet beschikbaar van maandag 10:00"):
            publish(plan)
        with (
            translation.override("en"),
            pytest.raises(publishing.BreaksARule, match=r"Samira B\. is not available"),
        ):
            publish(plan)
        plan.refresh_from_db()
        assert plan.state == "draft"

    def test_is_refused_when_a_paper_a_skill_or_the_contract_is_gone(self):
        worker = build_work.worker()
        build.booking()
        plan = build_work.plan()
        skills.unlearn(worker.pk, skill="cleaning", by=build.user(), at=NOON)
        with pytest.raises(publishing.BreaksARule, match="schoonmaken niet geleerd"):
            publish(plan)
        skills.learn(worker.pk, skill="cleaning", level="learner", by=build.user(), at=NOON)
        with pytest.raises(publishing.BreaksARule, match="ervaren collega"):
            publish(plan)
        skills.learn(worker.pk, skill="cleaning", level="qualified", by=build.user(), at=NOON)
        contracts.change(
            worker.pk, week_minutes=120, wanted_minutes=60, from_on=MONDAY, by=build.user(), at=NOON
        )
        with pytest.raises(publishing.BreaksARule, match="contract laat 120 toe"):
            publish(plan)

    def test_is_not_stopped_by_what_broke_in_older_visits(self):
        old = build_work.only(build_work.published_visit())
        contracts.change(
            old.worker_id, week_minutes=60, wanted_minutes=60, from_on=MONDAY, by=build.user(), at=NOON
        )
        build_work.worker("Fresh")
        booking = build.booking(starts=[NOON + timedelta(days=8)])

        assert [visit.booking for visit in publish(build_work.plan())] == [booking]

    def test_counts_the_way_between_two_visits_as_work(self):
        """Two visits of three hours with a quarter between them, and the way: a break is due, so one stays behind."""
        build_work.worker(home=build.address(x=1500))
        customer = build.customer()
        build.lot(customer, hours=20)
        build.booking(customer, minutes=165)
        build.booking(
            customer,
            starts=[NOON + timedelta(days=7, hours=1)],
            minutes=165,
            address_id=build.address(x=1800).pk,
        )  # 10:00 to 12:45, nine minutes by bike and five to settle in, 13:00 to 15:45: 339 minutes of work

        plan = build_work.plan()

        assert plan.visits.count() == 1
        assert "pauze" in plan.unassigned.get().reason_nl

    @pytest.mark.parametrize(("told", "state"), [
        (datetime(2026, 11, 5, 10, 0, tzinfo=AMSTERDAM), "assigned"),
        (datetime(2026, 11, 5, 10, 1, tzinfo=AMSTERDAM), "offered"),
    ])  # fmt: skip
    def test_t17_asks_from_the_wall_clock_time_four_dates_earlier(self, told, state):
        visit = build_work.published_visit(at=told)  # Monday 9 November at ten
        assert build_work.only(visit).state == state

    def test_counts_the_four_days_on_the_wall_when_the_clock_changes(self):
        start = datetime(2026, 10, 26, 10, tzinfo=AMSTERDAM)
        assert publishing.in_time(start, at=datetime(2026, 10, 22, 10, tzinfo=AMSTERDAM))
        assert not publishing.in_time(start, at=datetime(2026, 10, 22, 10, 1, tzinfo=AMSTERDAM))

    def test_of_a_cancelled_visit_can_be_booked_and_planned_anew(self):
        visit = build_work.published_visit()
        cancellation.cancel(visit.booking_id, by=build.user(), at=NOON)
        again = build.booking(visit.booking.customer)

        (published,) = publish(build_work.plan())

        assert published.booking == again
        assert Assignment.objects.filter(state="assigned").count() == 1
