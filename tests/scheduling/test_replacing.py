"""Somebody is sick, leaves, or does not come: who goes in their place, and who may not."""

from datetime import timedelta

import pytest

from scheduling import confirming, offers, publishing, replacing, sick_call, visits
from scheduling.models import Assignment, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY
from workers_pool import availability, skills

pytestmark = pytest.mark.django_db

STATE = Assignment.State
AFTER = NOON + timedelta(days=8)


def at_visit(visit, minutes=0):
    return visit.start_at + timedelta(minutes=minutes)


def no_show(visit):
    row = visit.assignments.filter(state=STATE.ASSIGNED).first()
    return sick_call.mark_no_show(row.pk, by=build.user(), at=at_visit(visit, 20))


def by_hand(row, came, left, *, at=AFTER):
    visit = row.visit
    return visits.record_by_hand(
        row.pk,
        checked_in_at=at_visit(visit, came),
        checked_out_at=at_visit(visit, left),
        by=build.user(),
        at=at,
    )


class TestSickCall:
    def test_takes_only_what_lies_in_it_and_has_not_begun(self):
        worker = build_work.worker()
        customer = build.customer()
        build.lot(customer, hours=20)
        for day in (7, 8, 10):
            build.booking(customer, starts=[NOON + timedelta(days=day)])
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        first, second, third = Assignment.objects.order_by("during")
        visits.check_in(first.pk, by=worker.user, at=first.visit.start_at)

        lost = sick_call.report(
            worker.pk, from_at=at_visit(first.visit, 30), until_at=NOON + timedelta(days=9), by=worker.user,
            at=at_visit(first.visit, 30),
        )  # fmt: skip

        assert lost == [second]
        third.refresh_from_db()
        assert third.state == STATE.ASSIGNED
        assert availability.windows(worker, MONDAY)[1][0] == NOON + timedelta(days=9)
        visits.check_out(first.pk, by=worker.user, at=at_visit(first.visit, 40))

    def test_finishes_a_visit_whose_others_are_done(self):
        visit = build_work.published_visit(crew=2)
        done, sick = visit.assignments.order_by("pk")
        visits.check_in(done.pk, by=done.worker.user, at=at_visit(visit))
        visits.check_out(done.pk, by=done.worker.user, at=at_visit(visit, 170))
        sick_call.report(
            sick.worker_id,
            from_at=at_visit(visit),
            until_at=visit.end_at,
            by=sick.worker.user,
            at=at_visit(visit, 175),
        )
        visit.refresh_from_db()
        assert (visit.state, visit.version) == ("finished", 2)

    def test_goodbye_takes_a_worker_off_every_later_visit(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)

        lost = sick_call.leave(row.worker_id, left_on=MONDAY, by=build.user(), at=NOON)

        assert lost == [row]
        assert replacing.candidates(visit.pk) == []


class TestReplace:
    def test_inside_the_term_is_an_offer_and_in_time_is_not(self):
        visit = build_work.published_visit(crew=2)
        first, second = visit.assignments.order_by("pk")
        others = [build_work.worker("A"), build_work.worker("B")]
        for row, other, at, state in (
            (first, others[0], NOON, "assigned"),
            (second, others[1], NOON + timedelta(days=6), "offered"),
        ):
            sick_call.report(
                row.worker_id, from_at=visit.start_at, until_at=visit.end_at, by=row.worker.user, at=at
            )
            assert replacing.replace(visit.pk, worker_id=other.pk, by=build.user(), at=at).state == state

    def test_ranks_a_known_face_over_a_near_one(self):
        seen = build_work.worked_visit()
        known = build_work.only(seen).worker
        near = build_work.worker("Near")
        booking = build.booking(seen.booking.customer, starts=[NOON + timedelta(days=14)])
        publishing.publish(
            build_work.plan(monday=MONDAY + timedelta(days=7)).pk,
            by=build.user(),
            at=NOON + timedelta(days=7),
        )
        visit = Visit.objects.get(booking=booking)
        Assignment.objects.filter(visit=visit).delete()

        found = replacing.candidates(visit.pk)

        assert [candidate.worker for candidate in found] == [known, near]
        assert found[0].why[0]["en"] == "has been here before"
        assert found[0].travel_minutes == 0

    def test_never_leaves_a_learner_alone(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        learner = build_work.worker("Learner", skills={"cleaning": "learner"})
        sick_call.report(
            row.worker_id, from_at=visit.start_at, until_at=visit.end_at, by=row.worker.user, at=NOON
        )

        assert replacing.candidates(visit.pk) == []
        with pytest.raises(replacing.CannotGo, match="ervaren collega"):
            replacing.replace(visit.pk, worker_id=learner.pk, by=build.user(), at=NOON)

    def test_refuses_by_law_with_the_rule(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        short = build_work.worker("Kort C.", week_minutes=120, wanted_minutes=60)
        no_show(visit)

        assert replacing.candidates(visit.pk) == []
        with pytest.raises(replacing.CannotGo, match=r"Kort C\. zou in de week 180 minuten"):
            replacing.replace(visit.pk, worker_id=short.pk, by=build.user(), at=at_visit(visit, 30))
        with pytest.raises(replacing.CannotGo, match="stond al"):
            replacing.replace(visit.pk, worker_id=row.worker_id, by=build.user(), at=at_visit(visit, 30))

    def test_refuses_who_works_in_another_neighbourhood(self):
        visit = build_work.published_visit()
        stranger = build_work.worker(where=build.neighbourhood("Elsewhere"))
        no_show(visit)
        with pytest.raises(replacing.CannotGo, match="niet in deze wijk"):
            replacing.replace(visit.pk, worker_id=stranger.pk, by=build.user(), at=at_visit(visit, 30))

    def test_of_a_visit_that_is_over_or_full_is_refused(self):
        visit = build_work.published_visit()
        other = build_work.worker("Other")
        with pytest.raises(replacing.NotReplaceable):
            replacing.replace(visit.pk, worker_id=other.pk, by=build.user(), at=NOON)
        no_show(visit)
        with pytest.raises(replacing.NotReplaceable):
            replacing.replace(visit.pk, worker_id=other.pk, by=build.user(), at=visit.end_at)

    def test_of_a_guard_needs_a_pass_that_is_valid_that_day(self):
        build.organisation()
        facts = {"skills": {"guarding": "qualified"}}
        build_work.worker("First", certificates={"guard_pass": MONDAY + timedelta(days=90)}, **facts)
        build.booking(code="guarding")
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        visit = Visit.objects.get()
        over = build_work.worker("Over", certificates={"guard_pass": MONDAY - timedelta(days=1)}, **facts)
        no_show(visit)

        with pytest.raises(replacing.CannotGo, match="beveiligingspas"):
            replacing.replace(visit.pk, worker_id=over.pk, by=build.user(), at=at_visit(visit, 30))
        skills.add_certificate(
            over.pk, kind="guard_pass", number="8", from_on=MONDAY, until_on=MONDAY, by=build.user(), at=NOON
        )
        replacing.replace(visit.pk, worker_id=over.pk, by=build.user(), at=at_visit(visit, 30))


class TestNoShow:
    def test_is_refused_before_the_start_and_after_check_in(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        with pytest.raises(sick_call.NotExpected):
            sick_call.mark_no_show(row.pk, by=build.user(), at=at_visit(visit, -1))
        visits.check_in(row.pk, by=row.worker.user, at=at_visit(visit, 5))
        with pytest.raises(sick_call.NotExpected):
            sick_call.mark_no_show(row.pk, by=build.user(), at=at_visit(visit, 20))

    def test_can_be_crewed_again_and_worked(self):
        visit = build_work.published_visit()
        other = build_work.worker("Other")
        no_show(visit)

        row = replacing.replace(visit.pk, worker_id=other.pk, by=build.user(), at=at_visit(visit, 20))
        offers.answer(row.pk, takes=True, by=other.user, at=at_visit(visit, 25))
        visits.check_in(row.pk, by=other.user, at=at_visit(visit, 40))
        visits.check_out(row.pk, by=other.user, at=at_visit(visit, 220))

        visit.refresh_from_db()
        assert visit.state == "finished"
        assert visits.billable_minutes(visit.assignments.get(state=STATE.WORKED)) == 180

    def test_a_late_offer_without_an_answer_does_not_keep_the_hours_from_being_confirmed(self):
        visit = build_work.published_visit(crew=2)
        other = build_work.worker("Other")
        no_show(visit)
        late = replacing.replace(visit.pk, worker_id=other.pk, by=build.user(), at=at_visit(visit, 20))
        by_hand(visit.assignments.get(state=STATE.ASSIGNED), 0, 170, at=at_visit(visit, 175))
        visit.refresh_from_db()
        assert visit.state == "published"

        silent = visit.end_at + timedelta(days=5)
        assert confirming.waiting_for_silence(at=silent) == [visit.pk]
        confirming.confirm_by_silence(visit.pk, at=silent)

        late.refresh_from_db()
        assert late.state == STATE.WITHDRAWN
