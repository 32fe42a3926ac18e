"""What workers see and do, on their phones."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Role
from payroll import payslip_pdf
from payroll.models import Payslip
from scheduling import nobody_home as absent
from scheduling import offers, replanning, visits
from scheduling.models import Assignment
from subsidies import keeping
from web.access import act, for_roles, page, today, user_of, worker_of


@for_roles(Role.WORKER)
def day(request: HttpRequest) -> HttpResponse:
    """Show today first: one visit, one big button; then what is asked and what comes."""
    worker, on = worker_of(request), today()
    rows = Assignment.objects.filter(worker=worker, state__in=Assignment.LIVE).select_related(
        "worker", "visit__booking__customer", "visit__booking__address", "visit__booking__service"
    ).order_by("visit__start_at")  # fmt: skip
    monday = on - timedelta(days=on.weekday())
    week = [
        row for row in rows if monday <= timezone.localdate(row.visit.start_at) < monday + timedelta(days=7)
    ]
    mine = [
        row
        for row in rows
        if timezone.localdate(row.visit.start_at) == on and row.state != Assignment.State.OFFERED
    ]
    asked = [row for row in rows if row.state == Assignment.State.OFFERED]
    return page(request, "worker/day.html", {
        "worker": worker, "today": mine, "asked": [(row, _kept(row)) for row in asked],
        "coming": [row for row in rows if timezone.localdate(row.visit.start_at) > on and row.state == Assignment.State.ASSIGNED],
        "worked_minutes": sum(row.recorded_minutes or 0 for row in week), "on": on,
    })  # fmt: skip


def _kept(row: Assignment) -> keeping.Estimate | None:
    """Return what the worker keeps of an offer, as far as it is known."""
    minutes = int((row.visit.end_at - row.visit.start_at).total_seconds()) // 60
    return keeping.estimate(row.worker, more_minutes=minutes, on=timezone.localdate(row.visit.start_at))


@for_roles(Role.WORKER)
def week(request: HttpRequest) -> HttpResponse:
    """Show everything that was and comes, with planned and recorded times."""
    rows = Assignment.objects.filter(worker=worker_of(request), state__in=Assignment.LIVE).select_related(
        "visit__booking__service", "visit__booking__address"
    )
    monday = today() - timedelta(days=today().weekday())
    return page(
        request, "worker/week.html", {"rows": rows.order_by("-visit__start_at")[:60], "monday": monday}
    )


def _own(request: HttpRequest, ref: str) -> Assignment:
    return get_object_or_404(Assignment, ref=ref, worker=worker_of(request))


@for_roles(Role.WORKER)
@require_POST
def check_in(request: HttpRequest, ref: str) -> HttpResponse:
    """Say: I am here."""
    row = _own(request, ref)
    return act(
        request, lambda: visits.check_in(row.pk, by=user_of(request), at=clock.now()),
        done=_("U bent er. Veel plezier!"), back="worker:today",
    )  # fmt: skip


@for_roles(Role.WORKER)
@require_POST
def check_out(request: HttpRequest, ref: str) -> HttpResponse:
    """Say: I am done."""
    row = _own(request, ref)
    return act(
        request, lambda: visits.check_out(row.pk, by=user_of(request), at=clock.now()),
        done=_("Klaar. Uw uren staan erin."), back="worker:today",
    )  # fmt: skip


@for_roles(Role.WORKER)
@require_POST
def nobody_home(request: HttpRequest, ref: str) -> HttpResponse:
    """Say: nobody opens the door."""
    row = _own(request, ref)
    return act(
        request, lambda: absent.report(row.pk, by=user_of(request), at=clock.now()),
        done=_("Jammer. U krijgt dit bezoek gewoon betaald."), back="worker:today",
    )  # fmt: skip


@for_roles(Role.WORKER)
@require_POST
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Take or leave an offer."""
    row, takes = _own(request, ref), request.POST.get("takes") == "ja"
    return act(
        request, lambda: offers.answer(row.pk, takes=takes, by=user_of(request), at=clock.now()),
        done=_("Dank u. U gaat erheen.") if takes else _("Goed. Wij vragen iemand anders."), back="worker:today",
    )  # fmt: skip


@for_roles(Role.WORKER)
def sick(request: HttpRequest) -> HttpResponse:
    """Report sick in two taps; no reason is asked."""
    worker, at = worker_of(request), clock.now()
    if request.method == "POST":
        days = 1 if request.POST.get("days") == "1" else 2
        until = timezone.make_aware(datetime.combine(today() + timedelta(days=days), time()))
        return act(
            request,
            lambda: replanning.call_in_sick(worker.pk, from_at=at, until_at=until, by=user_of(request), at=at),
            done=_("Beterschap. De coördinator weet het. U hoeft niets meer te doen."), back="worker:today",
        )  # fmt: skip
    return page(request, "worker/sick.html", {})


@for_roles(Role.WORKER)
def wages(request: HttpRequest) -> HttpResponse:
    """Show own payslips, net first, each with the lines it is made of."""
    slips = (
        Payslip.objects.filter(worker=worker_of(request)).exclude(run__state="draft").select_related("run")
    )
    facts = [
        {
            "slip": slip,
            "lines": slip.run.lines.filter(worker=slip.worker).prefetch_related("pieces__assignment__visit"),
        }
        for slip in slips.order_by("-run__month")
    ]
    return page(request, "worker/wages.html", {"slips": facts})


@for_roles(Role.WORKER)
def payslip(request: HttpRequest, ref: str) -> HttpResponse:
    """Download an own payslip, to keep."""
    slips = Payslip.objects.filter(worker=worker_of(request)).exclude(run__state="draft")
    slip = get_object_or_404(slips, ref=ref)
    language = "en" if get_language() == "en" else "nl"
    answer = HttpResponse(payslip_pdf.render(slip.pk, language=language), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="loonstrook-{slip.run.month:%Y-%m}.pdf"'
    return answer
