"""Every invariant attacked by raw SQL, as the program (`app`) and as the owner of the tables.

One world that was really committed; each attack must be refused, and leave the proof as it was.
"""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction

from books import proof_of_value
from cheques import holds, refunds
from cheques.models import Order
from ledger.closing import close
from ledger.models import Account, Entry
from ledger.posting import Move, post
from tests import build, databases
from tests.build import NOON
from tools import embedded

LATER = NOON + timedelta(days=7)
CLOSED = "2026-09-01"


@pytest.fixture(scope="module")
def world(template, django_db_setup, django_db_blocker):
    """A wallet with free, held, used and refunded hours; a reversed entry; a closed month."""
    before = settings.DATABASES["default"]["NAME"]
    name = f"test_attacked_{os.getpid()}"
    databases.copy(template, name)
    with django_db_blocker.unblock():
        databases.use(name)
        customer = build.customer()
        lot = build.lot(customer, hours=10)
        with transaction.atomic():
            holds.place(customer.pk, minutes=120, start_at=LATER, key="booking:1", at=NOON)
            entry = post("sale:attack", NOON.date(), Move(Account.STRIPE, Account.CHEQUES, 100, "wallet:1"))
        refund = refunds.request(lot.pk, minutes=60, form_key=uuid4(), by=build.owner_of(customer), at=NOON)
        with transaction.atomic():
            close(NOON.date().replace(month=9, day=1), by_id=1, at=NOON)
        yield {"lot": lot.pk, "entry": entry.pk, "refund": refund.pk, "user": build.owner_of(customer).pk,
               "order": build.order(customer).pk}  # fmt: skip
        connections["owner"].close()
        databases.use(before)
    databases.drop(name)


def attack(role: str, statement: str, world: dict[str, int]) -> str:
    """Run SQL that must fail, at the latest when it is committed; return what the database said."""
    with pytest.raises(DatabaseError) as fault, transaction.atomic(using=role):
        with connections[role].cursor() as cursor:
            cursor.execute(statement.format(**world))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(fault.value)


MOVEMENT = "INSERT INTO cheques_movement (key, lot_id, source, target, minutes, at) VALUES "
TRANSFER = "INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party) VALUES "
ENTRY = "INSERT INTO ledger_entry (key, day, fingerprint) VALUES "
WITH_TRANSFER = (
    "WITH made AS (INSERT INTO ledger_entry (key, day, fingerprint{more}) VALUES ('{key}', '{day}', ''{value}) RETURNING id) "
    "INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party) SELECT id, {side}, {cents}, 'wallet:1' FROM made"
)


def entry_with(key: str, *, day: str = "2026-11-02", side: str = "'stripe', 'cheques'", cents: str = "100",
               reverses: str = "") -> str:  # fmt: skip
    more, value = (", reverses_id", f", {reverses}") if reverses else ("", "")
    return WITH_TRANSFER.format(key=key, day=day, side=side, cents=cents, more=more, value=value)


REFUND = (
    "INSERT INTO cheques_refund (ref, lot_id, minutes, cents, state, stripe_key, stripe_id, requested_at, requested_by_id)"
    " VALUES ('x', {lot}, %s, %s, 'requested', gen_random_uuid(), '', now(), {user})"
)

ATTACKS = {
    "i1 an entry that moves nothing": ENTRY + "('empty', '2026-11-02', '')",
    "i1 a transfer to where it came from": entry_with("same", side="'bank', 'bank'"),
    "i2 another amount": "UPDATE ledger_transfer SET cents = cents + 1",
    "i2 another day": "UPDATE ledger_entry SET day = day - 1",
    "i2 an entry gone": "DELETE FROM ledger_transfer",
    "i2 all gone": "TRUNCATE ledger_transfer",
    "i2 a movement changed": "UPDATE cheques_movement SET minutes = 15",
    "i2 a movement gone": "DELETE FROM cheques_movement",
    "i3 a transfer added later": TRANSFER + "({entry}, 'bank', 'stripe', 1, '')",
    "i4 more used than there is": MOVEMENT + "('x', {lot}, 'free', 'used', 60000, now())",
    "i5 the same fact again": entry_with("sale:attack"),
    "i6 held hours used without their hold": MOVEMENT + "('x', {lot}, 'held', 'used', 60, now())",
    "i6 the same minutes twice": MOVEMENT
    + "('a', {lot}, 'free', 'used', 420, now()), ('b', {lot}, 'free', 'used', 420, now())",
    "i8 half a cent": entry_with("half", cents="0.4"),
    "i8 less than nothing": entry_with("less", cents="-100"),
    "i9 a figure written by hand": "UPDATE cheques_lot SET free_minutes = free_minutes + 60, used_minutes = used_minutes - 60",
    "i9 figures exchanged": "UPDATE cheques_lot SET free_minutes = free_minutes - 60, refunded_minutes = refunded_minutes + 60",
    "i9 a lot at another price": "UPDATE cheques_lot SET price_cents = 2000",
    "i10 reversed as something else": entry_with(
        "back", side="'cheques', 'stripe'", cents="99", reverses="{entry}"
    ),
    "i10 more paid back than was taken out": REFUND % (60, 1000),
    "i10 paid back at another price": "UPDATE cheques_refund SET cents = cents * 2",
    "i12 an entry in a closed month": entry_with("late", day="2026-09-15"),
    "i12 a month opened again": "DELETE FROM ledger_closedmonth",
    "i13 a lot out of nothing": (
        "INSERT INTO cheques_lot (ref, wallet_id, order_id, minutes, price_cents, vat_kind, funder, issued_at, expires_at,"
        " free_minutes, held_minutes, frozen_minutes, used_minutes, refunded_minutes, expired_minutes, returned_minutes)"
        " SELECT 'y', wallet_id, {order}, 60, 1000, 'mpv', '', now(), now(), 0, 0, 0, 0, 0, 0, 0 FROM cheques_lot"
    ),
    "i13 a lot that was filled by hand": (
        "INSERT INTO cheques_lot (ref, wallet_id, order_id, minutes, price_cents, vat_kind, funder, issued_at, expires_at,"
        " free_minutes, held_minutes, frozen_minutes, used_minutes, refunded_minutes, expired_minutes, returned_minutes)"
        " SELECT 'y', wallet_id, {order}, 60, 1000, 'mpv', '', now(), now(), 60, 0, 0, 0, 0, 0, 0 FROM cheques_lot"
    ),
    "i13 a lot gone": "DELETE FROM cheques_lot",
}


@pytest.mark.parametrize("role", ["default", "owner"])
@pytest.mark.parametrize("what", ATTACKS)
def test_is_refused(world, django_db_blocker, role, what):
    with django_db_blocker.unblock():
        before = Entry.objects.count(), Order.objects.count()

        assert attack(role, ATTACKS[what], world)

        assert (Entry.objects.count(), Order.objects.count()) == before
        assert all(found.holds for found in proof_of_value.all_of() if found.code != "liability")


SWITCHES = {
    "a trigger off": "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "one trigger off": "ALTER TABLE cheques_lot DISABLE TRIGGER cheques_lot_adds_up",
    "a trigger gone": "DROP TRIGGER ledger_entry_opens ON ledger_entry",
    "triggers skipped": "SET session_replication_role = replica",
    "a column more": "ALTER TABLE ledger_entry ADD COLUMN x int",
    "a check gone": "ALTER TABLE cheques_lot DROP CONSTRAINT lot_never_below_zero",
    "a table gone": "DROP TABLE ledger_transfer",
    "a table emptied": "TRUNCATE cheques_movement",
    "a rule written anew": "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "a table of its own in the way": "CREATE TABLE public.cheques_lot2 (id int)",
    "the owner's role": "SET ROLE owner",
    "a super power": "ALTER ROLE app SUPERUSER",
}


@pytest.mark.parametrize("what", SWITCHES)
def test_the_program_cannot_switch_a_rule_off(world, django_db_blocker, what):
    with django_db_blocker.unblock():
        said = attack("default", SWITCHES[what], world)

    assert "permission denied" in said or "must be owner" in said or "cannot" in said


def test_the_program_cannot_give_itself_rights(world, django_db_blocker):
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute("GRANT ALL ON ledger_entry TO app")  # PostgreSQL gives a warning and no rights
        cursor.execute("SELECT has_table_privilege('app', 'ledger_entry', 'UPDATE')")
        assert cursor.fetchone() == (False,)


def test_not_even_a_superuser_gets_past_a_rule_by_replication(world):
    name = settings.DATABASES["default"]["NAME"]
    with embedded.as_superuser(name) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in ("UPDATE ledger_transfer SET cents = 1", "UPDATE cheques_lot SET free_minutes = 0"):
            with pytest.raises(Exception, match=r"never changed|by movements only"):
                connection.execute(statement)
