"""Many facts at once stand in the books as they would one by one."""

from datetime import date

import pytest
from django.db import transaction

from ledger.models import Account, ClosedDay, Entry, Transfer
from ledger.posting import KeyReused, Move, post, post_each
from tests.build import NOON

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


def move(cents: int) -> Move:
    return Move(Account.WAGES, Account.WAGES_DUE, cents, "worker:1")


def test_gives_the_entries_that_posting_one_by_one_gives():
    facts = {"a": [move(5), move(0)], "b": [move(7)]}
    with transaction.atomic():
        post_each(facts, DAY)
    seen = list(Entry.objects.order_by("key").values_list("key", "day", "fingerprint"))
    assert list(Transfer.objects.order_by("cents").values_list("entry__key", "cents")) == [("a", 5), ("b", 7)]

    with transaction.atomic():
        for key, moves in facts.items():
            post(key, DAY, *moves)
        post_each(facts, DAY)
    assert list(Entry.objects.order_by("key").values_list("key", "day", "fingerprint")) == seen
    assert Transfer.objects.count() == 2


def test_a_key_with_other_moves_stops_all_of_them():
    with transaction.atomic():
        post("a", DAY, move(5))
    with pytest.raises(KeyReused), transaction.atomic():
        post_each({"a": [move(6)], "b": [move(7)]}, DAY)
    assert not Entry.objects.filter(key="b").exists()


def test_a_closed_day_passes_them_on_to_the_next():
    ClosedDay.objects.create(day=DAY, closed_at=NOON, closed_by_id=1)
    with transaction.atomic():
        post_each({"a": [move(5)]}, DAY)
    assert Entry.objects.get().day == date(2026, 11, 3)
