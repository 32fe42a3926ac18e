"""What residents and firms fill in."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from marketplace import bookings, catalogue
from marketplace.models import Service
from quality.models import Dispute
from scheduling.slots import FreeStart
from web import wording
from web.widgets import Chips, ChoiceCards, Stepper

HOURS = [(f"{hour:02d}:00", f"{hour} uur") for hour in range(8, 19)]


class RegisterForm(forms.Form):
    """Name, phone and door."""

    name = forms.CharField(label=_("Hoe heet u?"), max_length=120)
    phone = forms.CharField(label=_("Uw telefoonnummer"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Uw postcode"), max_length=8, help_text=_("Bijvoorbeeld 4818 CK"))
    house_number = forms.CharField(
        label=_("Uw huisnummer"), max_length=12, help_text=_("Bijvoorbeeld 12 of 12a")
    )


class FirmForm(forms.Form):
    """Name, number, phone and door of a firm."""

    name = forms.CharField(label=_("Naam van uw bedrijf"), max_length=120)
    kvk = forms.CharField(label=_("KvK-nummer"), max_length=12)
    vat_id = forms.CharField(label=_("Btw-nummer"), max_length=20, required=False)
    phone = forms.CharField(label=_("Telefoonnummer"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=8, help_text=_("Bijvoorbeeld 4818 CK"))
    house_number = forms.CharField(
        label=_("Huisnummer"), max_length=12, help_text=_("Bijvoorbeeld 12 of 12a")
    )


class ActForm(forms.Form):
    """Who may act for this customer, and how far."""

    use_required_attribute = False  # a browser would colour every choice wrong before anything was pressed

    name = forms.CharField(label=_("Naam"), max_length=120)
    email = forms.EmailField(
        label=_("E-mailadres"), help_text=_("Deze persoon logt in met een code per e-mail.")
    )
    part = forms.ChoiceField(label=_("Wat mag deze persoon?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = [
            ("member", _("Huisgenoot: koopt en boekt ook")), ("helper", _("Helper: koopt en boekt voor u")),
        ]  # fmt: skip
        firm = [
            ("booker", _("Boeker: boekt")), ("approver", _("Goedkeurder: koopt, boekt en keurt goed")),
            ("owner", _("Eigenaar: mag alles")),
        ]  # fmt: skip
        part = self.fields["part"]
        assert isinstance(part, forms.ChoiceField)
        part.choices = firm if kind == "firm" else home


class BuyForm(forms.Form):
    """How many hours; the key makes a double click one order."""

    hours = forms.IntegerField(
        label=_("Hoeveel uur hulp wilt u kopen?"), initial=10, help_text=_("1 cheque is 1 uur."),
        widget=Stepper(unit=(_("uur"), _("uur")), attrs={"min": 1}),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Hoe wilt u betalen?"), widget=forms.RadioSelect)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ways: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = list(ways)
        way.initial = ways[0][0]
        if len(ways) == 1:
            way.widget = forms.HiddenInput()


class ServiceForm(forms.Form):
    """Step 1: what is asked."""

    use_required_attribute = False  # a browser would colour every card wrong before anything was pressed

    service = forms.ModelChoiceField(
        label=_("Kies één"), queryset=Service.objects.none(), to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = catalogue.bookable(on=on)
        choice = self.fields["service"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.widget = ChoiceCards(
            icons={service.code: service.icon for service in allowed},
            notes={service.code: _intro(service) for service in allowed},
        )
        choice.queryset = Service.objects.filter(pk__in=[one.pk for one in allowed]).order_by("pk")
        choice.label_from_instance = catalogue.in_words  # type: ignore[method-assign,assignment]


def _intro(service: Service) -> str:
    english = (translation.get_language() or "nl").startswith("en")
    return service.intro_en if english else service.intro_nl


class WorkForm(forms.Form):
    """Step 2: how long, with how many, and which of the service's tasks."""

    minutes = forms.TypedChoiceField(label=_("Hoe lang?"), coerce=int, widget=Chips)
    crew = forms.IntegerField(label=_("Hoeveel mensen?"), initial=1, min_value=1)
    tasks = forms.MultipleChoiceField(
        label=_("Wat moet er gebeuren?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("Wilt u nog iets zeggen?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = min(service.max_minutes, bookings.LARGEST_MINUTES)
        lengths = range(service.min_minutes, longest + 1, 60)
        length, tasks = self.fields["minutes"], self.fields["tasks"]
        assert isinstance(length, forms.TypedChoiceField)
        assert isinstance(tasks, forms.MultipleChoiceField)
        length.choices = [(minutes, wording.hours(minutes)) for minutes in lengths]
        length.initial = 180 if 180 in lengths else lengths[0]
        tasks.choices = [
            (
                rule.code,
                rule.name_en if (translation.get_language() or "nl").startswith("en") else rule.name_nl,
            )
            for rule in service.tasks.all()
            if rule.allowed
        ]
        crew = self.fields["crew"]
        assert isinstance(crew, forms.IntegerField)
        crew.max_value = service.max_crew
        crew.validators.append(MaxValueValidator(service.max_crew))
        crew.widget = Stepper(unit=(_("persoon"), _("mensen")), attrs={"min": 1, "max": service.max_crew})


class WhenForm(forms.Form):
    """Step 3: a time that is free, or a day and up to three times that are good."""

    start = forms.ChoiceField(
        label=_("Deze tijden zijn vrij"), widget=forms.RadioSelect, required=False,
        error_messages={"invalid_choice": _("Deze tijd is net weg. Kies een andere tijd.")},
    )  # fmt: skip
    day = forms.DateField(
        label=_("Welke dag?"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    hour = forms.ChoiceField(label=_("Hoe laat liefst?"), choices=HOURS, initial="09:00")
    second = forms.ChoiceField(
        label=_("Of anders"), choices=[("", _("geen andere tijd")), *HOURS], required=False
    )
    third = forms.ChoiceField(
        label=_("Of ook nog"), choices=[("", _("geen andere tijd")), *HOURS], required=False
    )

    def __init__(self, *args: Any, free: Sequence[FreeStart] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start = self.fields["start"]
        assert isinstance(start, forms.ChoiceField)
        start.choices = [
            *((one.start_at.isoformat(), _said(one)) for one in free), ("", _("Ik kies zelf een dag en een tijd")),
        ]  # fmt: skip
        start.initial = ""
        if free:
            self.fields["day"].help_text = _("Alleen invullen als u zelf een dag kiest.")
        else:
            del self.fields["start"]
            self.fields["day"].required = True
            self.fields["day"].help_text = _(
                "Wij kunnen nu geen tijd beloven. Kies wat u het liefst wilt. Wij zoeken iemand, en u hoort of het lukt."
            )

    def clean(self) -> dict[str, Any]:
        """Take the day and the time from what was offered; without that, a day is needed."""
        answers: dict[str, Any] = super().clean() or {}
        chosen = answers.get("start") or ""
        if chosen:
            start = timezone.localtime(datetime.fromisoformat(chosen))
            answers |= {"day": start.date(), "hour": f"{start:%H:%M}", "second": "", "third": ""}
            for name in ("day", "hour"):
                self.errors.pop(name, None)
        elif not answers.get("day") and "day" not in self.errors:
            self.add_error("day", _("Kies een dag."))
        answers["start"] = chosen
        return answers


def _said(one: FreeStart) -> str:
    when = wording.moment(one.start_at)
    return _("%(when)s: een bekend gezicht kan dan") % {"when": when} if one.is_known else when


def starts_of(day: date, hours: list[str]) -> list[datetime]:
    """Return the wanted starts, each once."""
    wanted = list(dict.fromkeys(hour for hour in hours if hour))
    return [timezone.make_aware(datetime.combine(day, time.fromisoformat(hour))) for hour in wanted]


class DisputeForm(forms.Form):
    """What is wrong, in two taps and as many words as somebody likes."""

    use_required_attribute = False  # a browser would colour every choice wrong before anything was pressed

    what = forms.ChoiceField(
        label=_("Wat klopt er niet?"), choices=Dispute.What.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Wilt u het uitleggen?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
