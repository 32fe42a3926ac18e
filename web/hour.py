"""The page of one hour: everyone with a right to it sees their part."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from books import hour
from books.hour_steps import Link, Step
from books.names import Names, Why
from identity import clock
from scheduling.models import Assignment
from web import links
from web.access import for_all, page, user_of


@for_all
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the chain of one worker's hours at one visit; 404 for who may see none of it."""
    row = get_object_or_404(
        Assignment.objects.select_related("visit__booking__service", "visit__booking__hold", "worker__user"),
        ref=ref,
    )
    viewer, at = user_of(request), clock.now()
    shown = hour.chain(row, viewer=viewer, at=at)
    if not shown.steps:
        raise Http404
    steps = [_told(step, shown.parts) for step in shown.steps]
    who = row.worker.user
    names = Names(viewer, at=at)
    facts = {
        "hour": shown, "row": row, "steps": steps, "hidden": who.ref if names.hides(who) else "",
        "hour_name": names.of(who), "why": Why.choices,
    }  # fmt: skip
    return page(request, "hour.html", facts)


def _told(step: Step, parts: frozenset[str]) -> dict[str, object]:
    bank = [{"row": row, "url": links.address(Link("bank", row.ref, row.ref), parts)} for row in step.bank]
    return {
        "number": step.number, "name": step.name, "text": step.text, "cents": step.cents, "done": step.done,
        "links": links.words(step.links, parts), "bank": bank,
    }  # fmt: skip
