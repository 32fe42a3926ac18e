"""The ladder twice a year, and where people went who left. Payroll only: it is about people, and each look is written down."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import clock
from identity.models import Role
from subsidies import monitoring, readings
from subsidies.monitoring import ToMeasure
from web.access import for_roles, page, today, user_of
from web.filling import cleaned, fill
from web.office.subsidy_forms import day
from workers_pool.models import Worker

HERE = "office:monitoring"
AT_ONCE = 50  # people on a page: the next ones come when these are done
STEPS = [
    (1, gettext_lazy("1 alleen thuis")), (2, gettext_lazy("2 contacten buiten")), (3, gettext_lazy("3 georganiseerde activiteit")),
    (4, gettext_lazy("4 onbetaald werk")), (5, gettext_lazy("5 betaald werk met steun")), (6, gettext_lazy("6 betaald werk zonder steun")),
]  # fmt: skip


class LadderForm(forms.Form):
    """A step per person; what the work tells of stands in it already."""

    def __init__(self, *args: Any, people: list[ToMeasure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in people:
            self.fields[one.worker.ref] = forms.TypedChoiceField(
                label=one.worker.user.name, choices=STEPS, coerce=int, initial=one.step
            )


class OutflowForm(forms.Form):
    """The contract after this one, if there is one."""

    work_from_on = day(
        gettext_lazy("Eerste dag van het andere contract"), required=False,
        help_text=gettext_lazy("Geen ander werk? Laat dit dan leeg."),
    )  # fmt: skip
    work_months = forms.IntegerField(
        label=gettext_lazy("Hoeveel maanden duurt dat contract minstens?"),
        min_value=0,
        max_value=600,
        initial=0,
    )
    wage_not_lower = forms.BooleanField(label=gettext_lazy("Het loon is niet lager dan hier"), required=False)
    proof = forms.CharField(
        label=gettext_lazy("Waaruit blijkt dat?"), max_length=80, required=False,
        help_text=gettext_lazy("Bijvoorbeeld: contract gezien op 3 maart. Geen gezondheid, geen nummers."),
    )  # fmt: skip


@for_roles(Role.PAYROLL)
def overview(request: HttpRequest) -> HttpResponse:
    """Show who is to be measured, all in one form that is filled in already, and of whom we ask where they went."""
    waiting = monitoring.to_measure(on=today())
    people = waiting[:AT_ONCE]
    form = LadderForm(request.POST or None, people=people)
    refs = {one.worker.ref: one.worker.pk for one in people}

    def measure() -> None:
        steps = {refs[ref]: step for ref, step in form.cleaned_data.items()}
        monitoring.measure(steps, on=today(), by=user_of(request), at=clock.now())

    gone = fill(request, form, measure, done=_("De meting staat erin."), back=reverse(HERE))
    if gone:
        return gone
    readings.note("participation ladder", by=user_of(request), at=clock.now())
    return page(request, "office/monitoring.html", {
        "form": form, "people": people, "more": len(waiting) - len(people), "left": monitoring.to_ask(on=today()),
        "back_url": reverse("office:worker-files"),
    })  # fmt: skip


@for_roles(Role.PAYROLL)
def outflow(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask where somebody went who left."""
    row = get_object_or_404(Worker.objects.select_related("user"), ref=ref)
    known = monitoring.known_of(row.pk)
    names = ("work_from_on", "work_months", "wage_not_lower", "proof")
    form = OutflowForm(
        request.POST or None, initial={name: getattr(known, name) for name in names} if known else {}
    )
    gone = fill(
        request, form, lambda: monitoring.note_outflow(row.pk, **cleaned(form), by=user_of(request), at=clock.now()),
        done=_("Het staat erin."), back=reverse(HERE),
    )  # fmt: skip
    if gone:
        return gone
    readings.note(f"outflow of worker {row.ref}", by=user_of(request), at=clock.now())
    return page(request, "office/outflow.html", {"worker": row, "form": form, "back_url": reverse(HERE)})
