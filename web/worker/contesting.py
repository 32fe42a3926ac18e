"""Why me, and why no more hours: reasons in plain words, and one tap for who does not agree."""

from datetime import date, timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import clock
from identity.models import Role
from lawbook.agreements import CONTEST_WORKING_DAYS
from scheduling import contesting, fairness, history
from scheduling.models import Assignment, Contest
from web.access import for_roles, page, today, user_of, worker_of
from web.filling import cleaned, fill

WEEK = timedelta(days=7)


class ContestForm(forms.Form):
    """As many words as somebody likes, or none."""

    words = forms.CharField(
        label=gettext_lazy("Wilt u zeggen waarom? Het hoeft niet."), required=False,
        max_length=contesting.LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


@for_roles(Role.WORKER)
def visit(request: HttpRequest, ref: str) -> HttpResponse:
    """Show why this worker goes, and take that they do not agree."""
    rows = Assignment.objects.select_related("visit__booking__service", "visit__booking__address")
    row = get_object_or_404(rows, ref=ref, worker=worker_of(request))
    form, here = (
        ContestForm(request.POST if request.method == "POST" else None),
        reverse("worker:why-me", args=[ref]),
    )

    def contest() -> Contest:
        return contesting.contest_visit(row.pk, by=user_of(request), at=clock.now(), **cleaned(form))

    gone = fill(request, form, contest, done=_("Een mens kijkt hiernaar. U krijgt bericht."), back=here)
    contested = contesting.shown(Contest.objects.filter(assignment=row)).first()
    return gone or page(request, "worker/why_me.html", {
        "row": row, "form": form, "contested": contested, "days": CONTEST_WORKING_DAYS.on(today()),
        "may": contested is None and contesting.may_contest(row, at=clock.now()),
    })  # fmt: skip


@for_roles(Role.WORKER)
def hours(request: HttpRequest, day: str) -> HttpResponse:
    """Show the hours of a week beside what was wanted and one's place among colleagues; take that they are too few."""
    worker, monday = worker_of(request), _monday(day)
    form, here = (
        ContestForm(request.POST if request.method == "POST" else None),
        reverse("worker:hours", args=[day]),
    )

    def contest() -> Contest:
        return contesting.contest_hours(
            worker.pk, monday=monday, by=user_of(request), at=clock.now(), **cleaned(form)
        )

    gone = fill(request, form, contest, done=_("Een mens kijkt hiernaar. U krijgt bericht."), back=here)
    rows = Contest.objects.filter(worker=worker, monday=monday, assignment=None)
    contested = contesting.shown(rows).first()
    planned = history.around([worker.pk], monday + WEEK, weeks=1)[worker.pk].before[0]
    this = today() - timedelta(days=today().weekday())
    return gone or page(request, "worker/hours.html", {
        "monday": monday, "other": this if monday != this else this + WEEK, "planned": planned,
        "places": fairness.places(worker, this), "form": form, "contested": contested, "days": CONTEST_WORKING_DAYS.on(today()),
        "may": contested is None and contesting.may_contest_hours(worker, monday, at=clock.now()),
    })  # fmt: skip


def _monday(day: str) -> date:
    """Return the Monday in an address, of a week near this one; our pages hold no other."""
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    if found.weekday() or abs(found - today()) > timedelta(days=60):
        raise Http404
    return found
