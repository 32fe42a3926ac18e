"""A complaint in somebody's own words, perhaps about a visit; and its answer."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.models import Customer
from marketplace import catalogue
from scheduling.models import Visit
from web import wording

SHOWN = 20


class VisitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no parameter at run time
    """A visit, told by its time and its work."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what stands in the list."""
        return f"{wording.span(obj.start_at, obj.end_at)}: {catalogue.in_words(obj.booking.service)}"


class ComplaintForm(forms.Form):
    """What is wrong; about which visit, when it is about one."""

    use_required_attribute = False  # a browser would colour an empty box wrong before anything was pressed

    words = forms.CharField(
        label=_("Wat is er?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), strip=True,
        error_messages={"required": _("Schrijf in een paar woorden wat er is.")},
    )  # fmt: skip
    visit = VisitChoice(
        label=_("Gaat het over een bezoek?"), queryset=Visit.objects.none(), required=False, to_field_name="ref",
        empty_label=_("Nee, over iets anders"),
    )  # fmt: skip

    def __init__(self, *args: Any, customer: Customer, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        past = Visit.objects.filter(booking__customer=customer, start_at__lte=at).order_by("-start_at", "-pk")
        shown = past.values_list("pk", flat=True)[:SHOWN]
        choice = self.fields["visit"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = (
            Visit.objects.filter(pk__in=list(shown)).select_related("booking__service").order_by("-start_at")
        )

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        visit = self.cleaned_data["visit"]
        return {"words": self.cleaned_data["words"], "visit_id": visit.pk if visit else None}


class AnswerForm(forms.Form):
    """What we say and do about it."""

    use_required_attribute = False  # a browser would colour an empty box wrong before anything was pressed

    words = forms.CharField(
        label=_("Wat antwoordt u?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("De klant krijgt dit antwoord."), error_messages={"required": _("Schrijf een antwoord.")},
    )  # fmt: skip
