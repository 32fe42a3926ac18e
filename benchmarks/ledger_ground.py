"""The books that `make bench-ledger` writes in: so many redemptions behind, and hours kept aside for those to come.

Half of what was used is of one wallet (the hot one), half of a thousand others. The past is put in with the rules of
the database switched off by its superuser, for speed; they are on again before anything is measured.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connections

from cheques.models import Lot, Order, Wallet
from identity.models import Customer
from tests import build
from tests.build import NOON
from tools import embedded

SPREAD, LOTS, HOT_LOTS = 1_000, 2, 40
HOURS = 2_000_000  # in a lot of the bench: it is never used up
VISIT_AT = NOON + timedelta(days=7)
TABLES = (
    "ledger_entry",
    "ledger_transfer",
    "cheques_movement",
    "cheques_redemption",
    "cheques_hold",
    "cheques_lot",
    "cheques_wallet",
)
FLOOR = tuple(f"floor_{table}" for table in TABLES)


@dataclass(frozen=True)
class Ground:
    """A database that is filled: the hot customer, and the holds of both kinds of wallet."""

    database: str
    hot: int
    holds: dict[str, list[int]]


def fill(database: str, entries: int, holds: int) -> Ground:
    """Put so many entries behind, and keep so many quarters aside in the hot wallet and as many in the others."""
    with _rules_off(database) as connection:
        hot, run = _wallets(), connection.execute
        connections.close_all()
        run(
            "CREATE TEMP TABLE of_wallet AS SELECT wallet_id, array_agg(id ORDER BY id) AS lots FROM cheques_lot GROUP BY 1"
        )
        run("CREATE TEMP TABLE spread AS SELECT row_number() OVER (ORDER BY wallet_id) - 1 AS n, wallet_id, lots FROM of_wallet"
            " WHERE wallet_id <> %s", [hot])  # fmt: skip
        run("CREATE TEMP TABLE hot AS SELECT wallet_id, lots FROM of_wallet WHERE wallet_id = %s", [hot])
        run(
            "CREATE TEMP TABLE past AS SELECT i, CASE WHEN i %% 2 = 0 THEN h.wallet_id ELSE s.wallet_id END AS wallet,"
            " CASE WHEN i %% 2 = 0 THEN h.lots[1 + i / 2 %% cardinality(h.lots)]"
            " ELSE s.lots[1 + i / 2 %% cardinality(s.lots)] END AS lot FROM generate_series(1, %s) AS i, hot h, spread s"
            " WHERE s.n = i / 2 %% %s", [entries, SPREAD])  # fmt: skip
        _past(run)
        _aside(run, holds)
        run("UPDATE cheques_lot l SET used_minutes = coalesce((SELECT sum(minutes) FROM cheques_movement m"
            " WHERE m.lot_id = l.id AND m.target = 'used'), 0), held_minutes = coalesce((SELECT sum(minutes)"
            " FROM cheques_movement m WHERE m.lot_id = l.id AND m.target = 'held'), 0)")  # fmt: skip
        run("UPDATE cheques_lot SET free_minutes = minutes - used_minutes - held_minutes")
        _floor(run)
        _cards(run)
        kept = {
            name: [int(row[0]) for row in run("SELECT id FROM cheques_hold WHERE key LIKE %s ORDER BY id", [f"{name}:%"])]
            for name in ("hot", "spread")
        }  # fmt: skip
    with embedded.as_superuser(database) as own:
        own.execute("VACUUM ANALYZE")
        own.execute("CHECKPOINT")
    return Ground(database, Wallet.objects.get(pk=hot).customer_id, kept)


def _wallets() -> int:
    first = build.customer()
    buyer = build.owner_of(first)
    Customer.objects.bulk_create(
        Customer(
            kind=first.kind, name=f"Buur {number}", household=first.household, address=first.address,
            neighbourhood=first.neighbourhood, registered_at=NOON,
        )
        for number in range(SPREAD)
    )  # fmt: skip
    wallets = Wallet.objects.bulk_create(
        Wallet(customer_id=key) for key in Customer.objects.order_by("pk").values_list("pk", flat=True)
    )
    hot = next(wallet for wallet in wallets if wallet.customer_id == first.pk)
    whose = [wallet for wallet in wallets for _ in range(HOT_LOTS if wallet == hot else LOTS)]
    orders = Order.objects.bulk_create(
        Order(
            customer_id=wallet.customer_id, hours=HOURS // 60, price_cents=10_00, total_cents=HOURS // 60 * 10_00,
            way=Order.Way.CHECKOUT, state=Order.State.PAID, placed_at=NOON, placed_by=buyer,
        )
        for wallet in whose
    )  # fmt: skip
    Lot.objects.bulk_create(
        Lot(
            wallet=wallet, order=order, minutes=HOURS // 60 * 60, price_cents=10_00, vat_kind="mpv",
            issued_at=NOON, expires_at=NOON + timedelta(days=365),
        )
        for wallet, order in zip(whose, orders, strict=True)
    )  # fmt: skip
    return hot.pk


@contextmanager
def _rules_off(database: str) -> Iterator["psycopg.Connection[Any]"]:
    with embedded.as_superuser(database) as connection:
        always = connection.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A' AND tgrelid::regclass::text = ANY (%s)",
            [list(TABLES)],
        ).fetchall()  # fmt: skip
        for table, trigger in always:
            connection.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"'.encode())
        connection.execute(
            "SET session_replication_role = replica"
        )  # the keys between tables are not looked up
        try:
            yield connection
        finally:
            for table, trigger in always:
                connection.execute(f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{trigger}"'.encode())


def _past(run: Any) -> None:
    run("INSERT INTO ledger_entry (key, day, fingerprint, xid) SELECT 'past:' || i, '2026-11-02', md5(i::text), 0"
        " FROM past ORDER BY i")  # fmt: skip
    run("INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party) SELECT e.id, 'cheques', 'revenue', 250,"
        " 'wallet:' || wallet FROM past JOIN ledger_entry e ON e.key = 'past:' || i ORDER BY i")  # fmt: skip
    run("INSERT INTO cheques_movement (key, lot_id, source, target, minutes, at) SELECT 'past:' || i, lot, 'free', 'used',"
        " 15, %s FROM past ORDER BY i", [NOON])  # fmt: skip
    run("INSERT INTO cheques_redemption (movement_id, key, minutes, cents, vat_rate, used_on, entry_key) SELECT m.id, m.key,"
        " 15, 250, 0.09, '2026-11-02', m.key FROM cheques_movement m WHERE m.target = 'used'")  # fmt: skip


def _aside(run: Any, holds: int) -> None:
    for name, wallet in (
        ("hot", "SELECT i, wallet_id, lots FROM hot"),
        ("spread", "SELECT i, wallet_id, lots FROM spread WHERE n = i % 1000"),
    ):
        run(
            f"CREATE TEMP TABLE {name}_aside AS SELECT w.* FROM generate_series(1, {holds}) AS i, LATERAL ({wallet}) w"
        )
        run("INSERT INTO cheques_hold (key, wallet_id, minutes, state, placed_at, service)"
            f" SELECT '{name}:' || i, wallet_id, 15, 'open', %s, '' FROM {name}_aside ORDER BY i", [NOON])  # fmt: skip
        run("INSERT INTO cheques_movement (key, lot_id, hold_id, source, target, minutes, at) SELECT 'hold:' || h.key,"
            f" lots[1 + i %% cardinality(lots)], h.id, 'free', 'held', 15, %s FROM {name}_aside"
            f" JOIN cheques_hold h ON h.key = '{name}:' || i ORDER BY i", [NOON])  # fmt: skip


def _floor(run: Any) -> None:
    """Copy the tables with their indexes, without triggers, checks and keys between them."""
    for table, copy in zip(TABLES, FLOOR, strict=True):
        run(f"CREATE TABLE {copy} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING IDENTITY)")
        run(f"INSERT INTO {copy} OVERRIDING SYSTEM VALUE SELECT * FROM {table}")
        run(
            f"SELECT setval(pg_get_serial_sequence('{copy}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {copy}))"
        )
        run(f"GRANT ALL ON {copy} TO app")
    run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app")


def _cards(run: Any) -> None:
    """Make gift cards as pretix keeps them: signed rows, whose sum is what is left."""
    run("CREATE TABLE peer_card (id bigserial PRIMARY KEY, wallet_id bigint UNIQUE)")
    run("CREATE TABLE peer_cardline (id bigserial PRIMARY KEY, card_id bigint NOT NULL REFERENCES peer_card, value numeric(13, 2)"
        " NOT NULL, at timestamptz NOT NULL DEFAULT now(), text varchar(190))")  # fmt: skip
    run("INSERT INTO peer_card (wallet_id) SELECT DISTINCT wallet_id FROM cheques_lot")
    run("INSERT INTO peer_cardline (card_id, value, text) SELECT id, 100000000, 'sold' FROM peer_card")
    run("INSERT INTO peer_cardline (card_id, value, text) SELECT c.id, -2.50, 'past:' || i FROM past"
        " JOIN peer_card c ON c.wallet_id = past.wallet ORDER BY i")  # fmt: skip
    run("CREATE INDEX ON peer_cardline (card_id)")
    run("GRANT ALL ON peer_card, peer_cardline TO app")
    run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app")
