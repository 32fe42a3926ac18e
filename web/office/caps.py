"""More cheques in a year than the caps allow: asked with a reason for somebody, agreed by a second person."""

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cheques import caps
from cheques.cap_models import CapException
from identity import clock, permissions
from identity.models import Customer, Role
from lawbook.cheques import HOUSEHOLD_YEAR_HOURS, PERSON_YEAR_HOURS
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of
from web.filling import cleaned, fill

HERE = "office:more-cheques"


class MoreForm(forms.Form):
    """How many hours more, and why."""

    hours = forms.IntegerField(
        label=gettext_lazy("Hoeveel cheques meer dit jaar?"), min_value=1, max_value=2000
    )
    reason = forms.CharField(
        label=gettext_lazy("Waarom?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Schrijf niets op over ziekte."),
    )  # fmt: skip


def _places(request: HttpRequest, *roles: str) -> set[int]:
    """Return the neighbourhoods somebody sees here: all for the treasurer, else their own."""
    return {place for role in roles for place in neighbourhoods_of(request, role)}


@for_roles(Role.DESK, Role.COORDINATOR, Role.TREASURER)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person, and what was agreed this year."""
    mine = _places(request, Role.DESK, Role.COORDINATOR, Role.TREASURER)
    rows = CapException.objects.filter(customer__neighbourhood__in=mine).select_related(
        "customer", "asked_by", "approved_by"
    )
    facts = {
        "waiting": rows.filter(approved_by=None).order_by("asked_at"),
        "agreed": rows.filter(year=today().year, approved_by__isnull=False).order_by("-approved_at")[:100],
        "person": PERSON_YEAR_HOURS.on(today()), "household": HOUSEHOLD_YEAR_HOURS.on(today()), "me": user_of(request),
        "second": bool({Role.COORDINATOR, Role.TREASURER} & permissions.roles(user_of(request), on=today())),
    }  # fmt: skip
    return page(request, "office/more_cheques.html", facts)


@for_roles(Role.DESK, Role.COORDINATOR)
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask that a resident may buy more this year."""
    residents = Customer.objects.filter(kind=Customer.Kind.RESIDENT)
    where = Q(neighbourhood__in=_places(request, Role.DESK, Role.COORDINATOR))
    customer = get_object_or_404(residents.filter(where), ref=ref)
    form, at = MoreForm(request.POST or None), clock.now()
    saved = fill(
        request, form, lambda: caps.ask_for_more(customer.pk, by=user_of(request), at=at, **cleaned(form)),
        done=_("Gevraagd. Iemand anders keurt het goed."), back=HERE,
    )  # fmt: skip
    room = caps.room_of(customer, at=at)
    lead = _("Nog te kopen dit jaar: %(person)s voor deze persoon, %(household)s voor het huishouden.") % {
        "person": max(0, room.person), "household": max(0, room.household),
    }  # fmt: skip
    facts = {
        "form": form, "heading": _("Meer cheques voor %(name)s") % {"name": customer.name}, "send": _("Vraag aan"),
        "lead": lead, "back_url": f"{reverse('office:customers')}?q={customer.address.postcode}",
    }  # fmt: skip
    return saved or page(request, "office/form.html", facts)


@for_roles(Role.COORDINATOR, Role.TREASURER)
@require_POST
def agree(request: HttpRequest, ref: str) -> HttpResponse:
    """Agree to it, as the second person."""
    mine = _places(request, Role.COORDINATOR, Role.TREASURER)
    row = get_object_or_404(CapException, ref=ref, customer__neighbourhood__in=mine)
    return act(
        request, lambda: caps.agree(row.pk, by=user_of(request), at=clock.now()),
        done=_("Goedgekeurd. De klant kan nu meer kopen."), back=HERE,
    )  # fmt: skip
