"""Letters that the desk prints, and messages that did not arrive."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from identity import clock
from identity.models import Role
from notifications import letters
from web.access import for_roles, neighbourhoods_of, page, user_of

SALT = "letters.shown"


@for_roles(Role.DESK)
def show(request: HttpRequest) -> HttpResponse:
    """Show the letters to print, each on a sheet of its own; note the ones that were shown as printed."""
    mine = neighbourhoods_of(request, Role.DESK)
    if request.method == "POST":
        return _printed(request, mine)
    waiting = letters.waiting(mine)
    shown = signing.dumps([letter.message.pk for letter in waiting], salt=SALT)
    facts = {"letters": waiting, "shown": shown, "failed": letters.failed(mine)[:50]}
    return page(request, "office/letters.html", facts)


def _printed(request: HttpRequest, mine: list[int]) -> HttpResponse:
    try:
        shown = signing.loads(request.POST.get("brieven", ""), salt=SALT)
    except signing.BadSignature:
        shown = []
    done = letters.print_all(shown, neighbourhoods=mine, by=user_of(request), at=clock.now())
    messages.success(
        request,
        ngettext("%(count)s brief is geprint.", "%(count)s brieven zijn geprint.", done) % {"count": done},
    )
    return redirect("office:letters")
