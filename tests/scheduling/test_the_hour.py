"""From a booking to confirmed minutes: plan, publish, work, confirm, dispute, close."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from books.proof_of_hours import hours_between
from books.prove import invariants
from cheques import lots
from ledger.balances import balance
from ledger.models import Account
from marketplace import bookings
from quality import disputes
from scheduling import (
    cancellation,
    confirming,
    offers,
    publishing,
    replacing,
    sick_call,
    visits,
    week_closing,
)
from scheduling.models import Assignment, Borne, Travel, Unassigned, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db

STATE, OUTCOME = Assignment.State, Assignment.Outcome
AFTER = NOON + timedelta(days=8)


def proved() -> None:
    """Every promise of the books holds."""
    assert [row for row in invariants() if not row.holds] == []


class TestPlan:
    def test_sends_a_qualified_worker_who_is_free(self):
        able = build_work.worker("Able")
        build_work.worker("Other work", skills={"moving": "qualified"})
        booking = build.booking()

        plan = build_work.plan()

        draft = plan.visits.get()
        assert draft.booking == booking
        assert [worker.pk for worker in draft.workers.all()] == [able.pk]
        assert draft.why[str(able.pk)][0]["nl"].endswith("minuten van huis")

    def test_says_why_a_booking_is_not_served(self):
        build_work.worker(windows=[(0, 14 * 60, 20 * 60)])
        build.booking()

        reason = Unassigned.objects.get(plan=build_work.plan())

        assert reason.reason_nl == "1 nodig, 0 vrij: 1 kunnen dan niet."

    def test_made_again_after_a_kill_leaves_one_draft(self):
        build_work.worker()
        build.booking()
        plan = build_work.plan()

        again = build_work.planning.make(plan.pk, at=NOON)

        assert again.visits.count() == 1


class TestPublish:
    def test_assigns_what_is_told_in_time(self):
        visit = build_work.published_visit()

        assert build_work.only(visit).state == STATE.ASSIGNED
        assert visit.booking.state == "planned"

    def test_asks_inside_the_term_of_four_days(self):
        visit = build_work.published_visit(at=NOON + timedelta(days=4))
        row = build_work.only(visit)
        assert row.state == STATE.OFFERED

        offers.answer(row.pk, takes=True, by=row.worker.user, at=NOON + timedelta(days=5))

        row.refresh_from_db()
        assert row.state == STATE.ASSIGNED

    def test_refuses_a_plan_that_broke_since_it_was_made(self):
        worker = build_work.worker()
        build.booking()
        plan = build_work.plan()
        with transaction.atomic():
            sick_call.absences.report(
                worker.pk,
                from_at=NOON + timedelta(days=6),
                until_at=NOON + timedelta(days=9),
                by=worker.user,
                at=NOON,
            )

        with pytest.raises(publishing.BreaksARule, match="niet beschikbaar"):
            publishing.publish(plan.pk, by=build.user(), at=NOON)

        assert not Visit.objects.exists()

    def test_publishes_once(self):
        visit = build_work.published_visit()
        with pytest.raises(publishing.NotADraft):
            publishing.publish(visit.plan_id, by=build.user(), at=NOON)

    def test_i7_the_database_refuses_a_worker_in_two_places(self):
        row = build_work.only(build_work.published_visit())
        other = Visit.objects.create(
            booking=build.booking(starts=[NOON + timedelta(days=7)]), neighbourhood=row.visit.neighbourhood,
            start_at=row.visit.start_at + timedelta(hours=1), end_at=row.visit.end_at, published_at=NOON,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="never_in_two_places"), transaction.atomic():
            publishing.assign(other, row.worker, why=[], at=NOON)


class TestWork:
    def test_records_the_minutes_between_in_and_out(self):
        visit = build_work.worked_visit(minutes=183)

        row = build_work.only(visit)
        assert (row.recorded_minutes, row.state, visit.state) == (183, STATE.WORKED, "finished")

    def test_refuses_out_before_in(self):
        row = build_work.only(build_work.published_visit())
        with pytest.raises(visits.NotCheckedIn):
            visits.check_out(row.pk, by=row.worker.user, at=row.visit.start_at)
        visits.check_in(row.pk, by=row.worker.user, at=row.visit.start_at)
        with pytest.raises(visits.OutBeforeIn):
            visits.check_out(row.pk, by=row.worker.user, at=row.visit.start_at - timedelta(minutes=1))

    def test_refuses_somebody_else(self):
        row = build_work.only(build_work.published_visit())
        with pytest.raises(visits.NotAssigned):
            visits.check_in(row.pk, by=build.user(), at=row.visit.start_at)

    @pytest.mark.parametrize(
        ("recorded", "billable"), [(1, 15), (172, 165), (173, 180), (183, 180), (230, 180)]
    )
    def test_asks_the_customer_for_quarters(self, recorded, billable):
        visit = build_work.worked_visit(minutes=recorded)
        assert visits.billable_minutes(build_work.only(visit)) == billable


class TestConfirm:
    def test_pays_with_the_held_cheques(self):
        visit = build_work.worked_visit(minutes=181)
        customer = visit.booking.customer

        confirming.confirm(visit.pk, by=build.owner_of(customer), at=AFTER)

        figures = lots.figures(customer.pk, at=AFTER)
        assert (figures.used, figures.held, figures.free) == (180, 0, 1020)
        assert balance(Account.REVENUE) == -30_00

    def test_is_done_once(self):
        visit = build_work.worked_visit()
        confirming.confirm(visit.pk, by=build.user(), at=AFTER)
        with pytest.raises(confirming.AlreadyConfirmed):
            confirming.confirm(visit.pk, by=build.user(), at=AFTER)

    def test_waits_until_everybody_is_out(self):
        visit = build_work.published_visit()
        with pytest.raises(confirming.NotFinished):
            confirming.confirm(visit.pk, by=build.user(), at=AFTER)

    def test_silence_confirms_after_the_term_and_not_before(self):
        visit = build_work.worked_visit()
        end = visit.end_at + timedelta(days=5)

        assert confirming.waiting_for_silence(at=end - timedelta(minutes=1)) == []
        with pytest.raises(confirming.NotFinished):
            confirming.confirm_by_silence(visit.pk, at=end - timedelta(minutes=1))
        assert confirming.waiting_for_silence(at=end) == [visit.pk]
        confirming.confirm_by_silence(visit.pk, at=end)

        assert build_work.only(visit).outcome == OUTCOME.SILENCE

    def test_counts_each_of_a_crew(self):
        visit = build_work.worked_visit(crew=2)

        confirming.confirm(visit.pk, by=build.user(), at=AFTER)

        assert lots.figures(visit.booking.customer_id, at=AFTER).used == 360


class TestCloseWeek:
    def test_accepts_never_less_than_worked_and_names_the_rest(self):
        visit = build_work.worked_visit(minutes=187)
        confirming.confirm(visit.pk, by=build.user(), at=AFTER)

        build_work.close_week(visit)

        assert hours_between() == {
            "accepted": 187,
            "confirmed": 180,
            "awaiting": 0,
            "disputed": 0,
            "borne": 7,
        }
        assert Borne.objects.get().reason == "rounding"
        proved()

    def test_accepts_before_the_customer_has_said_anything(self):
        visit = build_work.worked_visit(minutes=187)

        build_work.close_week(visit)
        assert hours_between()["awaiting"] == 187
        confirming.confirm_by_silence(visit.pk, at=NOON + timedelta(days=20))

        assert hours_between() == {
            "accepted": 187,
            "confirmed": 180,
            "awaiting": 0,
            "disputed": 0,
            "borne": 7,
        }
        proved()

    def test_refuses_while_hours_are_unknown(self):
        visit = build_work.published_visit()
        with pytest.raises(week_closing.StillOpen, match=r"Samira B\."):
            build_work.close_week(visit)

    def test_refuses_a_week_that_runs_and_a_second_time(self):
        visit = build_work.worked_visit()
        with pytest.raises(week_closing.WeekNotOver):
            build_work.close_week(visit, at=NOON + timedelta(days=12))
        build_work.close_week(visit)
        with pytest.raises(week_closing.AlreadyClosed):
            build_work.close_week(visit)

    def test_accepts_the_way_between_two_visits(self):
        build_work.worker()
        customer = build.customer()
        build.lot(customer, hours=20)
        build.booking(customer)
        build.booking(
            customer,
            starts=[NOON + timedelta(days=7, hours=3)],
            address_id=build.address(x=2400).pk,
            minutes=120,
        )
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        for row in Assignment.objects.order_by("visit__start_at"):
            visits.check_in(row.pk, by=row.worker.user, at=row.visit.start_at)
            visits.check_out(row.pk, by=row.worker.user, at=row.visit.end_at)

        week_closing.close(
            customer.neighbourhood_id, monday=MONDAY, by=build.user(), at=NOON + timedelta(days=14)
        )

        assert Travel.objects.get().minutes == 12

    def test_the_database_keeps_what_was_accepted(self):
        visit = build_work.worked_visit()
        build_work.close_week(visit)
        with pytest.raises(DatabaseError, match="accepted minutes"), transaction.atomic():
            Assignment.objects.update(accepted_minutes=60)


class TestDispute:
    def test_stops_silence_and_ends_by_two_people(self):
        visit = build_work.worked_visit()
        build_work.close_week(visit)
        qa, second = build.member("qa"), build.member("treasurer")
        dispute = disputes.open_dispute(visit.pk, what="not_done", words="", by=build.user(), at=AFTER)
        assert confirming.waiting_for_silence(at=NOON + timedelta(days=30)) == []
        assert hours_between()["disputed"] == 180

        disputes.propose(dispute.pk, minutes=120, grounds="Keuken niet gedaan.", by=qa, at=AFTER)
        with pytest.raises(disputes.SecondPersonNeeded):
            disputes.decide(dispute.pk, by=qa, at=AFTER)
        disputes.decide(dispute.pk, by=second, at=AFTER)

        assert hours_between() == {
            "accepted": 180,
            "confirmed": 120,
            "awaiting": 0,
            "disputed": 0,
            "borne": 60,
        }
        assert Borne.objects.get().reason == "shortened"
        proved()

    def test_is_refused_after_confirmation(self):
        visit = build_work.worked_visit()
        confirming.confirm(visit.pk, by=build.user(), at=AFTER)
        with pytest.raises(disputes.CannotDispute):
            disputes.open_dispute(visit.pk, what="times", words="", by=build.user(), at=AFTER)


class TestCancel:
    def test_frees_cheques_and_worker(self):
        visit = build_work.published_visit()

        cancellation.cancel(visit.booking_id, by=build.user(), at=NOON)

        assert build_work.only(visit).state == STATE.WITHDRAWN
        assert lots.figures(visit.booking.customer_id, at=NOON).free == 1200

    def test_is_refused_late_and_by_the_short_way(self):
        visit = build_work.published_visit()
        with pytest.raises(bookings.IsPlanned):
            bookings.cancel(visit.booking_id, by=build.user(), at=NOON)
        with pytest.raises(cancellation.TooLate):
            cancellation.cancel(visit.booking_id, by=build.user(), at=visit.start_at - timedelta(hours=47))


class TestSickCall:
    def test_takes_the_visits_and_offers_others(self):
        visit = build_work.published_visit()
        sick = build_work.only(visit)
        near, far = build_work.worker("Near"), build_work.worker("Far", home=build.address(x=9000))

        lost = sick_call.report(
            sick.worker_id,
            from_at=visit.start_at - timedelta(hours=3),
            until_at=visit.end_at,
            by=sick.worker.user,
            at=NOON,
        )
        found = replacing.candidates(visit.pk)

        assert lost == [sick]
        assert [candidate.worker.pk for candidate in found] == [near.pk, far.pk]

        replacing.replace(visit.pk, worker_id=near.pk, by=build.user(), at=NOON)
        assert (
            replacing.short_crews([visit.neighbourhood_id], since=NOON, until=NOON + timedelta(days=20)) == []
        )
        with pytest.raises(replacing.NotReplaceable):
            replacing.replace(visit.pk, worker_id=far.pk, by=build.user(), at=NOON)

    def test_says_which_rule_keeps_somebody_from_going(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        unable = build_work.worker("Mover", skills={"moving": "qualified"})
        sick_call.report(
            row.worker_id, from_at=visit.start_at, until_at=visit.end_at, by=row.worker.user, at=NOON
        )

        with pytest.raises(replacing.CannotGo, match="niet geleerd"):
            replacing.replace(visit.pk, worker_id=unable.pk, by=build.user(), at=NOON)

    def test_no_show_leaves_a_place(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)

        sick_call.mark_no_show(row.pk, by=build.user(), at=visit.start_at + timedelta(minutes=20))

        assert replacing.short_crews([visit.neighbourhood_id], since=NOON, until=AFTER) == [visit]
