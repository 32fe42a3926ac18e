"""Firms on account, for the office: what is agreed, who owes what how long, reminders and credit notes."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cheques import blocked_account, debtors, firm_accounts, invoicing
from cheques.firm_models import FirmAccount, Invoice
from cheques.ubl import hours_of
from cheques.usage_models import UsageInvoice
from identity import clock
from identity.models import Customer, Role
from kernel.errors import Refused
from kernel.minutes import HOUR
from kernel.money import euros
from kernel.periods import Period, add_months
from lawbook.invoicing import PAYMENT_DAYS
from web.access import act, for_roles, page, today, user_of
from web.amounts import EuroField
from web.office.tables import as_csv
from web.resident.firm import invoice_file, usage_file, with_open

OFFICER, SECOND = Role.PAYROLL, Role.TREASURER
USED_A_PAGE = 50


class TermsForm(forms.Form):
    """What is agreed with a firm."""

    credit_limit_cents = EuroField(label=gettext_lazy("Hoogstens samen open, in euro"))
    payment_days = forms.IntegerField(label=gettext_lazy("Betaalt binnen (dagen)"), min_value=1)
    contract_price_cents = EuroField(
        label=gettext_lazy("Prijs per uur zonder btw, in euro"), required=False,
        help_text=gettext_lazy("Leeg: het bedrijf koopt gewone cheques."),
    )  # fmt: skip
    contract_number = forms.CharField(
        label=gettext_lazy("Nummer van het contract"), max_length=40, required=False
    )
    reverse_charge = forms.BooleanField(
        label=gettext_lazy("Btw verlegd: uitlenen voor bouw of schoonmaak"), required=False
    )
    g_iban = forms.CharField(label=gettext_lazy("Onze G-rekening"), max_length=34, required=False)
    below_floor_reason = forms.CharField(
        label=gettext_lazy("Reden voor een prijs onder de laagste prijs"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


FIELDS = {
    "BelowThePriceFloor": "below_floor_reason", "NotAPrice": "contract_price_cents", "TermTooLong": "payment_days",
    "NotAnAccountNumber": "g_iban",
}  # fmt: skip


@for_roles(OFFICER, SECOND)
def overview(request: HttpRequest) -> HttpResponse:
    """Show who owes what, by age, and every firm."""
    rows = debtors.aged(on=today())
    ages = [row.by_age for row in rows]
    facts = {
        "rows": rows, "sums": [sum(column) for column in zip(*ages, strict=True)], "total": sum(row.cents for row in rows),
        "firms": Customer.objects.filter(kind=Customer.Kind.FIRM).order_by("name"),
        "accounts": set(FirmAccount.objects.values_list("customer", flat=True)),
    }  # fmt: skip
    return page(request, "office/debtors.html", facts)


@for_roles(OFFICER, SECOND)
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind of what is late, each step once."""
    sent = debtors.remind_due(at=clock.now())
    done = _("%(count)s herinneringen gemaakt.") % {"count": len(sent)}
    return act(request, lambda: None, done=done, back="office:debtors")


@for_roles(OFFICER, SECOND)
def blocked(request: HttpRequest) -> HttpResponse:
    """Show what firms pay to the blocked account in a year, per invoice; as a page to print, or as a file."""
    asked = request.GET.get("jaar", str(today().year))
    if not (asked.isascii() and asked.isdigit() and len(asked) == len("2026")):
        raise Http404
    start = date(int(asked), 1, 1)
    rows = blocked_account.of_period(Period(start, add_months(start, 12)))
    if request.GET.get("als") == "csv":
        head = (
            _("Factuur"),
            _("Dag"),
            _("Bedrijf"),
            _("G-rekening"),
            _("Naar de G-rekening"),
            _("Naar de gewone rekening"),
            _("Nog open"),
        )
        return as_csv(
            f"g-rekening-{asked}", head,
            [(row.invoice.full_number, row.invoice.issued_on, row.invoice.buyer["name"], row.invoice.g_iban,
              *(f"{euros(cents)}" for cents in (row.blocked_cents, row.free_cents, row.open_cents))) for row in rows],
        )  # fmt: skip
    sums = [sum(getattr(row, name) for row in rows) for name in ("blocked_cents", "free_cents", "open_cents")]
    return page(request, "office/blocked_account.html", {"rows": rows, "sums": sums, "year": start.year})


@for_roles(OFFICER, SECOND)
def used(request: HttpRequest) -> HttpResponse:
    """Show the invoices of what firms used of cheques, newest month first, with the VAT of each rate; as a file too."""
    rows = UsageInvoice.objects.select_related("customer").order_by("-year", "-number")
    if request.GET.get("als") == "csv":
        head = (
            _("Nummer"),
            _("Maand"),
            _("Bedrijf"),
            _("btw in procent"),
            _("Uren"),
            _("Zonder btw"),
            _("btw"),
            _("Met btw"),
        )
        return as_csv("facturen-gebruik", head, [
            (row.full_number, f"{row.month:%Y-%m}", row.buyer["name"], f"{Decimal(one['rate']) * 100:.0f}",
             hours_of(one["minutes"]), f"{euros(one['gross_cents'] - one['vat_cents'])}", f"{euros(one['vat_cents'])}",
             f"{euros(one['gross_cents'])}") for row in rows for one in row.rates
        ])  # fmt: skip
    shown = Paginator(rows, USED_A_PAGE).get_page(request.GET.get("page"))
    return page(request, "office/usage_invoices.html", {"rows": shown})


@for_roles(OFFICER, SECOND)
def usage(request: HttpRequest, ref: str, ending: str) -> HttpResponse:
    """Download the invoice of what a firm used in a month."""
    return usage_file(request, get_object_or_404(UsageInvoice, ref=ref), ending)


@for_roles(OFFICER, SECOND)
def firm(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a firm's invoices, and agree on what it may buy."""
    customer = get_object_or_404(Customer, ref=ref, kind=Customer.Kind.FIRM)
    account = FirmAccount.objects.filter(customer=customer).first()
    now = {name: getattr(account, name) for name in TermsForm.base_fields} if account else {}
    form = TermsForm(request.POST or None, initial={"payment_days": PAYMENT_DAYS.on(today()), **now})
    if request.method == "POST" and form.is_valid():
        terms = firm_accounts.Terms(**form.cleaned_data)
        try:
            firm_accounts.agree(customer.pk, terms, by=user_of(request), at=clock.now())
        except Refused as refused:
            form.add_error(FIELDS.get(refused.code), str(refused))
        else:
            return redirect("office:firm", ref=ref)
    invoices = (
        Invoice.objects.filter(customer=customer).select_related("credits").order_by("-year", "-number")
    )
    facts = {
        "customer": customer, "account": account, "form": form, "invoices": with_open(invoices, customer),
        "usage": UsageInvoice.objects.filter(customer=customer).order_by("-year", "-number"),
    }  # fmt: skip
    return page(request, "office/firm.html", facts)


@for_roles(OFFICER, SECOND)
@require_POST
def credit(request: HttpRequest, ref: str) -> HttpResponse:
    """Credit hours of an invoice that are still free."""
    row = get_object_or_404(Invoice.objects.select_related("customer"), ref=ref, kind=Invoice.Kind.INVOICE)
    asked = request.POST.get("uren", "")
    minutes = int(asked) * HOUR if asked.isdigit() else 0  # refused with its own sentence
    answer = act(
        request,
        lambda: invoicing.credit(
            row.pk, minutes=minutes, reason=request.POST.get("reden", "")[:200], by=user_of(request), at=clock.now()
        ),
        done=_("De creditnota is gemaakt."), back="office:debtors",
    )  # fmt: skip
    answer["Location"] = redirect("office:firm", ref=row.customer.ref).url
    return answer


@for_roles(OFFICER, SECOND)
def invoice(request: HttpRequest, ref: str, ending: str) -> HttpResponse:
    """Download an invoice."""
    return invoice_file(request, get_object_or_404(Invoice, ref=ref), ending)
