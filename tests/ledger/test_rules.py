"""The rules of the books hold against anyone who writes to them directly."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, connections, transaction

from ledger.balances import balance, trial
from ledger.closing import close
from ledger.models import Account, Entry, Transfer
from ledger.posting import KeyReused, Move, post, reverse

DAY = date(2026, 11, 24)
SALE = Move(Account.STRIPE, Account.CHEQUES, 100_00, "wallet:1")


def refused(statement: str, *parameters: object, using: str = "default") -> str:
    """Run SQL that must fail; return what the database said."""
    with pytest.raises(DatabaseError) as fault, transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(statement, parameters)
        with connections[using].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(fault.value)


@pytest.mark.django_db
class TestPost:
    def test_moves_cents_between_accounts(self):
        post("sale:1", DAY, SALE)

        assert balance(Account.STRIPE) == 100_00
        assert balance(Account.CHEQUES, party="wallet:1") == -100_00
        assert sum(trial().values()) == 0

    def test_books_a_fact_once(self):
        first = post("sale:1", DAY, SALE)

        assert post("sale:1", DAY, SALE) == first
        assert Transfer.objects.count() == 1

    def test_refuses_another_fact_under_the_same_key(self):
        post("sale:1", DAY, SALE)

        with pytest.raises(KeyReused):
            post("sale:1", DAY, SALE._replace(cents=99_00))

    def test_is_undone_by_its_reverse_only_once(self):
        entry = post("sale:1", DAY, SALE)

        reverse("undo:1", DAY, entry)

        assert balance(Account.STRIPE) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            reverse("undo:again", DAY, entry)


@pytest.mark.django_db
class TestTheDatabaseRefuses:
    def test_i1_an_entry_that_moves_nothing(self):
        assert "moves nothing" in refused(
            "INSERT INTO ledger_entry (key, day, fingerprint) VALUES ('empty', %s, '')", DAY
        )

    def test_i1_a_transfer_to_the_account_it_came_from(self):
        entry = post("sale:1", DAY, SALE)
        assert "transfer_moves" in refused(
            "INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party) VALUES (%s, 'bank', 'bank', 1, '')",
            entry.pk,
        )

    @pytest.mark.parametrize("statement", [
        "UPDATE ledger_entry SET day = day", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_transfer SET cents = 1", "DELETE FROM ledger_transfer", "TRUNCATE ledger_transfer",
    ])  # fmt: skip
    def test_i2_a_change_by_the_program(self, statement):
        post("sale:1", DAY, SALE)
        assert "permission denied" in refused(statement)

    def test_i8_cents_that_are_not_whole_or_not_above_zero(self):
        entry = post("sale:1", DAY, SALE)
        for cents in (0, -5):
            assert "transfer_cents_above_zero" in refused(
                "INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party)"
                " VALUES (%s, 'bank', 'stripe', %s, '')",
                entry.pk,
                cents,
            )

    def test_i12_an_entry_in_a_closed_month(self):
        close(DAY, by_id=1, at="2026-12-05T10:00:00Z")
        assert "are closed" in refused(
            "INSERT INTO ledger_entry (key, day, fingerprint) VALUES ('late', %s, '')", DAY
        )

    def test_switching_a_trigger_off(self):
        assert "must be owner" in refused("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")

    def test_an_unknown_account(self):
        entry = post("sale:1", DAY, SALE)
        assert "transfer_accounts_exist" in refused(
            "INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party) VALUES (%s, 'pocket', 'bank', 1, '')",
            entry.pk,
        )


class TestTheDatabaseRefusesAfterCommit:
    def test_i3_a_transfer_added_later(self, committed_db):
        with transaction.atomic():
            entry = post("sale:1", DAY, SALE)

        said = refused(
            "INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party) VALUES (%s, 'bank', 'stripe', 1, '')",
            entry.pk,
        )

        assert "not later" in said

    @pytest.mark.parametrize("statement", [
        "UPDATE ledger_entry SET day = day", "DELETE FROM ledger_transfer", "TRUNCATE ledger_transfer",
    ])  # fmt: skip
    def test_i2_a_change_by_the_owner(self, committed_db, statement):
        with transaction.atomic():
            post("sale:1", DAY, SALE)

        assert "never changed" in refused(statement, using="owner")
        assert Entry.objects.count() == 1

    def test_i5_the_same_fact_from_two_sides(self, committed_db):
        with transaction.atomic():
            post("sale:1", DAY, SALE)
        with connection.cursor() as cursor, pytest.raises(DatabaseError):
            cursor.execute(
                "INSERT INTO ledger_entry (key, day, fingerprint) VALUES ('sale:1', %s, '')", [DAY]
            )
