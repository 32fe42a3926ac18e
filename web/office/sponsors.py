"""Hours that a town, a landlord or the organisation pays for others, and the coaches of those who start a business."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cheques import sponsoring, ubl_reading
from cheques.models import Order, Purpose
from identity import clock
from identity.models import Customer, Role
from kernel.errors import Refused
from kernel.periods import start_of_day
from marketplace import catalogue, coaching
from marketplace.models import Coach, CoachingHour, Service
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of
from web.filling import fill

HERE = "office:sponsors"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class SponsorForm(forms.Form):
    """What is paid for, for whom, and by whom."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Soort"), choices=[("sponsored", gettext_lazy("Gesponsorde cheques")), ("starter", gettext_lazy("Startersvoucher (coaching)"))],
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Naam, zo leest de bewoner het"), max_length=60)
    hours = forms.IntegerField(label=gettext_lazy("Hoeveel uur?"))
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Waarvoor?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Kiest u niets, dan mag alles. Een startersvoucher is altijd alleen voor coaching."),
    )  # fmt: skip
    addresses = forms.CharField(
        label=gettext_lazy("Alleen op deze adressen"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Eén per regel: 4818 CK 12. Leeg: overal."),
    )  # fmt: skip
    people = forms.CharField(
        label=gettext_lazy("Alleen voor deze klanten"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Eén telefoonnummer per regel. Leeg: voor iedereen aan wie u ze geeft."),
    )  # fmt: skip
    from_on = _day(gettext_lazy("Vanaf welke dag?"))
    until_on = _day(gettext_lazy("Tot welke dag?"))
    public_money = forms.BooleanField(
        label=gettext_lazy("Dit is geld van de overheid. Wat overblijft gaat terug."), required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.MultipleChoiceField)
        rows = Service.objects.filter(active=True).order_by("pk")
        services.choices = [(one.code, catalogue.in_words(one)) for one in rows]


class GiveForm(forms.Form):
    """To whom, and how much."""

    phone = forms.CharField(label=gettext_lazy("Telefoonnummer van de klant"), max_length=20)
    hours = forms.IntegerField(label=gettext_lazy("Hoeveel uur?"), initial=1, min_value=1)
    key = forms.UUIDField(widget=forms.HiddenInput)


class CoachForm(forms.Form):
    """Who coaches, with which paper, at what price."""

    name = forms.CharField(label=gettext_lazy("Naam van de coach"), max_length=120)
    certificate = forms.CharField(label=gettext_lazy("Certificaat"), max_length=60)
    certified_until = _day(gettext_lazy("Geldig tot"))
    rate = forms.DecimalField(label=gettext_lazy("Prijs per uur zonder btw, in euro"), decimal_places=2, max_digits=7, min_value=0)  # fmt: skip


class HourForm(forms.Form):
    """Coaching of somebody on a day."""

    coach = forms.ModelChoiceField(label=gettext_lazy("Coach"), queryset=Coach.objects.order_by("name"), to_field_name="ref")  # fmt: skip
    phone = forms.CharField(label=gettext_lazy("Telefoonnummer van de starter"), max_length=20)
    day = _day(gettext_lazy("Dag"))
    minutes = forms.IntegerField(label=gettext_lazy("Hoeveel minuten?"), initial=60)
    key = forms.UUIDField(widget=forms.HiddenInput)


class InvoiceForm(forms.Form):
    """What the coach asks for the hours that were confirmed."""

    number = forms.CharField(label=gettext_lazy("Nummer van de rekening"), max_length=40, required=False)
    net = forms.DecimalField(
        label=gettext_lazy("Bedrag zonder btw, in euro"), decimal_places=2, max_digits=9, required=False
    )
    vat = forms.DecimalField(
        label=gettext_lazy("Btw, in euro"), decimal_places=2, max_digits=9, initial=0, required=False
    )
    file = forms.FileField(
        label=gettext_lazy("Of de rekening als bestand (UBL)"), required=False,
        help_text=gettext_lazy("Dan hoeft u de velden hierboven niet in te vullen."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Take number and amounts out of the file when there is one; else they must be filled in."""
        facts = super().clean() or {}
        if facts.get("file"):
            try:
                found = ubl_reading.read(facts["file"].read())
            except Refused as refused:
                self.add_error("file", str(refused))
                return facts
            if found.is_credit or found.currency != "EUR":
                self.add_error("file", _("Dit is geen rekening in euro."))
            return facts | {
                "number": found.number,
                "net": found.net_cents / Decimal(100),
                "vat": found.vat_cents / Decimal(100),
            }
        for name in ("number", "net", "vat"):
            if facts.get(name) in {None, ""} and name not in self.errors:
                self.add_error(name, _("Vul dit in, of kies een bestand."))
        return facts


def _here(request: HttpRequest) -> list[int]:
    return neighbourhoods_of(request, Role.COORDINATOR)


def _by_phone(request: HttpRequest, text: str) -> Customer:
    return sponsoring.receiver(text, neighbourhood_ids=_here(request))


def _form(request: HttpRequest, form: forms.Form, heading: str, send: str, lead: str = "") -> HttpResponse:
    facts = {"form": form, "heading": heading, "send": send, "lead": lead, "back_url": reverse(HERE)}
    return page(request, "office/form.html", facts)


@for_roles(Role.COORDINATOR)
def sponsors(request: HttpRequest) -> HttpResponse:
    """Show what sponsors paid and what became of it, and the coaching that waits."""
    at, mine = clock.now(), _here(request)
    rows = Purpose.objects.filter(sponsor__neighbourhood__in=mine).exclude(kind=Purpose.Kind.GIFT)
    told = [
        {"purpose": row, "account": sponsoring.account(row.pk), "left": sponsoring.left(row.pk, at=at),
         "order": Order.objects.filter(purpose=row).order_by("-pk").first()}
        for row in rows.select_related("sponsor").order_by("-pk")[:100]
    ]  # fmt: skip
    hours = CoachingHour.objects.filter(customer__neighbourhood__in=mine, invoice=None).select_related(
        "coach", "customer"
    )
    return page(request, "office/sponsors.html", {
        "rows": told, "hours": hours.order_by("start_at"), "coaches": Coach.objects.order_by("name"), "today": today(),
    })  # fmt: skip


@for_roles(Role.COORDINATOR)
def new(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down what a sponsor pays for, and order the hours by bank transfer."""
    sponsor = get_object_or_404(Customer, ref=ref, neighbourhood__in=_here(request))
    form = SponsorForm(request.POST or None, initial={"key": uuid4(), "from_on": today()})

    def do() -> None:
        facts = form.cleaned_data
        starter = facts["kind"] == Purpose.Kind.STARTER
        limits = sponsoring.Limits(
            facts["from_on"], facts["until_on"], services=[coaching.CODE] if starter else facts["services"],
            address_ids=sponsoring.doors(facts["addresses"]),
            customer_ids=[_by_phone(request, line).pk for line in facts["people"].splitlines() if line.strip()],
        )  # fmt: skip
        sponsoring.order_for(
            sponsor.pk, name=facts["name"], kind=facts["kind"], limits=limits, public_money=facts["public_money"],
            hours=facts["hours"], form_key=facts["key"], way=Order.Way.TRANSFER, by=user_of(request), at=clock.now(),
        )  # fmt: skip

    saved = fill(request, form, do, done=_("Vastgelegd. De uren zijn er zodra het geld er is."), back=HERE)
    heading = _("Cheques van %(name)s voor anderen") % {"name": sponsor.name}
    return saved or _form(request, form, heading, _("Bewaar"))


@for_roles(Role.COORDINATOR)
def give(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand hours of a sponsor to a customer."""
    purpose = get_object_or_404(Purpose, ref=ref, sponsor__neighbourhood__in=_here(request))
    form = GiveForm(request.POST or None, initial={"key": uuid4()})

    def do() -> None:
        facts = form.cleaned_data
        sponsoring.give(
            purpose.pk, _by_phone(request, facts["phone"]).pk, minutes=facts["hours"] * 60, form_key=facts["key"],
            by=user_of(request), at=clock.now(),
        )  # fmt: skip

    saved = fill(request, form, do, done=_("Gegeven. Die persoon kan ze nu gebruiken."), back=HERE)
    left = sponsoring.left(purpose.pk, at=clock.now()) // 60
    lead = _("%(name)s: nog %(hours)s uur te geven.") % {"name": purpose.name, "hours": left}
    return saved or _form(request, form, _("Geef uren"), _("Geef"), lead)


@for_roles(Role.COORDINATOR)
def coach(request: HttpRequest) -> HttpResponse:
    """Write down a coach."""
    form = CoachForm(request.POST or None)

    def do() -> None:
        facts = form.cleaned_data
        coaching.certify(
            facts["name"], certificate=facts["certificate"], certified_until=facts["certified_until"],
            rate_cents=int(facts["rate"] * 100), by=user_of(request), at=clock.now(),
        )  # fmt: skip

    saved = fill(request, form, do, done=_("Bewaard."), back=HERE)
    return saved or _form(request, form, _("Coach"), _("Bewaar"))


@for_roles(Role.COORDINATOR)
def note(request: HttpRequest) -> HttpResponse:
    """Write down coaching; the starter says yes on their own page."""
    form = HourForm(request.POST or None, initial={"key": uuid4(), "day": today()})

    def do() -> None:
        facts = form.cleaned_data
        coaching.note(
            _by_phone(request, facts["phone"]).pk, coach_id=facts["coach"].pk, minutes=facts["minutes"],
            start_at=start_of_day(facts["day"]), form_key=facts["key"], by=user_of(request), at=clock.now(),
        )  # fmt: skip

    saved = fill(request, form, do, done=_("Genoteerd. De starter zegt zelf of het klopt."), back=HERE)
    return saved or _form(request, form, _("Coaching noteren"), _("Bewaar"))


@for_roles(Role.TREASURER)
def invoice(request: HttpRequest, ref: str) -> HttpResponse:
    """Take in a coach's invoice for every hour that was confirmed and not invoiced yet."""
    row = get_object_or_404(Coach, ref=ref)
    waiting = row.hours.filter(invoice=None, confirmed_at__isnull=False)
    form = InvoiceForm(request.POST or None, request.FILES or None)

    def do() -> None:
        facts = form.cleaned_data
        coaching.take_invoice(
            row.pk, number=facts["number"], hour_ids=list(waiting.values_list("pk", flat=True)), net_cents=int(facts["net"] * 100),
            vat_cents=int(facts["vat"] * 100), by=user_of(request), at=clock.now(),
        )  # fmt: skip

    saved = fill(request, form, do, done=_("De rekening is geboekt."), back="office:bank")
    lead = _("%(name)s: %(minutes)s minuten bevestigd en nog niet op een rekening.") % {
        "name": row.name, "minutes": sum(waiting.values_list("minutes", flat=True)),
    }  # fmt: skip
    return saved or _form(request, form, _("Rekening van een coach"), _("Boek"), lead)


@for_roles(Role.COORDINATOR)
@require_POST
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back what somebody did not use; held and used hours stay."""
    purpose = get_object_or_404(Purpose, ref=ref, sponsor__neighbourhood__in=_here(request))
    return act(
        request, lambda: sponsoring.regain(purpose.pk, by=user_of(request), at=clock.now()),
        done=_("Wat niet gebruikt was, is weer te geven."), back=HERE,
    )  # fmt: skip
