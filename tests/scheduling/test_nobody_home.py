"""Nobody opens the door: the worker is paid, the customer is not asked, and what lies between is named."""

from datetime import timedelta

import pytest

from books.prove import invariants
from cheques.lots import wallet_of
from scheduling import nobody_home, visits
from scheduling.models import Assignment, Borne, Visit
from tests import build_work

pytestmark = pytest.mark.django_db


def waited(visit: Visit, minutes: int) -> Assignment:
    row = build_work.only(visit)
    visits.check_in(row.pk, by=row.worker.user, at=visit.start_at)
    return nobody_home.report(row.pk, by=row.worker.user, at=visit.start_at + timedelta(minutes=minutes))


class TestReport:
    def test_frees_the_cheques_and_asks_the_customer_for_nothing(self):
        visit = build_work.published_visit(minutes=120)
        wallet = wallet_of(visit.booking.customer_id)
        held = sum(lot.held_minutes for lot in wallet.lots.all())

        row = waited(visit, 20)

        row.refresh_from_db()
        visit.refresh_from_db()
        assert held == 120
        assert [lot.held_minutes for lot in wallet.lots.all()] == [0]
        assert (row.state, row.outcome, row.confirmed_minutes) == ("worked", "absent", 0)
        assert (row.recorded_minutes, visit.state) == (20, Visit.State.FINISHED)

    def test_pays_the_whole_visit_and_names_who_bears_it(self):
        visit = build_work.published_visit(minutes=120)
        row = waited(visit, 15)

        build_work.close_week(visit)

        row.refresh_from_db()
        assert row.accepted_minutes == 120
        assert list(row.borne.values_list("reason", "minutes")) == [(Borne.Reason.CUSTOMER_ABSENT, 120)]
        assert [one.code for one in invariants() if not one.holds] == []

    def test_is_refused_before_the_wait_is_over(self):
        visit = build_work.published_visit(minutes=120)

        with pytest.raises(nobody_home.WaitLonger, match="Wacht nog tot"):
            waited(visit, 14)

        row = build_work.only(visit)
        assert (row.state, row.absent_at, row.checked_out_at) == ("assigned", None, None)

    def test_is_refused_of_who_did_not_come_and_of_another(self):
        visit = build_work.published_visit(minutes=120)
        row = build_work.only(visit)
        late = visit.start_at + timedelta(minutes=30)

        with pytest.raises(visits.NotCheckedIn):
            nobody_home.report(row.pk, by=row.worker.user, at=late)
        with pytest.raises(visits.NotAssigned):
            nobody_home.report(row.pk, by=build_work.worker("Ander").user, at=late)

    def test_waits_for_the_others_of_a_crew(self):
        visit = build_work.published_visit(minutes=120, crew=2)
        first, second = visit.assignments.order_by("pk")
        for row in (first, second):
            visits.check_in(row.pk, by=row.worker.user, at=visit.start_at)
        after = visit.start_at + timedelta(minutes=20)

        nobody_home.report(first.pk, by=first.worker.user, at=after)
        first.refresh_from_db()
        assert first.outcome == Assignment.Outcome.AWAITING

        nobody_home.report(second.pk, by=second.worker.user, at=after)
        assert set(visit.assignments.values_list("outcome", flat=True)) == {"absent"}
