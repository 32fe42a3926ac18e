"""Who spends a quarter of an hour in `make bench-ledger`: the product, the floor of this machine, and a gift card."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import Any, ClassVar

import psycopg
from django.db import connections, models, transaction
from django.db.models import Sum

from benchmarks.ledger_ground import VISIT_AT
from cheques import redemption
from cheques.models import Hold
from config.trial import socket_folder
from tests import databases

PRICE = Decimal("2.50")
RATE = Decimal("0.09")


class Card(models.Model):
    """A gift card as pretix has it: what is left is the sum of its rows."""

    objects: ClassVar["models.Manager[Card]"]
    wallet_id = models.BigIntegerField(unique=True)

    class Meta:
        app_label, managed, db_table = "benchmarks", False, "peer_card"


class CardLine(models.Model):
    """What was put on a card (above zero) or spent (below)."""

    objects: ClassVar["models.Manager[CardLine]"]
    card = models.ForeignKey(Card, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=13, decimal_places=2)
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=190)

    class Meta:
        app_label, managed, db_table = "benchmarks", False, "peer_cardline"


@dataclass(frozen=True)
class Share:
    """What one writer does: which way of spending, which holds it takes, for how long."""

    how: str
    database: str
    holds: Sequence[int]
    seconds: float


def per_second(
    how: str, database: str, holds: Sequence[int], *, writers: int, seconds: float
) -> tuple[float, int]:
    """Spend with so many processes at once; return how many a second, and how many holds were used at most."""
    shares = [Share(how, database, holds[spot::writers], seconds) for spot in range(writers)]
    connections.close_all()
    with ProcessPoolExecutor(writers, mp_context=multiprocessing.get_context("fork")) as pool:
        done = list(pool.map(_writer, shares, chunksize=1))
    return sum(count / took for count, took in done), (max(count for count, _took in done) + 2) * writers


def _writer(share: Share) -> tuple[int, float]:
    connections.close_all()
    databases.use(share.database)
    if share.how == "product":
        return _until(share.seconds, share.holds, _product)
    if share.how == "gift card":
        return _until(share.seconds, share.holds, _card)
    with psycopg.connect(host=str(socket_folder()), user="app", dbname=share.database) as connection:
        return _until(share.seconds, share.holds, lambda hold: _floor(connection, hold))


def _until(seconds: float, holds: Sequence[int], spend: Callable[[int], None]) -> tuple[int, float]:
    spend(holds[0])  # connects, and reads what a first time reads
    began, done = monotonic(), 0
    for hold in holds[1:]:
        spend(hold)
        done += 1
        if monotonic() - began > seconds:
            break
    took = monotonic() - began
    connections.close_all()
    return done, took


def _product(hold: int) -> None:
    with transaction.atomic():
        redemption.redeem(
            hold, minutes=15, key=f"visit:{hold}", vat_rate=RATE, used_on=VISIT_AT.date(), start_at=VISIT_AT, at=VISIT_AT
        )  # fmt: skip


def _floor(connection: "psycopg.Connection[Any]", hold: int) -> None:
    """Write the rows of a redemption with the same locks and one commit: nothing is looked up, nothing is checked."""
    run, key = connection.execute, f"redeem:visit:{hold}"
    wallet, lot = run(
        "SELECT h.wallet_id, m.lot_id FROM floor_cheques_hold h JOIN floor_cheques_movement m ON m.hold_id = h.id"
        " WHERE h.id = %s", [hold],
    ).fetchone() or (0, 0)  # fmt: skip
    run("SELECT id FROM floor_cheques_wallet WHERE id = %s FOR NO KEY UPDATE", [wallet])
    run("SELECT id FROM floor_cheques_hold WHERE id = %s FOR NO KEY UPDATE", [hold])
    run(
        "UPDATE floor_cheques_lot SET held_minutes = held_minutes - 15, used_minutes = used_minutes + 15 WHERE id = %s",
        [lot],
    )
    movement = run(
        "INSERT INTO floor_cheques_movement (key, lot_id, hold_id, source, target, minutes, at)"
        " VALUES (%s, %s, %s, 'held', 'used', 15, %s) RETURNING id", [key, lot, hold, VISIT_AT],
    ).fetchone()  # fmt: skip
    entry = run(
        "INSERT INTO floor_ledger_entry (key, day, fingerprint) VALUES (%s, '2026-11-09', %s) RETURNING id", [key, "0" * 64]
    ).fetchone()  # fmt: skip
    assert movement
    assert entry
    run("INSERT INTO floor_ledger_transfer (entry_id, debit, credit, cents, party) VALUES (%s, 'cheques', 'revenue', 250, %s)",
        [entry[0], f"wallet:{wallet}"])  # fmt: skip
    run("INSERT INTO floor_cheques_redemption (movement_id, key, minutes, cents, vat_rate, used_on, entry_key)"
        " VALUES (%s, %s, 15, 250, 0.09, '2026-11-09', %s)", [movement[0], key, key])  # fmt: skip
    run("UPDATE floor_cheques_hold SET state = 'closed' WHERE id = %s", [hold])
    connection.commit()


def _card(hold: int) -> None:
    """Spend a gift card: lock it, add its rows up, write one more."""
    with transaction.atomic():
        card = Card.objects.select_for_update().get(
            wallet_id=Hold.objects.values_list("wallet_id", flat=True).get(pk=hold)
        )
        left = CardLine.objects.filter(card=card).aggregate(left=Sum("value"))["left"]
        assert left >= PRICE
        CardLine.objects.create(card=card, value=-PRICE, text=f"visit:{hold}")
