"""The coordinator's day: the board, the draft, sick calls, and closing the week."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Neighbourhood, Role
from kernel.errors import Refused
from kernel.periods import start_of_day
from scheduling import (
    cancellation,
    contesting,
    planning,
    publishing,
    replacing,
    replanning,
    sick_call,
    visits,
    week_closing,
)
from scheduling.models import Assignment, ClosedWeek, Plan, Repair, Visit
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of
from web.office import board as boards
from web.office.repairs import to_proposals
from workers_pool.models import Worker

HERE = "office:planning"
FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2100, 1, 4)  # a week around each can be shown


def _mine(request: HttpRequest) -> list[int]:
    return neighbourhoods_of(request, Role.COORDINATOR)


def _day(request: HttpRequest) -> date:
    try:
        day = date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        return today()  # type: ignore[no-any-return]
    return min(max(day, FIRST_DAY), LAST_DAY)


def _monday(request: HttpRequest) -> date:
    """Return the week a button was pressed for; the page wrote it there, so anything else is no page of ours."""
    try:
        return date.fromisoformat(request.POST.get("maandag", ""))
    except ValueError as error:
        raise Http404 from error


def _of(day: date) -> str:
    """Return the address of a day's board."""
    return f"{reverse(HERE)}?dag={day.isoformat()}"


@for_roles(Role.COORDINATOR)
def board(request: HttpRequest) -> HttpResponse:
    """Show one day: workers as rows, visits as blocks; the week's plan above it."""
    mine, day = _mine(request), _day(request)
    rows = boards.visits_of(mine, day)
    monday = day - timedelta(days=day.weekday())
    planning.end_silent_runs(at=clock.now())
    plans = Plan.objects.filter(neighbourhood__in=mine, monday=monday).exclude(state=Plan.State.DROPPED)
    short = replacing.short_crews(
        mine, since=clock.now() - timedelta(hours=4), until=clock.now() + timedelta(days=14)
    )
    return page(request, "office/board.html", {
        "day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "monday": monday,
        "lines": boards.lines(mine, day, rows), "hours": range(boards.FIRST_HOUR, boards.LAST_HOUR), "quarters": boards.QUARTERS,
        "plans": plans.prefetch_related("unassigned__booking__customer", "unassigned__booking__service").order_by("-pk")[:4],
        "short": short, "repairs": replanning.open_repairs(mine, at=clock.now())[:5], "neighbourhoods": Neighbourhood.objects.filter(pk__in=mine), "visits": rows,
        "closed": set(ClosedWeek.objects.filter(neighbourhood__in=mine, monday=monday).values_list("neighbourhood_id", flat=True)),
        "contests": len(contesting.waiting(mine)), "as_list": request.GET.get("weergave") == "lijst",
    })  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a plan of the week."""
    where = get_object_or_404(Neighbourhood, ref=request.POST.get("buurt"), pk__in=_mine(request))
    monday = _monday(request)
    try:
        plan = planning.ask(where.pk, monday=monday, seconds=8, seed=1, by=user_of(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_of(monday))
    return redirect("office:plan", ref=plan.ref)


@for_roles(Role.COORDINATOR)
@require_POST
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    """Publish a draft."""
    plan = get_object_or_404(Plan, ref=ref, neighbourhood__in=_mine(request))
    return act(
        request, lambda: publishing.publish(plan.pk, by=user_of(request), at=clock.now()),
        done=_("Gepubliceerd. Klanten en medewerkers horen het."), back=_of(plan.monday),
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
def sick(request: HttpRequest) -> HttpResponse:
    """Take a sick worker off the visits of a day, and list who can go instead."""
    mine = _mine(request)
    if request.method == "POST":
        worker = get_object_or_404(Worker, ref=request.POST.get("medewerker"), neighbourhood__in=mine)
        days = {"1": 1, "2": 2, "7": 7}.get(request.POST.get("dagen", "1"), 1)
        until, at = start_of_day(today() + timedelta(days=days)), clock.now()
        repairs: list[Repair] = []
        try:
            lost, repairs = replanning.call_in_sick(
                worker.pk, from_at=at, until_at=until, by=user_of(request), at=at
            )
            messages.success(request, _("%(count)s bezoeken zoeken nu iemand anders.") % {"count": len(lost)})
        except Refused as refused:
            messages.error(request, str(refused))
        return to_proposals(repairs, HERE)
    workers = (
        Worker.objects.filter(neighbourhood__in=mine, left_on=None)
        .select_related("user")
        .order_by("user__name")
    )
    return page(request, "office/sick.html", {"workers": workers})


@for_roles(Role.COORDINATOR)
def replace(request: HttpRequest, ref: str) -> HttpResponse:
    """Show who can take a free place, best first with why, and send the one who is chosen."""
    visit = get_object_or_404(
        Visit.objects.select_related("booking__service"), ref=ref, neighbourhood__in=_mine(request)
    )
    if request.method == "POST":
        worker = get_object_or_404(
            Worker, ref=request.POST.get("medewerker"), neighbourhood=visit.neighbourhood_id
        )
        return act(
            request, lambda: replacing.replace(visit.pk, worker_id=worker.pk, by=user_of(request), at=clock.now()),
            done=_("%(name)s is gevraagd.") % {"name": worker.user.name}, back=_of(timezone.localdate(visit.start_at)),
        )  # fmt: skip
    return page(
        request, "office/replace.html", {"visit": visit, "candidates": replacing.candidates(visit.pk)}
    )


@for_roles(Role.COORDINATOR)
@require_POST
def drop(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back a visit to which nobody can be sent."""
    visit = get_object_or_404(Visit, ref=ref, neighbourhood__in=_mine(request))
    by, at, back = user_of(request), clock.now(), _of(timezone.localdate(visit.start_at))
    try:
        cancellation.cancel(visit.booking_id, by=by, at=at, despite_term=True)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(back)
    messages.success(request, _("Afgezegd. De cheques van de klant zijn weer vrij. Bel de klant."))
    repair = replanning.ask_after_cancelling(visit, by=by, at=at)
    return to_proposals([repair] if repair else [], back)


@for_roles(Role.COORDINATOR)
def times(request: HttpRequest, ref: str) -> HttpResponse:
    """Record times by hand, or note that somebody did not come."""
    row = get_object_or_404(
        Assignment.objects.select_related("visit__booking__service", "worker__user"),
        ref=ref,
        visit__neighbourhood__in=_mine(request),
    )
    if request.method == "POST" and "niet-gekomen" in request.POST:
        return _not_come(request, row)
    if request.method == "POST":
        try:
            _by_hand(request, row)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("De tijden staan erin."))
            return redirect(_of(timezone.localdate(row.visit.start_at)))
    typed = {"came": request.POST.get("van", ""), "left": request.POST.get("tot", "")}
    return page(request, "office/times.html", {"row": row, **typed})


def _not_come(request: HttpRequest, row: Assignment) -> HttpResponse:
    by, at, repairs = user_of(request), clock.now(), list[Repair]()
    try:
        sick_call.mark_no_show(row.pk, by=by, at=at)
        messages.success(request, _("Genoteerd. Zoek nu iemand anders."))
        repairs = replanning.ask_for_visits(Repair.Cause.NO_SHOW, [row.visit_id], by=by, at=at)
    except Refused as refused:
        messages.error(request, str(refused))
    return to_proposals(repairs, _of(timezone.localdate(row.visit.start_at)))


def _by_hand(request: HttpRequest, row: Assignment) -> None:
    day = timezone.localdate(row.visit.start_at)
    try:
        came, left = (time.fromisoformat(request.POST.get(name, "")) for name in ("van", "tot"))
    except ValueError as error:
        raise visits.OutBeforeIn(_("Vul twee tijden in, zo: 9:05.")) from error
    visits.record_by_hand(
        row.pk, checked_in_at=timezone.make_aware(datetime.combine(day, came)),
        checked_out_at=timezone.make_aware(datetime.combine(day, left)), by=user_of(request), at=clock.now(),
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the week of a neighbourhood."""
    where = get_object_or_404(Neighbourhood, ref=request.POST.get("buurt"), pk__in=_mine(request))
    monday = _monday(request)
    return act(
        request, lambda: week_closing.close(where.pk, monday=monday, by=user_of(request), at=clock.now()),
        done=_("De week is afgesloten. De uren worden uitbetaald."), back=_of(monday),
    )  # fmt: skip
