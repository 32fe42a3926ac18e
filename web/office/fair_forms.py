"""What is written down for the report on fair competition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.models import Customer
from marketplace.models import Service
from subsidies.fair_models import DisplacementCheck, RefusedWork
from web.filling import Named
from web.office.subsidy_forms import day, euros, letter


class ByCode(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no parameter at run time
    """A choice of services."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Service.objects.order_by("name_nl"), label=_("Dienst"), to_field_name="code", **kwargs
        )


def _firms(**more: Any) -> Named:
    return Named(queryset=Customer.objects.filter(kind=Customer.Kind.FIRM).order_by("name", "pk"), **more)


class PriceForm(forms.Form):
    """What somebody else asks."""

    service = ByCode()
    kind = forms.ChoiceField(
        label=_("Voor wie?"), choices=[("resident", _("bewoners, met btw")), ("firm", _("bedrijven, zonder btw"))]
    )  # fmt: skip
    amount = euros(_("Prijs per uur, in euro"))
    on = day(_("Dag"))
    source = forms.CharField(
        label=_("Waar staat deze prijs?"), max_length=120, help_text=_("Zoals: de website van een schoonmaakbedrijf.")
    )  # fmt: skip

    def clean_amount(self) -> object:
        """Return the price.

        :raises ValidationError: nothing is no price.
        """
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Vul een prijs in."))
        return amount


class CheckForm(forms.Form):
    """What a firm says about its own people."""

    customer = _firms(label=_("Bedrijf"))
    dismissals = forms.BooleanField(
        label=_("Het bedrijf ontsloeg in 12 maanden iemand die dit werk deed"), required=False
    )  # fmt: skip
    same_work = forms.BooleanField(
        label=_("Eigen personeel doet hetzelfde werk op dezelfde plek"), required=False
    )
    vacancies = forms.BooleanField(label=_("Er staat een vacature voor dit werk open"), required=False)
    council = forms.ChoiceField(label=_("De ondernemingsraad"), choices=DisplacementCheck.Council.choices)
    words = forms.CharField(
        label=_("Wat is er afgesproken?"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nodig als een antwoord een zorg is."),
    )  # fmt: skip
    on = day(_("Dag"))


class AidForm(forms.Form):
    """Aid that was given."""

    customer = _firms(
        label=_("Bedrijf"), required=False, empty_label=_("de eigen organisatie")
    )  # fmt: skip
    giver = forms.CharField(label=_("Wie gaf de steun?"), max_length=120)
    amount = euros(_("Bedrag, in euro"))
    on = day(_("Dag van het besluit"))
    letter = letter()

    def clean_amount(self) -> object:
        """Return the amount.

        :raises ValidationError: nothing is no aid.
        """
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Vul een bedrag in."))
        return amount


class RefusedForm(forms.Form):
    """Work that was not taken on."""

    asked_by = forms.CharField(label=_("Wie vroeg het?"), max_length=120)
    service = ByCode(required=False, empty_label=_("een andere dienst"))
    why = forms.ChoiceField(label=_("Waarom niet?"), choices=RefusedWork.Why.choices)
    words = forms.CharField(
        label=_("In uw eigen woorden"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Noem geen namen: dit staat in het rapport."),
    )  # fmt: skip
    on = day(_("Dag"))
