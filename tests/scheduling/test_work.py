"""The worked visit and everything that goes wrong around it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from cheques import lots
from events.models import Event
from marketplace import bookings
from scheduling import cancellation, confirming, offers, publishing, replacing, sick_call, visits
from scheduling.models import Assignment, Visit
from tests import build, build_work
from tests.build import NOON

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


class TestOffer:
    @pytest.fixture
    def offer(self):
        return build_work.only(build_work.published_visit(at=NOON + timedelta(days=5)))

    def test_that_is_declined_leaves_the_place_free(self, offer):
        offers.answer(offer.pk, takes=False, by=offer.worker.user, at=NOON + timedelta(days=6))

        short = replacing.short_crews([offer.visit.neighbourhood_id], since=NOON, until=AFTER)
        assert short == [offer.visit]
        assert Event.objects.filter(kind="assignment.declined").count() == 1

    def test_is_answered_once_by_who_was_asked_before_the_start(self, offer):
        with pytest.raises(offers.NotYours):
            offers.answer(offer.pk, takes=True, by=build.user(), at=NOON + timedelta(days=6))
        with pytest.raises(offers.NotAnOffer):
            offers.answer(offer.pk, takes=True, by=offer.worker.user, at=offer.visit.end_at)
        offers.answer(offer.pk, takes=True, by=offer.worker.user, at=NOON + timedelta(days=6))
        with pytest.raises(offers.NotAnOffer):
            offers.answer(offer.pk, takes=False, by=offer.worker.user, at=NOON + timedelta(days=6))

    def test_holds_the_worker_so_that_nobody_else_asks_for_the_same_hour(self, offer):
        build.booking(at=NOON)
        plan = build_work.plan(at=NOON + timedelta(days=5))
        assert "zijn dan bij iemand anders" in plan.unassigned.get().reason_nl

    def test_is_over_when_the_visit_goes_on_without_an_answer(self):
        visit = build_work.published_visit(crew=2, at=NOON + timedelta(days=5))
        taken, silent = visit.assignments.order_by("pk")
        offers.answer(taken.pk, takes=True, by=taken.worker.user, at=NOON + timedelta(days=6))
        visits.check_in(taken.pk, by=taken.worker.user, at=visit.start_at)
        visits.check_out(taken.pk, by=taken.worker.user, at=visit.end_at)

        silent.refresh_from_db()
        visit.refresh_from_db()
        assert (silent.state, visit.state) == (STATE.WITHDRAWN, Visit.State.FINISHED)


class TestCheckIn:
    def test_is_open_from_an_hour_before_to_the_end(self):
        row = build_work.only(build_work.published_visit())
        for minute, refusal in ((-61, visits.TooEarly), (180, visits.TooLate)):
            with pytest.raises(refusal):
                visits.check_in(row.pk, by=row.worker.user, at=at_visit(row.visit, minute))
        visits.check_in(row.pk, by=row.worker.user, at=at_visit(row.visit, -60))

    def test_happens_once_and_so_does_check_out(self):
        row = build_work.only(build_work.published_visit())
        me = row.worker.user
        visits.check_in(row.pk, by=me, at=at_visit(row.visit))
        with pytest.raises(visits.AlreadyCheckedIn):
            visits.check_in(row.pk, by=me, at=at_visit(row.visit, 1))
        visits.check_out(row.pk, by=me, at=at_visit(row.visit, 100))
        with pytest.raises(visits.AlreadyCheckedOut):
            visits.check_out(row.pk, by=me, at=at_visit(row.visit, 101))

    def test_needs_an_answer_to_an_offer_first(self):
        row = build_work.only(build_work.published_visit(at=NOON + timedelta(days=5)))
        with pytest.raises(visits.NotAssigned):
            visits.check_in(row.pk, by=row.worker.user, at=at_visit(row.visit))

    def test_that_was_never_checked_out_is_not_a_night_of_pay(self):
        row = build_work.only(build_work.published_visit())
        visits.check_in(row.pk, by=row.worker.user, at=at_visit(row.visit))
        with pytest.raises(visits.OutBeforeIn):
            visits.check_out(row.pk, by=row.worker.user, at=at_visit(row.visit, 14 * 60 + 1))

    def test_out_before_in_is_refused_by_the_database_too(self):
        row = build_work.only(build_work.worked_visit())
        with pytest.raises(DatabaseError, match="out_after_in"), transaction.atomic():
            Assignment.objects.filter(pk=row.pk).update(checked_out_at=row.checked_in_at)


class TestRecordByHand:
    def test_gives_hours_to_who_had_no_phone(self):
        row = build_work.only(build_work.published_visit())
        assert by_hand(row, 0, 178).recorded_minutes == 178

    def test_refuses_times_that_make_no_sense(self):
        row = build_work.only(build_work.published_visit())
        for came, left in ((60, 60), (60, 30), (0, 15 * 60)):
            with pytest.raises(visits.OutBeforeIn):
                by_hand(row, came, left)
        with pytest.raises(visits.OutBeforeIn, match="toekomst"):
            by_hand(row, 0, 120, at=at_visit(row.visit, 60))

    def test_undoes_a_no_show_while_the_place_is_free(self):
        visit = build_work.published_visit()
        row = no_show(visit)

        by_hand(row, 30, 180)

        row.refresh_from_db()
        visit.refresh_from_db()
        assert (row.state, row.recorded_minutes, visit.state) == (STATE.WORKED, 150, "finished")

    def test_never_sends_two_in_one_place(self):
        visit = build_work.published_visit()
        row = no_show(visit)
        other = build_work.worker("Other")
        replacing.replace(visit.pk, worker_id=other.pk, by=build.user(), at=at_visit(visit, 25))
        with pytest.raises(visits.NotAssigned):
            by_hand(row, 30, 180)

    def test_does_not_reopen_hours_that_were_confirmed(self):
        visit = build_work.published_visit(crew=2)
        missed = no_show(visit)
        came = visit.assignments.get(state=STATE.ASSIGNED)
        by_hand(came, 0, 180)
        confirming.confirm(visit.pk, by=build.user(), at=AFTER)
        with pytest.raises(visits.NotAssigned):
            by_hand(missed, 0, 180)

    def test_refuses_a_worker_who_was_elsewhere(self):
        visit = build_work.published_visit()
        row = no_show(visit)
        elsewhere = build.booking(starts=[visit.start_at])
        other = Visit.objects.create(
            booking=elsewhere, neighbourhood=visit.neighbourhood, start_at=visit.start_at, end_at=visit.end_at,
            published_at=NOON,
        )  # fmt: skip
        publishing.assign(other, row.worker, why=[], at=NOON)
        with pytest.raises(visits.SentElsewhere):
            by_hand(row, 0, 180)


class TestConfirm:
    def test_takes_what_the_hold_has_and_gives_the_rest_back(self):
        visit = build_work.worked_visit(minutes=100)
        customer = visit.booking.customer

        confirming.confirm(visit.pk, by=build.owner_of(customer), at=AFTER)

        figures = lots.figures(customer.pk, at=AFTER)
        assert (figures.used, figures.held, figures.free, figures.outstanding) == (105, 0, 1095, 0)

    def test_of_a_visit_nobody_came_to_is_refused(self):
        visit = build_work.published_visit()
        no_show(visit)
        with pytest.raises(confirming.NotFinished):
            confirming.confirm(visit.pk, by=build.user(), at=AFTER)

    def test_asks_for_those_of_a_crew_who_came(self):
        visit = build_work.published_visit(crew=2)
        no_show(visit)
        by_hand(visit.assignments.get(state=STATE.ASSIGNED), 0, 180)

        confirming.confirm(visit.pk, by=build.user(), at=AFTER)

        figures = lots.figures(visit.booking.customer_id, at=AFTER)
        assert (figures.used, figures.held) == (180, 0)


class TestCancel:
    def test_is_free_until_the_term_of_the_lawbook(self):
        visit = build_work.published_visit()
        assert visit.start_at - cancellation.free_until(visit) == timedelta(hours=48)
        cancellation.cancel(visit.booking_id, by=build.user(), at=cancellation.free_until(visit))
        assert lots.figures(visit.booking.customer_id, at=NOON).held == 0

    def test_offers_the_desk_after_the_term_and_the_desk_may(self):
        visit = build_work.published_visit()
        late = cancellation.free_until(visit) + timedelta(minutes=1)
        with pytest.raises(cancellation.TooLate, match="Bel ons"):
            cancellation.cancel(visit.booking_id, by=build.user(), at=late)
        cancellation.cancel(visit.booking_id, by=build.user(), at=late, despite_term=True)
        visit.refresh_from_db()
        assert visit.state == "cancelled"

    def test_is_refused_once_somebody_came(self):
        visit = build_work.published_visit()
        row = build_work.only(visit)
        visits.check_in(row.pk, by=row.worker.user, at=at_visit(visit, -10))
        with pytest.raises(cancellation.HasBegun):
            cancellation.cancel(visit.booking_id, by=build.user(), at=at_visit(visit, -5), despite_term=True)

    def test_twice_is_refused(self):
        visit = build_work.published_visit()
        cancellation.cancel(visit.booking_id, by=build.user(), at=NOON)
        with pytest.raises(bookings.AlreadyCancelled):
            cancellation.cancel(visit.booking_id, by=build.user(), at=NOON)
