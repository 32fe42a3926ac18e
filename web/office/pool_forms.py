"""What is asked about a worker: work, papers, hours, times, languages."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.models import Customer
from web.filling import Named
from web.languages import LANGUAGES
from workers_pool.models import Contract, NotWith, Skill, Worker, WorkerSkill

DAYS = (
    gettext_lazy("maandag"), gettext_lazy("dinsdag"), gettext_lazy("woensdag"), gettext_lazy("donderdag"),
    gettext_lazy("vrijdag"), gettext_lazy("zaterdag"), gettext_lazy("zondag"),
)  # fmt: skip
PAPERS = (
    ("guard_pass", gettext_lazy("Beveiligingspas")), ("lifting", gettext_lazy("Tillen")), ("vca", gettext_lazy("VCA")),
)  # fmt: skip
SPAN = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*-\s*([0-9]{1,2})(?:[:.]([0-9]{2}))?")
LATEST = date(2200, 1, 1)


class HoursField(forms.DecimalField):
    """Hours a week, which become minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=60, decimal_places=2, localize=True, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return minutes."""
        hours = super().clean(str(value).replace(".", ",") if value else value)
        return None if hours is None else int(hours * 60)


class DayField(forms.DateField):
    """A day that is picked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class SkillsForm(forms.Form):
    """Each kind of work: not, learning, or experienced."""

    def __init__(self, *args: Any, worker: Worker | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = dict(worker.skills.values_list("skill", "level")) if worker else {}
        for skill in Skill:
            self.fields[skill.value] = forms.ChoiceField(
                label=skill.label, required=False, initial=held.get(skill.value, ""),
                choices=[("", gettext_lazy("doet dit niet")), *WorkerSkill.Level.choices],
            )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {
            "levels": {
                skill: level for skill, level in self.cleaned_data.items() if level and skill in Skill.values
            }
        }


class PaperForm(forms.Form):
    """A paper, with the day on which it ends."""

    kind = forms.ChoiceField(label=gettext_lazy("Papier"), choices=PAPERS)
    number = forms.CharField(label=gettext_lazy("Nummer"), max_length=40, required=False)
    from_on = DayField(label=gettext_lazy("Geldig vanaf"))
    until_on = DayField(label=gettext_lazy("Laatste dag"))

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return dict(self.cleaned_data)


class ContractForm(forms.Form):
    """Hours from a day on."""

    kind = forms.ChoiceField(label=gettext_lazy("Soort contract"), choices=Contract.Kind.choices)
    week_minutes = HoursField(label=gettext_lazy("Uren per week volgens het contract"))
    wanted_minutes = HoursField(label=gettext_lazy("Uren per week die de medewerker wil"))
    from_on = DayField(
        label=gettext_lazy("Vanaf"), help_text=gettext_lazy("Deze maand of later. Wat er was, blijft staan.")
    )

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return dict(self.cleaned_data)


class WeekForm(forms.Form):
    """The times of each day, as 9:00-12:00, 13:00-17:00."""

    def __init__(self, *args: Any, worker: Worker | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slots = worker.availability.order_by("weekday", "from_minute") if worker else []
        held: dict[int, list[str]] = {}
        for slot in slots:
            held.setdefault(slot.weekday, []).append(
                f"{_clock(slot.from_minute)}-{_clock(slot.until_minute)}"
            )
        for number, name in enumerate(DAYS):
            self.fields[f"d{number}"] = forms.CharField(
                label=name, required=False, max_length=80, initial=", ".join(held.get(number, []))
            )

    def clean(self) -> dict[str, Any]:
        """Read the times of each day; what cannot be read is said beside its day."""
        windows: list[tuple[int, int, int]] = []
        for number in range(7):
            for part in str(self.cleaned_data.get(f"d{number}", "")).split(","):
                if not part.strip():
                    continue
                found = SPAN.fullmatch(part.strip())
                if found is None:
                    self.add_error(f"d{number}", _("Schrijf de tijden zo: 9:00-12:00, 13:00-17:00."))
                    continue
                windows.append((number, _minute(found[1], found[2]), _minute(found[3], found[4])))
        self.cleaned_data["windows"] = windows
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {"windows": self.cleaned_data["windows"]}


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def _minute(hour: str, part: str | None) -> int:
    return int(hour) * 60 + int(part or 0)


class AwayForm(forms.Form):
    """From when to when; nobody asks why."""

    from_on = DayField(label=gettext_lazy("Eerste dag weg"))
    until_on = DayField(label=gettext_lazy("Laatste dag weg"))


class KnownForm(forms.Form):
    """How somebody travels and what they speak."""

    mode = forms.ChoiceField(label=gettext_lazy("Komt"), choices=Worker.Mode.choices)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Spreekt"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    likes_late = forms.BooleanField(label=gettext_lazy("Werkt graag laat"), required=False)

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return dict(self.cleaned_data)


class ApartForm(forms.Form):
    """A customer to whom this worker is not sent."""

    customer = Named(label=gettext_lazy("Klant"), queryset=Customer.objects.none(), empty_label=None)
    side = forms.ChoiceField(
        label=gettext_lazy("Wie vraagt dit?"),
        choices=[(NotWith.Side.WORKER, gettext_lazy("de medewerker")), (NotWith.Side.CUSTOMER, gettext_lazy("de klant"))],
    )  # fmt: skip

    def __init__(self, *args: Any, neighbourhoods: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["customer"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Customer.objects.filter(neighbourhood__in=neighbourhoods).order_by("name", "pk")

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {"customer_id": self.cleaned_data["customer"].pk, "side": self.cleaned_data["side"]}


class GoodbyeForm(forms.Form):
    """The first day on which somebody does not work here any more."""

    left_on = DayField(label=gettext_lazy("Eerste dag zonder deze medewerker"))

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return dict(self.cleaned_data)


class HireForm(forms.Form):
    """Who comes to work, from when, for how many hours."""

    name = forms.CharField(label=gettext_lazy("Naam"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mailadres"), help_text=gettext_lazy("Hiermee logt de medewerker in.")
    )
    phone = forms.CharField(label=gettext_lazy("Telefoonnummer"), max_length=20, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=8)
    house_number = forms.CharField(label=gettext_lazy("Huisnummer"), max_length=12)
    mode = forms.ChoiceField(
        label=gettext_lazy("Komt"), choices=Worker.Mode.choices, initial=Worker.Mode.BIKE
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Spreekt"), choices=LANGUAGES, initial=["nl"], widget=forms.CheckboxSelectMultiple
    )
    contract_kind = forms.ChoiceField(label=gettext_lazy("Soort contract"), choices=Contract.Kind.choices)
    week_minutes = HoursField(label=gettext_lazy("Uren per week volgens het contract"))
    wanted_minutes = HoursField(label=gettext_lazy("Uren per week die de medewerker wil"))
    from_on = DayField(label=gettext_lazy("Eerste werkdag"))
    without_subsidy = forms.BooleanField(
        label=gettext_lazy("Wij betalen dit loon helemaal zelf"), required=False,
        help_text=gettext_lazy("Zonder vinkje vragen wij of het geld van de gemeente reikt tot het einde van het jaar."),
    )  # fmt: skip
