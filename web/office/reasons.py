"""Why somebody goes on a visit, why not somebody else, and why nobody does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from identity.models import Role
from marketplace.models import Booking
from scheduling.models import Plan
from scheduling.reasoning import Reasons
from web.access import for_roles, neighbourhoods_of, page
from workers_pool.models import Worker


@for_roles(Role.COORDINATOR)
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the reasons of one booking, in a draft (`rooster`) or in what is published."""
    mine = neighbourhoods_of(request, Role.COORDINATOR)
    rows = Booking.objects.select_related("customer", "service", "neighbourhood")
    booking = get_object_or_404(rows, ref=ref, neighbourhood__in=mine)
    chosen = request.GET.get("rooster", "")
    plans = Plan.objects.filter(neighbourhood=booking.neighbourhood).select_related("neighbourhood")
    plan = get_object_or_404(plans, ref=chosen) if chosen else None
    found = Reasons(booking, plan)
    facts: dict[str, object] = {
        "booking": booking,
        "plan": plan,
        "reasons": found,
        "gone": not found.is_known,
    }
    if found.is_known and found.crew:
        facts |= _crew(request, found)
    elif found.is_known:
        facts["unserved"] = found.unserved()
    return page(request, "office/reasons.html", facts)


def _crew(request: HttpRequest, found: Reasons) -> dict[str, object]:
    """Return who goes, who might, and the answer to "why this one and not that one" when it was asked."""
    everyone = Worker.objects.filter(pk__in=[int(key) for key in found.week.worker]).select_related("user")
    crew = [worker for worker in everyone if str(worker.pk) in found.crew]
    others = sorted((w for w in everyone if str(w.pk) not in found.crew), key=lambda w: w.user.name)
    by_ref = {worker.ref: worker for worker in everyone}
    one, two = by_ref.get(request.GET.get("wel", "")), by_ref.get(request.GET.get("niet", ""))
    answer = found.why_not(one, two) if one and two else None
    return {"crew": crew, "others": others, "one": one, "two": two, "answer": answer}
