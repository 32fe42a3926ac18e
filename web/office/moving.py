"""Move a visit on the board: by hand with a form, or by dragging it, which sends the same form."""

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Role
from kernel.errors import Refused
from scheduling import moving, replanning
from scheduling.models import Assignment, Repair, Visit
from web.access import for_roles, neighbourhoods_of, page, user_of
from web.office.repairs import to_proposals
from workers_pool.models import Worker


def _visit(request: HttpRequest, ref: str) -> Visit:
    rows = Visit.objects.select_related("booking__service", "booking__customer", "booking__address")
    return get_object_or_404(
        rows.prefetch_related("assignments__worker__user"),
        ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR),
    )  # fmt: skip


def _board(visit: Visit) -> str:
    return f"{reverse('office:planning')}?dag={timezone.localdate(visit.start_at).isoformat()}"


@for_roles(Role.COORDINATOR)
def move(request: HttpRequest, ref: str) -> HttpResponse:
    """Give a visit to another worker, or let it begin at another time."""
    visit = _visit(request, ref)
    if request.method == "POST":
        try:
            _move(request, visit)
        except Refused as refused:
            messages.error(request, str(refused))
            if "bord" in request.POST:
                return redirect(_board(visit))
        else:
            messages.success(request, _("Verzet. Medewerkers en klant horen het."))
            return redirect(_board(visit))
    crew = [row for row in visit.assignments.all() if row.state in Assignment.LIVE]
    return page(request, "office/move.html", {
        "visit": visit, "crew": crew, "workers": moving.candidates(visit), "free": len(crew) < visit.booking.crew,
        "typed": {
            "leaves": request.POST.get("van", ""), "comes": request.POST.get("naar", ""),
            "start": request.POST.get("tijd", f"{timezone.localtime(visit.start_at):%H:%M}"),
        },
    })  # fmt: skip


def _move(request: HttpRequest, visit: Visit) -> None:
    mine = Worker.objects.filter(neighbourhood=visit.neighbourhood_id)
    leaves, comes = (
        get_object_or_404(mine, ref=request.POST[name]).pk if request.POST.get(name) else None
        for name in ("van", "naar")
    )
    typed = request.POST.get("versie", "")
    moving.move(
        visit.pk, version=int(typed) if typed.isdigit() else 0, leaves=leaves if comes else None, comes=comes,
        start_at=_start(visit, request.POST.get("tijd", "")), by=user_of(request), at=clock.now(),
    )  # fmt: skip


def _start(visit: Visit, typed: str) -> datetime:
    try:
        clock_time = time.fromisoformat(typed)
    except ValueError as error:
        raise moving.NotThen(_("Vul een tijd in, zo: 9:00.")) from error
    return timezone.make_aware(datetime.combine(timezone.localdate(visit.start_at), clock_time))


@for_roles(Role.COORDINATOR)
@require_POST
def later(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask what can be done for a client who is at home later."""
    visit = _visit(request, ref)
    try:
        not_before = _start(visit, request.POST.get("thuis", ""))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("office:move", ref=ref)
    repairs = replanning.ask_for_visits(
        Repair.Cause.LATE, [visit.pk], not_before=not_before, by=user_of(request), at=clock.now()
    )
    return to_proposals(repairs, _board(visit))
