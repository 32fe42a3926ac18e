"""An invoice or credit note as UBL 2.1, after NLCIUS (SI-UBL 2.0): what bookkeeping programs read by themselves."""

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


def render(row: Invoice) -> bytes:
    """Return the UBL of an invoice: the same invoice, the same bytes. It is Dutch, whoever asks."""
    with override("nl"):
        root = _head(row)
        _parties(root, row)
        if row.kind == Invoice.Kind.INVOICE:
            _payment(root, row)
        _sums(root, row)
        _line(root, row)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _is_credit(row: Invoice) -> bool:
    return row.kind == Invoice.Kind.CREDIT


def _head(row: Invoice) -> Node:
    kind = "CreditNote" if _is_credit(row) else "Invoice"
    names: dict[str | None, str] = {None: f"{NAMES}{kind}-2", "cac": CAC, "cbc": CBC}
    root = etree.Element(f"{{{NAMES}{kind}-2}}{kind}", nsmap=names)  # type: ignore[arg-type]  # the stubs know no default
    _text(root, "CustomizationID", NLCIUS)
    _text(root, "ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
    _text(root, "ID", row.full_number)
    _text(root, "IssueDate", f"{row.issued_on}")
    if _is_credit(row):
        _text(root, "CreditNoteTypeCode", "381")
        _text(root, "Note", row.reason)
    else:
        _text(root, "DueDate", f"{row.due_on}")
        _text(root, "InvoiceTypeCode", "380")
        if row.g_cents:
            _text(root, "Note", g_sentence(row))
    _text(root, "DocumentCurrencyCode", "EUR")
    _text(_part(root, "OrderReference"), "ID", row.purchase_order)
    if row.credits:
        _text(
            _part(_part(root, "BillingReference"), "InvoiceDocumentReference"), "ID", row.credits.full_number
        )
    if row.contract_number:
        _text(_part(root, "ContractDocumentReference"), "ID", row.contract_number)
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


def _parties(root: Node, row: Invoice) -> None:
    outside = row.vat_category == Invoice.Vat.OUTSIDE  # then no VAT number may stand on it (BR-O-02)
    for kind, facts in (("Supplier", row.seller), ("Customer", row.buyer)):
        party = _part(_part(root, f"Accounting{kind}Party"), "Party")
        if facts["kvk"]:
            _text(party, "EndpointID", facts["kvk"], schemeID=KVK)
        _text(_part(party, "PartyName"), "Name", facts["name"])
        address = _part(party, "PostalAddress")
        _text(address, "StreetName", f"{facts['street']} {facts['house_number']}".strip())
        _text(address, "CityName", facts["town"])
        _text(address, "PostalZone", facts["postcode"])
        _text(_part(address, "Country"), "IdentificationCode", "NL")
        if facts["vat_id"] and not outside:
            tax = _part(party, "PartyTaxScheme")
            _text(tax, "CompanyID", facts["vat_id"])
            _text(_part(tax, "TaxScheme"), "ID", "VAT")
        legal = _part(party, "PartyLegalEntity")
        _text(legal, "RegistrationName", facts["name"])
        if facts["kvk"]:
            _text(legal, "CompanyID", facts["kvk"], schemeID=KVK)
        if facts.get("email"):
            contact = _part(party, "Contact")
            if facts.get("phone"):
                _text(contact, "Telephone", facts["phone"])
            _text(contact, "ElectronicMail", facts["email"])


def _payment(root: Node, row: Invoice) -> None:
    for iban in dict.fromkeys(filter(None, (row.seller["iban"], row.g_iban if row.g_cents else ""))):
        means = _part(root, "PaymentMeans")
        _text(means, "PaymentMeansCode", TRANSFER)
        _text(means, "PaymentID", row.reference)
        _text(_part(means, "PayeeFinancialAccount"), "ID", iban.replace(" ", ""))
    days = (row.due_on - row.issued_on).days
    _text(_part(root, "PaymentTerms"), "Note", f"Betaal binnen {days} dagen.")


def _sums(root: Node, row: Invoice) -> None:
    tax = _part(root, "TaxTotal")
    _money(tax, "TaxAmount", row.vat_cents)
    part = _part(tax, "TaxSubtotal")
    _money(part, "TaxableAmount", row.net_cents)
    _money(part, "TaxAmount", row.vat_cents)
    _category(part, "TaxCategory", row, reason=True)
    total = _part(root, "LegalMonetaryTotal")
    _money(total, "LineExtensionAmount", row.net_cents)
    _money(total, "TaxExclusiveAmount", row.net_cents)
    _money(total, "TaxInclusiveAmount", row.total_cents)
    _money(total, "PayableAmount", row.total_cents)


def _line(root: Node, row: Invoice) -> None:
    line = _part(root, "CreditNoteLine" if _is_credit(row) else "InvoiceLine")
    _text(line, "ID", "1")
    quantity = "CreditedQuantity" if _is_credit(row) else "InvoicedQuantity"
    _text(line, quantity, _hours(row.minutes), unitCode=HOUR)
    _money(line, "LineExtensionAmount", row.net_cents)
    item = _part(line, "Item")
    _text(item, "Name", "Wijkcheques: uren hulp")
    _category(item, "ClassifiedTaxCategory", row, reason=False)
    _money(_part(line, "Price"), "PriceAmount", row.unit_cents)


def _category(parent: Node, name: str, row: Invoice, *, reason: bool) -> None:
    category = _part(parent, name)
    _text(category, "ID", row.vat_category)
    if row.vat_category != Invoice.Vat.OUTSIDE:
        _text(category, "Percent", f"{(row.vat_rate * 100).normalize():f}")
    if reason and row.vat_category in REASONS:
        _text(category, "TaxExemptionReason", REASONS[Invoice.Vat(row.vat_category)])
    _text(_part(category, "TaxScheme"), "ID", "VAT")


def _hours(minutes: int) -> str:
    return f"{(Decimal(minutes) / 60).normalize():f}"


def _part(parent: Node, name: str) -> Node:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _text(parent: Node, name: str, words: str, **facts: str) -> None:
    etree.SubElement(parent, f"{{{CBC}}}{name}", facts).text = words


def _money(parent: Node, name: str, cents: int) -> None:
    _text(parent, name, f"{euros(cents)}", currencyID="EUR")
