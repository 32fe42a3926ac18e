"""An invoice as a paper for people (PDF/A-3 and PDF/UA) with the same as UBL for programs inside it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from bank.references import in_groups
from cheques import ubl
from cheques.firm_models import Invoice
from documents.typesetting import day, euro, pdf

TEMPLATE = Path(__file__).parent / "typst" / "invoice.typ"


def render(row: Invoice, *, language: str = "nl") -> bytes:
    """Return the PDF of an invoice or credit note: the same invoice gives the same bytes."""
    with translation.override(language):
        return pdf(TEMPLATE, _facts(row, language), attached=ubl.render(row).decode())


def file_name(row: Invoice, ending: str) -> str:
    """Return the name under which an invoice is kept."""
    kind = "creditnota" if row.kind == Invoice.Kind.CREDIT else "factuur"
    return f"{kind}-{row.full_number}.{ending}"


def _facts(row: Invoice, language: str) -> dict[str, Any]:
    seller = row.seller
    return {
        "language": language, "title": _title(row), "file": file_name(row, "xml"), "first": _first_sentence(row),
        "second": _second_sentence(row),
        "seller": {"name": seller["name"], "lines": who_of(seller),
                   "line": f"{seller['name']}, {seller['iban']}, KvK {seller['kvk']}, {seller['vat_id']}"},
        "buyer": {"lines": who_of(row.buyer)},
        "heads": {
            "from": _("Van"), "to": _("Voor"), "facts": _("Gegevens"), "what": _("Wat"), "answer": _("Gegeven"),
            "sums": _("Bedragen"), "lines": [_("Wat"), _("Uren"), _("Per uur"), _("Bedrag")],
        },
        "facts": _table(row),
        "lines": [[_("Wijkcheques: uren hulp"), hours_of(row.minutes), euro(row.unit_cents), euro(row.net_cents)]],
        "sums": _sums(row), "last": _last(row),
    }  # fmt: skip


def _title(row: Invoice) -> str:
    if row.kind == Invoice.Kind.CREDIT:
        return _("Creditnota %(number)s") % {"number": row.full_number}
    return _("Factuur %(number)s") % {"number": row.full_number}


def _first_sentence(row: Invoice) -> str:
    if row.credits:
        return _("U krijgt %(total)s euro terug van factuur %(number)s.") % {
            "total": euro(row.total_cents), "number": row.credits.full_number,
        }  # fmt: skip
    return _("U betaalt %(total)s euro, uiterlijk op %(day)s.") % {
        "total": euro(row.total_cents), "day": day(row.due_on),
    }  # fmt: skip


def _second_sentence(row: Invoice) -> str:
    if row.kind == Invoice.Kind.CREDIT:
        return row.reason
    if row.g_cents:
        return ubl.g_sentence(row)
    return _("Maak het over naar %(iban)s met kenmerk %(reference)s.") % {
        "iban": row.seller["iban"], "reference": in_groups(row.reference),
    }  # fmt: skip


def who_of(facts: dict[str, str]) -> list[str]:
    """Return the lines that name a party."""
    numbers = [
        f"KvK {facts['kvk']}" if facts["kvk"] else "",
        f"btw {facts['vat_id']}" if facts["vat_id"] else "",
    ]
    door = [f"{facts['street']} {facts['house_number']}", f"{facts['postcode']} {facts['town']}"]
    return [line for line in (facts["name"], *door, *numbers) if line.strip()]


def _table(row: Invoice) -> list[list[str]]:
    rows = [
        [_("Datum"), day(row.issued_on)], [_("Uw bestelnummer"), row.purchase_order],
        [_("Contract"), row.contract_number],
    ]  # fmt: skip
    if row.kind == Invoice.Kind.INVOICE:
        rows += [[_("Betaal uiterlijk"), day(row.due_on)], [_("Kenmerk"), in_groups(row.reference)]]
    return [[what, answer] for what, answer in rows if answer]


def _sums(row: Invoice) -> list[list[str]]:
    if row.vat_category == Invoice.Vat.STANDARD:
        vat = _("btw %(rate)s%%") % {"rate": number_format((row.vat_rate * 100).normalize())}
    else:
        vat = _("btw verlegd") if row.vat_category == Invoice.Vat.REVERSED else _("btw: pas bij gebruik")
    return [[_("Samen zonder btw"), euro(row.net_cents)], [vat, euro(row.vat_cents)],
            [_("Totaal"), euro(row.total_cents)]]  # fmt: skip


def _last(row: Invoice) -> list[str]:
    lines = []
    if row.vat_category == Invoice.Vat.REVERSED:
        lines.append(_("Btw verlegd naar %(vat_id)s.") % {"vat_id": row.buyer["vat_id"]})
    if row.vat_category == Invoice.Vat.OUTSIDE:
        lines.append(
            _("Een cheque is een waardebon voor meer dan een doel. De btw volgt als u hem gebruikt.")
        )
    if row.g_cents:
        lines.append(
            _("Kenmerk bij beide betalingen: %(reference)s.") % {"reference": in_groups(row.reference)}
        )
    return lines


def hours_of(minutes: int) -> str:
    """Return minutes as hours, with a fraction when there is one."""
    return number_format(Decimal(minutes) / 60, 2) if minutes % 60 else f"{minutes // 60}"
