"""Who does not agree with the plan: what waits for an answer and how long, and the answer of a human being."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import clock, permissions
from identity.models import Role
from scheduling import contesting
from scheduling.models import Contest, Plan
from web.access import for_roles, page, today, user_of
from web.filling import cleaned, fill


class AnswerForm(forms.Form):
    """It stays or becomes different, and why."""

    use_required_attribute = False  # a browser would colour the choices wrong before anything was pressed

    keeps = forms.TypedChoiceField(
        label=gettext_lazy("Wat is uw antwoord?"), widget=forms.RadioSelect, coerce=lambda said: said == "ja",
        choices=[("ja", gettext_lazy("Het blijft zo")), ("nee", gettext_lazy("Het wordt anders"))],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Waarom? De medewerker leest dit."), max_length=2 * contesting.LONGEST_WORDS,
        help_text=gettext_lazy("Schrijf niets over een ander. Geen gezondheid."), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


@for_roles(Role.COORDINATOR, Role.QA)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what waits, the nearest deadline first, and what was promised to become different."""
    by, at = user_of(request), clock.now()
    mine = contesting.where(by, on=today())
    return page(request, "office/contests.html", {
        "waiting": [(row, (at - row.made_at).days, row.due_at < at) for row in contesting.waiting(mine)],
        "to_change": contesting.to_change(mine, at=at), "plans": _plans(request),
    })  # fmt: skip


@for_roles(Role.COORDINATOR, Role.QA)
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what a worker does not agree with and why they were planned so, and take the answer."""
    by = user_of(request)
    rows = contesting.shown(Contest.objects.filter(neighbourhood__in=contesting.where(by, on=today())))
    row = get_object_or_404(rows, ref=ref)
    form, back = AnswerForm(request.POST or None), reverse("office:contests")

    def give() -> Contest:
        return contesting.answer(row.pk, by=by, at=clock.now(), **cleaned(form))

    gone = fill(request, form, give, done=_("Dank u. De medewerker hoort het."), back=back)
    return gone or page(request, "office/contest.html", {
        "row": row, "form": form, "may": contesting.may_answer(row, by, on=today()), "late": row.due_at < clock.now(),
        "back_url": back, "plans": _plans(request),
        "plan": Plan.objects.filter(neighbourhood=row.neighbourhood, monday=row.monday, state=Plan.State.PUBLISHED).last(),
    })  # fmt: skip


def _plans(request: HttpRequest) -> bool:
    """Tell whether who looks may change a plan, and so gets the links."""
    return Role.COORDINATOR in permissions.roles(user_of(request), on=today())
