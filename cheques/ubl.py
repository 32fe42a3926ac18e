"""An invoice or credit note as UBL 2.1, after NLCIUS (SI-UBL 2.0): what bookkeeping programs read by themselves."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml import etree

from cheques.firm_models import Invoice
from kernel.money import euros

NLCIUS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
NAMES = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC, CBC = f"{NAMES}CommonAggregateComponents-2", f"{NAMES}CommonBasicComponents-2"
KVK = "0106"
TRANSFER = "30"
HOUR = "HUR"
REASONS = {
    Invoice.Vat.REVERSED: "Btw verlegd",
    Invoice.Vat.OUTSIDE: "Waardebon voor meer dan een doel: btw bij gebruik",
}
Node = etree._Element
Facts = dict[str, str]


def render(row: Invoice) -> bytes:
    """Return the UBL of an invoice: the same invoice, the same bytes. It is Dutch, whoever asks."""
    with override("nl"):
        root = _head(row)
        parties(root, row.seller, row.buyer, outside=row.vat_category == Invoice.Vat.OUTSIDE)
        if row.kind == Invoice.Kind.INVOICE:
            _payment(root, row)
        _sums(root, row)
        _line(root, row)
    return as_bytes(root)


def _is_credit(row: Invoice) -> bool:
    return row.kind == Invoice.Kind.CREDIT


def _head(row: Invoice) -> Node:
    root = document("CreditNote" if _is_credit(row) else "Invoice", row.full_number, row.issued_on)
    if _is_credit(row):
        text(root, "CreditNoteTypeCode", "381")
        text(root, "Note", row.reason)
    else:
        text(root, "DueDate", f"{row.due_on}")
        text(root, "InvoiceTypeCode", "380")
        if row.g_cents:
            text(root, "Note", g_sentence(row))
    text(root, "DocumentCurrencyCode", "EUR")
    text(part(root, "OrderReference"), "ID", row.purchase_order)
    if row.credits:
        text(part(part(root, "BillingReference"), "InvoiceDocumentReference"), "ID", row.credits.full_number)
    if row.contract_number:
        text(part(root, "ContractDocumentReference"), "ID", row.contract_number)
    return root


def g_sentence(row: Invoice) -> str:
    """Return how an invoice is split over our blocked account and our other one."""
    said = _(
        "Maak %(blocked)s euro over naar onze G-rekening %(g_iban)s en %(free)s euro naar rekening %(iban)s."
    )
    return said % {
        "blocked": _euro(row.g_cents), "g_iban": row.g_iban, "free": _euro(row.total_cents - row.g_cents),
        "iban": row.seller["iban"],
    }  # fmt: skip


def _euro(cents: int) -> str:
    return f"{euros(cents)}".replace(".", ",")


def parties(root: Node, seller: Facts, buyer: Facts, *, outside: bool = False) -> None:
    """Add who sells and who buys; when it is outside VAT no VAT number may stand on it (BR-O-02)."""
    for kind, facts in (("Supplier", seller), ("Customer", buyer)):
        party = part(part(root, f"Accounting{kind}Party"), "Party")
        if facts["kvk"]:
            text(party, "EndpointID", facts["kvk"], schemeID=KVK)
        text(part(party, "PartyName"), "Name", facts["name"])
        address = part(party, "PostalAddress")
        text(address, "StreetName", f"{facts['street']} {facts['house_number']}".strip())
        text(address, "CityName", facts["town"])
        text(address, "PostalZone", facts["postcode"])
        text(part(address, "Country"), "IdentificationCode", "NL")
        if facts["vat_id"] and not outside:
            tax = part(party, "PartyTaxScheme")
            text(tax, "CompanyID", facts["vat_id"])
            text(part(tax, "TaxScheme"), "ID", "VAT")
        legal = part(party, "PartyLegalEntity")
        text(legal, "RegistrationName", facts["name"])
        if facts["kvk"]:
            text(legal, "CompanyID", facts["kvk"], schemeID=KVK)
        if facts.get("email"):
            contact = part(party, "Contact")
            if facts.get("phone"):
                text(contact, "Telephone", facts["phone"])
            text(contact, "ElectronicMail", facts["email"])


def _payment(root: Node, row: Invoice) -> None:
    for iban in dict.fromkeys(filter(None, (row.seller["iban"], row.g_iban if row.g_cents else ""))):
        means = part(root, "PaymentMeans")
        text(means, "PaymentMeansCode", TRANSFER)
        text(means, "PaymentID", row.reference)
        text(part(means, "PayeeFinancialAccount"), "ID", iban.replace(" ", ""))
    days = (row.due_on - row.issued_on).days
    text(part(root, "PaymentTerms"), "Note", f"Betaal binnen {days} dagen.")


def _sums(root: Node, row: Invoice) -> None:
    tax = part(root, "TaxTotal")
    money(tax, "TaxAmount", row.vat_cents)
    share = part(tax, "TaxSubtotal")
    money(share, "TaxableAmount", row.net_cents)
    money(share, "TaxAmount", row.vat_cents)
    _category(share, "TaxCategory", row, reason=True)
    total = part(root, "LegalMonetaryTotal")
    money(total, "LineExtensionAmount", row.net_cents)
    money(total, "TaxExclusiveAmount", row.net_cents)
    money(total, "TaxInclusiveAmount", row.total_cents)
    money(total, "PayableAmount", row.total_cents)


def _line(root: Node, row: Invoice) -> None:
    line = part(root, "CreditNoteLine" if _is_credit(row) else "InvoiceLine")
    text(line, "ID", "1")
    quantity = "CreditedQuantity" if _is_credit(row) else "InvoicedQuantity"
    text(line, quantity, hours_of(row.minutes), unitCode=HOUR)
    money(line, "LineExtensionAmount", row.net_cents)
    item = part(line, "Item")
    text(item, "Name", "Wijkcheques: uren hulp")
    _category(item, "ClassifiedTaxCategory", row, reason=False)
    money(part(line, "Price"), "PriceAmount", row.unit_cents)


def _category(parent: Node, name: str, row: Invoice, *, reason: bool) -> None:
    rate = None if row.vat_category == Invoice.Vat.OUTSIDE else row.vat_rate
    why = REASONS.get(Invoice.Vat(row.vat_category), "") if reason else ""
    category(parent, name, row.vat_category, rate, reason=why)


def document(kind: str, number: str, issued_on: date) -> Node:
    """Return the beginning of an Invoice or a CreditNote."""
    names: dict[str | None, str] = {None: f"{NAMES}{kind}-2", "cac": CAC, "cbc": CBC}
    root = etree.Element(f"{{{NAMES}{kind}-2}}{kind}", nsmap=names)  # type: ignore[arg-type]  # the stubs know no default
    text(root, "CustomizationID", NLCIUS)
    text(root, "ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
    text(root, "ID", number)
    text(root, "IssueDate", f"{issued_on}")
    return root


def as_bytes(root: Node) -> bytes:
    """Return a document as it is sent."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def category(parent: Node, name: str, letter: str, rate: Decimal | None, *, reason: str = "") -> None:
    """Add a VAT category; without a rate it has no percentage."""
    made = part(parent, name)
    text(made, "ID", letter)
    if rate is not None:
        text(made, "Percent", f"{(rate * 100).normalize():f}")
    if reason:
        text(made, "TaxExemptionReason", reason)
    text(part(made, "TaxScheme"), "ID", "VAT")


def hours_of(minutes: int) -> str:
    """Return minutes as hours, as programs write a number."""
    return f"{(Decimal(minutes) / 60).normalize():f}"


def part(parent: Node, name: str) -> Node:
    """Add a part that holds others."""
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def text(parent: Node, name: str, words: str, **facts: str) -> None:
    """Add a part that holds words."""
    etree.SubElement(parent, f"{{{CBC}}}{name}", facts).text = words


def money(parent: Node, name: str, cents: int) -> None:
    """Add an amount in euros."""
    text(parent, name, f"{euros(cents)}", currencyID="EUR")
