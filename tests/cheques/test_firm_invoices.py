"""What happens to an invoice after it was made: credited, paid, reminded of, and read by programs."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bank import importing
from books import prove
from cheques import (
    bank_matching,
    debtors,
    holds,
    invoicing,
    lots,
    payables,
    ubl,
)
from cheques.firm_models import Invoice
from cheques.models import Order, Redemption
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.bank.statement import OUR_IBAN, details, entry, file, statement
from tests.build import NOON
from tests.cheques.invoice_rules import broken, there

pytestmark = pytest.mark.django_db
G_IBAN = "NL20INGB0001234567"
CONTRACT = {"contract_price_cents": 25_00, "contract_number": "2026-17"}


@pytest.fixture(autouse=True)
def _the_books_hold():
    yield
    by_hand = {"confirmed"} if Redemption.objects.exists() else set()  # a visit without an assignment
    assert {row.code for row in prove.invariants() if not row.holds} <= by_hand


def invoice_of(order: Order) -> Invoice:
    return Invoice.objects.get(order=order, kind=Invoice.Kind.INVOICE)


def pays(*moves: tuple[int, str], name: str = "S1") -> int:
    entries = [
        entry(cents, ref=f"{name}{place}", details=details(cents, words=words))
        for place, (cents, words) in enumerate(moves)
    ]
    body = file(statement(*entries, opening=0, closing=sum(cents for cents, _words in moves), name=name))
    importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
    return bank_matching.match_open_lines(at=NOON)


class TestCreditNote:
    def credited(self, row, minutes, reason="Te veel besteld"):
        return invoicing.credit(row.pk, minutes=minutes, reason=reason, by=build.member("payroll"), at=NOON)

    def test_takes_hours_money_and_vat_back_and_the_last_one_takes_the_rest(self):
        firm = build.firm(contract_price_cents=23_04, contract_number="1")
        row = invoice_of(build.bought(firm, hours=7))

        notes = [self.credited(row, 135), self.credited(row, 135), self.credited(row, 150)]

        assert sum(note.vat_cents for note in notes) == row.vat_cents
        assert sum(note.total_cents for note in notes) == row.total_cents
        assert [note.full_number for note in notes] == ["2026-0002", "2026-0003", "2026-0004"]
        assert (balance(Account.CUSTOMERS), balance(Account.VAT), balance(Account.CHEQUES)) == (0, 0, 0)
        assert lots.figures(firm.pk, at=NOON).free == 0

    def test_never_takes_hours_that_are_used_or_held(self):
        firm = build.firm()
        row = invoice_of(build.bought(firm, hours=10))
        with transaction.atomic():
            holds.place(firm.pk, minutes=480, start_at=NOON, key="booking:1", at=NOON)
        with pytest.raises(invoicing.NothingToCredit):
            self.credited(row, 180)
        self.credited(row, 120)

    def test_says_why(self):
        with pytest.raises(invoicing.NoReason):
            self.credited(invoice_of(build.bought(build.firm())), 60, reason=" ")

    def test_what_was_paid_already_is_kept_for_the_firm(self):
        firm = build.firm()
        row = invoice_of(build.bought(firm))
        pays((100_00, row.reference))
        self.credited(row, 240)
        self.credited(row, 60)
        assert payables.advance_cents(lots.wallet_of(firm.pk)) == 50_00
        assert balance(Account.CUSTOMERS) == -50_00

    def test_the_database_credits_no_more_than_was_invoiced(self):
        row = invoice_of(build.bought(build.firm()))
        note = self.credited(row, 600)
        facts = {
            field.name: getattr(note, field.name)
            for field in Invoice._meta.fields
            if field.name not in {"id", "ref", "number"}
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            Invoice.objects.create(**{**facts, "reference": "RF3"})


class TestDebtors:
    def test_a_payment_that_names_the_invoice_settles_it(self):
        row = invoice_of(build.bought(build.firm(**CONTRACT)))
        assert pays((302_50, f"factuur {row.reference}")) == 1
        assert payables.open_cents(row) == 0
        assert debtors.open_invoices(on=NOON.date()) == []

    def test_one_payment_for_two_invoices(self):
        firm = build.firm()
        first, second = invoice_of(build.bought(firm)), invoice_of(build.bought(firm, hours=5))
        assert pays((150_00, f"{first.reference} {second.reference}")) == 1
        assert debtors.aged(on=NOON.date()) == []

    def test_by_age_and_tied_to_the_books(self):
        firm = build.firm()
        for days in (0, 40, 70, 100, 170):
            build.bought(firm, at=NOON - timedelta(days=days))
        (debtor,) = debtors.aged(on=NOON.date())
        assert debtor.by_age == [100_00, 100_00, 100_00, 100_00, 100_00]
        assert debtor.cents == balance(Account.CUSTOMERS)

    def test_reminders_each_once_a_day_one_step(self):
        row = invoice_of(build.bought(build.firm()))
        steps = {}
        for day in range(30, 90):
            at = NOON + timedelta(days=day)
            for reminder in debtors.remind_due(at=at) + debtors.remind_due(at=at):
                steps[reminder.step] = day - 30
        assert steps == {1: 7, 2: 21, 3: 35}
        assert row.reminders.count() == 3

    def test_who_paid_is_not_reminded(self):
        pays((100_00, invoice_of(build.bought(build.firm())).reference))
        assert debtors.remind_due(at=NOON + timedelta(days=90)) == []


@there
class TestUbl:
    @pytest.mark.parametrize(
        "terms",
        [{}, CONTRACT, {**CONTRACT, "reverse_charge": True}, {**CONTRACT, "g_iban": G_IBAN},
         {**CONTRACT, "reverse_charge": True, "g_iban": G_IBAN}],
    )  # fmt: skip
    def test_breaks_no_rule_of_the_law_nor_of_the_netherlands(self, terms):
        row = invoice_of(build.bought(build.firm(**terms), hours=7))
        assert broken(ubl.render(row)) == []
        note = invoicing.credit(row.pk, minutes=75, reason="Te veel", by=build.member("payroll"), at=NOON)
        assert broken(ubl.render(note)) == []

    def test_the_rules_are_really_asked(self):
        row = invoice_of(build.bought(build.firm(**CONTRACT)))
        wrong = ubl.render(row).replace(b"302.50", b"302.51")
        assert "BR-CO-15" in broken(wrong)
        assert "BR-NL-1" in broken(ubl.render(row).replace(b'schemeID="0106"', b""))

    def test_the_same_invoice_gives_the_same_bytes(self):
        row = invoice_of(build.bought(build.firm()))
        assert ubl.render(row) == ubl.render(Invoice.objects.get(pk=row.pk))
