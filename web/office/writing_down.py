"""Write down one of several things on a form of its own: the address says which."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from identity import clock
from identity.models import User
from web.access import page, user_of
from web.filling import cleaned, fill


@dataclass(frozen=True)
class New:
    """What can be written down: what it is called, the form that asks it, and what is done with the answers."""

    heading: Any
    form: type[forms.Form]
    do: Callable[[dict[str, Any], User, datetime], object]


def write_down(request: HttpRequest, kinds: Mapping[str, New], what: str, *, back: str) -> HttpResponse:
    """Ask for one thing and write it down; 404 when there is no such thing."""
    if what not in kinds:
        raise Http404
    one = kinds[what]
    form = one.form(request.POST or None)
    gone = fill(
        request, form, lambda: one.do(cleaned(form), user_of(request), clock.now()), done=_("Het staat erin."), back=back
    )  # fmt: skip
    facts = {"form": form, "heading": one.heading, "send": _("Bewaar"), "back_url": reverse(back), "lead": ""}
    return gone or page(request, "office/form.html", facts)
