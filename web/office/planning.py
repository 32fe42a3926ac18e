"""The coordinator's day: the board, the draft, sick calls, and closing the week."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Neighbourhood, Role
from kernel.errors import Refused
from scheduling import cancellation, planning, publishing, replacing, sick_call, visits, week_closing
from scheduling.models import Assignment, ClosedWeek, Plan, Visit
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of
from workers_pool.models import Worker

HERE = "office:planning"


def _mine(request: HttpRequest) -> list[int]:
    return neighbourhoods_of(request, Role.COORDINATOR)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        return today()  # type: ignore[no-any-return]


@for_roles(Role.COORDINATOR)
def board(request: HttpRequest) -> HttpResponse:
    """Show one day: workers as rows, visits as blocks; the week's plan above it."""
    mine, day = _mine(request), _day(request)
    start = timezone.make_aware(datetime.combine(day, time()))
    rows = (
        Visit.objects.filter(
            neighbourhood__in=mine, start_at__gte=start, start_at__lt=start + timedelta(days=1)
        )
        .exclude(state=Visit.State.CANCELLED)
        .select_related("booking__service", "booking__customer", "booking__address")
        .prefetch_related("assignments__worker__user")
    )
    blocks: dict[int, list[Assignment]] = {}
    for visit in rows.order_by("start_at", "pk"):
        for row in visit.assignments.all():
            if row.state in Assignment.LIVE or row.state == Assignment.State.NO_SHOW:
                blocks.setdefault(row.worker_id, []).append(row)
    workers = (
        Worker.objects.filter(neighbourhood__in=mine, left_on=None)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    monday = day - timedelta(days=day.weekday())
    plans = Plan.objects.filter(neighbourhood__in=mine, monday=monday).exclude(state=Plan.State.DROPPED)
    short = replacing.short_crews(
        mine, since=clock.now() - timedelta(hours=4), until=clock.now() + timedelta(days=14)
    )
    return page(request, "office/board.html", {
        "day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "monday": monday,
        "workers": [{"worker": worker, "rows": blocks.get(worker.pk, [])} for worker in workers],
        "plans": plans.prefetch_related("unassigned__booking__customer", "unassigned__booking__service").order_by("-pk")[:4],
        "short": short, "neighbourhoods": Neighbourhood.objects.filter(pk__in=mine), "visits": rows.order_by("start_at"),
        "closed": set(ClosedWeek.objects.filter(neighbourhood__in=mine, monday=monday).values_list("neighbourhood_id", flat=True)),
        "as_list": request.GET.get("weergave") == "lijst",
    })  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a plan of the week."""
    where = get_object_or_404(Neighbourhood, ref=request.POST.get("buurt"), pk__in=_mine(request))
    monday = date.fromisoformat(request.POST.get("maandag", ""))
    return act(
        request,
        lambda: planning.ask(where.pk, monday=monday, seconds=8, seed=1, by=user_of(request), at=clock.now()),
        done=_("Het rooster wordt gemaakt. Ververs de pagina over een paar tellen."), back=HERE,
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    """Publish a draft."""
    plan = get_object_or_404(Plan, ref=ref, neighbourhood__in=_mine(request))
    return act(
        request, lambda: publishing.publish(plan.pk, by=user_of(request), at=clock.now()),
        done=_("Gepubliceerd. Klanten en medewerkers horen het."), back=HERE,
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
def sick(request: HttpRequest) -> HttpResponse:
    """Take a sick worker off the visits of a day, and list who can go instead."""
    mine = _mine(request)
    if request.method == "POST":
        worker = get_object_or_404(Worker, ref=request.POST.get("medewerker"), neighbourhood__in=mine)
        until = timezone.make_aware(
            datetime.combine(today() + timedelta(days=int(request.POST.get("dagen", "1"))), time())
        )
        at = clock.now()
        try:
            lost = sick_call.report(worker.pk, from_at=at, until_at=until, by=user_of(request), at=at)
            messages.success(request, _("%(count)s bezoeken zoeken nu iemand anders.") % {"count": len(lost)})
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(HERE)
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
            done=_("%(name)s is gevraagd.") % {"name": worker.user.name}, back=HERE,
        )  # fmt: skip
    return page(
        request, "office/replace.html", {"visit": visit, "candidates": replacing.candidates(visit.pk)}
    )


@for_roles(Role.COORDINATOR)
@require_POST
def drop(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back a visit to which nobody can be sent."""
    visit = get_object_or_404(Visit, ref=ref, neighbourhood__in=_mine(request))
    return act(
        request,
        lambda: cancellation.cancel(visit.booking_id, by=user_of(request), at=clock.now(), despite_term=True),
        done=_("Afgezegd. De cheques van de klant zijn weer vrij. Bel de klant."), back=HERE,
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
def times(request: HttpRequest, ref: str) -> HttpResponse:
    """Record times by hand, or note that somebody did not come."""
    row = get_object_or_404(
        Assignment.objects.select_related("visit__booking__service", "worker__user"),
        ref=ref,
        visit__neighbourhood__in=_mine(request),
    )
    if request.method == "POST" and "niet-gekomen" in request.POST:
        return act(
            request, lambda: sick_call.mark_no_show(row.pk, by=user_of(request), at=clock.now()),
            done=_("Genoteerd. Zoek nu iemand anders."), back=HERE,
        )  # fmt: skip
    if request.method == "POST":
        return act(request, lambda: _by_hand(request, row), done=_("De tijden staan erin."), back=HERE)
    return page(request, "office/times.html", {"row": row})


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
    monday = date.fromisoformat(request.POST.get("maandag", ""))
    return act(
        request, lambda: week_closing.close(where.pk, monday=monday, by=user_of(request), at=clock.now()),
        done=_("De week is afgesloten. De uren worden uitbetaald."), back=HERE,
    )  # fmt: skip
