"""The first days: the list of what is still to be filled in, and the pages that fill it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books import setting_up
from identity import areas, clock, organising, permissions
from identity.models import Municipality, Neighbourhood, Organisation, Postcode, Role
from lawbook import index
from lawbook.rule import Unit
from marketplace import offering
from marketplace.models import Service
from web.access import act, for_roles, page, today, user_of
from web.filling import Named, cleaned, fill

HERE = "office:set-up"
# the page that fills a point, and who may open it; a point that is not here is for the people of the computer
PAGES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(["organisation", "iban", "wage_tax_number", "vat_id"], ("office:set-up-organisation", Role.ADMIN)),
    "municipality": ("office:set-up-towns", Role.ADMIN),
    **dict.fromkeys(["neighbourhood", "postcodes"], ("office:set-up-places", Role.ADMIN)),
    "services": ("office:set-up-services", Role.ADMIN),
    **dict.fromkeys(["coordinator", "payroll", "treasurer"], ("office:set-up-staff", Role.ADMIN)),
    **dict.fromkeys(["mail", "stripe", "bureau", "bank"], ("office:set-up-outside", Role.ADMIN)),
    "worker_files": ("office:worker-files", Role.PAYROLL), "awards": ("office:awards", Role.PAYROLL),
    "workers": ("office:pool", Role.COORDINATOR),
    "law": ("office:set-up-law", Role.ADMIN), "opening": ("office:opening", Role.PAYROLL),
}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """An open point as it is shown: with its page for who may open it, else with the name of who does it."""

    sentence: str
    blocks: tuple[str, ...]
    url: str
    who: str


def _tasks(held: frozenset[str]) -> list[Task]:
    shown = []
    for point in setting_up.open_points(today()):
        route, role = PAGES.get(point.code, ("", Role.ADMIN))
        mine = bool(route) and role in held
        who = "" if mine or not route else str(Role(role).label)
        shown.append(Task(point.sentence, point.blocks, reverse(route) if mine else "", who))
    return shown


@for_roles(Role.ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what a new organisation must still fill in, and what each point blocks."""
    held = permissions.roles(user_of(request), on=today())
    tasks = _tasks(held)
    words = {
        setting_up.BOOKING: _("De eerste boeking"), setting_up.PAY_RUN: _("De eerste lonen"),
        setting_up.CLAIM: _("De eerste aanvraag van subsidie"),
    }  # fmt: skip
    goals = [(word, sum(what in task.blocks for task in tasks)) for what, word in words.items()]
    return page(request, "office/set_up.html", {"tasks": tasks, "goals": goals})


# --- the organisation


class OrganisationForm(forms.Form):
    """What stands on the letterhead."""

    name = forms.CharField(label=gettext_lazy("Naam van de organisatie"), max_length=120)
    kvk = forms.CharField(label=gettext_lazy("KvK-nummer"), max_length=12, required=False)
    street = forms.CharField(label=gettext_lazy("Straat"), max_length=80, required=False)
    house_number = forms.CharField(label=gettext_lazy("Huisnummer"), max_length=12, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=8, required=False)
    town = forms.CharField(label=gettext_lazy("Plaats"), max_length=60, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telefoonnummer"), max_length=20, required=False,
        help_text=gettext_lazy("Dit nummer staat op elke pagina."),
    )  # fmt: skip
    email = forms.EmailField(label=gettext_lazy("E-mailadres"), required=False)
    iban = forms.CharField(
        label=gettext_lazy("Rekeningnummer (IBAN)"), max_length=42, required=False,
        help_text=gettext_lazy("Hier komt het geld binnen en gaan de lonen af."),
    )  # fmt: skip
    vat_id = forms.CharField(label=gettext_lazy("Btw-nummer"), max_length=20, required=False)
    wage_tax_number = forms.CharField(
        label=gettext_lazy("Loonheffingennummer"), max_length=20, required=False,
        help_text=gettext_lazy("Bijvoorbeeld 123456789L01"),
    )  # fmt: skip


@for_roles(Role.ADMIN)
def organisation(request: HttpRequest) -> HttpResponse:
    """Fill in who the organisation is."""
    known = Organisation.objects.filter(pk=1).first()
    form = OrganisationForm(request.POST or None, initial=model_to_dict(known) if known else {})
    saved = fill(
        request, form, lambda: organising.describe(by=user_of(request), at=clock.now(), **cleaned(form)),
        done=_("De gegevens staan erin."), back=HERE,
    )  # fmt: skip
    facts = {"form": form, "heading": _("De organisatie"), "send": _("Bewaar")}
    return saved or _form_page(request, facts)


def _form_page(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse:
    return page(request, "office/form.html", {"back_url": reverse(HERE), **facts})


# --- towns, neighbourhoods, postcodes


class TownForm(forms.Form):
    """A town, and from which account it pays."""

    name = forms.CharField(label=gettext_lazy("Naam van de gemeente"), max_length=60)
    iban = forms.CharField(
        label=gettext_lazy("Rekeningnummer van de gemeente (IBAN)"), max_length=42, required=False,
        help_text=gettext_lazy("Dan herkennen wij het geld dat binnenkomt."),
    )  # fmt: skip


@for_roles(Role.ADMIN)
def towns(request: HttpRequest) -> HttpResponse:
    """Show the towns, and add one."""
    form = TownForm(request.POST or None)
    saved = fill(
        request, form, lambda: organising.add_municipality(by=user_of(request), at=clock.now(), **cleaned(form)),
        done=_("De gemeente staat erbij."), back="office:set-up-towns",
    )  # fmt: skip
    facts = {"form": form, "towns": Municipality.objects.order_by("name"), "back_url": reverse(HERE)}
    return saved or page(request, "office/set_up_towns.html", facts)


class PlaceForm(forms.Form):
    """A neighbourhood and the town it lies in."""

    name = forms.CharField(label=gettext_lazy("Naam van de buurt"), max_length=60)
    municipality = Named(
        label=gettext_lazy("Gemeente"), queryset=Municipality.objects.order_by("name"),
        empty_label=None,
    )  # fmt: skip


@for_roles(Role.ADMIN)
def places(request: HttpRequest) -> HttpResponse:
    """Show the neighbourhoods with how many postcodes each has, and add one."""
    form = PlaceForm(request.POST or None)
    saved = fill(
        request, form, lambda: organising.add_neighbourhood(by=user_of(request), at=clock.now(), **cleaned(form)),
        done=_("De buurt staat erbij. Vul nu de postcodes in."), back="office:set-up-places",
    )  # fmt: skip
    rows = [
        (where, Postcode.objects.filter(neighbourhood=where).count())
        for where in Neighbourhood.objects.select_related("municipality").order_by("name")
    ]
    facts = {"form": form, "places": rows, "towns": Municipality.objects.exists(), "back_url": reverse(HERE)}
    return saved or page(request, "office/set_up_places.html", facts)


class PostcodesForm(forms.Form):
    """A list, one postcode a line."""

    use_required_attribute = False  # a browser would colour the empty box wrong before anything was pressed

    text = forms.CharField(
        label=gettext_lazy("Postcodes"), max_length=400_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Eén per regel: 4818 CK; Lindestraat. U kunt een lijst plakken. Weet u waar de postcode ligt? "
            "Zet dan de plaats, x en y in meters erachter: 4818 CK; Lindestraat; Breda; 112500; 402300. "
            "Anders schatten wij dat, en klopt de reistijd minder goed."
        ),
    )  # fmt: skip


@for_roles(Role.ADMIN)
def postcodes(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the postcodes of a neighbourhood, and take a list of new ones."""
    where = get_object_or_404(Neighbourhood, ref=ref)
    form = PostcodesForm(request.POST or None)
    saved = fill(
        request, form, lambda: areas.serve(where.pk, by=user_of(request), at=clock.now(), **cleaned(form)),
        done=_("De postcodes staan erin."), back=reverse("office:set-up-postcodes", args=[ref]),
    )  # fmt: skip
    rows = Postcode.objects.filter(neighbourhood=where).order_by("code")
    facts = {"form": form, "where": where, "rows": rows, "back_url": reverse("office:set-up-places")}
    return saved or page(request, "office/set_up_postcodes.html", facts)


@for_roles(Role.ADMIN)
def leave_postcode(request: HttpRequest, ref: str) -> HttpResponse:
    """Serve a postcode no more."""
    where, back = get_object_or_404(Neighbourhood, ref=ref), reverse("office:set-up-postcodes", args=[ref])
    if request.method != "POST":
        return redirect(back)
    code = request.POST.get("postcode", "")
    return act(
        request, lambda: areas.leave(where.pk, code=code, by=user_of(request), at=clock.now()),
        done=_("De postcode is weg."), back=back,
    )  # fmt: skip


# --- services, what lies outside, law


@for_roles(Role.ADMIN)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show what can be booked; put the standard catalogue in; switch a service on or off."""
    by, at = user_of(request), clock.now()
    if request.method == "POST" and "dienst" in request.POST:
        service = get_object_or_404(Service, code=request.POST["dienst"])
        offering.switch(service.pk, on=request.POST.get("aan") == "ja", by=by, at=at)
        messages.success(request, _("Veranderd."))
        return redirect("office:set-up-services")
    if request.method == "POST":
        offering.install(by=by, at=at)
        messages.success(request, _("De gewone diensten staan erin."))
        return redirect("office:set-up-services")
    facts = {"services": Service.objects.order_by("pk"), "back_url": reverse(HERE)}
    return page(request, "office/set_up_services.html", facts)


@for_roles(Role.ADMIN)
def outside(request: HttpRequest) -> HttpResponse:
    """Show whether mail, Stripe, payroll bureau and bank are set; they are set in the environment."""
    facts = {"connections": setting_up.connections(), "back_url": reverse(HERE)}
    return page(request, "office/set_up_outside.html", facts)


@for_roles(Role.ADMIN)
def law(request: HttpRequest) -> HttpResponse:
    """Show the rows of the law that nobody has checked, and those that end soon."""
    day = today()
    rows = [(entry, _value_of(entry)) for entry in index.unverified(day)]
    facts = {
        "rows": rows, "ending": index.ending_within(day, 60), "silent": index.silent_on(day),
        "back_url": reverse(HERE),
    }  # fmt: skip
    return page(request, "office/set_up_law.html", facts)


UNITS: dict[Unit, Any] = {
    Unit.CENTS: gettext_lazy("cent"), Unit.CENTS_PER_HOUR: gettext_lazy("cent per uur"), Unit.MINUTES: gettext_lazy("minuten"),
    Unit.MINUTES_PER_WEEK: gettext_lazy("minuten per week"), Unit.HOURS: gettext_lazy("uur"), Unit.DAYS: gettext_lazy("dagen"),
    Unit.WEEKS: gettext_lazy("weken"), Unit.MONTHS: gettext_lazy("maanden"), Unit.TIMES: gettext_lazy("keer"),
}  # fmt: skip


def _value_of(entry: index.Entry) -> str:
    """Return the figure of a row with its unit; a rule of several parts shows each by its name."""
    value = entry.row.value
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {part}" for name, part in value.items())
    return f"{value} {UNITS.get(entry.rule.unit, '')}".strip()
