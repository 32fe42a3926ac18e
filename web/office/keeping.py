"""Benefits beside a wage: what a worker keeps of more hours, and the hours of a month for the towns. Payroll only."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import clock
from identity.models import Role
from kernel.money import euros
from kernel.periods import add_months
from subsidies import keeping, readings
from web.access import for_roles, page, today, user_of
from web.asking_hours import asked
from web.filling import cleaned, fill
from web.office.subsidy_forms import day
from web.office.tables import as_csv
from workers_pool.models import Worker

HEAD = ("worker", "name", "benefit month", "paid minutes", "gross", "net")


class BenefitForm(forms.Form):
    """What is known of a benefit."""

    household = forms.ChoiceField(label=gettext_lazy("Uitkering"), choices=[
        (keeping.SINGLE, gettext_lazy("voor iemand alleen")), (keeping.COUPLE, gettext_lazy("voor een paar")),
        ("", gettext_lazy("geen uitkering (meer)")),
    ], required=False)  # fmt: skip
    started_on = day(gettext_lazy("Eerste maand met loon naast de uitkering"), required=False)
    single_parent = forms.BooleanField(
        label=gettext_lazy("Ouder alleen, met een kind onder de 12"), required=False
    )
    medically_limited = forms.BooleanField(
        label=gettext_lazy("Kan door ziekte niet meer uren werken"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Return what was filled in.

        :raises ValidationError: a benefit has a first month.
        """
        facts = super().clean() or {}
        if facts.get("household") and not facts.get("started_on") and "started_on" not in self.errors:
            self.add_error("started_on", _("Vul de eerste maand in."))
        return facts


@for_roles(Role.PAYROLL)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the paid hours of everyone with a benefit in a month; the same as a file."""
    month = _month(request)
    workers = keeping.with_benefit()
    rows = keeping.months_of(workers, since=month, until=add_months(month, 1))
    readings.note(f"benefit {month:%Y-%m}", by=user_of(request), at=clock.now())
    if request.GET.get("vorm") == "csv":
        return as_csv(f"uren-bij-uitkering-{month:%Y-%m}", HEAD, [
            (row.worker.ref, row.worker.user.name, f"{row.month:%Y-%m}", row.minutes, euros(row.gross_cents),
             "" if row.net_cents is None else euros(row.net_cents))
            for row in rows
        ])  # fmt: skip
    months = [add_months(today().replace(day=1), -back) for back in range(13)]
    return page(request, "office/keeping.html", {
        "month": month, "months": months, "rows": rows, "workers": workers, "back_url": reverse("office:worker-files"),
    })  # fmt: skip


def _month(request: HttpRequest) -> date:
    last = add_months(today().replace(day=1), -1)
    try:
        return date.fromisoformat(f"{request.GET.get('maand', f'{last:%Y-%m}')}-01")
    except ValueError:
        return last


@for_roles(Role.PAYROLL)
def worker(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what a worker keeps of more hours, and write down what decides it."""
    row = get_object_or_404(Worker.objects.select_related("user"), ref=ref)
    facts = keeping.known(row.pk)
    start = {name: getattr(facts, name) for name in facts.__slots__} if facts else {"household": ""}
    form = BenefitForm(request.POST or None, initial=start)

    def note() -> None:
        said = cleaned(form)
        noted = keeping.Facts(**said) if said["household"] else None
        keeping.note(row.pk, noted, by=user_of(request), at=clock.now())

    here = reverse("office:keeping-worker", args=[ref])
    gone = fill(request, form, note, done=_("Het staat erin."), back=here)
    if gone:
        return gone
    readings.note(f"benefit of worker {row.ref}", by=user_of(request), at=clock.now())
    more, minutes = asked(request.GET)
    return page(request, "office/keeping_worker.html", {
        "worker": row, "known": facts, "form": form, "more": more,
        "found": keeping.estimate(row, more_minutes=minutes, on=today()),
        "back_url": reverse("office:worker-file", args=[ref]),
    })  # fmt: skip
