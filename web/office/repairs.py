"""A disturbed week: what can be done, what each way costs in words, and one press that does it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Role
from kernel.errors import Refused
from marketplace.models import Booking
from scheduling import mending, repair_words, replanning
from scheduling.models import Proposal, Repair, Visit
from scheduling.repair_week import monday_of
from web.access import for_roles, neighbourhoods_of, page, user_of


def _repair(request: HttpRequest, ref: str) -> Repair:
    rows = Repair.objects.select_related("neighbourhood", "asked_by", "applied_by")
    return get_object_or_404(rows, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR))


@for_roles(Role.COORDINATOR)
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the proposals, best first, each with what it costs; while they are made, that they are being made."""
    replanning.end_silent_runs(at=clock.now())
    repair = _repair(request, ref)
    about = Visit.objects.filter(pk__in=repair.about.get("visits", ()))
    waiting = Booking.objects.filter(pk__in=repair.about.get("bookings", ()))
    shown = repair.proposals.order_by("rank")
    if repair.state == Repair.State.APPLIED:
        shown = shown.filter(chosen=True)
    return page(request, "office/repair.html", {
        "repair": repair, "what": repair_words.heading(repair), "busy": repair.state in Repair.BUSY,
        "visits": about.select_related("booking__customer", "booking__service").order_by("start_at", "pk"),
        "bookings": waiting.select_related("customer", "service").order_by("pk"),
        "proposals": [(one, repair_words.sentences(one, at=repair.ready_at or clock.now())) for one in shown],
    })  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask what can be done for visits with a free place, or for a booking without a visit."""
    mine, by, at = neighbourhoods_of(request, Role.COORDINATOR), user_of(request), clock.now()
    if "afspraak" in request.POST:
        booking = get_object_or_404(Booking, ref=request.POST["afspraak"], neighbourhood__in=mine)
        coming = [start for start in booking.starts if start > at] or booking.starts
        repair = replanning.ask(
            Repair.Cause.URGENT, bookings=[booking.pk], neighbourhood_id=booking.neighbourhood_id,
            monday=monday_of(coming[0]), by=by, at=at,
        )  # fmt: skip
        return redirect("office:repair", ref=repair.ref)
    visits = Visit.objects.filter(ref__in=request.POST.getlist("bezoek"), neighbourhood__in=mine)
    repairs = replanning.ask_for_visits(
        Repair.Cause.SHORT, list(visits.values_list("pk", flat=True)), by=by, at=at
    )
    if not repairs:
        raise Http404
    return redirect("office:repair", ref=repairs[0].ref)


@for_roles(Role.COORDINATOR)
@require_POST
def again(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask the same in the week as it is now."""
    repair = replanning.ask_again(_repair(request, ref).pk, by=user_of(request), at=clock.now())
    return redirect("office:repair", ref=repair.ref)


@for_roles(Role.COORDINATOR)
@require_POST
def apply(request: HttpRequest, ref: str) -> HttpResponse:
    """Do a proposal."""
    mine = neighbourhoods_of(request, Role.COORDINATOR)
    proposal = get_object_or_404(
        Proposal.objects.select_related("repair"), ref=ref, repair__neighbourhood__in=mine
    )
    try:
        mending.apply(proposal.pk, by=user_of(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Gedaan. Medewerkers en klanten horen het."))
    return redirect("office:repair", ref=proposal.repair.ref)


def to_proposals(repairs: list[Repair], back: str) -> HttpResponse:
    """Go to the proposals that were asked for, or back when there is nothing to propose."""
    return redirect("office:repair", ref=repairs[0].ref) if repairs else redirect(back)
