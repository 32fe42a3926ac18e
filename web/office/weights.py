"""What counts in a plan, and how much: looked at, tried on the last week, and only then saved."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import clock
from identity.models import Neighbourhood, Role
from kernel.errors import Refused
from scheduling import weight_trial, weighting
from scheduling.comparing import PARTS
from scheduling.engine.model import Weights
from scheduling.models import Weighting
from web.access import for_roles, neighbourhoods_of, page, user_of
from web.filling import Named

HERE = "office:weights"
SALT = "weights that were tried"
TRIED_FOR = 3600  # seconds between looking and saving
UNITS = {
    "travel": gettext_lazy("per minuut reizen"),
    "continuity": gettext_lazy("per bekend gezicht dat de klant mist"),
    "series": gettext_lazy("per ander gezicht in een reeks"),
    "hours": gettext_lazy("per half uur anders dan gewenst, in het kwadraat"),
    "learner": gettext_lazy("per leerling die meegaat; onder nul is het een bonus"),
    "late": gettext_lazy("per late dag van iemand die dat niet wil"),
    "short": gettext_lazy("per dag met minder dan 3 uur werk"),
    "split": gettext_lazy("per gat van meer dan 2 uur in een dag"),
}


class WeightsForm(forms.Form):
    """A weight for each part of the cost, why they change, and on whose week they are tried."""

    def __init__(self, *args: Any, where: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, unit in UNITS.items():
            self.fields[name] = forms.IntegerField(
                label=PARTS[name], help_text=unit, max_value=weighting.MOST,
                min_value=-weighting.MOST if name == "learner" else 0,
            )  # fmt: skip
        self.fields["why"] = forms.CharField(
            label=gettext_lazy("Waarom verandert u dit?"), max_length=300,
            help_text=gettext_lazy("Een collega leest dit later terug."), widget=forms.Textarea({"rows": 2}),
        )  # fmt: skip
        self.fields["where"] = Named(
            Neighbourhood.objects.filter(pk__in=where).order_by("name"), empty_label=None,
            label=gettext_lazy("Probeer het op de laatste week van"),
        )  # fmt: skip

    @property
    def weights(self) -> dict[str, int]:
        """The weights that were filled in, of a form that is valid."""
        return {name: self.cleaned_data[name] for name in UNITS}


def _where(request: HttpRequest) -> list[int]:
    return [*neighbourhoods_of(request, Role.COORDINATOR), *neighbourhoods_of(request, Role.ADMIN)]


@for_roles(Role.COORDINATOR, Role.ADMIN)
def weights(request: HttpRequest) -> HttpResponse:
    """Show the weights that count and those that counted; try others on a week, and keep them after that."""
    if "bewaar" in request.POST:
        return _save(request)
    last = weighting.current()
    now = weighting.weights()
    form = WeightsForm(request.POST or None, initial=asdict(now), where=_where(request))
    tried = _try(form, last, now) if request.method == "POST" and form.is_valid() else {}
    return page(request, "office/weights.html", {
        "form": form, "last": last, "rows": [(PARTS[name], UNITS[name], value) for name, value in asdict(now).items()],
        "past": Weighting.objects.select_related("by").order_by("-version")[:20], **tried,
    })  # fmt: skip


def _try(form: WeightsForm, last: Weighting | None, now: Weights) -> dict[str, Any]:
    """Return what the filled-in weights would do, with a token by which they can be kept."""
    where = form.cleaned_data["where"]
    try:
        then = weighting.as_weights(form.weights)
        if then == now:
            raise weighting.NotAWeight(_("Dit zijn de gewichten van nu. Verander er een."))
        trial = weight_trial.trial(where, now=now, then=then)
    except weight_trial.NothingToTryOn as nothing:
        trial, said = None, str(nothing)
    except Refused as refused:
        form.add_error(None, str(refused))
        return {}
    else:
        said = ""
    facts = {
        "weights": form.weights,
        "why": form.cleaned_data["why"],
        "instead_of": last.version if last else 0,
    }
    return {
        "trial": trial, "nothing": said, "where": where, "why": facts["why"],
        "changed": [
            (PARTS[name], getattr(now, name), value) for name, value in form.weights.items() if value != getattr(now, name)
        ],
        "token": signing.dumps(facts, salt=SALT),
    }  # fmt: skip


def _save(request: HttpRequest) -> HttpResponse:
    """Keep weights whose trial was shown; nothing else is kept."""
    try:
        facts = signing.loads(request.POST["bewaar"], salt=SALT, max_age=TRIED_FOR)
    except signing.BadSignature:
        messages.error(request, _("Bekijk eerst wat de nieuwe gewichten doen. Bewaar ze daarna."))
        return redirect(HERE)
    try:
        weighting.change(
            facts["weights"],
            why=facts["why"],
            instead_of=facts["instead_of"],
            by=user_of(request),
            at=clock.now(),
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Bewaard. Het volgende rooster wordt hiermee gemaakt."))
    return redirect(HERE)
