"""Starter vouchers: the voucher pays the organisation, the coach invoices it, each hour once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cheques import lots, sponsoring
from cheques.models import Redemption
from ledger.balances import balance
from ledger.models import Account
from marketplace import coaching
from tests import build
from tests.build import NOON
from tests.cheques.test_sponsoring import all_hold, paid, purpose

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(days=3)


@pytest.fixture
def starter():
    return build.customer()


@pytest.fixture
def voucher(starter):
    bound = purpose(
        build.customer(kind="firm"), kind="starter", services=["coaching"], customer_ids=[starter.pk]
    )
    paid(bound, 10)
    sponsoring.give(bound.pk, starter.pk, minutes=300, form_key=uuid4(), by=build.user(), at=NOON)
    return bound


def coach(until=date(2027, 6, 1)):
    return coaching.certify(
        "Ali", certificate="Q-12", certified_until=until, rate_cents=60_00, by=build.user(), at=NOON
    )


def note(starter, who, minutes=120, key=None):
    return coaching.note(
        starter.pk, coach_id=who.pk, minutes=minutes, start_at=SOON, form_key=key or uuid4(), by=build.user(), at=NOON
    )  # fmt: skip


def invoice(who, hours, net, number="2026-1", vat=0):
    return coaching.take_invoice(
        who.pk, number=number, hour_ids=[hour.pk for hour in hours], net_cents=net, vat_cents=vat, by=build.user(), at=SOON
    )  # fmt: skip


def test_from_voucher_to_invoice(starter, voucher):
    who = coach()
    hour = note(starter, who)
    coaching.confirm(hour.pk, by=build.owner_of(starter), at=SOON)

    invoice(who, [hour], 120_00, vat=25_20)

    assert sum(Redemption.objects.values_list("cents", flat=True)) == 20_00
    assert balance(Account.COACHING) == 120_00
    assert balance(Account.SUPPLIERS) == -145_20
    assert lots.figures(starter.pk, at=SOON).free == 180
    assert all_hold() == []


def test_own_cheques_never_pay_a_coach(starter):
    build.lot(starter, hours=10)
    with pytest.raises(coaching.NoVoucher):
        note(starter, coach())
    assert lots.figures(starter.pk, at=NOON).free == 600


def test_a_voucher_never_pays_a_visit(starter, voucher):
    with pytest.raises(Exception, match="te weinig"):
        build.booking(starter, minutes=120)


def test_more_hours_than_the_voucher_has_are_refused(starter, voucher):
    with pytest.raises(coaching.NoVoucher):
        note(starter, coach(), minutes=315)


def test_a_coach_without_a_valid_certificate_is_refused(starter, voucher):
    with pytest.raises(coaching.NotCertified):
        note(starter, coach(until=date(2026, 11, 5)))


@pytest.mark.parametrize("minutes", [0, -15, 20])
def test_time_goes_by_the_quarter(starter, voucher, minutes):
    with pytest.raises(coaching.NotInQuarters):
        note(starter, coach(), minutes=minutes)


def test_the_same_form_twice_holds_once(starter, voucher):
    who, key = coach(), uuid4()
    assert note(starter, who, key=key) == note(starter, who, key=key)
    assert lots.figures(starter.pk, at=NOON).held == 120


def test_only_the_starter_says_yes_and_once(starter, voucher):
    hour = note(starter, coach())
    with pytest.raises(coaching.NotYours):
        coaching.confirm(hour.pk, by=build.user(), at=SOON)
    coaching.confirm(hour.pk, by=build.owner_of(starter), at=SOON)
    with pytest.raises(coaching.ConfirmedBefore):
        coaching.confirm(hour.pk, by=build.owner_of(starter), at=SOON)


def test_an_invoice_takes_confirmed_hours_of_its_coach_once_at_the_agreed_price(starter, voucher):
    who, other = coach(), coach()
    hour, loose = note(starter, who), note(starter, who, minutes=60)
    coaching.confirm(hour.pk, by=build.owner_of(starter), at=SOON)
    for wrong in ([loose], [hour, loose], []):
        with pytest.raises(coaching.NotToInvoice):
            invoice(who, wrong, 120_00)
    with pytest.raises(coaching.NotToInvoice):
        invoice(other, [hour], 120_00)
    with pytest.raises(coaching.AnotherAmount, match="120,00"):
        invoice(who, [hour], 150_00)
    invoice(who, [hour], 120_00)
    with pytest.raises(coaching.NotToInvoice):
        invoice(who, [hour], 120_00, number="2026-2")
