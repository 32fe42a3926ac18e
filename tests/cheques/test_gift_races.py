"""Two people give each other hours at the same moment, with real commits: neither waits for the other for ever."""

from threading import Barrier, BrokenBarrierError, Thread
from uuid import uuid4

import pytest
from django.db import OperationalError, connections

from cheques import lots, sponsoring
from tests import build
from tests.build import NOON
from tests.cheques.test_sponsoring import paid, purpose

ROUNDS = 12


@pytest.fixture
def neighbours(committed_db):
    return [build.customer(), build.customer()]


def test_gifts_that_cross_both_arrive(neighbours):
    one, other = neighbours
    gifts = [purpose(one, kind="gift"), purpose(other, kind="gift")]
    for gift in gifts:
        paid(gift, hours=20)
    by, failed, gate = build.user(), [], Barrier(2)

    def give(gift, receiver):
        try:
            for _round in range(ROUNDS):
                gate.wait(timeout=20)
                sponsoring.give(gift.pk, receiver.pk, minutes=60, form_key=uuid4(), by=by, at=NOON)
        except (
            OperationalError,
            BrokenBarrierError,
        ) as error:  # a deadlock, and the gate that broke because of it
            failed.append(repr(error))
            gate.abort()
        finally:
            connections.close_all()

    threads = [Thread(target=give, args=(gifts[0], other)), Thread(target=give, args=(gifts[1], one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert [lots.figures(customer.pk, at=NOON).handed for customer in neighbours] == [ROUNDS * 60] * 2
