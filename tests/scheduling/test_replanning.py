"""A disturbed week is mended: proposals that say what they cost, one of them done whole or not at all."""

from datetime import timedelta

import pytest

from events.models import Delivery, Event
from marketplace.models import Booking
from notifications import telling
from scheduling import (
    cancellation,
    mending,
    offers,
    publishing,
    repair_words,
    replacing,
    replanning,
    sick_call,
    tasks,
    visits,
)
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, Proposal, Repair, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db

STATE = Assignment.State
Cause = Repair.Cause


def stop():
    return Iterations(60)


def mend(cause, *about, at, **more) -> Repair:
    (repair,) = replanning.ask_for_visits(
        cause, [visit.pk for visit in about], by=build.user(), at=at, **more
    )
    return replanning.make(repair.pk, at=at, stop=stop)


def serve(*bookings, at, cause=Cause.URGENT) -> Repair:
    first = bookings[0]
    repair = replanning.ask(
        cause, bookings=[one.pk for one in bookings], neighbourhood_id=first.neighbourhood_id, monday=MONDAY,
        by=build.user(), at=at,
    )  # fmt: skip
    return replanning.make(repair.pk, at=at, stop=stop)


def best(repair: Repair) -> Proposal:
    return Proposal.objects.get(repair=repair, rank=1)


def apply(proposal, *, at):
    return mending.apply(proposal.pk, by=build.user("Noor K."), at=at)


def sick(row, *, at, days=1):
    return sick_call.report(
        row.worker_id, from_at=at, until_at=at + timedelta(days=days), by=row.worker.user, at=at
    )


def words(proposal, *, at) -> str:
    return " ".join(one.text for one in repair_words.sentences(proposal, at=at))


def crew(visit):
    return {row.worker for row in visit.assignments.filter(state__in=Assignment.LIVE)}


def booked(*, hour=10, days=7, name="Jan de Wit", **facts) -> Booking:
    customer = build.customer(name=name)
    build.lot(customer, hours=20)
    return build.booking(customer, starts=[NOON + timedelta(days=days, hours=hour - 12)], **facts)


def publish():
    publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)


class TestAbsence:
    def test_gives_three_ways_each_another_person_and_says_what_it_costs(self):
        visit = build_work.published_visit()
        for number in range(4):
            build_work.worker(f"Vrij {number}", home=build.address(x=500 * number))
        at = visit.start_at - timedelta(hours=5)
        sick(build_work.only(visit), at=at)

        repair = mend(Cause.ABSENT, visit, at=at)

        found = list(repair.proposals.order_by("rank"))
        assert [one.rank for one in found] == [1, 2, 3]
        assert len({tuple(one.moves[0]["after"]["workers"]) for one in found}) == 3
        said = words(found[0], at=at)
        assert "Vrij 0 gaat naar Fatma Yilmaz, maandag 9 november om 10.00 uur." in said
        assert "Fatma Yilmaz krijgt een ander gezicht: Vrij 0." in said
        assert "Er breekt geen andere belofte." in said

    def test_is_applied_with_one_press_and_everybody_hears_it(self):
        visit = build_work.published_visit()
        other = build_work.worker("Vrij")
        at = visit.start_at - timedelta(hours=5)
        sick(build_work.only(visit), at=at)
        repair = mend(Cause.ABSENT, visit, at=at)

        apply(best(repair), at=at)

        repair.refresh_from_db()
        visit.refresh_from_db()
        row = visit.assignments.get(worker=other)
        assert (repair.state, row.state, visit.version) == ("applied", "offered", 3)
        assert row.why[0]["nl"].endswith("minuten van huis")
        (event,) = Event.objects.filter(kind="repair.applied")
        assert event.payload == {"proposal": 1, "moves": 1}
        assert Delivery.objects.filter(event__kind="visit.crew_changed").exists()
        with pytest.raises(mending.NotReady):
            apply(best(repair), at=at)

    def test_a_chain_is_done_whole_and_says_which_promise_breaks(self):
        mover = build_work.worker("Mover", skills={"moving": "qualified", "cleaning": "qualified"},
                                  certificates={"lifting": MONDAY + timedelta(days=90)})  # fmt: skip
        cleaner = booked(name="Schoon")
        publish()
        cleaning = Visit.objects.get(booking=cleaner)
        build_work.worker("Cleaner", windows=[(0, 8 * 60, 20 * 60)])
        at = NOON + timedelta(days=1)
        urgent = booked(name="Zwaar", code="moving", at=at)

        repair = serve(urgent, at=at)

        proposal = best(repair)
        assert len(proposal.moves) == 2
        said = words(proposal, at=at)
        assert "Mover gaat naar Zwaar" in said
        assert "Cleaner gaat naar Schoon" in said
        assert "Mover gaat niet meer naar Schoon" in said
        apply(proposal, at=at)
        assert crew(Visit.objects.get(booking=urgent)) == {mover}
        assert {one.user.name for one in crew(cleaning)} == {"Cleaner"}

    def test_a_team_goes_whole_or_not_at_all(self):
        visit = build_work.published_visit(crew=2)
        first, second = visit.assignments.order_by("pk")
        at = visit.start_at - timedelta(hours=5)
        sick(first, at=at)

        repair = mend(Cause.ABSENT, visit, at=at)
        assert "Naar Fatma Yilmaz gaat niemand" in words(best(repair), at=at)
        assert f"{second.worker.user.name} houdt recht op loon" in words(best(repair), at=at)
        build_work.worker("Derde")
        again = replanning.ask_again(repair.pk, by=build.user(), at=at)
        again = replanning.make(again.pk, at=at, stop=stop)

        apply(best(again), at=at)
        assert len(crew(visit)) == 2
        assert second.worker in crew(visit)

    def test_what_nobody_can_do_falls_away_and_waits_for_another_plan(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        at = visit.start_at - timedelta(hours=5)
        sick(row, at=at)

        repair = mend(Cause.ABSENT, visit, at=at)
        apply(best(repair), at=at)

        visit.refresh_from_db()
        visit.booking.refresh_from_db()
        assert (visit.state, visit.booking.state) == ("cancelled", "requested")
        event = Event.objects.get(kind="visit.let_go")
        (message,) = telling.tell(event.pk, at=at)
        assert "Wij zoeken een andere tijd" in message.text


class TestWorldMoves:
    def disturbed(self):
        visit = build_work.published_visit()
        at = visit.start_at - timedelta(hours=5)
        sick(build_work.only(visit), at=at)
        build_work.worker("Vrij")
        return visit, mend(Cause.ABSENT, visit, at=at), at

    def test_a_visit_that_changed_since_is_said_and_nothing_is_lost(self):
        visit, repair, at = self.disturbed()
        hurried = build_work.worker("Haast")
        replacing.replace(visit.pk, worker_id=hurried.pk, by=build.user(), at=at)
        with pytest.raises(mending.WorldMoved, match="veranderd bij Fatma Yilmaz"):
            apply(best(repair), at=at)
        assert crew(visit) == {hurried}
        repair.refresh_from_db()
        assert repair.state == "ready"

    def test_a_worker_who_fell_ill_since_is_refused_by_the_rule(self):
        visit, repair, at = self.disturbed()
        chosen = best(repair).moves[0]["after"]["workers"][0]
        worker = build_work.Worker.objects.get(pk=chosen)
        sick_call.report(worker.pk, from_at=at, until_at=at + timedelta(days=1), by=worker.user, at=at)
        with pytest.raises(publishing.BreaksARule, match="Vrij"):
            apply(best(repair), at=at)
        assert not crew(visit)

    def test_a_booking_that_was_cancelled_since_is_said(self):
        visit, repair, at = self.disturbed()
        cancellation.cancel(visit.booking_id, by=build.user(), at=at, despite_term=True)
        with pytest.raises(mending.WorldMoved):
            apply(best(repair), at=at)

    def test_a_colleague_who_said_no_since_is_seen_though_the_visit_has_no_new_version(self):
        visit = build_work.published_visit(crew=2)
        first, second = visit.assignments.order_by("pk")
        at = visit.start_at - timedelta(hours=5)
        sick(first, at=at)
        build_work.worker("Vrij")
        repair = mend(Cause.ABSENT, visit, at=at)
        Assignment.objects.filter(pk=second.pk).update(state=STATE.DECLINED)
        with pytest.raises(mending.WorldMoved):
            apply(best(repair), at=at)

    def test_another_change_elsewhere_is_no_hindrance(self):
        visit, repair, at = self.disturbed()
        booked(name="Elders", hour=16, days=8, at=at)
        apply(best(repair), at=at)
        assert crew(visit)


class TestFrozen:
    def test_a_visit_that_begins_soon_stays_as_it_is(self):
        build_work.worker("Mover", skills={"moving": "qualified", "cleaning": "qualified"},
                          certificates={"lifting": MONDAY + timedelta(days=90)})  # fmt: skip
        cleaner = booked(name="Schoon")
        publish()
        cleaning = Visit.objects.get(booking=cleaner)
        build_work.worker("Cleaner")
        at = cleaning.start_at - timedelta(minutes=90)
        urgent = booked(name="Zwaar", code="moving", hour=12, at=at)

        assert not serve(urgent, at=at).proposals.exists()


class TestNoShow:
    def test_somebody_comes_later_that_day_and_the_missing_one_is_out(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        at = visit.start_at + timedelta(minutes=20)
        sick_call.mark_no_show(row.pk, by=build.user(), at=at)
        other = build_work.worker("Vrij")

        repair = mend(Cause.NO_SHOW, visit, at=at)
        proposal = best(repair)

        assert (
            "was beloofd: maandag 9 november om 10.00 uur. Dat wordt: maandag 9 november om 11.30 uur"
            in words(proposal, at=at)
        )
        apply(proposal, at=at)
        later = Visit.objects.get(booking=visit.booking, state="published")
        assert later.start_at == visit.start_at + timedelta(minutes=90)
        assert crew(later) == {other}
        offers.answer(later.assignments.get().pk, takes=True, by=other.user, at=at)
        visits.check_in(later.assignments.get().pk, by=other.user, at=later.start_at)

    def test_what_the_missing_one_had_later_that_day_is_mended_too(self):
        worker = build_work.worker("Weg")
        first, second = booked(name="Een"), booked(name="Twee", hour=15)
        publish()
        visit = Visit.objects.get(booking=first)
        other = build_work.worker("Vrij")
        at = visit.start_at + timedelta(minutes=20)
        sick_call.mark_no_show(visit.assignments.get().pk, by=build.user(), at=at)

        apply(best(mend(Cause.NO_SHOW, visit, at=at)), at=at)

        assert crew(Visit.objects.get(booking=second)) == {other}
        assert not Assignment.objects.filter(worker=worker, state__in=Assignment.LIVE).exists()


class TestLateClient:
    def test_the_start_moves_and_the_crew_stays(self):
        visit = build_work.published_visit()
        worker = build_work.only(visit).worker
        at = visit.start_at - timedelta(hours=3)

        repair = mend(Cause.LATE, visit, at=at, not_before=visit.start_at + timedelta(hours=1))
        apply(best(repair), at=at)

        later = Visit.objects.get(booking=visit.booking, state="published")
        assert later.start_at == visit.start_at + timedelta(hours=1)
        assert crew(later) == {worker}
        notes = telling.tell(Event.objects.get(kind="visit.arranged").pk, at=at)
        assert any("verandert iets" in note.subject for note in notes)
        assert not telling.tell(Event.objects.get(kind="visit.let_go").pk, at=at)


class TestCancelled:
    def test_time_that_came_free_goes_to_who_waits(self):
        visit = build_work.published_visit()
        worker = build_work.only(visit).worker
        at = NOON + timedelta(days=1)
        waiting = booked(name="Wacht", at=at)
        cancellation.cancel(visit.booking_id, by=build.user(), at=at)

        repair = replanning.ask_after_cancelling(visit, by=build.user(), at=at)
        replanning.make(repair.pk, at=at, stop=stop)
        apply(best(repair), at=at)

        assert crew(Visit.objects.get(booking=waiting)) == {worker}
        waiting.refresh_from_db()
        assert waiting.state == "planned"

    def test_nobody_waits_and_nothing_is_asked(self):
        visit = build_work.published_visit()
        assert replanning.ask_after_cancelling(visit, by=build.user(), at=NOON) is None


class TestOpen:
    def test_a_workers_own_call_is_a_question_until_somebody_goes(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        other = build_work.worker("Vrij")
        at = visit.start_at - timedelta(hours=5)
        where = [visit.neighbourhood_id]

        lost, (repair,) = replanning.call_in_sick(
            row.worker_id, from_at=at, until_at=at + timedelta(days=1), by=row.worker.user, at=at
        )
        assert (lost, replanning.open_repairs(where, at=at)) == ([row], [repair])
        assert replanning.open_repairs(where, at=at + timedelta(days=7)) == []
        replacing.replace(visit.pk, worker_id=other.pk, by=build.user(), at=at)
        assert replanning.open_repairs(where, at=at) == []

    def test_asked_again_takes_the_place_of_the_old_question(self):
        visit = build_work.published_visit()
        Assignment.objects.update(state=STATE.DECLINED)
        old = mend(Cause.SHORT, visit, at=NOON)
        new = mend(Cause.SHORT, visit, at=NOON)
        assert replanning.open_repairs([visit.neighbourhood_id], at=NOON) == [new]
        with pytest.raises(mending.NotReady):
            apply(best(old), at=NOON)


class TestQueue:
    def test_a_repair_has_a_queue_of_its_own(self, settings):
        visit = build_work.published_visit()
        replanning.ask_for_visits(Cause.SHORT, [visit.pk], by=build.user(), at=NOON)
        (delivery,) = Delivery.objects.filter(event__kind="repair.asked")
        assert settings.TASK_QUEUES[delivery.task] == "repairs"
        assert settings.TASK_QUEUES["scheduling.tasks.make_plan"] != "repairs"

    def test_asked_twice_is_asked_once(self):
        visit = build_work.published_visit()
        (one,) = replanning.ask_for_visits(Cause.SHORT, [visit.pk], by=build.user(), at=NOON)
        (two,) = replanning.ask_for_visits(Cause.SHORT, [visit.pk], by=build.user(), at=NOON)
        assert one == two

    def test_about_nothing_is_refused(self):
        with pytest.raises(replanning.NothingToMend):
            replanning.ask(
                Cause.URGENT,
                neighbourhood_id=build.neighbourhood().pk,
                monday=MONDAY,
                by=build.user(),
                at=NOON,
            )

    def test_a_fault_ends_it_and_a_killed_run_is_found(self, monkeypatch):
        visit = build_work.published_visit()
        (one,) = replanning.ask_for_visits(Cause.SHORT, [visit.pk], by=build.user(), at=NOON)
        monkeypatch.setattr(replanning, "proposals", lambda *_a, **_f: 1 / 0)
        tasks.make_repair(repair_id=one.pk, at="whatever", event_id=1)
        one.refresh_from_db()
        assert (one.state, one.error.split(":")[0]) == ("failed", "ZeroDivisionError")

        (two,) = replanning.ask_for_visits(Cause.SHORT, [visit.pk], by=build.user(), at=NOON)
        replanning._begin(two.pk, at=NOON)
        Repair.objects.filter(pk=two.pk).update(seen_at=NOON - timedelta(days=400))
        tasks.end_silent_runs()
        two.refresh_from_db()
        assert (two.state, two.error) == ("failed", "killed")
