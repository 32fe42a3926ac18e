"""What residents and firms fill in."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import catalogue
from marketplace.models import Service
from quality.models import Dispute

HOURS = [(f"{hour:02d}:00", f"{hour} uur") for hour in range(8, 19)]
LENGTHS = [(120, _("2 uur")), (150, _("2 uur en 30 minuten")), (180, _("3 uur")), (240, _("4 uur"))]


class RegisterForm(forms.Form):
    """Name, phone and door."""

    name = forms.CharField(label=_("Hoe heet u?"), max_length=120)
    phone = forms.CharField(label=_("Uw telefoonnummer"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Uw postcode"), max_length=8, help_text=_("Bijvoorbeeld 4818 CK"))
    house_number = forms.CharField(
        label=_("Uw huisnummer"), max_length=12, help_text=_("Bijvoorbeeld 12 of 12a")
    )


class BuyForm(forms.Form):
    """How many hours; the key makes a double click one order."""

    hours = forms.IntegerField(
        label=_("Hoeveel uur hulp wilt u kopen?"), initial=10, help_text=_("1 cheque is 1 uur.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class BookForm(forms.Form):
    """What, how long, when."""

    service = forms.ModelChoiceField(
        label=_("Waarmee kunnen we helpen?"), queryset=Service.objects.none(), to_field_name="code",
        widget=forms.RadioSelect, empty_label=None,
    )  # fmt: skip
    minutes = forms.TypedChoiceField(label=_("Hoe lang?"), choices=LENGTHS, coerce=int, initial=180)
    crew = forms.IntegerField(label=_("Hoeveel mensen?"), initial=1, min_value=1, max_value=4)
    day = forms.DateField(
        label=_("Welke dag?"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    hour = forms.ChoiceField(label=_("Hoe laat?"), choices=HOURS, initial="09:00")
    earlier_or_later = forms.BooleanField(label=_("Een uur later mag ook"), required=False, initial=True)
    note = forms.CharField(
        label=_("Wilt u nog iets zeggen?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [service.pk for service in catalogue.bookable(on=on)]
        choice = self.fields["service"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Service.objects.filter(pk__in=allowed).order_by("pk")
        choice.label_from_instance = catalogue.in_words  # type: ignore[method-assign,assignment]

    def starts(self) -> list[datetime]:
        """Return the wanted starts, best first."""
        first = datetime.combine(self.cleaned_data["day"], time.fromisoformat(self.cleaned_data["hour"]))
        begin = timezone.make_aware(first)
        return [begin, begin + timedelta(hours=1)] if self.cleaned_data["earlier_or_later"] else [begin]


class DisputeForm(forms.Form):
    """What is wrong, in two taps and as many words as somebody likes."""

    what = forms.ChoiceField(
        label=_("Wat klopt er niet?"), choices=Dispute.What.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Wilt u het uitleggen?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
