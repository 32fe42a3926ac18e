"""A backup holds everything, comes back whole or not at all, and brings the rules along."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from psycopg import sql

from books.prove import invariants
from cheques.models import Lot
from scheduling import confirming
from tests import build, build_pay, build_work
from tests.databases import drop, use
from tools import embedded


@pytest.fixture
def filled(committed_db) -> str:
    """A month with an hour that was worked, paid with cheques, and accepted."""
    build.organisation(iban=build_pay.ORGANISATION)
    visit = build_work.worked_visit()
    build_pay.worker_file(visit.assignments.get().worker)
    confirming.confirm(visit.pk, by=build.user(), at=visit.end_at)
    build_work.close_week(visit)
    return str(committed_db)


@pytest.fixture
def empty(filled, django_db_blocker):
    """A new database without a table."""
    name = f"test_restored_{os.getpid()}"
    drop(name)
    with embedded.as_superuser() as superuser:
        superuser.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(name)))
    yield name
    with django_db_blocker.unblock():
        use(filled)
    drop(name)


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {table: count(cursor, table) for table in sorted(connection.introspection.table_names(cursor))}


def count(cursor, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return int(cursor.fetchone()[0])


@pytest.fixture
def backup(filled, tmp_path):
    file = tmp_path / "monday.backup"
    call_command("backup", str(file), stdout=StringIO())
    return file


def test_comes_back_with_every_row_and_proves(backup, empty):
    before = counts()
    assert before["ledger_transfer"] > 0
    use(empty)

    said = StringIO()
    call_command("restore", str(backup), stdout=said)

    assert counts() == before
    assert "0 broken" in said.getvalue()
    assert all(row.holds for row in invariants())


def test_the_rules_come_back_too(backup, empty):
    use(empty)
    call_command("restore", str(backup), stdout=StringIO())

    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_transfer SET cents = cents + 1")
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cheques_movement")


def test_work_goes_on_after_it(backup, empty):
    use(empty)
    call_command("restore", str(backup), stdout=StringIO())

    lot = build.lot(build.customer())

    assert Lot.objects.get(pk=lot.pk).order.hours == 10
    assert all(row.holds for row in invariants())


def test_refuses_a_database_that_holds_tables(backup):
    before = counts()

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(backup), stdout=StringIO())
    assert counts() == before


@pytest.mark.parametrize(
    "harm", [lambda body: body[:-1] + bytes([body[-1] ^ 1]), lambda body: body[: len(body) // 2]]
)
def test_refuses_a_damaged_file(backup, empty, harm):
    backup.write_bytes(harm(backup.read_bytes()))
    use(empty)

    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", str(backup), stdout=StringIO())
    assert connection.introspection.table_names() == []


@pytest.mark.parametrize("body", [b"", b"not ours\n", b'{"kind": "other/1"}\n'])
def test_refuses_what_is_no_backup(filled, tmp_path, body):
    (tmp_path / "x").write_bytes(body)

    with pytest.raises(CommandError, match="backup"):
        call_command("restore", str(tmp_path / "x"), stdout=StringIO())


def test_never_writes_over_a_backup_and_hides_it_from_others(backup):
    assert backup.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="already"):
        call_command("backup", str(backup), stdout=StringIO())


def test_holds_no_number_in_the_clear(backup):
    from payroll.models import WorkerFile

    assert WorkerFile.objects.get().bsn.encode() not in backup.read_bytes()


def test_upgrading_a_filled_database_keeps_it(filled):
    """A step that is not taken yet is taken over rows that are there; what is filled stays."""
    call_command("migrate", "scheduling", "0003", verbosity=0, interactive=False)
    before = counts()

    call_command("migrate", verbosity=0, interactive=False)

    assert counts()["django_migrations"] > before["django_migrations"]
    del before["django_migrations"]
    assert {table: rows for table, rows in counts().items() if table in before} == before
    assert all(row.holds for row in invariants())
