"""One plan: how far it is, what it holds, how it differs from another, and taking it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Role
from scheduling import comparing, planning, promises, undoing
from scheduling.models import Plan
from web.access import act, for_roles, neighbourhoods_of, page, user_of


def plan_of(request: HttpRequest, ref: str) -> Plan:
    """Return a plan of one of the coordinator's neighbourhoods; 404 for others."""
    rows = Plan.objects.select_related("neighbourhood", "asked_by")
    return get_object_or_404(rows, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR))


def _here(ref: str) -> str:
    return reverse("office:plan", args=[ref])


@for_roles(Role.COORDINATOR)
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one plan: how far it is while it is made; then what it serves, and what not and why."""
    planning.end_silent_runs(at=clock.now())
    plan = plan_of(request, ref)
    others = Plan.objects.filter(neighbourhood=plan.neighbourhood, monday=plan.monday, made_at__isnull=False)
    busy = plan.state in Plan.BUSY
    return page(request, "office/plan.html", {
        "breaks": [] if busy else planning.what_breaks(plan.neighbourhood_id, plan.monday), "plan": plan, "busy": busy,
        "wrong": planning.what_went_wrong(plan) if plan.state == Plan.State.FAILED else "",
        "visits": plan.visits.select_related("booking__customer", "booking__service").prefetch_related("workers__user").order_by("start_at", "pk"),
        "unassigned": plan.unassigned.select_related("booking__customer", "booking__service"),
        "promised": promises.are_promised(plan.unassigned.values_list("booking_id", flat=True)),
        "others": others.exclude(pk=plan.pk).order_by("-version"), "can_undo": undoing.can_undo(plan, at=clock.now()),
    })  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    """Stop making a plan and keep what there is."""
    plan = plan_of(request, ref)
    return act(
        request, lambda: planning.stop(plan.pk, by=user_of(request), at=clock.now()),
        done=_("Wij stoppen. Wat er is, bewaren wij."), back=_here(ref),
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def undo(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back a publication."""
    plan = plan_of(request, ref)
    return act(
        request, lambda: undoing.undo(plan.pk, by=user_of(request), at=clock.now()),
        done=_("Teruggedraaid. De afspraken wachten weer op een rooster."), back=_here(ref),
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
def compare(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a plan beside another one of its week, or beside what is published."""
    plan = plan_of(request, ref)
    chosen = request.GET.get("met", "")
    others = Plan.objects.filter(neighbourhood=plan.neighbourhood, monday=plan.monday, made_at__isnull=False)
    other = get_object_or_404(others, ref=chosen) if chosen else None
    found = comparing.compared(plan, other)
    return page(
        request,
        "office/compare.html",
        {"plan": plan, "other": other, "found": found, "others": others.exclude(pk=plan.pk)},
    )
