"""A firm orders on account, agrees, downloads its invoice; the office agrees on terms and follows what is open."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django import forms

from cheques import lots
from cheques.firm_models import FirmAccount, Invoice, Reminder, SpendingLimit
from cheques.models import Order
from identity.models import CustomerMember
from tests import build
from tests.build import NOON
from web.amounts import EuroField

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return build.firm()


@pytest.fixture
def owner(visitor, firm):
    return visitor(build.owner_of(firm))


def orders(client, *, hours="10", number="PO-9", key=None):
    return client.post(
        "/mijn/bedrijf/bestellen/",
        {"hours": hours, "purchase_order": number, "key": key or uuid4()},
        follow=True,
    )


class TestFirm:
    def test_orders_and_has_the_hours_and_the_invoice_at_once(self, owner, firm):
        told = orders(owner).content.decode()
        assert "De cheques zijn er." in told
        assert "2026-0001" in told
        assert lots.figures(firm.pk, at=NOON).free == 600
        row = Invoice.objects.get()
        assert owner.get(f"/mijn/bedrijf/factuur/{row.ref}.pdf").content.startswith(b"%PDF")
        assert b"nlcius" in owner.get(f"/mijn/bedrijf/factuur/{row.ref}.xml").content
        assert owner.get(f"/mijn/bedrijf/factuur/{row.ref}.exe").status_code == 404

    def test_keeps_what_was_typed_when_it_is_too_much(self, owner):
        said = orders(owner, hours="2000", number="PO-77")
        FirmAccount.objects.update(credit_limit_cents=100)
        said = orders(owner, hours="20", number="PO-78").content.decode()
        assert "op rekening kopen" in said
        assert 'value="PO-78"' in said

    def test_what_a_booker_orders_waits_until_a_colleague_agrees(self, owner, firm, visitor):
        booker = visitor(build.colleague(firm, "booker"))
        assert "wacht op een collega" in orders(booker).content.decode()
        row = Order.objects.get()
        assert "Keur goed" not in booker.get("/mijn/bedrijf/").content.decode()
        assert "Keur goed" in owner.get("/mijn/bedrijf/").content.decode()
        owner.post(f"/mijn/bedrijf/bestelling/{row.ref}/akkoord/")
        assert lots.figures(firm.pk, at=NOON).free == 600

    def test_an_owner_lets_somebody_in_with_a_limit(self, owner, firm):
        owner.post("/mijn/wie/", {"name": "Els", "email": "els@bedrijf.example", "part": "booker"})
        member = CustomerMember.objects.get(user__email="els@bedrijf.example")
        facts = {"part": "booker", "per_order_cents": "1.250,50", "per_month_cents": ""}
        owner.post(f"/mijn/wie/{member.user.ref}/", facts)
        limit = SpendingLimit.objects.get(member=member)
        assert (limit.per_order_cents, limit.per_month_cents) == (1_250_50, None)
        assert "1.250,50" in owner.get("/mijn/wie/").content.decode()

    def test_a_booker_sets_no_limits(self, firm, visitor):
        booker = build.colleague(firm, "booker")
        assert visitor(booker).get(f"/mijn/wie/{booker.ref}/").status_code == 404

    def test_another_firm_does_not_exist(self, owner, visitor):
        orders(owner)
        other = visitor(build.owner_of(build.firm()))
        assert other.get(f"/mijn/bedrijf/factuur/{Invoice.objects.get().ref}.pdf").status_code == 404


class TestOffice:
    @pytest.fixture
    def officer(self, visitor):
        return visitor(build.member("payroll"), at=NOON + timedelta(days=40))

    def test_agrees_on_terms_and_asks_for_a_reason_below_the_floor(self, officer, firm):
        facts = {"credit_limit_cents": "5000", "payment_days": "14", "contract_price_cents": "20,00",
                 "contract_number": "C-1", "g_iban": "", "below_floor_reason": ""}  # fmt: skip
        said = officer.post(f"/kantoor/debiteuren/{firm.ref}/", facts)
        assert "22,50" in said.content.decode()
        assert 'value="C-1"' in said.content.decode()
        officer.post(f"/kantoor/debiteuren/{firm.ref}/", {**facts, "below_floor_reason": "Proef"})
        account = FirmAccount.objects.get(customer=firm)
        assert (account.contract_price_cents, account.payment_days, account.below_floor_reason) == (
            20_00,
            14,
            "Proef",
        )

    def test_sees_who_owes_what_and_reminds_and_credits(self, officer, owner, firm, visitor):
        build.bought(firm)
        officer = visitor(build.member("payroll"), at=NOON + timedelta(days=40))
        told = officer.get("/kantoor/debiteuren/").content.decode()
        assert "Bouwbedrijf A" in told
        assert "100,00" in told
        assert (
            "1 herinneringen" in officer.post("/kantoor/debiteuren/herinneren/", follow=True).content.decode()
        )
        assert Reminder.objects.get().step == 1
        row = Invoice.objects.get()
        address = f"/kantoor/debiteuren/factuur/{row.ref}/crediteren/"
        assert (
            "Schrijf op waarom"
            in officer.post(address, {"uren": "4", "reden": ""}, follow=True).content.decode()
        )
        told = officer.post(address, {"uren": "4", "reden": "Te veel"}, follow=True).content.decode()
        assert "2026-0002" in told
        assert re.search(r"60(,00)? euro", told)


@pytest.mark.parametrize(
    ("typed", "cents"), [("25", 25_00), ("25,5", 25_50), ("1.250,00", 1_250_00), ("€ 12.50", 12_50), ("", None), ("0,07", 7)]
)  # fmt: skip
def test_reads_amounts_as_people_type_them(typed, cents):
    assert EuroField(required=False).clean(typed) == cents


@pytest.mark.parametrize("typed", ["tien", "-5", "1,234", "12..5", "1e3"])
def test_refuses_what_is_no_amount(typed):
    with pytest.raises(forms.ValidationError):
        EuroField(required=False).clean(typed)
