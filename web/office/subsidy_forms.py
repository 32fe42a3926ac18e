"""What a town decided, as it is typed over from a letter."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.models import Municipality
from kernel.money import half_up
from subsidies import schemes
from subsidies.budgets import LKS
from subsidies.models import Advance, Award, Claim, ClaimLine, LocalScheme, TownRule, Track, WageBenefit
from web.filling import Named
from workers_pool.models import Worker


def day(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def euros(label: Any, **more: Any) -> forms.DecimalField:
    """Return a field for an amount."""
    return forms.DecimalField(label=label, min_value=0, max_value=10_000_000, decimal_places=2, **more)


def hours(label: Any) -> forms.DecimalField:
    """Return a field for hours a week."""
    return forms.DecimalField(label=label, min_value=0, max_value=60, decimal_places=2)


def cents(amount: Decimal) -> int:
    """Return an amount that was typed, in cents."""
    return half_up(amount * 100)


def letter(**more: Any) -> forms.CharField:
    """Return a field for the reference of a letter."""
    return forms.CharField(label=_("Kenmerk van de brief"), max_length=40, **more)


class WorkerChoice(Named):
    """A choice of workers, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what stands in the list."""
        return str(obj.user.name)


def workers() -> WorkerChoice:
    """Return a field for somebody of the pool."""
    return WorkerChoice(
        label=_("Medewerker"), queryset=Worker.objects.select_related("user").order_by("user__name", "pk")
    )


def towns() -> Named:
    """Return a field for a town."""
    return Named(label=_("Gemeente"), queryset=Municipality.objects.order_by("name"))


class AwardForm(forms.Form):
    """A decision on wage subsidy."""

    worker = workers()
    municipality = towns()
    route = forms.ChoiceField(label=_("Hoe is de loonwaarde bepaald?"), choices=Award.Route.choices)
    wage_value = forms.DecimalField(
        label=_("Loonwaarde, in procent"), min_value=0, max_value=100, decimal_places=2, required=False,
        help_text=_("Alleen bij een gemeten loonwaarde."),
    )  # fmt: skip
    week_hours = hours(_("Uren per week"))
    from_on = day(_("Eerste dag"))
    until_on = day(_("Dag na de laatste dag"), required=False)
    letter = letter()


class NextAwardForm(forms.Form):
    """The decision that follows."""

    wage_value = forms.DecimalField(
        label=_("Loonwaarde, in procent"), min_value=0, max_value=100, decimal_places=2
    )
    week_hours = hours(_("Uren per week"))
    from_on = day(_("Eerste dag"))
    until_on = day(_("Dag na de laatste dag"), required=False)
    letter = letter()


class ContractForm(forms.Form):
    """A contract that counts on subsidy."""

    week_hours = hours(_("Uren per week"))
    wanted_hours = hours(_("Gewenste uren per week"))
    from_on = day(_("Eerste dag"))
    wage_value = forms.DecimalField(
        label=_("Verwachte loonwaarde, in procent"), min_value=0, max_value=100, decimal_places=2, required=False,
        help_text=_("Leeg: het forfait van 50 procent."),
    )  # fmt: skip


class BenefitForm(forms.Form):
    """A right to loonkostenvoordeel."""

    worker = workers()
    group = forms.ChoiceField(label=_("Groep"), choices=WageBenefit.Group.choices)
    from_on = day(_("Eerste dag"))
    statement = forms.CharField(label=_("Nummer van de doelgroepverklaring"), max_length=40, required=False)


def sources() -> list[tuple[str, Any]]:
    """Return where public money can come from."""
    return [
        (LKS, _("loonkostensubsidie")),
        *((kind, module.NAME) for kind, module in schemes.all_of().items() if module.PAYS),
    ]


class CeilingForm(forms.Form):
    """The most a town pays in a year."""

    municipality = towns()
    source = forms.ChoiceField(label=_("Bron"), choices=sources)
    year = forms.IntegerField(label=_("Jaar"), min_value=2024, max_value=2100)
    amount = euros(_("Plafond, in euro"))
    letter = letter()


class SchemeForm(forms.Form):
    """A local scheme; its figures follow on the next lines, as the module asks them."""

    municipality = towns()
    kind = forms.ChoiceField(
        label=_("Soort"), choices=lambda: [(kind, module.NAME) for kind, module in schemes.all_of().items()]
    )
    name = forms.CharField(label=_("Naam"), max_length=80)
    figures = forms.CharField(
        label=_("Cijfers, een per regel"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Zoals: cents_per_hour = 250. Bedragen in centen. Een waarde per groep: year_cents.participatiewet = 4000000."),
    )  # fmt: skip
    from_on = day(_("Eerste dag"))
    until_on = day(_("Dag na de laatste dag"), required=False)
    letter = letter()

    def clean_figures(self) -> Mapping[str, Any]:
        """Return the figures by name.

        :raises ValidationError: a line is not 'name = whole number'.
        """
        found: dict[str, Any] = {}
        for number, line in enumerate(self.cleaned_data["figures"].splitlines(), start=1):
            if not line.strip():
                continue
            name, sign, value = (part.strip() for part in line.partition("="))
            if not (name and sign and value.isdigit()):
                raise forms.ValidationError(
                    _("Regel %(number)s: schrijf naam = heel getal.") % {"number": number}
                )
            outer, dot, inner = name.partition(".")
            if dot:
                found.setdefault(outer, {})[inner] = int(value)
            else:
                found[name] = int(value)
        return found


class TrackForm(forms.Form):
    """The start of a track."""

    scheme = Named(label=_("Regeling"), queryset=LocalScheme.objects.order_by("name", "pk"))
    worker = workers()
    purpose = forms.ChoiceField(label=_("Waarvoor"), choices=Track.Purpose.choices)
    category = forms.CharField(label=_("Groep in de waardetabel"), max_length=30, required=False)
    from_on = day(_("Eerste dag"))


class AdvanceForm(forms.Form):
    """An advance that a town will pay."""

    municipality = towns()
    amount = euros(_("Bedrag, in euro"))
    from_on = day(_("Eerste dag"))
    until_on = day(_("Dag na de laatste dag"))
    letter = letter()


class ByRef(Named):
    """A choice of things known by their ref and month."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what stands in the list."""
        if isinstance(obj, ClaimLine):
            return f"{obj.claim.ref} · {obj.award.letter} · {obj.from_on:%d-%m-%Y}"
        return f"{obj.ref} · {obj.municipality.name}"


class SettleForm(forms.Form):
    """An advance that pays a claim."""

    advance = ByRef(
        label=_("Voorschot"), queryset=Advance.objects.select_related("municipality").order_by("-pk")
    )
    claim = ByRef(
        label=_("Aanvraag"),
        queryset=Claim.objects.filter(state="sent").select_related("municipality").order_by("-pk"),
    )
    amount = euros(_("Bedrag, in euro"))


class ClawbackForm(forms.Form):
    """A decision to take subsidy back."""

    line = forms.ModelChoiceField(label=_("Regel"), queryset=ClaimLine.objects.none())
    amount = euros(_("Bedrag, in euro"))
    reason = forms.CharField(label=_("Reden van de gemeente"), max_length=160)
    letter = letter()
    decided_on = day(_("Dag van het besluit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paid = ClaimLine.objects.filter(state=ClaimLine.State.RECEIVED).select_related("claim", "award")
        chosen = self.fields["line"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = paid.order_by("-month", "pk")
        chosen.label_from_instance = ByRef.label_from_instance.__get__(chosen)  # type: ignore[method-assign]


class HoursForm(forms.Form):
    """How a town counts hours that vary."""

    municipality = towns()
    hours = forms.ChoiceField(label=_("Welke uren tellen?"), choices=TownRule.Hours.choices)
    from_on = day(_("Eerste dag"))
    letter = letter()
