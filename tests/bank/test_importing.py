"""Taking statements in, what waits for a name, and what the database itself refuses."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from bank import importing, matching, queue
from bank.models import Allocation, Line, Statement
from bank.statements import DoesNotTie
from events.models import Event
from ledger.balances import balance
from ledger.models import Account
from tests.bank.statement import OUR_IBAN, details, entry, file, statement

NOON = datetime(2026, 11, 26, 11, tzinfo=UTC)
DAY = NOON.date()
pytestmark = pytest.mark.django_db


def take(body: bytes) -> importing.Imported:
    return importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)


def one(cents: int = 8_85, **facts) -> Line:
    take(file(statement(entry(cents, **facts), closing=100_00 + cents)))
    return Line.objects.get()


def allocated(line: Line, cents: int, target: str = "order:1", against: Account = Account.SUSPENSE):
    with transaction.atomic():
        return matching.allocate(line, cents=cents, target=target, against=against, at=NOON)


class TestImport:
    def test_takes_in_every_statement_of_a_file_and_says_so(self):
        first = statement(entry(8_85), closing=108_85)
        second = statement(entry(-7_00), opening=108_85, closing=101_85, name="S2")

        assert take(file(first, second)) == importing.Imported(statements=2, lines=2, known=0)
        assert Event.objects.filter(kind="statement.imported").count() == 1

    def test_refuses_a_file_that_is_known(self):
        body = file(statement(entry(8_85), closing=108_85))
        take(body)
        with pytest.raises(importing.AlreadyImported):
            take(body.replace(b"\n", b"\r\n"))
        assert Line.objects.count() == 1

    def test_takes_in_only_what_is_new(self):
        first = statement(entry(8_85), closing=108_85)
        take(file(first))
        second = statement(entry(-7_00), opening=108_85, closing=101_85, name="S2")
        assert take(file(first, second)) == importing.Imported(statements=1, lines=1, known=1)

    def test_refuses_a_known_statement_that_says_otherwise(self):
        take(file(statement(entry(8_85), closing=108_85)))
        with pytest.raises(importing.SaysOtherwise, match="S1"):
            take(file(statement(entry(9_00), closing=109_00)))

    def test_takes_in_nothing_when_one_statement_does_not_tie(self):
        good, bad = statement(entry(8_85), closing=108_85), statement(entry(1), closing=1, name="S2")
        with pytest.raises(DoesNotTie, match="S2"):
            take(file(good, bad))
        assert not Statement.objects.exists()

    @pytest.mark.parametrize(("facts", "says"), [
        ({"iban": "NL26VAYB8060476890"}, "andere rekening"), ({"currency": "CHF"}, r"Regel \d+.*CHF"),
    ])  # fmt: skip
    def test_refuses_an_account_that_is_not_ours(self, facts, says):
        with pytest.raises(importing.NotOurAccount, match=says):
            take(file(statement(closing=100_00, **facts)))

    def test_seals_whose_account_it_was(self):
        who = "<DbtrAcct><Id><IBAN>NL26VAYB8060476890</IBAN></Id></DbtrAcct>"
        line = one(details=details(8_85, who=who))
        with connection.cursor() as cursor:
            cursor.execute("SELECT counter_iban FROM bank_line")
            assert cursor.fetchone()[0].startswith("gAAAA")
        assert line.counter_iban == "NL26VAYB8060476890"


class TestQueue:
    def test_holds_what_is_left_of_a_line_and_how_long_it_waits(self):
        line = one(10_00)
        allocated(line, 4_00)

        assert queue.waiting(on=date(2026, 12, 5)) == [queue.Waiting(line, 6_00, 10)]
        allocated(line, 6_00, "order:2")
        assert queue.waiting(on=DAY) == []

    def test_names_the_statement_that_is_missing(self):
        take(file(statement(entry(8_85), closing=108_85)))
        take(file(statement(closing=120_00, opening=120_00, name="S3")))

        (gap,) = queue.gaps()

        assert (gap.before.statement_id, gap.after.statement_id, gap.missing_cents) == ("S1", "S3", 11_15)


class TestAllocation:
    def test_books_a_part_against_its_account(self):
        line = one(10_00)
        made = allocated(line, 4_00)

        assert balance(Account.BANK) == 4_00
        assert Event.objects.get(kind="line.allocated").payload["cents"] == 4_00
        assert made.entry_key == f"bank:{line.pk}:order:1"

    @pytest.mark.parametrize("cents", [10_01, -1, 0])
    def test_never_passes_the_line_or_turns_round(self, cents):
        with pytest.raises(matching.MoreThanTheLine):
            allocated(one(10_00), cents)

    @pytest.mark.parametrize("said", ["lks abcd efgh", "LKS ABCDEFGH", "betreft lks abcdef\ngh"])
    def test_knows_a_reference_that_the_bank_broke_or_shouted(self, said):
        assert matching.mentions(Line(remittance=said), "abcdefgh")

    @pytest.mark.parametrize(("said", "wanted"), [("LKS ABCDEFG", "abcdefgh"), ("anything", "")])
    def test_knows_no_reference_that_is_not_there(self, said, wanted):
        assert not matching.mentions(Line(remittance=said), wanted)


class TestDatabase:
    """What the role of the program cannot do, whatever its code says."""

    def refused(self, statement: str, *values: object) -> str:
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
        return str(refused.value)

    @pytest.mark.parametrize("statement", [
        "UPDATE bank_line SET cents = 1", "DELETE FROM bank_line", "UPDATE bank_statement SET closing_cents = 1",
        "DELETE FROM bank_allocation", "UPDATE bank_allocation SET target = 'order:2'", "TRUNCATE bank_line CASCADE",
    ])  # fmt: skip
    def test_what_the_bank_said_stays(self, statement):
        allocated(one(10_00), 4_00)
        assert "permission denied" in self.refused(statement)

    @pytest.mark.parametrize("cents", [6_01, -1])
    def test_parts_of_a_line_never_pass_it(self, cents):
        line = one(10_00)
        allocated(line, 4_00)
        said = self.refused(
            "INSERT INTO bank_allocation (line_id, cents, target, entry_key, allocated_at) VALUES (%s, %s, 'x', 'y', now())",
            line.pk, cents,
        )  # fmt: skip
        assert "has 1000 cents" in said

    def test_one_fact_is_booked_once(self):
        line = one(10_00)
        made = allocated(line, 4_00)
        assert Allocation.objects.count() == 1
        assert "entry_key" in self.refused(
            "INSERT INTO bank_allocation (line_id, cents, target, entry_key, allocated_at) VALUES (%s, 1, 'x', %s, now())",
            line.pk, made.entry_key,
        )  # fmt: skip
