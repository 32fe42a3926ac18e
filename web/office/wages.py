"""The month of the payroll officer: its steps, what is different, time paid without a visit; and the lawbook."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from identity import clock, permissions
from identity.models import Role
from kernel.errors import Refused
from lawbook import index
from payroll import changes, month_steps, paid_time
from payroll.models import PaidTime, PayRun
from subsidies import month_steps as subsidy_steps
from web.access import act, for_roles, page, today, user_of
from web.office.law_words import Shown, shown
from workers_pool.models import Worker

OFFICER, SECOND = Role.PAYROLL, Role.TREASURER
SOON_DAYS = 60


@for_roles(OFFICER, SECOND)
def run(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a month: the steps and what blocks each, and every wage beside the month before."""
    row = get_object_or_404(PayRun, ref=ref)
    rules = set(row.lines.values_list("rule", flat=True))
    facts = {
        "run": row, "steps": [*month_steps.of_run(row), *subsidy_steps.of_month(row.month)], "changes": changes.since_last(row),
        "unchecked": changes.unchecked(rules), "made": row.payslips.count(), "all": len(row.worker_ids),
        "roles": permissions.roles(user_of(request), on=today()),
    }  # fmt: skip
    return page(request, "office/pay_run.html", facts)


class TimeForm(forms.Form):
    """Time of a day that is paid without a visit."""

    worker = forms.ModelChoiceField(
        Worker.objects.none(), to_field_name="ref", label=gettext_lazy("Medewerker"), empty_label=None
    )
    kind = forms.ChoiceField(choices=PaidTime.Kind.choices, label=gettext_lazy("Soort"))
    on = forms.DateField(label=gettext_lazy("Dag"), widget=forms.DateInput(attrs={"type": "date"}))
    minutes = forms.IntegerField(label=gettext_lazy("Minuten"), min_value=1, max_value=720)
    sick_since = forms.DateField(
        label=gettext_lazy("Eerste dag van deze ziekte"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}), help_text=gettext_lazy("Alleen bij ziek. Leeg: dezelfde dag."),
    )  # fmt: skip

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        field = self.fields["worker"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Worker.objects.select_related("user").order_by("user__name")


@for_roles(OFFICER)
def times(request: HttpRequest) -> HttpResponse:
    """Enter training, leave and sickness; what was typed stays when it is refused."""
    form = TimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            paid_time.enter(
                facts["worker"].pk, kind=facts["kind"], on=facts["on"], minutes=facts["minutes"],
                sick_since=facts["sick_since"], by=user_of(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("office:paid-times")
    since = today() - timedelta(days=92)
    rows = PaidTime.objects.filter(withdrawn_at=None, on__gte=since).select_related("worker__user")
    return page(request, "office/paid_times.html", {"form": form, "rows": rows.order_by("-on", "pk")[:200]})


@for_roles(OFFICER)
@require_POST
def withdraw_time(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back time that was entered."""
    row = get_object_or_404(PaidTime, ref=ref)
    return act(
        request, lambda: paid_time.withdraw(row.pk, by=user_of(request), at=clock.now()), done=_("Weggehaald."),
        back="office:paid-times",
    )  # fmt: skip


@for_roles(OFFICER, SECOND, Role.AUDITOR, Role.ADMIN)
def lawbook(request: HttpRequest) -> HttpResponse:
    """Show what every rule says on a day, who says so, and what it comes to."""
    try:
        day = date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        day = today()
    chapters: dict[str, list[Shown]] = {}
    for entry in index.in_force(day):
        chapters.setdefault(entry.key.partition(".")[0], []).append(shown(entry))
    facts = {
        "day": day, "chapters": chapters, "ending": index.ending_within(day, SOON_DAYS),
        "silent": [index.RULES[key] for key in index.silent_on(day)], "waiting": len(index.unverified(day)),
    }  # fmt: skip
    return page(request, "office/lawbook.html", facts)
