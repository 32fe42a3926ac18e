"""Numbers that must stay secret are planted, and found in no answer, file or line of the log for a role that may not see them."""

import re
from dataclasses import dataclass
from functools import cache

import pytest
from django.db import connection

from subsidies.models import ClaimLine
from tests.access.asking import ask, places_of, spare_of
from tests.access.matrix import API, PAGES, ROLES
from tests.access.reading import Planted, body_of, downloads, text_of

READS = [row for row in (*API, *PAGES) if row.method == "GET"]
MAY_SEE_SUBSIDY = {"payroll", "treasurer", "municipality", "auditor"}
FILES = {  # files that somebody finds on the way: nothing is proved by a walk that never met one
    "payroll": {"application/zip", "application/pdf", "text/csv"}, "auditor": {"application/zip", "text/csv", "application/pdf"},
    "worker": {"application/pdf"}, "municipality": {"application/pdf", "text/csv"},
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One answer: where, what kind, and what was in it."""

    where: str
    kind: str
    number: bool
    subsidy: bool


@pytest.fixture(scope="module")
def walk(world, clients):
    """Ask every page as a role, and follow it to every file it offers; once for each role."""
    planted, amounts = Planted(), Amounts()

    def seen(where: str, answer, text: str) -> Seen:
        kind = answer.get("Content-Type", "").split(";")[0]
        return Seen(where, kind, planted.is_in(text), amounts.are_in(text))

    @cache
    def walked(role: str) -> list[Seen]:
        found: list[Seen] = []
        offered: dict[str, str] = {}
        for row in READS:
            for place in places_of(row, role):
                ref = world.ref(role, place, row.thing) if row.thing else ""
                answer = ask(row, clients[role], ref, spare_of(world, role, place))
                text = text_of(body_of(answer))
                found.append(seen(f"{row.route}, {place}", answer, text))
                for address in downloads(answer.request["PATH_INFO"], text):
                    offered.setdefault(address, f"{row.route}, {place}")
        for address, where in offered.items():
            answer = clients[role].get(address)
            found.append(seen(f"{address} on {where}", answer, text_of(body_of(answer))))
        return found

    return walked


class Amounts:
    """The subsidies of the lines of a claim, in cents or written as an amount."""

    def __init__(self) -> None:
        cents = set(ClaimLine.objects.values_list("subsidy_cents", flat=True))
        assert cents, "there is something to find"
        forms = {form for amount in cents for form in (str(amount), f"{amount // 100}[.,]{amount % 100:02d}")}
        self._any = re.compile(rf"(?<![\w.,])({'|'.join(forms)})(?!\w)")

    def are_in(self, text: str) -> bool:
        return self._any.search(text) is not None


@pytest.mark.parametrize("role", ROLES)
def test_no_bsn_and_no_iban_of_a_worker_is_shown(role, walk):
    assert len(Planted().numbers) == 9

    assert [one.where for one in walk(role) if one.number] == []


@pytest.mark.parametrize("role", FILES)
def test_the_walk_meets_the_files_of_a_role(role, walk):
    assert {one.kind for one in walk(role)} >= FILES[role]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in MAY_SEE_SUBSIDY])
def test_no_subsidy_amount_is_shown(role, walk):
    assert [one.where for one in walk(role) if one.subsidy] == []


def test_the_officer_sees_them_in_the_lines_of_the_claim(walk):
    """What the search above looks for is really shown to who may see it."""
    assert "office:claim-pack, own" in [one.where for one in walk("payroll") if one.subsidy]


def test_the_officer_reads_the_numbers_once_and_the_search_finds_them(world, clients):
    """The same for the numbers: the one place that shows them is found by what looks for them."""
    [row] = [row for row in PAGES if row.route == "office:read-file"]

    answer = ask(row, clients["payroll"], world.things["own"]["worker"], "")

    assert Planted().is_in(text_of(body_of(answer)))
    assert answer["Cache-Control"] == "no-store"


def test_no_column_of_the_database_holds_a_number_in_the_clear(world):
    """Who steals a table or a backup of it finds them sealed."""
    planted, tables = Planted(), connection.introspection.table_names()
    assert len(tables) > 100

    with connection.cursor() as cursor:
        holding = [table for table in tables if planted.is_in(_written(cursor, table))]

    assert holding == []


def _written(cursor, table: str) -> str:
    """Return all rows of a table as text, and what its bytes say as text."""
    cursor.execute(f'SELECT * FROM "{table}"')
    return "\n".join(
        bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
        for row in cursor
        for value in row
    )
