"""The pages of the books: one thing, what it is made of, and where each row goes on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bank.models import Line
from books import cells, sheets_of_cheques, sheets_of_work
from books import names as names_of
from books.names import Names
from cheques.models import Lot, Order, StripeLine
from identity import clock, permissions
from identity.models import Customer, Role, User
from kernel.errors import Refused
from payroll.models import Payslip
from scheduling.models import Visit
from subsidies.models import Claim
from web import links
from web.access import for_roles, neighbourhoods_of, page, today, user_of

Maker = Callable[[HttpRequest, str, Names], cells.Sheet]


def _order(_request: HttpRequest, ref: str, names: Names) -> cells.Sheet:
    return sheets_of_cheques.order(
        get_object_or_404(Order.objects.select_related("customer"), ref=ref), names
    )


def _lot(_request: HttpRequest, ref: str, names: Names) -> cells.Sheet:
    return sheets_of_cheques.lot(
        get_object_or_404(Lot.objects.select_related("wallet__customer", "order", "parent__order"), ref=ref),
        names,
    )


def _payout(_request: HttpRequest, ref: str, names: Names) -> cells.Sheet:
    get_object_or_404(StripeLine, kind="payout", source_id=ref)
    return sheets_of_cheques.payout(ref, names)


def _bank_line(_request: HttpRequest, ref: str, names: Names) -> cells.Sheet:
    return sheets_of_cheques.bank_line(
        get_object_or_404(Line.objects.select_related("statement"), ref=ref), names
    )


def _visit(request: HttpRequest, ref: str, names: Names) -> cells.Sheet:
    """A coordinator and QA see the visits of their own neighbourhoods."""
    rows = Visit.objects.select_related("booking__service", "booking__hold", "plan")
    if not permissions.roles(user_of(request), on=today()) & links.MONEY:
        near = {*neighbourhoods_of(request, Role.COORDINATOR), *neighbourhoods_of(request, Role.QA)}
        rows = rows.filter(neighbourhood__in=near)
    return sheets_of_work.visit(get_object_or_404(rows, ref=ref), names)


def _payslip(_request: HttpRequest, ref: str, names: Names) -> cells.Sheet:
    rows = Payslip.objects.exclude(run__state="draft").select_related("run", "worker__user")
    return sheets_of_work.payslip(get_object_or_404(rows, ref=ref), names)


def _claim(_request: HttpRequest, ref: str, names: Names) -> cells.Sheet:
    return sheets_of_work.claim(
        get_object_or_404(Claim.objects.select_related("municipality"), ref=ref), names
    )


MAKERS: dict[str, Maker] = {
    "bestelling": _order, "lot": _lot, "uitbetaling": _payout, "bankregel": _bank_line, "bezoek": _visit,
    "loonstrook": _payslip, "aanvraag": _claim,
}  # fmt: skip


@for_roles(*links.MONEY, *links.ON_SITE)
def sheet(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Show one thing of the books to who may see things of its kind."""
    held = permissions.roles(user_of(request), on=today())
    if kind not in MAKERS or not held & links.ROLES_OF[kind]:
        raise Http404
    made = MAKERS[kind](request, ref, Names(user_of(request), at=clock.now()))
    facts: dict[str, Any] = {
        "sheet": made,
        "facts": [(name, _drawn(cell, held)) for name, cell in made.facts if cell.value not in {None, ""}],
        "tables": [
            (table, [(anchor, [_drawn(cell, held) for cell in row]) for anchor, row in table.anchored])
            for table in made.tables
        ],
        "why": names_of.Why.choices,
    }
    return page(request, "office/sheet.html", facts)


def _drawn(cell: cells.Cell, held: frozenset[str]) -> dict[str, object]:
    return {
        "value": cell.value, "kind": cell.kind, "url": links.address(cell.link, held) if cell.link else None,
    }  # fmt: skip


@for_roles(Role.AUDITOR)
@require_POST
def reveal(request: HttpRequest) -> HttpResponse:
    """Show the name behind a pseudonym for an hour; that is written down."""
    kind, _colon, ref = request.POST.get("wie", "").partition(":")
    if kind not in {"user", "customer"}:
        raise Http404
    someone = get_object_or_404(User, ref=ref) if kind == "user" else get_object_or_404(Customer, ref=ref)
    try:
        names_of.reveal(someone, why=request.POST.get("reden", ""), by=user_of(request), at=clock.now())
        messages.success(request, _("U ziet deze naam een uur lang. Het staat in het logboek."))
    except Refused as refused:
        messages.error(request, str(refused))
    back = request.POST.get("terug", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if own else reverse("office:books"))
