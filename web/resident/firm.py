"""A firm that buys on account: order, agree, read invoices, and say who may spend what."""

from collections.abc import Callable, Iterable
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cheques import debtors, firm_accounts, firm_orders, invoice_pdf, lots, ubl, usage_invoicing, usage_ubl
from cheques.firm_models import FirmAccount, Invoice, SpendingLimit
from cheques.models import Order
from cheques.usage_models import UsageInvoice
from identity import acting, clock, permissions
from identity.models import Customer, CustomerMember
from kernel.errors import Refused
from lawbook.cheques import PRICE_CENTS
from web.access import act, customer_of, for_roles, page, today, user_of
from web.amounts import EuroField
from web.filling import renew_key
from web.widgets import Stepper

FIRM = Customer.Kind.FIRM
PART = CustomerMember.Part
PARTS = [(part.value, part.label) for part in (PART.OWNER, PART.APPROVER, PART.BOOKER)]


class OrderForm(forms.Form):
    """How many hours, under which number; the key makes a double click one order."""

    hours = forms.IntegerField(
        label=gettext_lazy("Hoeveel uur hulp?"), initial=40,
        widget=Stepper(unit=(gettext_lazy("uur"), gettext_lazy("uur")), attrs={"min": 1}),
    )  # fmt: skip
    purchase_order = forms.CharField(
        label=gettext_lazy("Uw bestelnummer"),
        max_length=40,
        help_text=gettext_lazy("Het komt op de factuur."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class LimitForm(forms.Form):
    """What somebody does, and how much they may order alone."""

    part = forms.ChoiceField(label=gettext_lazy("Wat doet deze persoon?"), choices=PARTS)
    per_order_cents = EuroField(label=gettext_lazy("Hoogstens per bestelling, in euro"), required=False)
    per_month_cents = EuroField(label=gettext_lazy("Hoogstens per maand, in euro"), required=False)


def _firm(request: HttpRequest) -> Customer:
    firm = customer_of(request)
    if firm.kind != FIRM:  # somebody with a home of their own has not chosen the firm yet
        firm = next((one for one in acting.acted_for(user_of(request)) if one.kind == FIRM), firm)
    if firm.kind != FIRM:
        raise Http404
    return firm


def _may(request: HttpRequest, firm: Customer, *parts: str) -> bool:
    return permissions.may_act_for(user_of(request), firm, *parts)


@for_roles(FIRM)
def home(request: HttpRequest) -> HttpResponse:
    """Show what is agreed, what waits for somebody, and the invoices."""
    firm, at = _firm(request), clock.now()
    account = FirmAccount.objects.filter(customer=firm).first()
    waiting = Order.objects.filter(customer=firm, way=Order.Way.ACCOUNT, state=Order.State.OPEN)
    invoices = Invoice.objects.filter(customer=firm).select_related("credits").order_by("-year", "-number")
    used = firm_orders.used_credit_cents(firm.pk)
    facts = {
        "firm": firm, "account": account, "used": used, "figures": lots.figures(firm.pk, at=at),
        "left": max(0, account.credit_limit_cents - used) if account else 0,
        "waiting": waiting.select_related("placed_by").order_by("pk"), "invoices": with_open(invoices[:60], firm),
        "approves": _may(request, firm, PART.OWNER, PART.APPROVER), "owner": _may(request, firm, PART.OWNER),
        "me": user_of(request), "usage": UsageInvoice.objects.filter(customer=firm).order_by("-year", "-number")[:24],
    }  # fmt: skip
    return page(request, "firm/home.html", facts)


def with_open(invoices: Iterable[Invoice], firm: Customer) -> list[tuple[Invoice, debtors.Open | None]]:
    """Return invoices, each with what is open of it."""
    left = {one.invoice.pk: one for one in debtors.open_invoices(on=today(), customer_id=firm.pk)}
    return [(row, left.get(row.pk)) for row in invoices]


@for_roles(FIRM)
def order(request: HttpRequest) -> HttpResponse:
    """Order hours on account; say whether they are there or wait for a colleague."""
    firm = _firm(request)
    form = OrderForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made = firm_orders.place(
                firm.pk, hours=facts["hours"], purchase_order=facts["purchase_order"], form_key=facts["key"],
                by=user_of(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            renew_key(form, refused)
            form.add_error({"NotANumberOfHours": "hours"}.get(refused.code), str(refused))
        else:
            done = _("De cheques zijn er. De factuur staat hieronder.")
            waits = _("Uw bestelling wacht op een collega die haar goedkeurt.")
            return act(
                request, lambda: None, done=done if made.state == Order.State.PAID else waits, back="resident:firm"
            )  # fmt: skip
    account = FirmAccount.objects.filter(customer=firm).first()
    contract = account.contract_price_cents if account else None
    facts = {
        "form": form,
        "contract": contract,
        "price": contract or PRICE_CENTS.on(today()),
        "account": account,
    }
    return page(request, "firm/order.html", facts)


@for_roles(FIRM)
@require_POST
def decide(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    """Agree with an order of a colleague, or say no."""
    row = get_object_or_404(Order, ref=ref, customer=_firm(request), way=Order.Way.ACCOUNT)
    by, at = user_of(request), clock.now()
    steps = {
        "akkoord": (firm_orders.approve, _("Goedgekeurd. De cheques zijn er.")),
        "nee": (firm_orders.decline, _("De bestelling gaat niet door.")),
    }
    if step not in steps:
        raise Http404
    do, done = steps[step]
    return act(request, lambda: do(row.pk, by=by, at=at), done=done, back="resident:firm")


@for_roles(FIRM)
def invoice(request: HttpRequest, ref: str, ending: str) -> HttpResponse:
    """Download an invoice of the firm."""
    return invoice_file(request, get_object_or_404(Invoice, ref=ref, customer=_firm(request)), ending)


def invoice_file(request: HttpRequest, row: Invoice, ending: str) -> HttpResponse:
    """Return an invoice as a paper, or as the file for bookkeeping programs."""
    return _file(
        ending, invoice_pdf.file_name(row, ending),
        pdf=lambda: invoice_pdf.render(row, language=(request.LANGUAGE_CODE or "nl")[:2]), xml=lambda: ubl.render(row),
    )  # fmt: skip


@for_roles(FIRM)
def usage(request: HttpRequest, ref: str, ending: str) -> HttpResponse:
    """Download the VAT invoice of what was used in a month."""
    return usage_file(request, get_object_or_404(UsageInvoice, ref=ref, customer=_firm(request)), ending)


def usage_file(request: HttpRequest, row: UsageInvoice, ending: str) -> HttpResponse:
    """Return an invoice of what was used as a paper, or as the file for bookkeeping programs."""
    return _file(
        ending, usage_invoicing.file_name(row, ending),
        pdf=lambda: usage_invoicing.render(row, language=(request.LANGUAGE_CODE or "nl")[:2]), xml=lambda: usage_ubl.render(row),
    )  # fmt: skip


def _file(ending: str, name: str, *, pdf: Callable[[], bytes], xml: Callable[[], bytes]) -> HttpResponse:
    kinds = {"pdf": (pdf, "application/pdf"), "xml": (xml, "application/xml")}
    if ending not in kinds:
        raise Http404
    made, kind = kinds[ending]
    answer = HttpResponse(made(), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@for_roles(FIRM)
def limit(request: HttpRequest, ref: str) -> HttpResponse:
    """Say what a colleague does and how much they may order alone."""
    firm = _firm(request)
    if not _may(request, firm, PART.OWNER):
        raise Http404
    member = get_object_or_404(CustomerMember.objects.select_related("user"), user__ref=ref, customer=firm)
    found = SpendingLimit.objects.filter(member=member).first()
    now = {
        "part": member.part, "per_order_cents": found.per_order_cents if found else None,
        "per_month_cents": found.per_month_cents if found else None,
    }  # fmt: skip
    form = LimitForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            firm_accounts.set_limit(member.pk, **form.cleaned_data, by=user_of(request), at=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("resident:people")
    return page(request, "firm/limit.html", {"form": form, "member": member})
