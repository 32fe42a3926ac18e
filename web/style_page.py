"""The style page: every piece of our pages in use, with invented content. Only in the sandbox."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from web.widgets import Chips, ChoiceCards, Stepper


class SampleForm(forms.Form):
    """Every kind of question, for the style page."""

    service = forms.ChoiceField(
        label=_("Waarmee kunnen we helpen?"),
        choices=[("cleaning", _("Schoonmaken")), ("moving", _("Verhuizen")), ("small-jobs", _("Klusjes"))],
        widget=ChoiceCards(
            icons={"cleaning": "sparkles", "moving": "package", "small-jobs": "hammer"},
            notes={"moving": _("Wij rijden niet")},
        ),
    )
    rooms = forms.IntegerField(
        label=_("Hoeveel kamers?"), min_value=1, max_value=12, widget=Stepper(unit=(_("kamer"), _("kamers")))
    )
    day = forms.ChoiceField(
        label=_("Wanneer?"),
        choices=[("tomorrow", _("Morgen")), ("thursday", _("Donderdag")), ("other", _("Andere dag"))],
        widget=Chips,
    )
    postcode = forms.CharField(
        label=_("Wat is uw postcode?"), help_text=_("Bijvoorbeeld 4811 AB"), max_length=7
    )
    pay = forms.ChoiceField(
        label=_("Hoe wilt u betalen?"),
        choices=[("ideal", "iDEAL"), ("transfer", _("Overschrijven"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Wilt u iets zeggen?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    agree = forms.BooleanField(label=_("Ik ga akkoord met de voorwaarden"))


def style(request: HttpRequest) -> HttpResponse:
    """Show every component with invented content. Only in the sandbox."""
    if not settings.SANDBOX:
        raise Http404
    zone = ZoneInfo("Europe/Amsterdam")
    page = Paginator(range(60), 20).get_page(request.GET.get("page", 2))
    faulty = SampleForm(
        {"fout-service": "cleaning", "fout-rooms": "30", "fout-day": "thursday", "fout-postcode": ""},
        prefix="fout",
    )
    return render(
        request,
        "public/style.html",
        {
            "form": SampleForm(
                initial={"rooms": 3, "service": "cleaning", "day": "thursday", "pay": "ideal"}
            ),
            "faulty": faulty,
            "page": page,
            "start": datetime(2026, 11, 26, 9, tzinfo=zone),
            "end": datetime(2026, 11, 26, 12, tzinfo=zone),
            "deadline": datetime(2026, 11, 25, 9, 30, tzinfo=zone),
            "expiry": date(2027, 1, 31),
            **SAMPLES,
        },
    )


SAMPLES: dict[str, Any] = {
    "queue": [
        {"count": 2, "label": _("ziekmeldingen"), "url": "#", "kind": "wrong"},
        {"count": 7, "label": _("bezoeken zonder medewerker"), "url": "#", "kind": "waits"},
        {"count": 0, "label": _("klachten"), "url": "#", "kind": "good"},
    ],
    "rows": [
        ("Samira El A.", "Fatma Y.", "9:00", 180, 30_00, "good", _("bevestigd")),
        ("Daan V.", "Bouwbedrijf De Linde", "13:00", 240, 40_00, "waits", _("wacht op klant")),
        ("Iwona K.", "Mevrouw Jansen", "10:30", 120, 20_00, "wrong", _("niet geweest")),
    ],
    "steps": [
        {"number": 1, "name": _("Gekocht"), "text": _("10 cheques op 3 november, met iDEAL"), "done": True, "cents": 100_00, "links": [("#", _("betaling")), ("#", _("bankregel"))]},
        {"number": 2, "name": _("Gereserveerd"), "text": _("3 uur op 10 november"), "done": True, "cents": 30_00, "links": [("#", _("boeking"))]},
        {"number": 3, "name": _("Gewerkt"), "text": _("8.58 tot 12.01 uur, 3 uur bevestigd"), "done": True, "cents": None, "links": []},
        {"number": 4, "name": _("Loon"), "text": _("3 uur van Samira"), "done": True, "wrong": True, "cents": 56_87, "links": [("#", _("loonstrook"))]},
        {"number": 5, "name": _("Subsidie"), "text": _("Komt bij de aanvraag van november"), "done": False, "cents": None, "links": []},
    ],
}  # fmt: skip
