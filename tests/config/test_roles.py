"""The program refuses to run as somebody who could switch its rules off."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, connections, transaction

from config import roles
from tools import embedded


@pytest.fixture
def connects_as(committed_db):
    """Let the next connection be somebody else's, as a first connection of a process."""
    settings = connections["default"].settings_dict
    before = settings["USER"]

    def become(role: str) -> None:
        connections["default"].close()
        roles._fit.clear()
        settings["USER"] = role

    yield become
    connections["default"].close()
    settings["USER"] = before


def test_runs_as_app(connects_as):
    connects_as("app")
    roles.look()
    assert roles._fit != set()


@pytest.mark.parametrize(("role", "words"), [("postgres", "is a superuser"), ("owner", "owns the database")])
def test_refuses_a_superuser_and_the_owner(connects_as, role, words):
    connects_as(role)
    with pytest.raises(ImproperlyConfigured, match=words):
        roles.look()
    assert connections["default"].connection is None


def test_refuses_the_owner_of_one_table(connects_as, committed_db):
    with embedded.as_superuser(committed_db) as superuser:
        superuser.execute("CREATE TABLE mine (n int); ALTER TABLE mine OWNER TO app")
    connects_as("app")
    with pytest.raises(ImproperlyConfigured, match="owns tables"):
        roles.look()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger_transfer DISABLE TRIGGER ALL",
        "TRUNCATE ledger_transfer CASCADE",
        "DROP TABLE ledger_transfer CASCADE",
        "SET session_replication_role = replica",
        "SET ROLE owner",
    ],
)
def test_app_cannot_switch_a_rule_off(statement):
    with (
        pytest.raises(ProgrammingError, match=r"must be owner|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
