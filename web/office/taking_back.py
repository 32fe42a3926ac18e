"""What goes back: lines a municipality refused, and drafts of claims and payment files that are withdrawn."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from identity import clock, permissions
from identity.models import Role
from payroll import sepa
from payroll.models import PaymentFile
from subsidies import claims, remittances
from subsidies.models import Claim
from web.access import act, for_roles, page, today, user_of
from web.filling import fill


class RefuseForm(forms.Form):
    """Why the municipality refused, as its letter says it."""

    reason = forms.CharField(
        label=gettext_lazy("Waarom weigert de gemeente deze regel?"), max_length=160,
        help_text=gettext_lazy("Schrijf over wat in de brief staat."),
    )  # fmt: skip


@for_roles(Role.PAYROLL, Role.TREASURER)
def claim(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a claim line by line."""
    row = get_object_or_404(Claim.objects.select_related("municipality"), ref=ref)
    lines = row.lines.select_related("award__worker__user").order_by(
        "award__worker__user__name", "from_on", "pk"
    )
    facts = {
        "claim": row, "lines": lines, "total": claims.total_cents(row), "received": remittances.received_cents(row),
        "officer": Role.PAYROLL in permissions.roles(user_of(request), on=today()), "back_url": reverse("office:subsidy"),
    }  # fmt: skip
    return page(request, "office/claim.html", facts)


@for_roles(Role.PAYROLL)
def refuse_line(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Write down that the municipality refused a line; it can be asked again, alone."""
    row = get_object_or_404(Claim, ref=ref)
    lines = row.lines.select_related("award__worker__user").order_by(
        "award__worker__user__name", "from_on", "pk"
    )
    if not 1 <= number <= len(lines):
        raise Http404
    line = lines[number - 1]  # a claim that was sent takes no line more and loses none
    form = RefuseForm(request.POST or None)
    back = reverse("office:claim", args=[ref])
    saved = fill(
        request, form,
        lambda: claims.refuse_line(line.pk, reason=form.cleaned_data["reason"], by=user_of(request), at=clock.now()),
        done=_("Genoteerd. U kunt deze regel opnieuw vragen met een nieuwe aanvraag."), back=back,
    )  # fmt: skip
    facts = {
        "form": form, "back_url": back, "send": _("De gemeente weigert deze regel"), "heading": line.award.worker.user.name,
        "lead": _("Alleen deze regel gaat terug. De andere regels blijven staan."),
    }  # fmt: skip
    return saved or page(request, "office/form.html", facts)


@for_roles(Role.PAYROLL)
@require_POST
def withdraw_claim(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back a claim that was not sent."""
    row = get_object_or_404(Claim, ref=ref)
    return act(
        request, lambda: claims.withdraw(row.pk, by=user_of(request), at=clock.now()),
        done=_("De aanvraag is ingetrokken."), back="office:subsidy",
    )  # fmt: skip


@for_roles(Role.PAYROLL, Role.TREASURER)
@require_POST
def withdraw_file(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back a payment file that nobody approved."""
    row = get_object_or_404(PaymentFile, ref=ref)
    return act(
        request, lambda: sepa.withdraw(row.pk, by=user_of(request), at=clock.now()),
        done=_("Het bestand is ingetrokken. Maak een nieuw bestand."), back="office:pay",
    )  # fmt: skip
