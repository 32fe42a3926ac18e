"""How much a resident and a household may buy in a year, also when people move; and more than that, by two people."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from cheques import caps, purchase
from cheques.cap_models import CapException
from cheques.models import Order
from events.models import Event
from identity import households
from identity.models import Customer, Household
from tests import build
from tests.build import NOON

BANDS = [(175, 10_40), (400, 11_40), (500, 12_40)]


def buys(customer, hours, *, at=NOON):
    return purchase.place_order(
        customer.pk, hours=hours, form_key=uuid4(), by=build.owner_of(customer), at=at
    )


def bought(customer, hours, *, at=NOON):
    """Write down what was bought before, in one go."""
    return build.order(customer, hours=hours, household=customer.household)


class TestBands:
    def test_t02_ten_hours_over_two_bands(self):
        shared = caps.in_bands(170, 10, BANDS)
        assert shared == [(5, 10_40), (5, 11_40)]
        assert sum(hours * cents for hours, cents in shared) == 109_00

    def test_t02_five_that_the_household_allows(self):
        assert sum(hours * cents for hours, cents in caps.in_bands(170, 5, BANDS)) == 52_00

    def test_nothing_above_the_last_band(self):
        assert caps.in_bands(495, 10, BANDS) == [(5, 12_40)]
        assert caps.in_bands(500, 10, BANDS) == []


@pytest.mark.django_db
class TestCaps:
    def test_t02_a_household_that_stands_at_995_may_buy_five_more(self):
        buyer = build.customer()
        partner = build.customer()
        households.move(partner.pk, to=buyer.household, by=build.user(), at=NOON)
        partner.refresh_from_db()
        bought(buyer, 170)
        third = build.customer()
        households.move(third.pk, to=buyer.household, by=build.user(), at=NOON)
        third.refresh_from_db()
        bought(partner, 425)
        bought(third, 400)

        with pytest.raises(
            caps.OverTheCap, match="Uw huishouden kan dit jaar nog 5 cheques kopen"
        ) as refused:
            buys(buyer, 10)
        assert refused.value.left == 5
        assert buys(buyer, 5).hours == 5
        with pytest.raises(caps.OverTheCap):
            buys(buyer, 1)

    def test_a_person_buys_500_a_year_and_anew_the_next(self):
        buyer = build.customer()
        bought(buyer, 495)
        with pytest.raises(caps.OverTheCap, match="U kunt dit jaar nog 5 cheques kopen"):
            buys(buyer, 6)
        buys(buyer, 5)
        buys(buyer, 200, at=NOON + timedelta(days=90))

    def test_who_moves_takes_the_own_count_along_and_leaves_the_households(self):
        mover, stays, there = build.customer(), build.customer(), build.customer()
        households.move(stays.pk, to=mover.household, by=build.user(), at=NOON)
        stays.refresh_from_db()
        bought(mover, 450)
        bought(stays, 450)
        old = mover.household

        moved = households.move(mover.pk, to=there.household, by=build.user(), at=NOON)

        assert caps.room_of(moved, at=NOON) == caps.Room(person=50, household=1_000)
        assert caps.room_of(stays, at=NOON) == caps.Room(person=50, household=100)
        buys(moved, 50)
        assert caps.room_of(there, at=NOON).household == 950
        assert Order.objects.filter(household=old).count() == 2

    def test_what_was_broken_off_does_not_count(self):
        buyer = build.customer()
        order = bought(buyer, 500)
        Order.objects.filter(pk=order.pk).update(state=Order.State.CANCELLED)
        buys(buyer, 200)

    def test_a_firm_has_no_cap(self):
        firm = build.customer(kind=Customer.Kind.FIRM)
        for _ in range(4):
            buys(firm, 200)

    def test_a_firm_lives_with_nobody(self):
        with pytest.raises(households.NotAResident):
            households.move(
                build.customer(kind="firm").pk, to=Household.objects.create(), by=build.user(), at=NOON
            )


@pytest.mark.django_db
class TestMore:
    def test_is_asked_with_a_reason_and_agreed_by_another(self):
        buyer, desk = build.customer(), build.member("desk")
        bought(buyer, 500)
        with pytest.raises(caps.NoReason):
            caps.ask_for_more(buyer.pk, hours=20, reason=" ", by=desk, at=NOON)
        asked = caps.ask_for_more(buyer.pk, hours=20, reason="Net uit het ziekenhuis", by=desk, at=NOON)
        with pytest.raises(caps.OverTheCap):
            buys(buyer, 20)
        for nobody in (desk, build.owner_of(buyer)):
            with pytest.raises(caps.SecondPersonNeeded):
                caps.agree(asked.pk, by=nobody, at=NOON)

        caps.agree(asked.pk, by=build.member("coordinator"), at=NOON)

        buys(buyer, 20)
        with pytest.raises(caps.OverTheCap):
            buys(buyer, 1)
        assert list(Event.objects.filter(kind__startswith="cap.").order_by("pk").values_list("kind", flat=True)) == [
            "cap.asked", "cap.agreed",
        ]  # fmt: skip

    def test_the_database_knows_none_that_one_person_made(self):
        asked = caps.ask_for_more(build.customer().pk, hours=1, reason="Ziek", by=build.user(), at=NOON)
        with pytest.raises(DatabaseError), transaction.atomic():
            CapException.objects.filter(pk=asked.pk).update(approved_by=asked.asked_by)


def test_two_of_a_household_at_once_buy_the_last_hours_once(committed_db):
    one, other = build.customer(), build.customer()
    households.move(other.pk, to=one.household, by=build.user(), at=NOON)
    other.refresh_from_db()
    third = build.customer()
    households.move(third.pk, to=one.household, by=build.user(), at=NOON)
    third.refresh_from_db()
    bought(third, 495)
    bought(one, 495)
    said = []

    def buy(who) -> None:
        try:
            buys(who, 10)
            said.append("yes")
        except caps.OverTheCap:
            said.append("no")
        connections.close_all()

    threads = [Thread(target=buy, args=[other]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["no", "no", "yes"]
