"""Pages anyone may see: the front page and the way in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from books import front_figures
from identity import permissions
from identity.models import User
from lawbook.cheques import PRICE_CENTS
from marketplace import catalogue
from marketplace.models import Service
from web import wording
from web.access import today

# The first page of each role; who holds more than one starts at the first of these.
HOMES = (
    ("worker", "/werk/"),
    ("coordinator", "/kantoor/planning/"),
    ("desk", "/kantoor/klanten/"),
    ("payroll", "/kantoor/lonen/"),
    ("treasurer", "/kantoor/lonen/"),
    ("qa", "/kantoor/kwaliteit/"),
    ("auditor", "/kantoor/boeken/"),
    ("municipality", "/kantoor/resultaat/"),
    ("admin", "/kantoor/inrichten/"),
)
SHOWN_SERVICES = 4


def front(request: HttpRequest) -> HttpResponse:
    """Show what the neighbourhood offers, what it costs, and how it works."""
    day = today()
    services = [_offer(service) for service in catalogue.bookable(on=day)[:SHOWN_SERVICES]]
    return render(
        request,
        "public/front.html",
        {"price_cents": PRICE_CENTS.on(day), "services": services, "figures": _figures()},
    )


def _figures() -> list[dict[str, str]]:
    """Return what was done this quarter; nothing before the first visit. Counts of few people are left out."""
    found = front_figures.of_quarter(today())
    if not found.visits:
        return []
    shown = [(wording.hours(found.minutes), _("hulp gegeven")), (str(found.visits), _("bezoeken"))]
    if found.people is not None:
        shown.append((str(found.people), _("buren aan het werk")))
    if found.customers is not None:
        shown.append((str(found.customers), _("huishoudens en bedrijven geholpen")))
    return [{"value": value, "label": label, "href": "", "note": ""} for value, label in shown]


def _offer(service: Service) -> dict[str, Any]:
    """Return a service as the front page tells it: what is included and what is not, with the reason."""
    english = (translation.get_language() or "nl").startswith("en")
    tasks = list(service.tasks.all())
    return {
        "name": service.name_en if english else service.name_nl,
        "intro": service.intro_en if english else service.intro_nl,
        "icon": service.icon,
        "included": [task.name_en if english else task.name_nl for task in tasks if task.allowed],
        "left_out": [
            (task.name_en if english else task.name_nl, catalogue.reason_of(task))
            for task in tasks
            if not task.allowed
        ],
    }


@login_required
def inside(request: HttpRequest) -> HttpResponse:
    """Go to the first page of the role someone holds; who holds none is a resident, or becomes one there."""
    user = request.user
    roles = permissions.roles(user, on=today()) if isinstance(user, User) else frozenset()
    return redirect(next((page for role, page in HOMES if role in roles), "/mijn/"))
