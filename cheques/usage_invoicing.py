"""Invoice what firms used of cheques for more than one purpose, when its month closes: VAT per rate, on the total (T23).

Nothing is to be paid: the cheques did. What was confirmed late, or taken back, is on the next invoice.
"""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from django.db import connection
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cheques import invoicing, usage_ubl
from cheques.invoice_pdf import TEMPLATE, hours_of, who_of
from cheques.models import Redemption, VatKind
from cheques.usage_models import UsageInvoice, UsageLine
from documents.typesetting import day, euro, pdf
from events.recording import record
from identity.models import Customer
from kernel.money import vat_inside
from kernel.periods import month_of


class Part(TypedDict):
    """What was used at one rate; the rate as a text, so that it is kept exactly."""

    rate: str
    minutes: int
    gross_cents: int
    vat_cents: int


def of_month(month: date, *, at: datetime) -> list[UsageInvoice]:
    """Make the invoices of a month, one for each firm that used something. Step: the caller owns the transaction.

    Without our own name and numbers nothing can be invoiced; it is then on a later invoice.
    """
    with connection.cursor() as cursor:  # one after the other: the numbers have no gap
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cheques.usage'))")
    used: dict[int, list[Redemption]] = defaultdict(list)
    rows = Redemption.objects.filter(
        movement__lot__vat_kind=VatKind.MULTI, movement__lot__wallet__customer__kind=Customer.Kind.FIRM,
        used_on__lt=month_of(month).end, usage_line=None,
    ).select_related("movement__lot__wallet")  # fmt: skip
    for row in rows.order_by("pk"):
        used[row.movement.lot.wallet.customer_id].append(row)
    found = (_invoice(key, rows, month, at=at) for key, rows in sorted(used.items()))
    return [made for made in found if made]


def _invoice(customer_id: int, rows: list[Redemption], month: date, *, at: datetime) -> UsageInvoice | None:
    rates = _rates(rows)
    customer = Customer.objects.select_related("address").get(pk=customer_id)
    if UsageInvoice.objects.filter(customer=customer, month=month).exists() or any(
        row["gross_cents"] < 0 for row in rates
    ):
        return None  # more was taken back than used: with the next one
    try:
        seller = invoicing.seller()
    except invoicing.NotYetOurselves:
        return None
    kept = [row for row in rates if row["gross_cents"]]
    if not kept:
        return None
    today = timezone.localdate(at)
    last = UsageInvoice.objects.filter(year=today.year).aggregate(last=Max("number"))["last"] or 0
    made = UsageInvoice.objects.create(
        year=today.year, number=last + 1, customer=customer, month=month, issued_on=today, rates=kept,
        gross_cents=sum(row["gross_cents"] for row in kept), vat_cents=sum(row["vat_cents"] for row in kept),
        seller=seller, buyer=invoicing.buyer(customer), made_at=at,
    )  # fmt: skip
    UsageLine.objects.bulk_create(UsageLine(redemption=row, invoice=made) for row in rows)
    record("usage.invoiced", made, by_id=None, at=at, gross_cents=made.gross_cents, vat_cents=made.vat_cents)
    return made


def _rates(rows: list[Redemption]) -> list[Part]:
    sums: dict[Decimal, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        sums[row.vat_rate][0] += row.minutes
        sums[row.vat_rate][1] += row.cents
    return [
        {"rate": str(rate), "minutes": minutes, "gross_cents": gross, "vat_cents": vat_inside(gross, rate)}
        for rate, (minutes, gross) in sorted(sums.items())
    ]


def by_rate(invoices: list[UsageInvoice]) -> dict[Decimal, tuple[int, int]]:
    """Return (gross, VAT) in cents of invoices, by rate."""
    sums: dict[Decimal, tuple[int, int]] = {}
    for made in invoices:
        for row in made.rates:
            gross, vat = sums.get(Decimal(row["rate"]), (0, 0))
            sums[Decimal(row["rate"])] = (gross + row["gross_cents"], vat + row["vat_cents"])
    return sums


def render(row: UsageInvoice, *, language: str = "nl") -> bytes:
    """Return the invoice as a paper with its UBL inside: the same invoice gives the same bytes."""
    with translation.override(language):
        title = _("Factuur %(number)s") % {"number": row.full_number}
        seller = row.seller
        facts = {
            "language": language, "title": title, "file": file_name(row, "xml"),
            "first": _("Gebruikt in %(month)s: %(total)s euro, betaald met cheques.") % {
                "month": date_format(row.month, "F Y"), "total": euro(row.gross_cents),
            },
            "second": _("U hoeft niets te betalen. Op deze factuur staat de btw."),
            "seller": {"name": seller["name"], "lines": who_of(seller),
                       "line": f"{seller['name']}, {seller['iban']}, KvK {seller['kvk']}, {seller['vat_id']}"},
            "buyer": {"lines": who_of(row.buyer)},
            "heads": {
                "from": _("Van"), "to": _("Voor"), "facts": _("Gegevens"), "what": _("Wat"), "answer": _("Gegeven"),
                "sums": _("Bedragen"), "lines": [_("Wat"), _("Uren"), _("btw"), _("Bedrag")],
            },
            "facts": [[_("Datum"), day(row.issued_on)], [_("Periode"), date_format(row.month, "F Y")]],
            "lines": [_line(one) for one in row.rates],
            "sums": [[_("Samen zonder btw"), euro(row.gross_cents - row.vat_cents)], [_("btw"), euro(row.vat_cents)],
                     [_("Betaald met cheques"), euro(row.gross_cents)], [_("Te betalen"), euro(0)]],
            "last": [],
        }  # fmt: skip
        return pdf(TEMPLATE, facts, attached=usage_ubl.render(row).decode())


def file_name(row: UsageInvoice, ending: str) -> str:
    """Return the name under which an invoice is kept."""
    return f"factuur-{row.full_number}.{ending}"


def _line(one: Part) -> list[str]:
    percent = f"{number_format((Decimal(one['rate']) * 100).normalize())}%"
    what = _("Uren hulp, btw %(rate)s") % {"rate": percent}
    return [what, hours_of(one["minutes"]), euro(one["vat_cents"]), euro(one["gross_cents"])]
