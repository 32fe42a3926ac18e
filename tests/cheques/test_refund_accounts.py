"""Hours without a payment that tells where the money goes: the customer names an account, and a second person checks it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bank import importing
from books import prove
from cheques import bank_matching, lots, refund_accounts, refunds, taking_over
from cheques.models import Order, Refund, VatKind
from cheques.refund_accounts import Account
from cheques.refund_models import RefundAccount
from identity.organising import NotAnIban
from ledger.balances import balance
from ledger.models import Account as Books
from tests import build
from tests.bank.statement import OUR_IBAN, details, entry, file, statement
from tests.build import NOON

pytestmark = pytest.mark.django_db
IBAN = "NL20INGB0001234567"
THEIRS = Account("F. Yilmaz", "nl20 ingb 0001 2345 67")


@pytest.fixture
def lot():
    build.organisation()
    customer = build.customer(name="Fatma Yilmaz")
    with transaction.atomic():
        return taking_over.take_over(
            customer.pk, minutes=600, price_cents=10_00, vat_kind=VatKind.MULTI, last_day=date(2027, 10, 31),
            on=date(2026, 11, 1), by=build.user(), at=NOON,
        )  # fmt: skip


def ask(lot, account=THEIRS, minutes=180):
    return refunds.request(
        lot.pk, minutes=minutes, by=build.owner_of(lot.wallet.customer), at=NOON, account=account
    )


@pytest.mark.parametrize(
    ("account", "refused"),
    [(None, refund_accounts.AccountNeeded), (Account("F. Yilmaz", "NL21INGB0001234567"), NotAnIban),
     (Account(" ", IBAN), refund_accounts.NoHolder)],
)  # fmt: skip
def test_takes_no_hours_before_it_is_known_where_the_money_goes(lot, account, refused):
    with pytest.raises(refused):
        ask(lot, account)
    assert lots.figures(lot.wallet.customer_id, at=NOON).free == 600
    assert Refund.objects.count() == 0


def test_waits_for_a_second_person_however_small_and_goes_by_bank(lot):
    refund, officer = ask(lot), build.member("payroll")
    with pytest.raises(refunds.SecondPersonNeeded):
        refunds.send(refund.pk, at=NOON)
    refund_accounts.give(refund.pk, THEIRS, by=officer, at=NOON)
    for who in (officer, build.owner_of(lot.wallet.customer)):
        with pytest.raises(refunds.SecondPersonNeeded):
            refunds.approve(refund.pk, by=who, at=NOON)

    refunds.approve(refund.pk, by=build.member("treasurer"), at=NOON)
    assert refunds.send(refund.pk, at=NOON).state == Refund.State.PENDING
    held = RefundAccount.objects.get()
    assert (held.iban, held.name, held.checked_at) == (IBAN, "F. Yilmaz", NOON)

    before = balance(Books.CHEQUES)
    body = file(statement(entry(-30_00, ref="S1", details=details(-30_00, words=f"terug {refund.ref}")),
                          opening=100_00, closing=70_00))  # fmt: skip
    importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
    bank_matching.match_open_lines(at=NOON)
    refund.refresh_from_db()
    assert refund.state == Refund.State.SUCCEEDED
    assert abs(balance(Books.CHEQUES) - before) == 30_00
    broken = {row.code for row in prove.invariants() if not row.holds}
    assert broken == {"orders"}, "only that no sheet brought these hours along"
    with pytest.raises(refund_accounts.TooLateToChange):
        refund_accounts.give(refund.pk, THEIRS, by=officer, at=NOON)


def test_another_account_is_checked_again(lot):
    refund, treasurer = ask(lot), build.member("treasurer")
    refunds.approve(refund.pk, by=treasurer, at=NOON)
    refunds.send(refund.pk, at=NOON)
    refund_accounts.give(refund.pk, Account("F. Yilmaz", "NL91ABNA0417164300"), by=treasurer, at=NOON)
    with pytest.raises(refunds.SecondPersonNeeded):
        refunds.approve(refund.pk, by=treasurer, at=NOON)
    assert RefundAccount.objects.get().checked_by_id is None


def test_one_person_is_never_both_in_the_database(lot):
    refund = ask(lot)
    row = RefundAccount.objects.get(refund=refund)
    with pytest.raises(DatabaseError), transaction.atomic():
        RefundAccount.objects.update(checked_by=row.given_by, checked_at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT iban::text FROM cheques_refundaccount")
        assert IBAN not in str(cursor.fetchone())


def test_hours_that_expired_wait_until_somebody_writes_an_account_down(lot):
    with transaction.atomic():
        refund = refunds.take_out(lot, 600, by=build.user(), at=NOON)
    treasurer = build.member("treasurer")
    with pytest.raises(refund_accounts.AccountNeeded):
        refunds.approve(refund.pk, by=treasurer, at=NOON)
    with pytest.raises(refunds.SecondPersonNeeded):
        refunds.send(refund.pk, at=NOON + timedelta(days=1))


def test_hours_paid_through_stripe_never_get_another_account():
    customer = build.customer()
    lot = build.lot(customer, payment_intent_id="pi_1")
    refund = refunds.request(lot.pk, minutes=60, by=build.owner_of(customer), at=NOON, account=THEIRS)
    assert RefundAccount.objects.count() == 0
    with pytest.raises(refund_accounts.TooLateToChange):
        refund_accounts.give(refund.pk, THEIRS, by=build.member("payroll"), at=NOON)


class TestPages:
    def test_the_customer_names_the_account_and_hears_what_is_wrong(self, client, lot):
        client.force_login(build.owner_of(lot.wallet.customer))
        where = f"/mijn/cheques/{lot.ref}/terug/"
        assert "Rekeningnummer (IBAN)" in client.get(f"{where}?uren=3").text
        told = client.post(where, {"uren": "3", "iban": "NL21INGB0001234567", "naam": "F. Yilmaz"}).text
        assert "klopt niet" in told
        assert 'value="NL21INGB0001234567"' in told
        assert 'value="F. Yilmaz"' in told
        client.post(where, {"uren": "3", "iban": IBAN, "naam": "F. Yilmaz"})
        assert Refund.objects.get().state == Refund.State.REQUESTED

    def test_the_office_checks_it_and_then_sees_where_to_pay(self, client, lot):
        refund = ask(lot)
        client.force_login(build.member("treasurer"))
        assert "tweede persoon nodig" in client.get("/kantoor/geld-terug/").text
        client.post(f"/kantoor/geld-terug/{refund.ref}/goedkeuren/")
        refund.refresh_from_db()
        assert refund.state == Refund.State.PENDING
        shown = client.get("/kantoor/geld-terug/").text
        assert IBAN in shown
        assert "tweede persoon nodig" not in shown

    def test_the_office_writes_it_down_for_who_did_not_say(self, client):
        lot = build.lot(build.customer())
        refund = refunds.request(lot.pk, minutes=60, by=build.user(), at=NOON)
        refunds.send(refund.pk, at=NOON)
        client.force_login(build.member("payroll"))
        where = f"/kantoor/geld-terug/{refund.ref}/rekening/"
        assert where in client.get("/kantoor/geld-terug/").text
        assert "klopt niet" in client.post(where, {"iban": "NL1", "naam": "X"}).text
        client.post(where, {"iban": IBAN, "naam": "X"})
        client.force_login(build.member("treasurer"))
        assert "De rekening klopt" in client.get("/kantoor/geld-terug/").text
        client.post(f"/kantoor/geld-terug/{refund.ref}/goedkeuren/")
        assert "De rekening klopt" not in client.get("/kantoor/geld-terug/").text

    def test_the_desk_writes_it_down_for_hours_sold_for_cash(self, client):
        customer = build.customer()
        lot = build.lot(customer, way=Order.Way.CASH)
        client.force_login(build.member("desk", where=customer.neighbourhood))
        where = f"/kantoor/klanten/{customer.ref}/terugbetalen/"
        told = client.post(where, {"partij": lot.ref, "uren": "2", "iban": "", "naam": "M"}).text
        assert "Vul het rekeningnummer" in told
        client.post(where, {"partij": lot.ref, "uren": "2", "iban": IBAN, "naam": "M"})
        assert Refund.objects.get().state == Refund.State.REQUESTED
