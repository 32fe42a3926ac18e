"""The paper of an invoice: kept for years (PDF/A-3), read by everybody (PDF/UA), with the UBL inside."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from cheques import invoice_pdf, invoicing, ubl
from cheques.firm_models import Invoice
from tests import build
from tests.build import NOON
from tests.cheques.invoice_rules import broken, there

pytestmark = pytest.mark.django_db
CONTRACT = {"contract_price_cents": 25_00, "contract_number": "2026-17"}


def made(**terms) -> Invoice:
    build.bought(build.firm(**{**CONTRACT, **terms}), hours=10)
    return Invoice.objects.get()


def read(row: Invoice, language: str = "nl") -> PdfReader:
    return PdfReader(BytesIO(invoice_pdf.render(row, language=language)))


def words(found: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in found.pages).split())


def test_says_so_itself():
    metadata = read(made()).xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


@there
def test_holds_the_ubl_that_the_rules_accept():
    row = made()
    found = read(row)
    (name,) = found.attachments
    (held,) = found.attachments[name]
    assert name == "factuur-2026-0001.xml"
    assert held == ubl.render(row)
    assert broken(held) == []
    (file,) = [entry.get_object() for entry in found.root_object["/AF"].get_object()]
    assert (file["/AFRelationship"], file["/EF"]["/F"]["/Subtype"]) == ("/Alternative", "/text/xml")


def test_begins_with_what_to_pay_and_holds_what_the_law_asks():
    row = made()
    text = words(read(row))
    for part in ("U betaalt 302,50 euro, uiterlijk op 2 december 2026.", "Factuur 2026-0001", "PO-7", "2026-17",
                 "NL001234567B01", "KvK 87654321", "btw 21%", "250,00", "52,50", "25,00"):  # fmt: skip
        assert part in text


def test_with_reverse_charge_names_the_other_vat_number_and_splits_the_payment():
    row = made(reverse_charge=True, g_iban="NL20INGB0001234567")
    text = words(read(row))
    assert "Btw verlegd naar NL009876543B01." in text
    assert "50,00 euro over naar onze G-rekening NL20INGB0001234567 en 200,00 euro naar rekening" in text


def test_a_credit_note_names_its_invoice_and_why():
    row = made()
    note = invoicing.credit(row.pk, minutes=75, reason="Te veel besteld", by=build.member("payroll"), at=NOON)
    text = words(read(note))
    assert "U krijgt 37,81 euro terug van factuur 2026-0001. Te veel besteld" in text


def test_speaks_english_too():
    assert "You pay 302.50 euros" in words(read(made(), "en"))


def test_the_same_invoice_gives_the_same_bytes():
    row = made()
    assert invoice_pdf.render(row) == invoice_pdf.render(Invoice.objects.get(pk=row.pk))
