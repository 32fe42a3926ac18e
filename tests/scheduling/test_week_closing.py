"""Closing a week: accepted hours, paid travel, and what nobody came to."""

from datetime import timedelta

import pytest

from books.proof_of_hours import hours_between
from books.prove import invariants
from cheques import lots
from ledger.balances import balance
from ledger.models import Account
from marketplace.models import Booking
from quality import disputes
from scheduling import confirming, publishing, sick_call, visits, week_closing
from scheduling.models import Assignment, Borne, ClosedWeek, Travel, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db

AFTER = NOON + timedelta(days=8)
CLOSED = NOON + timedelta(days=14)


def close(*, monday=MONDAY, at=CLOSED):
    return week_closing.close(build.neighbourhood().pk, monday=monday, by=build.user(), at=at)


def _customer(visit):
    confirming.confirm(visit.pk, by=build.user(), at=AFTER)


def _silence(visit):
    confirming.confirm_by_silence(visit.pk, at=visit.end_at + timedelta(days=5))


def _dispute(visit):
    return disputes.open_dispute(visit.pk, what="times", words="", by=build.user(), at=AFTER)


def _decision(visit):
    dispute = _dispute(visit)
    disputes.propose(dispute.pk, minutes=15, grounds="", by=build.user(), at=AFTER)
    disputes.decide(dispute.pk, by=build.user(), at=AFTER)


class TestHours:
    @pytest.mark.parametrize("closed_first", [True, False], ids=["closed first", "settled first"])
    @pytest.mark.parametrize("settle", [None, _customer, _silence, _dispute, _decision])
    @pytest.mark.parametrize("recorded", [1, 172, 173, 187, 230])
    def test_accepted_is_confirmed_awaiting_disputed_and_borne(self, recorded, settle, closed_first):
        visit = build_work.worked_visit(minutes=recorded)
        acts = [lambda: settle(visit) if settle else None, close]
        for act in reversed(acts) if closed_first else acts:
            act()

        hours = hours_between()

        assert hours["accepted"] == max(recorded, visits.billable_minutes(build_work.only(visit)))
        assert hours["accepted"] == sum(hours.values()) - hours["accepted"]
        assert (hours["awaiting"] > 0) == (settle is None)
        assert (hours["disputed"] > 0) == (settle is _dispute)
        assert balance(Account.BORNE) == sum(max(1, row.minutes * 1000 // 60) for row in Borne.objects.all())
        assert [row for row in invariants() if not row.holds] == []

    def test_of_a_no_show_are_none(self):
        visit = build_work.published_visit()
        sick_call.mark_no_show(build_work.only(visit).pk, by=build.user(), at=visit.start_at)
        close()
        assert hours_between()["accepted"] == 0

    def test_are_not_reopened_by_hand(self):
        visit = build_work.published_visit(crew=2)
        missed, came = visit.assignments.order_by("pk")
        sick_call.mark_no_show(missed.pk, by=build.user(), at=visit.start_at)
        times = {
            "checked_in_at": visit.start_at,
            "checked_out_at": visit.end_at,
            "by": build.user(),
            "at": AFTER,
        }
        visits.record_by_hand(came.pk, **times)
        close()
        with pytest.raises(visits.NotAssigned):
            visits.record_by_hand(missed.pk, **times)


class TestLetGo:
    def test_gives_back_the_cheques_of_what_nobody_came_to(self):
        missed = build_work.published_visit()
        sick_call.mark_no_show(build_work.only(missed).pk, by=build.user(), at=missed.start_at)
        never = build.booking(code="moving")

        close()

        missed.refresh_from_db()
        assert missed.state == Visit.State.CANCELLED
        for customer in (missed.booking.customer_id, never.customer_id):
            figures = lots.figures(customer, at=CLOSED)
            assert (figures.held, figures.free) == (0, 1200)
        assert [row for row in invariants() if not row.holds] == []

    def test_keeps_a_request_that_can_still_be_planned(self):
        both = build.booking(code="moving", starts=[NOON + timedelta(days=7), NOON + timedelta(days=16)])
        later = build.booking(starts=[NOON + timedelta(days=15)])
        worked = build_work.worked_visit()

        close()

        states = dict(Booking.objects.values_list("pk", "state"))
        assert states == {both.pk: "requested", later.pk: "requested", worked.booking_id: "planned"}

    def test_leaves_other_neighbourhoods_alone(self):
        there = build.customer(where=build.neighbourhood("Elsewhere"))
        build.lot(there, hours=5)
        booking = build.booking(there)
        close()
        booking.refresh_from_db()
        assert booking.state == "requested"


class TestRefuse:
    def test_undoes_everything(self):
        build_work.worked_visit()
        booking = build.booking(starts=[NOON + timedelta(days=8)])
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        assert Visit.objects.filter(booking=booking).exists()

        with pytest.raises(week_closing.StillOpen):
            close()

        assert not ClosedWeek.objects.exists()
        assert not Assignment.objects.filter(accepted_minutes__isnull=False).exists()

    def test_a_day_that_is_no_monday(self):
        with pytest.raises(week_closing.NotAMonday):
            close(monday=MONDAY + timedelta(days=1))


class TestTravel:
    """Two visits of a worker on a day, 2400 metres apart: twelve minutes by bike."""

    @pytest.fixture
    def day(self):
        build_work.worker()
        customer = build.customer()
        build.lot(customer, hours=30)
        build.booking(customer)
        build.booking(
            customer,
            starts=[NOON + timedelta(days=7, hours=3)],
            address_id=build.address(x=2400).pk,
            minutes=120,
        )
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        return list(Assignment.objects.order_by("during"))

    def work(self, row, came: int, left: int) -> None:
        visits.check_in(row.pk, by=row.worker.user, at=row.visit.start_at + timedelta(minutes=came))
        visits.check_out(row.pk, by=row.worker.user, at=row.visit.end_at + timedelta(minutes=left))

    @pytest.mark.parametrize(("left", "came", "paid"), [
        (0, 0, 12), (-60, 0, 12), (115, 0, 5), (115, -5, 0), (118, 10, 12), (120, 0, 0), (125, 0, 0),
    ])  # fmt: skip
    def test_is_paid_once_and_never_beside_work(self, day, left, came, paid):
        first, second = day  # from 13:00 to 15:00 there is nothing
        self.work(first, 0, left)
        self.work(second, came, 0)

        close()

        assert [row.minutes for row in Travel.objects.all()] == ([paid] if paid else [])
        if paid:
            row = Travel.objects.get()
            assert (row.origin, row.destination) == (first.visit, second.visit)
            assert row.start_at == first.visit.end_at + timedelta(minutes=left)

    def test_needs_a_visit_to_go_to(self, day):
        first, second = day
        self.work(first, 0, 0)
        sick_call.mark_no_show(second.pk, by=build.user(), at=second.visit.start_at)
        close()
        assert not Travel.objects.exists()

    def test_does_not_run_from_one_day_into_the_next(self):
        build_work.worker()
        customer = build.customer()
        build.lot(customer, hours=30)
        build.booking(customer)
        build.booking(customer, starts=[NOON + timedelta(days=8)], address_id=build.address(x=2400).pk)
        publishing.publish(build_work.plan().pk, by=build.user(), at=NOON)
        for row in Assignment.objects.order_by("during"):
            self.work(row, 0, 0)
        close()
        assert not Travel.objects.exists()
