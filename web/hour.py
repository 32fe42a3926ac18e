"""The page of one hour: everyone with a right to it sees their part."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from books import hour
from identity import clock
from scheduling.models import Assignment
from web.access import page, user_of


@login_required
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the chain of one worker's hours at one visit; 404 for who may see none of it."""
    row = get_object_or_404(
        Assignment.objects.select_related("visit__booking__service", "visit__booking__hold", "worker__user"),
        ref=ref,
    )
    shown = hour.chain(row, viewer=user_of(request), at=clock.now())
    if not shown.steps:
        raise Http404
    steps: list[dict[str, object]] = [
        {"number": step.number, "name": step.name, "text": step.text, "cents": step.cents, "links": [],
         "done": step.done}
        for step in shown.steps
    ]  # fmt: skip
    return page(request, "hour.html", {"hour": shown, "row": row, "steps": steps})
