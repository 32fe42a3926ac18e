"""What firms used of cheques for more than one purpose is invoiced when the month closes, VAT on the total of a rate."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from cheques import (
    holds,
    invoicing,
    period_closing,
    redemption,
    reversing,
    ubl_reading,
    usage_invoicing,
    usage_ubl,
    vat_return,
)  # fmt: skip
from cheques.models import Hold
from cheques.usage_models import UsageInvoice
from identity.models import Customer
from kernel.money import vat_inside
from kernel.periods import Period
from tests import build
from tests.build import NOON
from tests.cheques.invoice_rules import EN16931, broken, there

pytestmark = pytest.mark.django_db
LOW, HIGH = Decimal("0.09"), Decimal("0.21")
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture
def firm():
    firm = build.firm()
    build.bought(firm, hours=40)
    return firm


def use(customer, hours, *, key, rate=LOW, at=NOON + timedelta(days=3)):
    with transaction.atomic():
        held = holds.place(customer.pk, minutes=hours * 60, start_at=at, key=key, at=at)
        redemption.redeem(
            held.pk,
            minutes=hours * 60,
            key=f"visit:{key}",
            vat_rate=rate,
            used_on=at.date(),
            start_at=at,
            at=at,
        )


def close(month):
    period_closing.close_month(
        month,
        by=build.user(),
        at=datetime(month.year + month.month // 12, month.month % 12 + 1, 2, 9, tzinfo=UTC),
    )


def test_t23_three_hours_of_cleaning_and_two_of_moving(firm):
    use(firm, 3, key="1")
    use(firm, 2, key="2", rate=HIGH)
    close(NOVEMBER)

    row = UsageInvoice.objects.get()
    assert [(one["rate"], one["vat_cents"]) for one in row.rates] == [("0.09", 2_48), ("0.21", 3_47)]
    assert (row.gross_cents, row.vat_cents, row.full_number) == (50_00, 5_95, "G2026-0001")
    assert usage_invoicing.render(row)[:5] == b"%PDF-"


def test_vat_is_that_of_each_invoice_and_of_the_rest_on_the_total(firm):
    other, resident = build.firm(), build.customer()
    build.bought(other, hours=40)
    build.lot(resident, hours=10)
    for number, buyer in enumerate((firm, other, resident, resident)):
        use(buyer, 1, key=str(number))
    close(NOVEMBER)

    found = vat_return.of(Period(NOVEMBER, DECEMBER))
    assert sorted(UsageInvoice.objects.values_list("number", flat=True)) == [1, 2]
    assert (found.vat_cents, found.ties) == (83 + 83 + 1_65, True)  # 40 euros at once would be 3.30
    close_again = usage_invoicing.of_month
    with transaction.atomic():
        assert close_again(NOVEMBER, at=NOON) == []


def test_what_is_taken_back_later_is_on_the_next_invoice(firm):
    use(firm, 3, key="1")
    close(NOVEMBER)
    with transaction.atomic():
        reversing.take_back(
            Hold.objects.get(key="1").pk, key="visit:1", at=datetime(2026, 12, 5, 9, tzinfo=UTC)
        )
    use(firm, 5, key="2", at=datetime(2026, 12, 10, 9, tzinfo=UTC))
    close(DECEMBER)

    assert list(UsageInvoice.objects.order_by("number").values_list("gross_cents", flat=True)) == [
        30_00,
        20_00,
    ]
    found = vat_return.of(Period(DECEMBER, JANUARY))
    assert (found.vat_cents, found.ties) == (1_65, True)


@there
@pytest.mark.parametrize("vat_id", ["NL009876543B01", ""])
def test_holds_the_ubl_that_the_rules_accept(firm, vat_id):
    Customer.objects.filter(pk=firm.pk).update(vat_id=vat_id)
    use(firm, 3, key="1")
    use(firm, 2, key="2", rate=HIGH)
    close(NOVEMBER)

    row = UsageInvoice.objects.get()
    found = PdfReader(BytesIO(usage_invoicing.render(row)))
    ((name, (held,)),) = found.attachments.items()
    assert name == "factuur-G2026-0001.xml"
    assert "<pdfaid:part>3</pdfaid:part>" in found.xmp_metadata.stream.get_data().decode()
    assert held == usage_ubl.render(row)
    assert broken(held) == []
    got = ubl_reading.read(held)
    assert (got.net_cents, got.vat_cents, got.payable_cents, got.lines) == (44_05, 5_95, 0, 2)
    assert b"<cbc:BuyerReference>PO-7</cbc:BuyerReference>" in held
    assert broken(held.replace(b">2.48<", b">5.48<"), EN16931) != []


@there
def test_the_rules_accept_each_number_of_quarters(firm):
    sums = [
        {"rate": str(rate), "minutes": minutes, "gross_cents": minutes * 1000 // 60, "vat_cents": vat_inside(minutes * 1000 // 60, rate)}
        for minutes in range(15, 1000, 15) for rate in (LOW, HIGH)
    ]  # fmt: skip
    made = UsageInvoice.objects.create(
        year=2026, number=1, month=NOVEMBER, made_at=NOON, customer=firm, issued_on=DECEMBER, rates=sums,
        gross_cents=sum(one["gross_cents"] for one in sums), vat_cents=sum(one["vat_cents"] for one in sums),
        buyer=invoicing.buyer(firm), seller=invoicing.seller(),
    )  # fmt: skip
    found = set(broken(usage_ubl.render(made), EN16931))
    assert found == {"BR-S-08"}, "only that a rate stands more than once, as it does here alone"


def test_is_never_changed(firm):
    use(firm, 3, key="1")
    close(NOVEMBER)
    with pytest.raises(DatabaseError), transaction.atomic():
        UsageInvoice.objects.update(vat_cents=0)


def test_a_firm_downloads_its_own_and_no_others(firm, client):
    use(firm, 3, key="1")
    close(NOVEMBER)
    row = UsageInvoice.objects.get()
    client.force_login(build.owner_of(firm))
    assert row.full_number in client.get("/mijn/bedrijf/").text
    assert client.get(f"/mijn/bedrijf/gebruik/{row.ref}.pdf").content[:5] == b"%PDF-"
    assert b"<cbc:ID>G2026-0001</cbc:ID>" in client.get(f"/mijn/bedrijf/gebruik/{row.ref}.xml").content
    client.force_login(build.owner_of(build.firm()))
    assert client.get(f"/mijn/bedrijf/gebruik/{row.ref}.pdf").status_code == 404


def test_the_office_finds_and_opens_them(firm, client):
    use(firm, 3, key="1")
    use(firm, 2, key="2", rate=HIGH)
    client.force_login(build.member("payroll"))
    assert "nog geen factuur van gebruik" in client.get("/kantoor/debiteuren/gebruik/").text
    close(NOVEMBER)
    row = UsageInvoice.objects.get()
    for where in ("/kantoor/debiteuren/gebruik/", f"/kantoor/debiteuren/{firm.ref}/"):
        shown = client.get(where).text
        assert row.full_number in shown
        for ending in ("pdf", "xml"):
            assert f"/kantoor/debiteuren/gebruik/{row.ref}.{ending}" in shown
    assert client.get(f"/kantoor/debiteuren/gebruik/{row.ref}.pdf").content[:5] == b"%PDF-"
    lines = client.get("/kantoor/debiteuren/gebruik/?als=csv").text.splitlines()
    assert lines[1:] == [
        "G2026-0001;2026-11;Bouwbedrijf A;9;3;27.52;2.48;30.00",
        "G2026-0001;2026-11;Bouwbedrijf A;21;2;16.53;3.47;20.00",
    ]
