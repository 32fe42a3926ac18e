"""Firms that buy on account: who may, how far, what they are invoiced, and what they still owe."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from bank import importing
from books import prove
from cheques import (
    bank_matching,
    firm_accounts,
    firm_orders,
    holds,
    invoicing,
    lots,
    redemption,
    ubl,
    vat,
)
from cheques.firm_models import FirmAccount, Invoice
from cheques.models import Order, Redemption
from identity.models import CustomerMember
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.bank.statement import OUR_IBAN, details, entry, file, statement
from tests.build import NOON

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


class TestAgree:
    def test_a_price_below_the_floor_needs_a_reason_and_keeps_it(self):
        with pytest.raises(firm_accounts.BelowThePriceFloor, match="22,50"):
            build.firm(contract_price_cents=20_00)
        firm = build.firm(contract_price_cents=20_00, below_floor_reason="Proef met de gemeente, tot maart")
        assert FirmAccount.objects.get(customer=firm).below_floor_reason == "Proef met de gemeente, tot maart"

    @pytest.mark.parametrize("price", [0, 25_01])
    def test_a_price_gives_whole_cents_for_a_quarter(self, price):
        with pytest.raises(firm_accounts.NotAPrice):
            build.firm(contract_price_cents=price)

    def test_a_resident_has_no_account(self):
        with pytest.raises(firm_accounts.NotAFirm):
            terms = firm_accounts.Terms(credit_limit_cents=1)
            firm_accounts.agree(build.customer().pk, terms, by=build.user(), at=NOON)

    def test_the_law_ends_the_term(self):
        with pytest.raises(firm_accounts.TermTooLong):
            build.firm(payment_days=61)

    def test_an_account_number_is_checked(self):
        with pytest.raises(firm_accounts.NotAnAccountNumber):
            build.firm(g_iban="NL00INGB0001234567")


class TestOrder:
    def test_the_hours_are_there_at_once_and_the_firm_owes_them(self):
        firm = build.firm()

        build.bought(firm, hours=10)

        assert lots.figures(firm.pk, at=NOON).free == 600
        assert balance(Account.CUSTOMERS) == 100_00
        assert balance(Account.CHEQUES) == -100_00

    def test_the_same_form_twice_is_one_order(self):
        firm, key = build.firm(), uuid4()
        assert build.bought(firm, form_key=key).pk == build.bought(firm, form_key=key).pk
        assert Invoice.objects.count() == 1

    def test_needs_a_number_of_the_firm(self):
        with pytest.raises(firm_orders.NoPurchaseOrder):
            build.bought(build.firm(), purchase_order=" ")

    def test_above_the_credit_limit_nothing_happens(self):
        firm = build.firm(credit_limit_cents=150_00)
        build.bought(firm, hours=10)
        with pytest.raises(firm_orders.OverTheCreditLimit, match="50,00"):
            build.bought(firm, hours=6)
        build.bought(firm, hours=5)
        assert Invoice.objects.count() == 2

    def test_vat_counts_for_the_credit_limit(self):
        firm = build.firm(credit_limit_cents=302_00, **CONTRACT)
        with pytest.raises(firm_orders.OverTheCreditLimit):
            build.bought(firm, hours=10)  # 250.00 and 52.50 VAT

    def test_what_is_paid_can_be_spent_again(self):
        firm = build.firm(credit_limit_cents=100_00)
        pays((100_00, invoice_of(build.bought(firm)).reference))
        build.bought(firm)

    def test_a_resident_cannot(self):
        with pytest.raises(firm_orders.NoAccount):
            build.bought(build.customer())

    def test_somebody_else_cannot(self):
        with pytest.raises(firm_orders.NotYours):
            build.bought(build.firm(), by=build.user())

    def test_we_must_be_known_before_we_invoice(self):
        firm = build.firm()
        build.organisation(kvk="")
        with pytest.raises(invoicing.NotYetOurselves):
            build.bought(firm)
        assert not Order.objects.exists()


class TestLimits:
    def test_a_booker_without_a_limit_waits_for_somebody_else(self):
        firm = build.firm()
        booker, approver = build.colleague(firm, "booker"), build.colleague(firm, "approver")

        order = build.bought(firm, by=booker)
        assert (order.state, lots.figures(firm.pk, at=NOON).free) == (Order.State.OPEN, 0)
        with pytest.raises(firm_orders.NotYours):
            firm_orders.approve(order.pk, by=booker, at=NOON)

        firm_orders.approve(order.pk, by=approver, at=NOON)
        assert lots.figures(firm.pk, at=NOON).free == 600
        with pytest.raises(firm_orders.NotWaiting):
            firm_orders.approve(order.pk, by=approver, at=NOON)

    def test_a_booker_orders_alone_up_to_the_limits_of_an_order_and_of_a_month(self):
        firm = build.firm()
        booker = build.colleague(firm, "booker", per_order_cents=100_00, per_month_cents=150_00)

        assert build.bought(firm, hours=11, by=booker).state == Order.State.OPEN
        assert build.bought(firm, hours=10, by=booker).state == Order.State.PAID
        assert build.bought(firm, hours=6, by=booker).state == Order.State.OPEN
        assert build.bought(firm, hours=5, by=booker).state == Order.State.PAID
        assert build.bought(firm, hours=10, by=booker, at=NOON + timedelta(days=30)).state == Order.State.PAID

    def test_an_approver_has_limits_too_and_never_approves_an_own_order(self):
        firm = build.firm()
        first = build.colleague(firm, "approver", per_order_cents=50_00)
        second = build.colleague(firm, "approver", per_order_cents=80_00)

        order = build.bought(firm, hours=10, by=first)
        with pytest.raises(firm_orders.SecondPersonNeeded):
            firm_orders.approve(order.pk, by=first, at=NOON)
        with pytest.raises(firm_orders.OverYourLimit):
            firm_orders.approve(order.pk, by=second, at=NOON)
        firm_orders.approve(order.pk, by=build.owner_of(firm), at=NOON)

    def test_the_database_knows_no_order_that_somebody_approved_alone(self):
        firm = build.firm()
        order = build.bought(firm, by=build.colleague(firm, "booker"))
        with pytest.raises(DatabaseError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(approved_by=order.placed_by, approved_at=NOON)

    def test_what_is_declined_is_over(self):
        firm = build.firm()
        order = build.bought(firm, by=build.colleague(firm, "booker"))
        firm_orders.decline(order.pk, by=build.owner_of(firm), at=NOON)
        with pytest.raises(firm_orders.NotWaiting):
            firm_orders.approve(order.pk, by=build.owner_of(firm), at=NOON)
        assert not Invoice.objects.exists()

    def test_approving_looks_at_the_credit_again(self):
        firm = build.firm(credit_limit_cents=150_00)
        order = build.bought(firm, by=build.colleague(firm, "booker"))
        build.bought(firm)
        with pytest.raises(firm_orders.OverTheCreditLimit):
            firm_orders.approve(order.pk, by=build.owner_of(firm), at=NOON)

    def test_only_an_owner_sets_limits_and_one_owner_stays(self):
        firm = build.firm()
        booker = build.colleague(firm, "booker")
        member = CustomerMember.objects.get(user=build.owner_of(firm))
        nothing = {"per_order_cents": None, "per_month_cents": None, "at": NOON}
        with pytest.raises(firm_accounts.NotYourPeople):
            firm_accounts.set_limit(member.pk, part="owner", by=booker, **nothing)
        with pytest.raises(firm_accounts.NotYourPeople):
            firm_accounts.set_limit(member.pk, part="booker", by=build.owner_of(firm), **nothing)


class TestInvoice:
    def test_t05_500_hours_with_reverse_charge(self):
        firm = build.firm(contract_price_cents=25_00, reverse_charge=True)
        row = invoice_of(build.bought(firm, hours=500))
        assert (row.total_cents, row.vat_cents, row.vat_category) == (12_500_00, 0, "AE")
        assert balance(Account.VAT) == 0
        assert balance(Account.CHEQUES) == -12_500_00

    @pytest.mark.parametrize(
        ("reverse", "vat_cents", "total", "blocked"),
        [(False, 2_100_00, 12_100_00, 3_025_00), (True, 0, 10_000_00, 2_000_00)],
    )
    def test_t20_part_for_the_blocked_account(self, reverse, vat_cents, total, blocked):
        firm = build.firm(contract_price_cents=50_00, reverse_charge=reverse, g_iban=G_IBAN)

        row = invoice_of(build.bought(firm, hours=200))

        assert (row.net_cents, row.vat_cents, row.total_cents) == (10_000_00, vat_cents, total)
        assert row.g_cents == blocked
        assert G_IBAN in ubl.render(row).decode()

    def test_t32_a_cent_of_the_blocked_account_is_rounded_once(self):
        account = FirmAccount(g_iban=G_IBAN, reverse_charge=False)
        sums = invoicing.amounts(1_234_56, account, "exvat", on=date(2026, 11, 2))
        assert (sums.vat_cents, sums.total_cents, sums.g_cents) == (259_26, 1_493_82, 373_46)

    def test_without_a_blocked_account_nothing_goes_there(self):
        assert invoice_of(build.bought(build.firm(**CONTRACT))).g_cents == 0

    def test_vat_of_a_contract_is_due_with_the_invoice_and_not_again_at_use(self):
        firm = build.firm(**CONTRACT)
        build.bought(firm, hours=10)
        assert (balance(Account.VAT), balance(Account.CUSTOMERS)) == (-52_50, 302_50)

        with transaction.atomic():
            held = holds.place(firm.pk, minutes=120, start_at=NOON, key="booking:1", at=NOON)
            redemption.redeem(
                held.pk,
                minutes=120,
                key="visit:1",
                vat_rate=Decimal("0.21"),
                used_on=NOON.date(),
                start_at=NOON,
                at=NOON,
            )

        assert Redemption.objects.get().cents == 50_00
        assert vat.close_month(date(2026, 11, 1), at=NOON) == []
        assert balance(Account.VAT) == -52_50

    def test_a_cheque_as_residents_buy_lies_outside_vat_until_it_is_used(self):
        row = invoice_of(build.bought(build.firm()))
        assert (row.vat_category, row.vat_cents, row.total_cents) == ("O", 0, 100_00)

    def test_keeps_who_was_who(self):
        firm = build.firm()
        row = invoice_of(build.bought(firm))
        build.organisation(name="Andere naam")
        row.refresh_from_db()
        assert row.seller["name"] == "Werk aan de Wijk"
        assert row.buyer["kvk"] == "87654321"


class TestNumbers:
    def test_run_from_one_without_a_gap_and_anew_each_year(self):
        firm = build.firm()
        for _ in range(3):
            build.bought(firm)
        with pytest.raises(firm_orders.OverTheCreditLimit):
            FirmAccount.objects.update(credit_limit_cents=0)
            build.bought(firm)
        FirmAccount.objects.update(credit_limit_cents=20_000_00)
        build.bought(firm)
        later = build.bought(firm, at=NOON + timedelta(days=90))
        assert list(Invoice.objects.filter(year=2026).order_by("pk").values_list("number", flat=True)) == [
            1,
            2,
            3,
            4,
        ]
        assert invoice_of(later).full_number == "2027-0001"

    def test_are_the_databases_own(self):
        firm = build.firm()
        row = invoice_of(build.bought(firm))
        order = build.order(firm)
        point = transaction.savepoint()
        facts = {
            name: getattr(row, name)
            for name in ("kind", "year", "customer", "issued_on", "due_on", "purchase_order", "minutes", "unit_cents",
                         "net_cents", "vat_category", "vat_rate", "vat_cents", "total_cents", "seller", "buyer",
                         "made_at", "made_by")
        }  # fmt: skip
        made = Invoice.objects.create(**facts, order=order, reference="RF1", number=900)
        made.refresh_from_db()
        assert made.number == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            Invoice.objects.create(**{**facts, "year": 2025}, order=build.order(firm), reference="RF2")
        transaction.savepoint_rollback(point)

    @pytest.mark.parametrize("sql", ["UPDATE cheques_invoice SET number = 7", "DELETE FROM cheques_invoice",
                                     "UPDATE cheques_invoice SET ref = 'x'", "TRUNCATE cheques_invoice CASCADE"])  # fmt: skip
    def test_stay(self, sql):
        build.bought(build.firm())
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
