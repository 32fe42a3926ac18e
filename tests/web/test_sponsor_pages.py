"""Sponsors and coaches on the office's pages."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cheques import issuing, lots
from cheques.models import Order, Purpose
from identity import clock
from ledger.models import Account
from marketplace.models import Coach, CoachingHour, CoachInvoice
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(visitor):
    build.service()
    build.postcode()
    return visitor(build.member("coordinator", where=build.neighbourhood()))


UBL = """<Invoice xmlns:c="c"><c:ID>7</c:ID><c:DocumentCurrencyCode>EUR</c:DocumentCurrencyCode><c:TaxTotal>
<c:TaxAmount currencyID="EUR">18.90</c:TaxAmount></c:TaxTotal><c:LegalMonetaryTotal><c:TaxExclusiveAmount>90.00</c:TaxExclusiveAmount>
<c:TaxInclusiveAmount>108.90</c:TaxInclusiveAmount><c:PayableAmount>108.90</c:PayableAmount></c:LegalMonetaryTotal></Invoice>"""


def typed(**facts):
    return {
        "kind": "sponsored", "name": "Hulp voor mantelzorgers", "hours": 10, "services": ["cleaning"],
        "from_on": "2020-01-01", "until_on": "2030-01-01", "key": uuid4(), **facts,
    }  # fmt: skip


def pay(order: Order) -> None:
    with transaction.atomic():
        issuing.issue(order, paid_cents=order.total_cents, money=Account.OPENING, at=clock.now())


def test_public_money_for_named_people(office):
    town, carer = build.customer(kind="firm"), build.customer(phone="+31612345678")
    office.post(
        f"/kantoor/sponsors/van/{town.ref}/",
        typed(public_money="on", people="06 12345678", addresses="4818 CK 7"),
    )
    bound = Purpose.objects.get()
    assert bound.public_money
    assert list(bound.people.all()) == [carer]
    assert "wacht op geld" in office.get("/kantoor/sponsors/").text
    pay(Order.objects.get())

    office.post(f"/kantoor/sponsors/{bound.ref}/geven/", {"phone": "0612345678", "hours": 4, "key": uuid4()})
    assert lots.figures(carer.pk, at=clock.now()).free == 240

    office.post(f"/kantoor/sponsors/{bound.ref}/terug/")
    assert lots.figures(carer.pk, at=clock.now()).free == 0


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"people": "06 12345678"}, "Wij vinden niet één klant"), ({"addresses": "bij de kerk"}, "Deze regel is geen adres: bij de kerk"),
    ({"addresses": "9999 ZZ 1"}, "Wij werken nog niet op postcode"), ({"until_on": "2019-01-01"}, "De laatste dag moet"),
    ({"hours": -1}, "Kies een aantal"), ({"services": [], "public_money": "on"}, "Kies voor wie, waar of waarvoor"),
])  # fmt: skip
def test_what_cannot_be_is_said_kept_and_leaves_nothing(office, wrong, sentence):
    said = office.post(f"/kantoor/sponsors/van/{build.customer().ref}/", typed(**wrong)).text
    assert sentence in said
    assert 'value="Hulp voor mantelzorgers"' in said
    assert not Purpose.objects.exists()


def test_a_starter_voucher_from_order_to_invoice(office, visitor):
    sponsor, starter = build.customer(kind="firm"), build.customer(phone="+31612345678")
    office.post(f"/kantoor/sponsors/van/{sponsor.ref}/", typed(kind="starter", services=[]))
    pay(Order.objects.get())
    office.post(
        f"/kantoor/sponsors/{Purpose.objects.get().ref}/geven/",
        {"phone": "0612345678", "hours": 3, "key": uuid4()},
    )
    office.post(
        "/kantoor/sponsors/coach/",
        {"name": "Ali", "certificate": "Q1", "certified_until": "2030-01-01", "rate": "60.00"},
    )
    coach = Coach.objects.get()
    office.post(
        "/kantoor/sponsors/coaching/",
        {"coach": coach.ref, "phone": "0612345678", "day": "2027-01-01", "minutes": 90, "key": uuid4()},
    )
    mine = visitor(build.owner_of(starter))
    assert "Kreeg u deze coaching?" in mine.get("/mijn/geven/").text
    mine.post(f"/mijn/geven/coaching/{CoachingHour.objects.get().ref}/")

    money = visitor(build.member("treasurer"))
    said = money.post(
        f"/kantoor/sponsors/coach/{coach.ref}/rekening/", {"number": "7", "net": "80.00", "vat": "0"}
    ).text
    assert "Afgesproken is 90,00 euro" in said
    empty = money.post(f"/kantoor/sponsors/coach/{coach.ref}/rekening/", {"number": "7"}).text
    assert "Vul dit in, of kies een bestand." in empty
    broken = SimpleUploadedFile("rekening.xml", b"<Invoice/>")
    assert (
        "Regel 1: de totalen"
        in money.post(f"/kantoor/sponsors/coach/{coach.ref}/rekening/", {"file": broken}).text
    )
    money.post(
        f"/kantoor/sponsors/coach/{coach.ref}/rekening/",
        {"file": SimpleUploadedFile("rekening.xml", UBL.encode())},
    )

    assert CoachInvoice.objects.get().net_cents == 90_00
    assert CoachingHour.objects.get().invoice is not None
