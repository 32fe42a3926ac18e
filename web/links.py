"""Where the links of the books lead, for who may open them; a link that is not yours is no link."""

from collections.abc import Set
from typing import Any

from django.urls import reverse

from books.hour import BUYER
from books.hour_steps import Link
from identity.models import Role

MONEY = frozenset({Role.PAYROLL, Role.TREASURER, Role.AUDITOR})
ON_SITE = frozenset({Role.COORDINATOR, Role.QA})
# kind of link -> kind of page, the part of it that is meant, and who may open that page
SHEETS: dict[str, tuple[str, str, Set[str]]] = {
    "order": ("bestelling", "", MONEY), "lot": ("lot", "", MONEY), "payout": ("uitbetaling", "", MONEY),
    "bank": ("bankregel", "", MONEY), "booking": ("bezoek", "boeking", MONEY | ON_SITE),
    "plan": ("bezoek", "planning", MONEY | ON_SITE), "minutes": ("bezoek", "uren", MONEY | ON_SITE),
    "payslip": ("loonstrook", "", MONEY), "payment": ("loonstrook", "betaling", MONEY), "claim": ("aanvraag", "", MONEY),
}  # fmt: skip
ROLES_OF: dict[str, Set[str]] = {sheet: roles for sheet, _part, roles in SHEETS.values()}
OF_BUYER = {
    "booking": ("resident:visits", "bezoek-"), "plan": ("resident:visits", "bezoek-"), "minutes": ("resident:visits", "bezoek-"),
    "lot": ("resident:cheques", "lot-"),
}  # fmt: skip
OF_WORKER = {
    "plan": ("worker:week", "bezoek-"), "minutes": ("worker:week", "bezoek-"), "payslip": ("worker:pay", "strook-"),
}  # fmt: skip


def address(link: Link, parts: Set[str]) -> str | None:
    """Return where a link leads for somebody who is these (roles, and buyer); None when nowhere."""
    if link.kind == "hour":
        return reverse("hour", args=[link.ref])
    sheet, part, roles = SHEETS[link.kind]
    if roles & parts:
        anchor = link.anchor or part
        return reverse("office:sheet", args=[sheet, link.ref]) + (f"#{anchor}" if anchor else "")
    if BUYER in parts and link.kind == "order":
        return reverse("resident:order", args=[link.ref])
    own = (OF_BUYER.get(link.kind) if BUYER in parts else None) or (
        OF_WORKER.get(link.kind) if Role.WORKER in parts else None
    )
    return f"{reverse(own[0])}#{own[1]}{link.ref}" if own else None


def words(links: list[Link], parts: Set[str]) -> list[tuple[str, str]]:
    """Return the links that lead somewhere, as (address, word)."""
    found: list[Any] = [(address(link, parts), link.word) for link in links]
    return [(url, word) for url, word in dict.fromkeys(found) if url]
