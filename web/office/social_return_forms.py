"""What is typed over from a contract with a social return duty, and from a town's table."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.models import Customer
from web.filling import Named
from web.office.subsidy_forms import day, euros, hours, letter, towns, workers


class _Days(forms.Form):
    """A form with a first day and the day after the last."""

    def clean_until_on(self) -> Any:
        """Return the day after the last.

        :raises ValidationError: it is not after the first day.
        """
        first, until = self.cleaned_data.get("from_on"), self.cleaned_data["until_on"]
        if first and until <= first:
            raise forms.ValidationError(_("Deze dag moet na de eerste dag komen."))
        return until


class DutyForm(_Days):
    """A contract of a firm with a duty."""

    customer = Named(
        label=_("Bedrijf"), queryset=Customer.objects.filter(kind=Customer.Kind.FIRM).order_by("name", "pk")
    )
    municipality = towns()
    number = forms.CharField(
        label=_("Contractnummer"), max_length=40, help_text=_("Het bedrijf noemt dit nummer als het uren boekt."),
    )  # fmt: skip
    amount = euros(_("Opdrachtsom zonder btw, in euro"))
    from_on = day(_("Eerste dag"))
    until_on = day(_("Dag na de laatste dag"))


class PlacementForm(_Days):
    """Somebody whose hours count."""

    worker = workers()
    category = forms.ChoiceField(label=_("Groep in de waardetabel"))
    week_hours = hours(_("Uren per week die meetellen"))
    from_on = day(_("Eerste dag"))
    until_on = day(_("Dag na de laatste dag"))
    proof = forms.CharField(
        label=_("Bewijs"), max_length=80, required=False, help_text=_("Zoals: contract, urenlijst, factuur. Geen naam."),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["category"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(name, name.replace("_", " ")) for name in groups]


class ValuesForm(forms.Form):
    """A town's own table of values."""

    municipality = towns()
    text = forms.CharField(
        label=_("Tabel, een groep per regel"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Zoals: participatiewet;40000. Hele euro's voor een jaar van 36 uur per week."),
    )  # fmt: skip
    from_on = day(_("Eerste dag"))
    letter = letter()
