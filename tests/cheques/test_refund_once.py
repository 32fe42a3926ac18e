"""A refund that is asked twice is paid once: a double click, a retry, two threads, and a key that means something else."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connections

from cheques import lots, refund_accounts, refunds
from cheques.models import Order, Refund
from cheques.refund_accounts import Account
from events.repeating import KeyUsedBefore
from tests import build
from tests.build import NOON

IBAN, OTHER = "NL20INGB0001234567", "NL91ABNA0417164300"


def ask(lot, key, *, minutes=120, **more):
    by = build.owner_of(lot.wallet.customer)
    return refunds.request(lot.pk, minutes=minutes, form_key=key, by=by, at=more.pop("at", NOON), **more)


@pytest.mark.django_db
class TestTheKey:
    def test_again_is_the_same_refund_also_when_nothing_is_free_any_more(self):
        lot, key = build.lot(build.customer(), hours=2), uuid4()
        first = ask(lot, key)

        again = ask(lot, key, at=NOON + timedelta(minutes=1))

        assert again == first
        assert Refund.objects.count() == 1
        assert lots.figures(lot.wallet.customer_id, at=NOON).refunded == 120

    def test_another_key_is_another_refund(self):
        lot = build.lot(build.customer(), hours=10)
        assert ask(lot, uuid4()) != ask(lot, uuid4())

    def test_other_minutes_another_lot_and_another_customer_are_refused(self):
        customer, key = build.customer(), uuid4()
        lot = build.lot(customer, hours=10)
        ask(lot, key)
        for facts in ((lot, 60), (build.lot(customer), 120), (build.lot(build.customer()), 120)):
            with pytest.raises(KeyUsedBefore):
                ask(facts[0], key, minutes=facts[1])
        assert Refund.objects.get().minutes == 120

    def test_another_account_is_refused_until_the_office_mended_it(self):
        lot, key = build.lot(build.customer(), way=Order.Way.CASH), uuid4()
        first = ask(lot, key, account=Account("M", IBAN))
        assert ask(lot, key, account=Account(" M ", IBAN.lower())) == first
        with pytest.raises(KeyUsedBefore):
            ask(lot, key, account=Account("M", OTHER))

        later = NOON + timedelta(hours=1)
        refund_accounts.give(first.pk, Account("M", OTHER), by=build.user(), at=later)

        assert ask(lot, key, account=Account("M", IBAN)) == first
        assert refund_accounts.of(first).iban == OTHER


def test_two_threads_with_one_key_pay_once(committed_db):
    """Both ask at the same moment, on connections of their own."""
    lot, key, gate, got = build.lot(build.customer(), hours=10), uuid4(), Barrier(2), []

    def press():
        try:
            gate.wait(timeout=60)
            got.append(ask(lot, key).pk)
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == [Refund.objects.get().pk] * 2
    assert lots.figures(lot.wallet.customer_id, at=NOON).free == 480


def test_one_key_for_two_wallets_at_once_is_one_refund_and_one_refusal(committed_db):
    bought, key, gate, got = [build.lot(build.customer()) for _ in range(2)], uuid4(), Barrier(2), []

    def press(lot):
        try:
            gate.wait(timeout=60)
            got.append(ask(lot, key).pk)
        except KeyUsedBefore as refused:
            got.append(refused.code)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=(lot,)) for lot in bought]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, got)) == sorted([str(Refund.objects.get().pk), "KeyUsedBefore"])
