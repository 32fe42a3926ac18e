"""Read an invoice or credit note that came as UBL: its figures, when they add up; else a sentence that names the line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from bank import iso20022 as xml
from kernel.errors import Refused


class NotAnInvoice(Refused):
    """The file cannot be read as an invoice or a credit note."""


class AmountsDiffer(Refused):
    """The amounts of the invoice do not agree with each other."""


@dataclass(frozen=True)
class Group:
    """One VAT category and rate, in cents."""

    category: str
    rate: Decimal
    net_cents: int
    vat_cents: int


@dataclass(frozen=True)
class Received:
    """An invoice of a supplier; a credit note has the same figures, to be taken off."""

    is_credit: bool
    number: str
    issued_on: date | None
    currency: str
    supplier: str
    lines: int
    net_cents: int
    vat_cents: int
    payable_cents: int
    groups: tuple[Group, ...]


def read(body: bytes) -> Received:
    """Return what an invoice asks.

    :raises NotAnInvoice: with the line where reading stopped.
    :raises AmountsDiffer: with the line of the total that is wrong.
    """
    try:
        root = xml.parse(body)
    except xml.NotXml as fault:
        raise NotAnInvoice(str(fault)) from fault
    kind = xml.name(root)
    if kind not in {"Invoice", "CreditNote"}:
        raise NotAnInvoice(_line(root, _("dit is geen factuur en geen creditnota.")))
    return _received(root, is_credit=kind == "CreditNote")


def _received(root: etree._Element, *, is_credit: bool) -> Received:
    currency, total = xml.text(root, "DocumentCurrencyCode"), xml.child(root, "LegalMonetaryTotal")
    taxes = [node for node in xml.children(root, "TaxTotal") if _is_in(node, "TaxAmount", currency)]
    if total is None or not taxes:
        raise NotAnInvoice(_line(root, _("de totalen van de factuur ontbreken.")))
    if len({xml.text(node, "TaxAmount") for node in taxes}) > 1:
        raise AmountsDiffer(_line(taxes[1], _("de btw staat er twee keer, met een ander bedrag.")))
    groups = tuple(_group(node) for node in xml.children(taxes[0], "TaxSubtotal"))
    net, vat = _cents(total, "TaxExclusiveAmount"), _cents(taxes[0], "TaxAmount")
    gross = _cents(total, "TaxInclusiveAmount")
    if net + vat != gross:
        raise AmountsDiffer(_line(total, _("bedrag zonder btw en btw zijn samen niet het bedrag met btw.")))
    if groups and (sum(one.net_cents for one in groups), sum(one.vat_cents for one in groups)) != (net, vat):
        raise AmountsDiffer(_line(taxes[0], _("de bedragen per btw-tarief zijn samen niet het totaal.")))
    prepaid, rounding = (
        _cents(total, name, missing=0) for name in ("PrepaidAmount", "PayableRoundingAmount")
    )
    payable = _cents(total, "PayableAmount", missing=gross - prepaid + rounding)
    if payable != gross - prepaid + rounding:
        raise AmountsDiffer(_line(total, _("te betalen is niet het bedrag met btw min wat al betaald is.")))
    party = xml.child(root, "AccountingSupplierParty/Party")
    return Received(
        is_credit=is_credit, number=xml.text(root, "ID"), issued_on=xml.day(root, "IssueDate"), currency=currency,
        supplier=xml.text(party, "PartyName/Name", "PartyLegalEntity/RegistrationName"),
        lines=sum(1 for _ in xml.children(root, "CreditNoteLine" if is_credit else "InvoiceLine")),
        net_cents=net, vat_cents=vat, payable_cents=payable, groups=groups,
    )  # fmt: skip


def _group(node: etree._Element) -> Group:
    rate = xml.text(node, "TaxCategory/Percent") or "0"
    try:
        percent = Decimal(rate)
    except InvalidOperation as fault:
        raise NotAnInvoice(_line(node, _("'%(text)s' is geen bedrag.") % {"text": rate[:40]})) from fault
    return Group(
        xml.text(node, "TaxCategory/ID"), percent, _cents(node, "TaxableAmount"), _cents(node, "TaxAmount")
    )


def _is_in(node: etree._Element, path: str, currency: str) -> bool:
    found = xml.child(node, path)
    return found is not None and found.get("currencyID", currency) == currency


def _cents(node: etree._Element, path: str, missing: int | None = None) -> int:
    found, text = xml.child(node, path), xml.text(node, path)
    if not text and missing is not None:
        return missing
    try:
        amount = Decimal(text) * 100
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > 10**13:
        where = node if found is None else found
        raise NotAnInvoice(_line(where, _("'%(text)s' is geen bedrag.") % {"text": text[:40] or path}))
    return int(amount)


def _line(node: etree._Element, what: str) -> str:
    return _("Regel %(line)s: %(what)s") % {"line": xml.line(node), "what": what}
