"""Hours that somebody pays for others: bound to a purpose, traced, and back to who paid."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from books.prove import invariants
from cheques import expiry, handing_on, holds, issuing, lots, purchase, redemption, refunds, sponsoring
from cheques.models import Lot, Movement, Order, Purpose, Refund
from identity.models import Customer
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
UNTIL = date(2027, 1, 1)
MONDAY = NOON + timedelta(days=7)


def landlord() -> Customer:
    return build.customer(kind=Customer.Kind.FIRM)


def purpose(sponsor, *, public=False, at=NOON, kind="sponsored", **limits) -> Purpose:
    bounds = sponsoring.Limits(**{"from_on": date(2026, 11, 1), "until_on": UNTIL, **limits})
    return sponsoring.dedicate(
        sponsor.pk, name="Schoon bij verhuizing", kind=kind, limits=bounds, public_money=public,
        by=build.owner_of(sponsor), at=at,
    )  # fmt: skip


def paid(bound: Purpose, hours: int = 10) -> Lot:
    by = build.owner_of(bound.sponsor)
    order = sponsoring.order(bound.pk, hours=hours, form_key=uuid4(), way=Order.Way.TRANSFER, by=by, at=NOON)
    with transaction.atomic():
        return issuing.issue(order, paid_cents=order.total_cents, money=Account.OPENING, at=NOON)


def give(bound, customer, minutes=120, key=None):
    return sponsoring.give(
        bound.pk,
        customer.pk,
        minutes=minutes,
        form_key=key or uuid4(),
        by=build.owner_of(bound.sponsor),
        at=NOON,
    )


def all_hold() -> list[str]:
    return [row.code for row in invariants() if not row.holds]


class TestGive:
    def test_hands_the_hours_on_at_the_price_they_were_bought_for(self):
        bound = purpose(landlord())
        lot = paid(bound)
        carer = build.customer()

        (received,) = give(bound, carer, 180)

        lot.refresh_from_db()
        assert (lot.free_minutes, lot.handed_minutes, received.minutes) == (420, 180, 180)
        assert (received.price_cents, received.expires_at, received.purpose) == (10_00, lot.expires_at, bound)
        assert balance(Account.CHEQUES) == -100_00
        assert balance(Account.CHEQUES, party=f"wallet:{lots.wallet_of(carer.pk).pk}") == -30_00
        assert balance(Account.HANDED) == 0
        assert all_hold() == []

    def test_the_same_form_twice_gives_once(self):
        bound, carer, key = purpose(landlord()), build.customer(), uuid4()
        paid(bound)

        assert [lot.pk for lot in give(bound, carer, key=key)] == [
            lot.pk for lot in give(bound, carer, key=key)
        ]
        assert lots.figures(carer.pk, at=NOON).free == 120

    def test_refuses_more_than_is_left_and_gives_nothing(self):
        bound, carer = purpose(landlord()), build.customer()
        paid(bound, 2)

        with pytest.raises(handing_on.NothingToHandOn):
            give(bound, carer, 135)
        assert lots.figures(carer.pk, at=NOON).free == 0

    def test_refuses_who_is_not_named(self):
        named, other = build.customer(), build.customer()
        bound = purpose(landlord(), customer_ids=[named.pk])
        paid(bound)

        give(bound, named)
        with pytest.raises(sponsoring.NotForThisPerson):
            give(bound, other)

    def test_what_was_received_is_not_handed_on_again_nor_paid_out(self):
        bound, carer = purpose(landlord()), build.customer()
        paid(bound)
        (received,) = give(bound, carer)

        with pytest.raises(handing_on.NothingToHandOn), transaction.atomic():
            handing_on.hand_on(received.pk, build.customer().pk, minutes=60, key="x", at=NOON)
        with pytest.raises(refunds.NothingToRefund):
            refunds.request(received.pk, minutes=60, form_key=uuid4(), by=build.owner_of(carer), at=NOON)

    def test_the_order_follows_the_rules_of_every_order(self):
        bound = purpose(landlord())
        with pytest.raises(purchase.NotANumberOfHours):
            sponsoring.order(bound.pk, hours=0, form_key=uuid4(), way="transfer", by=bound.made_by, at=NOON)


class TestPurpose:
    @pytest.mark.parametrize("limits", [{"until_on": date(2026, 11, 1)}, {"until_on": date(2026, 10, 1)}])
    def test_needs_a_period_that_is_not_over(self, limits):
        with pytest.raises(sponsoring.NotAPeriod):
            purpose(landlord(), **limits)

    def test_of_public_money_is_bound_to_something(self):
        with pytest.raises(sponsoring.NamesNothing):
            purpose(landlord(), public=True)

    def test_holds_for_its_task_only(self):
        bound, carer = purpose(landlord(), services=["windows"]), build.customer()
        paid(bound)
        give(bound, carer)

        with pytest.raises(holds.NotEnoughCheques):
            build.booking(carer, code="cleaning", minutes=120)
        windows = next(code for code in ("windows",))
        assert build.booking(carer, code=windows, minutes=120).hold.minutes == 120

    def test_holds_at_its_door_only(self):
        door = build.address()
        bound, carer = purpose(landlord(), address_ids=[door.pk]), build.customer()
        paid(bound)
        give(bound, carer)

        with pytest.raises(holds.NotEnoughCheques):
            build.booking(carer, minutes=120)
        assert build.booking(carer, minutes=120, address_id=door.pk).hold.minutes == 120

    def test_holds_in_its_period_only(self):
        bound, carer = purpose(landlord(), from_on=date(2026, 11, 20)), build.customer()
        paid(bound)
        give(bound, carer)

        with pytest.raises(holds.NotEnoughCheques):
            build.booking(carer, minutes=120)

    def test_covers_every_day_the_booking_may_start_on(self):
        """Wanted on a day before the purpose starts, or on one inside it: the first may be planned."""
        bound, carer = purpose(landlord(), from_on=date(2026, 11, 10)), build.customer()
        paid(bound)
        give(bound, carer)
        early, late = NOON + timedelta(days=7, hours=-2), NOON + timedelta(days=9, hours=-2)

        with pytest.raises(holds.NotEnoughCheques):
            build.booking(carer, minutes=120, starts=[early, late])
        assert build.booking(carer, minutes=120, starts=[late]).hold.minutes == 120

    def test_own_cheques_fill_what_the_purpose_does_not(self):
        bound, carer = purpose(landlord()), build.customer()
        paid(bound)
        give(bound, carer, 60)
        build.lot(carer, hours=1)

        held = build.booking(carer, minutes=120).hold

        assert len(holds.held_parts(held)) == 2

    def test_is_kept_by_the_database_whoever_asks(self):
        bound, carer = purpose(landlord(), services=["windows"]), build.customer()
        paid(bound)
        (received,) = give(bound, carer)
        with transaction.atomic():
            hold = holds_nothing(carer)
        for target, with_hold in (("held", hold), ("used", None)):
            with pytest.raises(DatabaseError, match=r"another purpose|through a hold"), transaction.atomic():
                lots.move(received.pk, "free", target, 60, key=f"bad:{target}", at=NOON, hold=with_hold)

    @pytest.mark.parametrize(
        "change", ["UPDATE cheques_purpose SET services = '{}'", "DELETE FROM cheques_purpose_people"]
    )
    def test_never_changes(self, change):
        bound = purpose(landlord(), services=["windows"], customer_ids=[build.customer().pk])
        del bound
        with (
            pytest.raises(DatabaseError, match=r"never changed|permission denied"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(change)

    def test_does_not_pay_what_somebody_owes_for_something_else(self):
        carer = build.customer()
        with transaction.atomic():
            hold = holds_nothing(carer)
            redemption.redeem(
                hold.pk,
                minutes=60,
                key="visit:1",
                vat_rate=9,
                used_on=date(2026, 11, 2),
                start_at=NOON,
                at=NOON,
            )
        bound = purpose(landlord())
        paid(bound)
        give(bound, carer)

        assert lots.figures(carer.pk, at=NOON).outstanding == 60


class TestUnused:
    AFTER = datetime(2027, 1, 1, 12, tzinfo=UTC)

    def test_public_money_goes_back_to_who_paid(self):
        bound, carer = purpose(landlord(), public=True, services=["cleaning"]), build.customer()
        lot = paid(bound)
        (received,) = give(bound, carer, 300)
        build.booking(carer, minutes=120)

        assert sponsoring.return_unused(at=self.AFTER) == 480  # 300 never given, 180 given and free
        assert expiry.expire_due(at=self.AFTER) == 0

        lot.refresh_from_db()
        received.refresh_from_db()
        assert (lot.refunded_minutes, lot.handed_minutes, lot.free_minutes) == (480, 120, 0)
        assert (received.returned_minutes, received.held_minutes) == (180, 120)
        assert Refund.objects.get().cents == 80_00
        assert all_hold() == []

    def test_twice_asks_once(self):
        bound = purpose(landlord(), public=True, services=["cleaning"])
        paid(bound)
        sponsoring.return_unused(at=self.AFTER)

        assert sponsoring.return_unused(at=self.AFTER) == 0
        assert Refund.objects.count() == 1

    def test_a_gift_of_a_family_expires_like_any_cheque(self):
        bound, mother = purpose(build.customer(), kind="gift"), build.customer()
        paid(bound, 2)
        give(bound, mother)

        assert sponsoring.return_unused(at=self.AFTER) == 0
        assert expiry.expire_due(at=self.AFTER) == 1
        assert lots.figures(mother.pk, at=self.AFTER).expired == 120
        assert all_hold() == []


class TestAccount:
    def test_tells_how_much_and_not_by_whom(self):
        bound, carer = purpose(landlord()), build.customer()
        paid(bound)
        give(bound, carer, 120)

        seen = sponsoring.account(bound.pk)

        assert (seen.paid, seen.given, seen.people, seen.used) == (600, 120, 1, 0)


def test_minutes_handed_on_without_a_receiver_are_refused_by_the_database():
    lot = build.lot(build.customer(), hours=1)
    with pytest.raises(DatabaseError, match="not what its receivers got"), transaction.atomic():
        lots.move(lot.pk, Movement.Figure.FREE, Movement.Figure.HANDED, 60, key="lost", at=NOON)
        with connection.cursor() as sql:
            sql.execute("SET CONSTRAINTS ALL IMMEDIATE")


def holds_nothing(customer):
    """A hold without minutes, for a use that no purpose knows."""
    from cheques.models import Hold

    return Hold.objects.create(
        key=f"empty:{customer.pk}", wallet=lots.wallet_of(customer.pk), minutes=0, placed_at=NOON
    )
