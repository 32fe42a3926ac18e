"""The invoice of what a firm used in a month as UBL 2.1, after NLCIUS: a line for each rate, paid before with cheques."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import override

from cheques import ubl
from cheques.usage_models import UsageInvoice, UsageLine
from kernel.periods import month_of

STANDARD = "S"


def render(row: UsageInvoice) -> bytes:
    """Return the UBL of an invoice: the same invoice, the same bytes. It is Dutch, whoever asks."""
    with override("nl"):
        root = ubl.document("Invoice", row.full_number, row.issued_on)
        ubl.text(root, "InvoiceTypeCode", "380")
        ubl.text(root, "Note", "Betaald met Wijkcheques. U hoeft niets te betalen.")
        ubl.text(root, "DocumentCurrencyCode", "EUR")
        ubl.text(root, "BuyerReference", _their_number(row))
        days, period = month_of(row.month), ubl.part(root, "InvoicePeriod")
        ubl.text(period, "StartDate", f"{days.start}")
        ubl.text(period, "EndDate", f"{days.end - timedelta(days=1)}")
        ubl.parties(root, row.seller, row.buyer)
        _sums(root, row)
        for place, one in enumerate(row.rates, start=1):
            line = ubl.part(root, "InvoiceLine")
            ubl.text(line, "ID", f"{place}")
            _line(line, one["minutes"], one["gross_cents"] - one["vat_cents"], Decimal(one["rate"]))
    return ubl.as_bytes(root)


def _their_number(row: UsageInvoice) -> str:
    """Return under which order numbers the firm bought what it used; its name when it gave none."""
    orders = UsageLine.objects.filter(invoice=row).values_list(
        "redemption__movement__lot__order__purchase_order", flat=True
    )
    numbers = sorted({number for number in orders.distinct() if number})
    return ", ".join(numbers) or row.buyer["name"]


def _sums(root: ubl.Node, row: UsageInvoice) -> None:
    tax, net = ubl.part(root, "TaxTotal"), row.gross_cents - row.vat_cents
    ubl.money(tax, "TaxAmount", row.vat_cents)
    for one in row.rates:
        share = ubl.part(tax, "TaxSubtotal")
        ubl.money(share, "TaxableAmount", one["gross_cents"] - one["vat_cents"])
        ubl.money(share, "TaxAmount", one["vat_cents"])
        ubl.category(share, "TaxCategory", STANDARD, Decimal(one["rate"]))
    total = ubl.part(root, "LegalMonetaryTotal")
    ubl.money(total, "LineExtensionAmount", net)
    ubl.money(total, "TaxExclusiveAmount", net)
    ubl.money(total, "TaxInclusiveAmount", row.gross_cents)
    ubl.money(total, "PrepaidAmount", row.gross_cents)
    ubl.money(total, "PayableAmount", 0)


def _line(line: ubl.Node, minutes: int, net_cents: int, rate: Decimal) -> None:
    """Fill a line. Its price is that of all its hours together: VAT is taken out of their sum, not of each hour."""
    hours = ubl.hours_of(minutes)
    ubl.text(line, "InvoicedQuantity", hours, unitCode=ubl.HOUR)
    ubl.money(line, "LineExtensionAmount", net_cents)
    item = ubl.part(line, "Item")
    ubl.text(item, "Name", "Uren hulp")
    ubl.category(item, "ClassifiedTaxCategory", STANDARD, rate)
    price = ubl.part(line, "Price")
    ubl.money(price, "PriceAmount", net_cents)
    ubl.text(price, "BaseQuantity", hours, unitCode=ubl.HOUR)
