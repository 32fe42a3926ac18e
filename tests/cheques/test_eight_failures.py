"""The eight ways in which stored value fails elsewhere, each seen not to happen here."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from cheques import chargebacks, converging, expiry, holds, issuing, lots, redemption, refunds
from cheques.models import Lot, Movement, Redemption
from cheques.stripe_gateway import Dispute, RefundState, Session
from events.models import Event
from ledger.balances import balance
from ledger.models import Account, Entry
from tests import build
from tests.build import NOON

LATER = NOON + timedelta(days=7)


def keep(customer, minutes, *, key="booking:1", start_at=LATER, at=NOON):
    with transaction.atomic():
        return holds.place(customer.pk, minutes=minutes, start_at=start_at, key=key, at=at)


def use(hold, minutes, *, key="visit:1"):
    with transaction.atomic():
        return redemption.redeem(
            hold.pk, minutes=minutes, key=key, vat_rate=Decimal("0.09"), used_on=date(2026, 11, 9), start_at=LATER,
            at=LATER,
        )  # fmt: skip


def at_once(*acts):
    """Do things at the same moment, each on a connection of its own; return what they raised."""
    raised = []

    def run(act):
        try:
            act()
        except Exception as fault:  # noqa: BLE001 - the test says which were right
            raised.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_1_two_who_spend_the_same_cheque_at_once(committed_db):
    customer = build.customer()
    build.lot(customer, hours=3)

    raised = at_once(
        *(lambda number=number: keep(customer, 120, key=f"booking:{number}") for number in range(6))
    )

    assert [type(fault) for fault in raised] == [holds.NotEnoughCheques] * 5
    assert lots.figures(customer.pk, at=NOON).held == 120


@pytest.mark.django_db
def test_2_a_refund_restores_what_it_took_and_touches_no_other_cheque():
    customer = build.customer()
    first, second = build.lot(customer, hours=4), build.lot(customer, hours=6)
    refund = refunds.request(first.pk, minutes=120, form_key=uuid4(), by=build.owner_of(customer), at=NOON)
    converging.settle_refund(refund.pk, RefundState("re_1", "succeeded"), at=NOON)

    converging.settle_refund(refund.pk, RefundState("re_1", "failed"), at=LATER)
    converging.settle_refund(refund.pk, RefundState("re_1", "failed"), at=LATER)

    assert list(Lot.objects.order_by("pk").values_list("pk", "free_minutes", "refunded_minutes")) == [
        (first.pk, 240, 0), (second.pk, 360, 0),
    ]  # fmt: skip
    assert balance(Account.CHEQUES) == -100_00
    assert Event.objects.filter(kind="refund.failed").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["refund", "chargeback"])
def test_3_what_was_paid_back_cannot_be_spent_any_more(how):
    customer = build.customer()
    lot = build.lot(customer, hours=4, payment_intent_id="pi_1")
    if how == "refund":
        refunds.request(
            lot.pk, minutes=240, form_key=uuid4(), by=build.owner_of(customer), at=NOON
        )  # not even sent yet
    else:
        chargebacks.settle(Dispute("du_1", "pi_1", 40_00, "open", ""), at=NOON)

    with pytest.raises(holds.NotEnoughCheques):
        keep(customer, 15)


@pytest.mark.django_db
def test_4_cheques_are_never_bought_with_cheques():
    customer = build.customer()
    build.lot(customer, hours=4)
    order = build.order(customer, hours=2)

    with pytest.raises(DatabaseError, match="transfer_moves"), transaction.atomic():
        issuing.issue(order, paid_cents=order.total_cents, money=Account.CHEQUES, at=NOON)

    assert lots.figures(customer.pk, at=NOON).free == 240


@pytest.mark.django_db
def test_5_a_visit_over_several_cheques_takes_from_each_once_and_gives_the_rest_back_where_it_came_from():
    customer = build.customer()
    old = build.lot(customer, hours=1, at=NOON - timedelta(days=90))
    middle = build.lot(customer, hours=2, price_cents=10_40, at=NOON - timedelta(days=60))
    new = build.lot(customer, hours=3)

    use(keep(customer, 330), 150)

    left = {row.pk: (row.free_minutes, row.held_minutes, row.used_minutes) for row in Lot.objects.all()}
    assert left == {old.pk: (0, 0, 60), middle.pk: (30, 0, 90), new.pk: (180, 0, 0)}
    assert balance(Account.REVENUE) == -(10_00 + 15_60)


@pytest.mark.django_db
def test_6_a_cheaper_cheque_counts_for_what_was_paid_and_nothing_is_counted_twice():
    customer = build.customer()
    build.lot(customer, hours=2, price_cents=8_00)
    use(keep(customer, 120), 180)  # an hour more than there are cheques: owed at the price of the day
    assert balance(Account.CUSTOMERS) == 10_00

    build.lot(customer, hours=5, price_cents=8_00, at=LATER)  # pays the hour that was owed first

    assert balance(Account.CUSTOMERS) == 0
    assert -balance(Account.REVENUE) == 3 * 8_00
    assert -balance(Account.CHEQUES) == 4 * 8_00
    assert sum(Redemption.objects.values_list("cents", flat=True)) == 3 * 8_00


@pytest.mark.django_db
def test_7_what_expired_cannot_be_spent_before_the_sweep_and_says_where_it_went():
    customer = build.customer()
    lot = build.lot(customer, hours=4)

    with pytest.raises(holds.NotEnoughCheques):
        keep(customer, 15, start_at=lot.expires_at, at=lot.expires_at)
    assert lots.figures(customer.pk, at=lot.expires_at).expired == 240
    expiry.expire_due(at=lot.expires_at)

    gone = lot.movements.get(target=Movement.Figure.EXPIRED)
    assert Entry.objects.get(key=gone.key).transfers.get().cents == 40_00
    assert Event.objects.get(kind="lot.expired").payload["minutes"] == 240


def test_8_a_payment_that_is_told_many_times_is_booked_once(committed_db):
    order = build.order(build.customer(), hours=4)
    paid = Session("cs_1", "", order.ref, is_paid=True, is_over=False, paid_cents=40_00, currency="eur",
                   payment_intent="pi_1")  # fmt: skip

    raised = at_once(*(lambda: converging.settle_order(order.pk, paid, at=NOON) for _ in range(6)))

    assert raised == []
    assert Entry.objects.filter(key=f"sale:{order.pk}").count() == 1
    assert Lot.objects.get().free_minutes == 240
    assert balance(Account.STRIPE) == 40_00
