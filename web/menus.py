"""The menus: at most four words for a person, one rail by activity for the office."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.models import Role


@dataclass(frozen=True)
class Item:
    """One word in a menu, and the page it opens. `roles` empty means everyone who sees the menu."""

    route: str
    label: Any
    icon: str
    roles: frozenset[str] = frozenset()


BARS: dict[str, tuple[Item, ...]] = {
    "resident": (
        Item("resident:home", _("Thuis"), "house"),
        Item("resident:book", _("Boek hulp"), "calendar-plus"),
        Item("resident:visits", _("Afspraken"), "calendar-days"),
        Item("resident:cheques", _("Cheques"), "wallet"),
    ),
    "worker": (
        Item("worker:today", _("Vandaag"), "sun"),
        Item("worker:week", _("Mijn week"), "calendar-days"),
        Item("worker:pay", _("Mijn loon"), "banknote"),
        Item("worker:sick", _("Ik ben ziek"), "thermometer"),
    ),
}
MONEY = frozenset({Role.PAYROLL, Role.TREASURER})
RAIL: tuple[Item, ...] = (
    Item("office:planning", _("Planning"), "calendar-clock", frozenset({Role.COORDINATOR})),
    Item("office:contests", _("Niet eens"), "scale", frozenset({Role.COORDINATOR, Role.QA})),
    Item("office:pool", _("Medewerkers"), "users", frozenset({Role.COORDINATOR})),
    Item("office:customers", _("Klanten"), "user-search", frozenset({Role.COORDINATOR, Role.DESK})),
    Item(
        "office:more-cheques",
        _("Meer cheques"),
        "wallet",
        frozenset({Role.COORDINATOR, Role.DESK, Role.TREASURER}),
    ),
    Item("office:sponsors", _("Sponsors"), "gift", frozenset({Role.COORDINATOR})),
    Item("office:counter", _("Balie"), "store", frozenset({Role.DESK})),
    Item("office:letters", _("Brieven"), "mail", frozenset({Role.DESK})),
    Item("office:pay", _("Lonen"), "banknote", MONEY),
    Item("office:worker-files", _("Loondossiers"), "id-card", MONEY),
    Item("office:bank", _("Bank"), "landmark", MONEY),
    Item("office:debtors", _("Debiteuren"), "receipt-euro", MONEY),
    Item("office:refunds", _("Geld terug"), "undo-2", MONEY),
    Item("office:subsidy", _("Subsidie"), "hand-coins", MONEY | {Role.MUNICIPALITY}),
    Item("office:quality", _("Kwaliteit"), "clipboard-check", frozenset({Role.QA, Role.TREASURER})),
    Item("office:books", _("Boeken"), "book-open", MONEY | {Role.AUDITOR}),
    Item("office:reconciling", _("Aansluiting"), "link", MONEY | {Role.AUDITOR}),
    Item("office:auditing", _("Controle"), "search", frozenset({Role.AUDITOR, Role.TREASURER})),
    Item("office:closing", _("Afsluiten"), "lock", MONEY | {Role.AUDITOR}),
    Item("office:coverage", _("Dekking"), "scale", MONEY | {Role.AUDITOR}),
    Item("office:set-up", _("Inrichten"), "settings", frozenset({Role.ADMIN})),
    Item("office:opening", _("Beginstand"), "play", MONEY),
    Item("office:set-up-staff", _("Mensen"), "users", frozenset({Role.ADMIN, Role.TREASURER})),
    Item("office:results", _("Resultaat"), "trending-up", MONEY | {Role.AUDITOR, Role.MUNICIPALITY}),
)


def of(request: HttpRequest, roles: frozenset[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the bar or the rail of the area a page lies in."""
    area = request.resolver_match.namespace if request.resolver_match else ""
    if area in BARS:
        return {"nav": _shown(BARS[area], request, roles)}
    return {"rail": _shown(RAIL, request, roles)} if area == "office" else {}


def _shown(items: tuple[Item, ...], request: HttpRequest, roles: frozenset[str]) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse(item.route),
            "label": item.label,
            "icon": item.icon,
            "current": request.path == reverse(item.route),
        }
        for item in items
        if not item.roles or item.roles & roles
    ]
