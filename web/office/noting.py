"""What a caller says about themselves, written down at the desk: a complaint, the languages they speak."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from identity import clock, speaking
from identity.models import Customer, Role
from quality import complaints
from web.access import for_roles, neighbourhoods_of, page, user_of
from web.complaint_forms import ComplaintForm
from web.filling import fill
from web.languages import SpeakForm


def _known(request: HttpRequest, ref: str) -> Customer:
    """Return somebody of one's own neighbourhoods; 404 for others."""
    mine = {*neighbourhoods_of(request, Role.DESK), *neighbourhoods_of(request, Role.COORDINATOR)}
    people = Customer.objects.exclude(kind=Customer.Kind.BEARER).select_related("address")
    return get_object_or_404(people, ref=ref, neighbourhood__in=mine)


def _card_of(customer: Customer) -> str:
    return f"{reverse('office:customers')}?q={customer.address.postcode}"


@for_roles(Role.DESK, Role.COORDINATOR)
def complaint(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down the complaint of somebody who called or came by."""
    customer = _known(request, ref)
    form = ComplaintForm(request.POST or None, customer=customer, at=clock.now())
    form.fields["words"].label = _("Wat zegt de klant?")
    saved = fill(
        request, form, lambda: complaints.open_complaint(
            neighbourhood_id=customer.neighbourhood_id, customer_id=customer.pk, by=user_of(request), at=clock.now(), **form.facts()
        ),
        done=_("Opgeschreven. Kwaliteit geeft antwoord."), back=_card_of(customer),
    )  # fmt: skip
    return saved or page(request, "office/form.html", {
        "form": form, "heading": _("Klacht van %(name)s") % {"name": customer.name}, "send": _("Schrijf op"), "back_url": _card_of(customer),
        "lead": _("Kloppen de uren niet? Dat kan de klant zelf melden, bij het bezoek."),
    })  # fmt: skip


@for_roles(Role.DESK, Role.COORDINATOR)
def languages(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down what somebody speaks."""
    customer = _known(request, ref)
    sent = request.POST if request.method == "POST" else None  # nothing ticked is an answer too
    form = SpeakForm(sent, initial={"languages": customer.languages})
    form.fields["languages"].label = _("Welke taal spreekt de klant?")
    saved = fill(
        request, form, lambda: speaking.speak(customer.pk, by=user_of(request), at=clock.now(), **form.facts()),
        done=_("Het staat erin."), back=_card_of(customer),
    )  # fmt: skip
    return saved or page(request, "office/form.html", {
        "form": form, "heading": _("Talen van %(name)s") % {"name": customer.name}, "send": _("Bewaar"), "back_url": _card_of(customer),
        "lead": "",
    })  # fmt: skip
