"""Orders paid by bank transfer: what a line names is booked, what it nearly names waits with a suggestion."""

from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

import pytest
import segno.helpers
from django.db import DatabaseError, connection, transaction

from bank import importing, queue
from bank.matching import open_cents
from bank.models import Line
from bank.references import in_groups
from books import prove
from cheques import bank_matching, bank_suggesting, lots, payables, purchase, transfers
from cheques.models import Order
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.bank.statement import OUR_IBAN, details, entry, file, statement
from tests.build import NOON

pytestmark = pytest.mark.django_db


@dataclass
class Bank:
    """Our account: each statement goes on where the last one ended."""

    cents: int = 0
    made: "count[int]" = field(default_factory=lambda: count(1))

    def writes(self, *moves: tuple[int, str], who: str = "Fatma Yilmaz") -> int:
        """Bring a statement with these amounts and texts; return how many lines were known at once."""
        entries = []
        for cents, words in moves:
            side = "Dbtr" if cents > 0 else "Cdtr"
            told = details(cents, words=words, who=f"<{side}><Nm>{who}</Nm></{side}>")
            entries.append(entry(cents, ref=f"R{next(self.made)}", details=told))
        closing = self.cents + sum(cents for cents, _words in moves)
        body = file(statement(*entries, opening=self.cents, closing=closing, name=f"S{next(self.made)}"))
        self.cents = closing
        importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
        return bank_matching.match_open_lines(at=NOON)


@pytest.fixture
def bank():
    build.organisation(iban=OUR_IBAN)
    return Bank()


@pytest.fixture
def resident():
    return build.customer()


def asks(customer, hours=10):
    return purchase.place_order(
        customer.pk,
        hours=hours,
        way=Order.Way.TRANSFER,
        form_key=uuid4(),
        by=build.owner_of(customer),
        at=NOON,
    )


def free(customer) -> int:
    return lots.figures(customer.pk, at=NOON).free


def waiting():
    """Return the suggestion for the one line that waits."""
    (item,) = queue.waiting(on=NOON.date())
    return item.line, bank_suggesting.suggest(bank_matching.Book(), item.line, item.open_cents)


def accepted(line, suggestion):
    return bank_suggesting.accept(line.pk, token=suggestion.token, by=build.member("payroll"), at=NOON)


@pytest.fixture(autouse=True)
def _the_books_hold():
    yield
    assert [row.code for row in prove.invariants() if not row.holds] == []


class TestOrder:
    def test_gets_a_reference_of_its_own_and_what_to_type_over(self, bank, resident):
        order = asks(resident)

        told = transfers.instruction(order)

        assert (told.name, told.iban, told.cents) == ("Werk aan de Wijk", "NL91 ABNA 0417 1643 00", 100_00)
        assert told.reference == in_groups(order.transfer_reference)
        assert told.qr.startswith("<svg")
        assert asks(resident).transfer_reference != order.transfer_reference

    def test_has_a_code_as_the_banks_agreed(self, bank, resident, monkeypatch):
        said = {}
        make = segno.helpers.make_epc_qr
        monkeypatch.setattr(segno.helpers, "make_epc_qr", lambda **facts: said.update(facts) or make(**facts))

        order = asks(resident)
        transfers.instruction(order)

        assert said["reference"] == order.transfer_reference
        assert str(said["amount"]) == "100.00"
        assert said["iban"] == OUR_IBAN

    def test_needs_an_account_to_pay_to(self, resident):
        build.organisation(iban="")
        with pytest.raises(transfers.NoBankAccount):
            transfers.instruction(asks(resident))

    def test_a_reference_is_never_given_twice(self, bank, resident):
        order = asks(resident)
        with pytest.raises(DatabaseError), transaction.atomic():
            build.order(resident, transfer_reference=order.transfer_reference)


class TestKnown:
    @pytest.mark.parametrize("form", ["{0}", "{1}", "cheques {1} groet", "{2}", "RF18000{2}", "{3}"])
    def test_what_names_the_order_gives_its_hours(self, bank, resident, form):
        ref = asks(resident).transfer_reference
        said = form.format(ref, in_groups(ref), ref[4:], ref.lower())

        assert bank.writes((100_00, said)) == 1

        assert free(resident) == 600
        assert balance(Account.CHEQUES) == -100_00
        assert balance(Account.CUSTOMERS) == 0

    def test_in_two_parts_gives_the_hours_with_the_second(self, bank, resident):
        order = asks(resident)

        bank.writes((40_00, order.transfer_reference))
        assert free(resident) == 0
        assert transfers.instruction(order).cents == 60_00

        bank.writes((60_00, order.transfer_reference))
        assert free(resident) == 600

    def test_one_for_two_orders_pays_both(self, bank, resident):
        first, second = asks(resident), asks(resident, 5)

        bank.writes((150_00, f"{first.transfer_reference} {in_groups(second.transfer_reference)}"))

        assert free(resident) == 900

    def test_too_much_pays_the_order_and_the_rest_waits(self, bank, resident):
        bank.writes((120_00, asks(resident).transfer_reference))

        line, suggestion = waiting()

        assert free(resident) == 600
        assert open_cents(line) == 20_00
        assert suggestion.why.endswith(
            "Bewaar 20.00 euro voor een volgende bestelling van Fatma Yilmaz.".replace(".00", ",00")
        )

    def test_zero_is_no_line(self, bank, resident):
        asks(resident)
        body = file(statement(entry(0, sign="CRDT"), opening=0, closing=0))
        importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
        assert not Line.objects.exists()

    def test_the_same_statement_again_gives_nothing_twice(self, bank, resident):
        ref = asks(resident).transfer_reference
        body = file(statement(entry(100_00, details=details(100_00, words=ref)), opening=0, closing=100_00))
        importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
        bank_matching.match_open_lines(at=NOON)
        with pytest.raises(importing.AlreadyImported):
            importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
        assert bank_matching.match_open_lines(at=NOON) == 0
        assert free(resident) == 600


class TestSuggested:
    def test_a_digit_that_is_missing_is_named(self, bank, resident):
        ref = asks(resident).transfer_reference
        assert bank.writes((100_00, ref[:-1])) == 0

        line, suggestion = waiting()
        assert f"Dit ontbreekt in het kenmerk: {ref[-1]}." in suggestion.why
        accepted(line, suggestion)

        assert free(resident) == 600

    def test_without_a_reference_the_amount_and_the_name_tell(self, bank, resident):
        order = asks(resident)
        other = build.customer()
        other.name = "Jan de Wit"
        other.save()
        asks(other)
        bank.writes((100_00, "cheques"), who="F. YILMAZ")

        line, suggestion = waiting()
        assert order.ref in suggestion.why
        accepted(line, suggestion)

        assert (free(resident), free(other)) == (600, 0)

    def test_two_alike_are_not_guessed(self, bank, resident):
        asks(resident)
        asks(resident)
        bank.writes((100_00, "cheques"))
        assert waiting()[1] is None

    def test_too_little_for_two_fills_the_first(self, bank, resident):
        first, second = asks(resident), asks(resident)
        bank.writes((150_00, f"{second.transfer_reference} {first.transfer_reference}"))

        line, suggestion = waiting()
        assert "Er blijft 50,00 euro open." in suggestion.why
        accepted(line, suggestion)

        assert Order.objects.get(pk=second.pk).state == Order.State.PAID
        assert payables.received_cents(first) == 50_00

    def test_what_was_paid_twice_pays_the_next_order(self, bank, resident):
        ref = asks(resident).transfer_reference
        bank.writes((100_00, ref), (100_00, ref))

        accepted(*waiting())
        assert balance(Account.CUSTOMERS) == -100_00

        assert asks(resident, 5).state == Order.State.PAID
        assert asks(resident, 10).state == Order.State.OPEN
        assert free(resident) == 900
        assert payables.advance_cents(lots.wallet_of(resident.pk)) == 0

    def test_a_suggestion_that_changed_is_read_again(self, bank, resident):
        ref = asks(resident).transfer_reference
        bank.writes((100_00, ref[:-1]))
        line, suggestion = waiting()
        bank.writes((30_00, ref))

        with pytest.raises(bank_suggesting.NothingToAccept):
            accepted(line, suggestion)
        assert free(resident) == 0

    def test_a_line_of_a_stranger_has_none(self, bank, resident):
        asks(resident)
        bank.writes((77_00, "huur november"))
        assert waiting()[1] is None


class TestTakenBack:
    def test_before_delivery_the_part_is_open_again(self, bank, resident):
        order = asks(resident)
        bank.writes((40_00, order.transfer_reference))

        assert bank.writes((-40_00, order.transfer_reference)) == 1

        assert transfers.instruction(order).cents == 100_00

    def test_after_delivery_a_person_looks_and_the_cheques_are_frozen_until_it_is_paid(self, bank, resident):
        order = asks(resident)
        bank.writes((100_00, order.transfer_reference))

        assert bank.writes((-100_00, order.transfer_reference)) == 0
        line, suggestion = waiting()
        assert "teruggehaald" in suggestion.why
        accepted(line, suggestion)

        assert lots.figures(resident.pk, at=NOON).frozen == 600
        assert balance(Account.CUSTOMERS) == 100_00

        bank.writes((100_00, order.transfer_reference))
        assert free(resident) == 600
        assert balance(Account.CUSTOMERS) == 0

    def test_more_than_came_in_is_never_guessed(self, bank, resident):
        bank.writes((40_00, asks(resident).transfer_reference))
        bank.writes((-90_00, Order.objects.get().transfer_reference))
        assert waiting()[1] is None


def test_an_advance_is_never_changed(bank, resident):
    with transaction.atomic():
        transfers.keep_advance(lots.wallet_of(resident.pk), 100, key="line:1", at=NOON)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cheques_advance SET cents = 200")
        transaction.set_rollback(True)
