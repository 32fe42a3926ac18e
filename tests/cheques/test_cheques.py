"""Cheques from sale to use: lots, holds, redemption, expiry, VAT."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from cheques import expiry, holds, issuing, lots, redemption, refunds, vat
from cheques.models import Movement, Order, Outstanding, Redemption
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.build import NOON

LOW, HIGH = Decimal("0.09"), Decimal("0.21")
LATER = NOON + timedelta(days=7)


def hold(customer, minutes, *, start_at=LATER, key="booking:1"):
    with transaction.atomic():
        return holds.place(customer.pk, minutes=minutes, start_at=start_at, key=key, at=NOON)


def redeem(held, minutes, *, key="visit:1", rate=LOW, used_on=date(2026, 11, 9), at=LATER):
    with transaction.atomic():
        return redemption.redeem(
            held.pk, minutes=minutes, key=key, vat_rate=rate, used_on=used_on, start_at=at, at=at
        )


@pytest.mark.django_db
class TestIssue:
    def test_gives_the_hours_and_owes_them(self):
        customer = build.customer()

        build.lot(customer, hours=10)

        assert lots.figures(customer.pk, at=NOON).free == 600
        assert balance(Account.CHEQUES) == -100_00

    def test_refuses_another_amount_than_was_asked(self):
        order = build.order(build.customer(), hours=10)
        with pytest.raises(issuing.PaidOtherwise), transaction.atomic():
            issuing.issue(order, paid_cents=99_00, money=Account.STRIPE, at=NOON)

    def test_refuses_to_issue_twice(self):
        customer = build.customer()
        order = build.lot(customer).order
        with pytest.raises(DatabaseError), transaction.atomic():
            issuing.issue(order, paid_cents=order.total_cents, money=Account.STRIPE, at=NOON)


@pytest.mark.django_db
class TestHold:
    def test_keeps_minutes_aside(self):
        customer = build.customer()
        build.lot(customer, hours=4)

        hold(customer, 180)

        figures = lots.figures(customer.pk, at=NOON)
        assert (figures.free, figures.held) == (60, 180)

    def test_says_how_much_is_short_and_holds_nothing(self):
        customer = build.customer()
        build.lot(customer, hours=2)

        with pytest.raises(holds.NotEnoughCheques) as short:
            hold(customer, 300)

        assert short.value.short_minutes == 180
        assert "3 cheques te weinig" in str(short.value)
        assert lots.figures(customer.pk, at=NOON).held == 0

    def test_takes_the_lot_that_expires_first(self):
        customer = build.customer()
        build.lot(customer, hours=5, at=NOON)
        older = build.lot(customer, hours=2, at=NOON - timedelta(days=200))

        held = hold(customer, 180)

        assert held.movements.get(lot=older).minutes == 120

    def test_gives_back_what_is_left(self):
        customer = build.customer()
        build.lot(customer, hours=4)
        held = hold(customer, 180)

        with transaction.atomic():
            assert holds.release(held.pk, key="cancel:1", at=NOON) == 180

        assert lots.figures(customer.pk, at=NOON).free == 240


@pytest.mark.django_db
class TestRedeem:
    def test_pays_with_held_cheques_and_frees_the_rest(self):
        customer = build.customer()
        build.lot(customer, hours=4)

        paid = redeem(hold(customer, 240), 180)

        assert paid == redemption.Redeemed(180, 0)
        assert lots.figures(customer.pk, at=NOON).free == 60
        assert balance(Account.REVENUE) == -30_00
        assert balance(Account.CHEQUES) == -10_00

    def test_t03_leaves_outstanding_what_the_next_order_pays_first(self):
        customer = build.customer()
        build.lot(customer, hours=2)

        assert redeem(hold(customer, 120), 300) == redemption.Redeemed(120, 180)
        assert balance(Account.CUSTOMERS) == 30_00

        build.lot(customer, hours=10, at=LATER)

        figures = lots.figures(customer.pk, at=LATER)
        assert (figures.free, figures.outstanding) == (7 * 60, 0)
        assert balance(Account.CUSTOMERS) == 0
        assert Outstanding.objects.get().settled_minutes == 180
        assert sum(Redemption.objects.values_list("minutes", flat=True)) == 300

    def test_takes_hours_that_were_bought_after_the_visit_and_leaves_nothing_outstanding(self):
        customer = build.customer()
        build.lot(customer, hours=1)
        held = hold(customer, 60, start_at=NOON + timedelta(days=1))
        build.lot(customer, hours=3, at=NOON + timedelta(days=2))

        with transaction.atomic():
            paid = redemption.redeem(
                held.pk, minutes=120, key="visit:1", vat_rate=LOW, used_on=date(2026, 11, 3),
                start_at=NOON + timedelta(days=1), at=LATER,
            )  # fmt: skip

        assert paid == redemption.Redeemed(120, 0)

    def test_t22_takes_lots_by_expiry_each_at_its_own_price(self):
        customer = build.customer()
        build.lot(customer, hours=3, at=NOON - timedelta(days=60))
        build.lot(customer, hours=4, price_cents=10_40)

        redeem(hold(customer, 360), 360, rate=HIGH)

        assert balance(Account.REVENUE) == -61_20
        assert sorted(Redemption.objects.values_list("cents", flat=True)) == [30_00, 31_20]


@pytest.mark.django_db
class TestVat:
    def test_t04_is_due_at_use_per_rate_on_the_total(self):
        customer = build.customer()
        build.lot(customer, hours=10, at=datetime(2026, 3, 3, 9, tzinfo=UTC))
        march, april = datetime(2026, 3, 20, 9, tzinfo=UTC), datetime(2026, 4, 10, 9, tzinfo=UTC)
        with transaction.atomic():
            first = holds.place(customer.pk, minutes=360, start_at=march, key="a", at=march)
            second = holds.place(customer.pk, minutes=240, start_at=april, key="b", at=march)
        redeem(first, 360, key="visit:1", used_on=march.date(), at=march)
        redeem(second, 240, key="visit:2", rate=HIGH, used_on=april.date(), at=april)

        (in_march,) = vat.close_month(march.date(), at=april)
        (in_april,) = vat.close_month(april.date(), at=april)

        assert (in_march.vat_cents, in_april.vat_cents) == (4_95, 6_94)
        assert balance(Account.VAT) == -11_89

    def test_is_booked_once(self):
        customer = build.customer()
        build.lot(customer)
        redeem(hold(customer, 60), 60)
        vat.close_month(date(2026, 11, 1), at=LATER)

        vat.close_month(date(2026, 11, 1), at=LATER)

        assert balance(Account.VAT) == -83


class TestValidity:
    @pytest.mark.django_db
    def test_t21_is_tested_at_the_start_of_the_visit(self):
        customer = build.customer()
        lot = build.lot(customer, hours=4)

        hold(customer, 120, start_at=lot.expires_at - timedelta(hours=1), key="in time")
        with pytest.raises(holds.NotEnoughCheques):
            hold(customer, 60, start_at=lot.expires_at, key="too late")


@pytest.mark.django_db
class TestExpiry:
    def test_is_decided_by_the_date_and_only_booked_by_the_sweep(self):
        customer = build.customer()
        lot = build.lot(customer, hours=4)

        before_sweep = lots.figures(customer.pk, at=lot.expires_at)
        expiry.expire_due(at=lot.expires_at)
        expiry.expire_due(at=lot.expires_at)

        assert (before_sweep.free, before_sweep.expired) == (0, 240)
        assert lots.figures(customer.pk, at=lot.expires_at).expired == 240
        assert balance(Account.BREAKAGE) == -40_00


@pytest.mark.django_db
class TestRefundRequest:
    def test_takes_the_hours_out_at_once(self):
        customer = build.customer()
        lot = build.lot(customer, hours=4)

        refund = refunds.request(lot.pk, minutes=120, form_key=uuid4(), by=build.owner_of(customer), at=NOON)

        assert refund.cents == 20_00
        assert lots.figures(customer.pk, at=NOON).free == 120

    def test_never_takes_hours_that_are_held(self):
        customer = build.customer()
        lot = build.lot(customer, hours=4)
        hold(customer, 180)

        with pytest.raises(refunds.NothingToRefund):
            refunds.request(lot.pk, minutes=120, form_key=uuid4(), by=build.owner_of(customer), at=NOON)


@pytest.mark.django_db
class TestTheDatabaseRefuses:
    @pytest.fixture
    def lot(self):
        return build.lot(build.customer(), hours=4)

    def refused(self, statement, *parameters):
        with pytest.raises(DatabaseError) as fault, transaction.atomic():
            with connections["default"].cursor() as cursor:
                cursor.execute(statement, parameters)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return str(fault.value)

    def test_i4_a_lot_below_zero(self, lot):
        assert "lot_never_below_zero" in self.refused(
            "INSERT INTO cheques_movement (key, lot_id, source, target, minutes, at)"
            " VALUES ('x', %s, 'free', 'refunded', 241, now())", lot.pk,
        )  # fmt: skip

    def test_i6_the_same_minutes_used_twice(self, lot):
        statement = (
            "INSERT INTO cheques_movement (key, lot_id, source, target, minutes, at)"
            " VALUES (%s, %s, 'free', 'used', 240, now())"
        )
        with connections["default"].cursor() as cursor:
            cursor.execute(statement, ["one", lot.pk])
        assert "unique" in self.refused(statement, "one", lot.pk)
        assert "lot_never_below_zero" in self.refused(statement, "two", lot.pk)

    def test_i9_a_figure_written_by_hand(self, lot):
        assert "permission denied" in self.refused("UPDATE cheques_lot SET free_minutes = 999")

    def test_i13_a_lot_that_does_not_add_up(self, lot):
        assert "does not add up" in self.refused(
            "INSERT INTO cheques_lot (ref, wallet_id, order_id, minutes, price_cents, vat_kind, funder, issued_at,"
            " expires_at, free_minutes, held_minutes, frozen_minutes, used_minutes, refunded_minutes,"
            " expired_minutes, returned_minutes)"
            " SELECT 'y', wallet_id, %s, 60, 1000, 'mpv', '', now(), now(), 0, 0, 0, 0, 0, 0, 0 FROM cheques_lot",
            build.order(lot.order.customer).pk,
        )  # fmt: skip

    def test_minutes_that_go_where_they_may_not(self, lot):
        assert "never go from" in self.refused(
            "INSERT INTO cheques_movement (key, lot_id, source, target, minutes, at)"
            " VALUES ('x', %s, 'expired', 'used', 15, now())", lot.pk,
        )  # fmt: skip

    def test_a_movement_changed_later(self, lot):
        assert "permission denied" in self.refused("UPDATE cheques_movement SET minutes = 1")


class TestTwoAtOnce:
    def test_spend_the_last_hour_once(self, committed_db):
        customer = build.customer()
        build.lot(customer, hours=1)
        outcomes = []

        def spend(number):
            try:
                hold(customer, 60, key=f"booking:{number}")
                outcomes.append("held")
            except holds.NotEnoughCheques:
                outcomes.append("short")
            finally:
                connections.close_all()

        threads = [Thread(target=spend, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["held"] + ["short"] * 7
        assert Movement.objects.filter(target="held").count() == 1
        assert Order.objects.count() == 1
