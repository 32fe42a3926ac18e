"""Give cheques to somebody else: a family gives its mother ten hours, a landlord pays move-out cleaning."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cheques import purchase, sponsoring, stripe_gateway
from cheques.models import Order, Purpose
from identity import clock, registration
from identity.models import Customer
from kernel.errors import Refused
from marketplace import catalogue, coaching
from marketplace.models import CoachingHour, Service
from web.access import act, buyer_of, customer_of, page, today, user_of
from web.filling import fill, renew_key

HERE = "resident:gifts"
A_YEAR = timedelta(days=365)


class NobodyThere(Refused):
    """No customer lives at that door under that phone number."""


class GiftForm(forms.Form):
    """What the hours are for, and how many."""

    name = forms.CharField(
        label=gettext_lazy("Hoe noemt u het?"),
        max_length=60,
        help_text=gettext_lazy("Bijvoorbeeld: Voor mama"),
    )
    hours = forms.IntegerField(label=gettext_lazy("Hoeveel uur?"), initial=5)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Waarvoor?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Kiest u niets, dan mag alles."),
    )  # fmt: skip
    until_on = forms.DateField(
        label=gettext_lazy("Tot welke dag?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.MultipleChoiceField)
        services.choices = [
            (one.code, catalogue.in_words(one)) for one in Service.objects.filter(active=True).order_by("pk")
        ]


class ReceiverForm(forms.Form):
    """Who gets them: found by door and phone, so that nobody can leaf through our customers."""

    postcode = forms.CharField(label=gettext_lazy("Postcode van die persoon"), max_length=8)
    house_number = forms.CharField(label=gettext_lazy("Huisnummer"), max_length=12)
    phone = forms.CharField(label=gettext_lazy("Telefoonnummer van die persoon"), max_length=20)
    hours = forms.IntegerField(label=gettext_lazy("Hoeveel uur geeft u?"), initial=1, min_value=1)
    key = forms.UUIDField(widget=forms.HiddenInput)


@login_required
def gifts(request: HttpRequest) -> HttpResponse:
    """Show what was given: how much is used, never by whom."""
    rows = Purpose.objects.filter(sponsor=buyer_of(request)).order_by("-pk")
    at = clock.now()
    told = [
        {"purpose": row, "account": sponsoring.account(row.pk), "left": sponsoring.left(row.pk, at=at),
         "open": Order.objects.filter(purpose=row, state=Order.State.OPEN).first()}
        for row in rows
    ]  # fmt: skip
    hours = CoachingHour.objects.filter(customer=customer_of(request), confirmed_at=None).select_related(
        "coach"
    )
    return page(request, "resident/gifts.html", {"rows": told, "hours": hours})


@login_required
@require_POST
def confirm_coaching(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that the coaching was given."""
    row = get_object_or_404(CoachingHour, ref=ref, customer=customer_of(request))
    return act(
        request, lambda: coaching.confirm(row.pk, by=user_of(request), at=clock.now()),
        done=_("Dank u. De voucher heeft betaald."), back=HERE,
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Say what the hours are for, and go and pay for them."""
    giver = buyer_of(request)
    form = GiftForm(request.POST or None, initial={"key": uuid4(), "until_on": today() + A_YEAR})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        kind = Purpose.Kind.SPONSORED if giver.kind == Customer.Kind.FIRM else Purpose.Kind.GIFT
        try:
            order = sponsoring.order_for(
                giver.pk, name=facts["name"], kind=kind, hours=facts["hours"], form_key=facts["key"],
                limits=sponsoring.Limits(today(), facts["until_on"], services=facts["services"]),
                public_money=False, way=Order.Way.CHECKOUT, by=user_of(request), at=clock.now(),
            )  # fmt: skip
            back = f"{settings.SITE_URL}/mijn/kopen/{order.ref}/"
            return redirect(purchase.start_checkout(order.pk, success_url=f"{back}klaar/", cancel_url=back))
        except Refused as refused:
            renew_key(form, refused)
            field = {"NotANumberOfHours": "hours", "NotAPeriod": "until_on"}.get(refused.code)
            form.add_error(field, str(refused))
        except stripe_gateway.Unreachable:
            form.add_error(
                None, _("De betaaldienst antwoordt niet. Uw bestelling is bewaard. Probeer het zo nog eens.")
            )
    return _form(request, form, _("Cheques geven"), _("Verder"))


@login_required
def give(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand hours to somebody."""
    purpose = get_object_or_404(Purpose, ref=ref, sponsor=buyer_of(request))
    form = ReceiverForm(request.POST or None, initial={"key": uuid4()})

    def do() -> None:
        facts = form.cleaned_data
        sponsoring.give(
            purpose.pk, _receiver(facts).pk, minutes=facts["hours"] * 60, form_key=facts["key"],
            by=user_of(request), at=clock.now(),
        )  # fmt: skip

    saved = fill(request, form, do, done=_("Gegeven. Die persoon kan ze nu gebruiken."), back=HERE)
    left = sponsoring.left(purpose.pk, at=clock.now()) // 60
    lead = _("%(name)s: nog %(hours)s uur te geven.") % {"name": purpose.name, "hours": left}
    return saved or _form(request, form, _("Geef uren"), _("Geef"), lead)


def _receiver(facts: dict[str, Any]) -> Customer:
    """Return who lives at the door with that phone; one sentence for every way it does not fit."""
    with suppress(registration.NotAPhoneNumber):
        phone = registration.telephone(facts["phone"])
        found = phone and Customer.objects.filter(
            kind=Customer.Kind.RESIDENT, address__postcode=facts["postcode"].replace(" ", "").upper(),
            address__house_number__iexact=facts["house_number"].strip(), phone=phone,
        ).first()  # fmt: skip
        if found:
            return found
    raise NobodyThere(_("Wij vinden daar niemand met dit telefoonnummer. Is die persoon al ingeschreven?"))


def _form(request: HttpRequest, form: forms.Form, heading: str, send: str, lead: str = "") -> HttpResponse:
    facts = {"form": form, "heading": heading, "send": send, "lead": lead, "back_url": reverse(HERE)}
    return page(request, "resident/gift_form.html", facts)
