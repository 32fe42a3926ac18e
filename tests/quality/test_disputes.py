"""Disputes: minutes are judged by two people; accepted hours stay whole whatever they decide."""

from datetime import timedelta

import pytest

from books.proof_of_hours import hours_between
from books.prove import invariants
from cheques import lots, reversing
from cheques.models import Outstanding
from ledger.balances import balance
from ledger.models import Account
from quality import disputes
from scheduling import confirming, visits
from scheduling.models import Assignment, Borne
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db

AFTER = NOON + timedelta(days=8)


def opened(visit, *, at=AFTER):
    return disputes.open_dispute(visit.pk, what="times", words="", by=build.user(), at=at)


def decided(visit, minutes):
    dispute = opened(visit)
    disputes.propose(dispute.pk, minutes=minutes, grounds="Gebeld.", by=build.member("qa"), at=AFTER)
    return disputes.decide(dispute.pk, by=build.member("treasurer"), at=AFTER)


def borne() -> dict[str, int]:
    return dict(Borne.objects.values_list("reason", "minutes"))


class TestOpen:
    def test_waits_until_the_visit_is_done(self):
        visit = build_work.published_visit(crew=2)
        row = visit.assignments.first()
        visits.check_in(row.pk, by=row.worker.user, at=visit.start_at)
        visits.check_out(row.pk, by=row.worker.user, at=visit.end_at)
        with pytest.raises(disputes.CannotDispute, match="nog niet klaar"):
            opened(visit)

    def test_is_refused_after_the_term_and_a_second_time(self):
        visit = build_work.worked_visit()
        with pytest.raises(disputes.CannotDispute, match="niets meer"):
            opened(visit, at=visit.end_at + timedelta(days=14, minutes=1))
        opened(visit, at=visit.end_at + timedelta(days=14))
        with pytest.raises(disputes.CannotDispute, match="al bevestigd of gemeld"):
            opened(visit)

    def test_stops_the_customer_and_silence_from_confirming(self):
        visit = build_work.worked_visit()
        opened(visit)
        with pytest.raises(confirming.InDispute):
            confirming.confirm(visit.pk, by=build.user(), at=AFTER)
        with pytest.raises(confirming.InDispute):
            confirming.confirm_by_silence(visit.pk, at=AFTER + timedelta(days=30))


class TestPropose:
    @pytest.mark.parametrize("minutes", [-15, 50, 195])
    def test_stays_within_what_was_asked_in_quarters(self, minutes):
        dispute = opened(build_work.worked_visit(minutes=180))
        with pytest.raises(disputes.NotInQuarters):
            disputes.propose(dispute.pk, minutes=minutes, grounds="", by=build.user(), at=AFTER)

    def test_is_needed_before_a_decision(self):
        dispute = opened(build_work.worked_visit())
        with pytest.raises(disputes.NothingProposed):
            disputes.decide(dispute.pk, by=build.user(), at=AFTER)


class TestDecide:
    @pytest.mark.parametrize("closed_first", [True, False], ids=["after the week closed", "before"])
    @pytest.mark.parametrize(
        ("recorded", "owed", "expected"),
        [
            (187, 120, {"shortened": 60, "rounding": 7}),
            (187, 180, {"rounding": 7}),
            (187, 0, {"shortened": 180, "rounding": 7}),
            (173, 120, {"shortened": 60}),  # accepted is what the customer was asked: 180
            (230, 120, {"shortened": 60, "longer": 50}),  # stayed longer than was booked
        ],
    )
    def test_bears_the_rest_by_reason_whenever_the_week_closes(self, recorded, owed, expected, closed_first):
        visit = build_work.worked_visit(minutes=recorded)
        if closed_first:
            build_work.close_week(visit)
        decided(visit, owed)
        if not closed_first:
            build_work.close_week(visit)

        hours = hours_between()
        assert borne() == expected
        assert hours["accepted"] == max(recorded, 180)
        assert hours["accepted"] == hours["confirmed"] + hours["borne"]
        assert lots.figures(visit.booking.customer_id, at=AFTER).used == owed
        assert lots.figures(visit.booking.customer_id, at=AFTER).held == 0
        assert balance(Account.BORNE) == sum(minutes * 1000 // 60 for minutes in expected.values())
        assert [row for row in invariants() if not row.holds] == []

    def test_shares_the_minutes_over_a_crew(self):
        visit = build_work.worked_visit(crew=2)
        decided(visit, 240)
        assert list(visit.assignments.order_by("pk").values_list("confirmed_minutes", flat=True)) == [180, 60]

    def test_happens_once(self):
        dispute = decided(build_work.worked_visit(), 60)
        with pytest.raises(disputes.AlreadyDecided):
            disputes.decide(dispute.pk, by=build.user(), at=AFTER)
        with pytest.raises(disputes.AlreadyDecided):
            disputes.propose(dispute.pk, minutes=0, grounds="", by=build.user(), at=AFTER)

    def test_leaves_the_workers_pay_alone(self):
        visit = build_work.worked_visit(minutes=187)
        build_work.close_week(visit)
        decided(visit, 0)
        assert Assignment.objects.get().accepted_minutes == 187


class TestAfterSilence:
    """Silence confirms after five days; until the fourteenth the customer can still say that it is not right."""

    @pytest.fixture
    def silent(self):
        visit = build_work.worked_visit(minutes=187)
        confirming.confirm_by_silence(visit.pk, at=confirming.silent_from(visit))
        build_work.close_week(visit)
        visit.refresh_from_db()
        return visit

    @staticmethod
    def figures(visit):
        return lots.figures(visit.booking.customer_id, at=AFTER)

    def test_keeps_the_cheques_aside_again_and_pays_the_worker(self, silent):
        before = self.figures(silent)
        opened(silent, at=silent.end_at + timedelta(days=9))

        after = self.figures(silent)
        assert (after.free, after.held, after.used) == (before.free, before.held + 180, before.used - 180)
        row = silent.assignments.get()
        assert (row.accepted_minutes, row.confirmed_minutes, row.outcome) == (187, 0, "disputed")
        assert balance(Account.REVENUE) == 0
        assert [one.code for one in invariants() if not one.holds] == []

    def test_is_decided_like_any_other(self, silent):
        at = silent.end_at + timedelta(days=9)
        dispute = opened(silent, at=at)
        disputes.propose(dispute.pk, minutes=60, grounds="Gebeld.", by=build.member("qa"), at=at)
        disputes.decide(dispute.pk, by=build.member("treasurer"), at=at)

        after = self.figures(silent)
        assert (after.held, after.used) == (0, 60)
        assert borne() == {"rounding": 7, "shortened": 120}
        assert -balance(Account.REVENUE) == 10_00
        assert [one.code for one in invariants() if not one.holds] == []

    def test_may_give_the_customer_nothing(self, silent):
        at = silent.end_at + timedelta(days=9)
        dispute = opened(silent, at=at)
        disputes.propose(dispute.pk, minutes=180, grounds="Gebeld.", by=build.member("qa"), at=at)
        disputes.decide(dispute.pk, by=build.member("treasurer"), at=at)

        assert self.figures(silent).used == 180
        assert borne() == {"rounding": 7}
        assert [one.code for one in invariants() if not one.holds] == []

    def test_is_refused_after_the_term(self, silent):
        with pytest.raises(disputes.CannotDispute, match="niets meer"):
            opened(silent, at=silent.end_at + timedelta(days=14, minutes=1))
        assert self.figures(silent).used == 180

    def test_is_refused_when_a_person_confirmed(self):
        visit = build_work.worked_visit()
        confirming.confirm(visit.pk, by=build.user(), at=visit.end_at)
        with pytest.raises(disputes.CannotDispute, match="al bevestigd"):
            opened(visit)

    def test_is_looked_at_by_people_when_cheques_paid_only_a_part(self, silent):
        Outstanding.objects.create(
            key=f"visit:{silent.pk}", wallet=lots.wallet_of(silent.booking.customer_id), minutes=15,
            vat_rate="0.09", used_on=silent.start_at.date(), at=AFTER,
        )  # fmt: skip
        with pytest.raises(reversing.CannotBeReversed):
            opened(silent, at=silent.end_at + timedelta(days=9))
        assert silent.assignments.get().outcome == "silence"
