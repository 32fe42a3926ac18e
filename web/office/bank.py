"""The bank: take statements in, and work through the one queue of lines that nobody knows yet."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bank import importing, matching, queue
from bank.matching import allocate, open_cents
from bank.models import Line
from cheques import bank_matching, bank_suggesting, stripe_mirror, vat
from cheques.bank_suggesting import Suggestion
from identity import clock
from identity.models import Organisation, Role
from kernel.errors import Refused
from kernel.periods import month_of
from ledger.models import Account
from payroll import settlement
from subsidies import remittances
from web.access import act, for_roles, page, today, user_of

OFFICER, SECOND = Role.PAYROLL, Role.TREASURER
UNKNOWN = {
    Account.SUSPENSE: gettext_lazy("nog niet bekend"), Account.PUBLIC_INCOME: gettext_lazy("re-integratiegeld of gift"),
    Account.FEES: gettext_lazy("kosten"), Account.CASH: gettext_lazy("geld uit de kas van de balie"),
    Account.SUPPLIERS: gettext_lazy("rekening van een leverancier"), Account.OPENING: gettext_lazy("beginstand"),
}  # fmt: skip
MOST_SHOWN = 40  # a page that is ready at once; what comes after moves up


@dataclass(frozen=True)
class Row:
    """A line that waits, what it is for most likely, and whether the keyboard starts here."""

    item: queue.Waiting
    suggestion: Suggestion | None
    next: str
    first: bool


@for_roles(OFFICER, SECOND)
def bank(request: HttpRequest) -> HttpResponse:
    """Take statements in; show the queue. The first line with a suggestion has the focus, so Enter accepts it."""
    if request.method == "POST":
        return _import(request)
    waiting = queue.waiting(on=today())
    facts = {
        "rows": _rows(waiting, request.GET.get("na", "")), "number": len(waiting), "gaps": queue.gaps(), "parked": queue.parked(on=today()),
        "accounts": [(account.value, label) for account, label in UNKNOWN.items()],
    }  # fmt: skip
    return page(request, "office/bank.html", facts)


def _rows(items: list[queue.Waiting], after: str) -> list[Row]:
    """Return the head of the queue; lines up to the one that was skipped come last.

    When nothing at the head has a suggestion, what comes after it is tried, so that the keyboard goes on.
    """
    skipped = next((place for place, item in enumerate(items, 1) if item.line.ref == after), 0)
    items, book = items[skipped:] + items[:skipped], bank_matching.Book()
    for start in range(0, len(items), MOST_SHOWN):
        shown = items[start : start + MOST_SHOWN]
        found = [bank_suggesting.suggest(book, item.line, item.open_cents) for item in shown]
        if any(found):
            return _with_focus(shown, found)
    nothing: list[Suggestion | None] = [None] * MOST_SHOWN
    return _with_focus(items[:MOST_SHOWN], nothing)


def _with_focus(items: list[queue.Waiting], found: list[Suggestion | None]) -> list[Row]:
    first = next((place for place, suggestion in enumerate(found) if suggestion), 0)
    return [
        Row(item, suggestion, item.line.ref, place == first)
        for place, (item, suggestion) in enumerate(zip(items, found, strict=False))
    ]


def _import(request: HttpRequest) -> HttpResponse:
    upload, by, at = request.FILES.get("bestand"), user_of(request), clock.now()
    if upload is None:
        messages.error(request, _("Kies eerst een bestand van de bank."))
        return redirect("office:bank")
    try:
        came = importing.import_file(
            upload.read(), own_iban=Organisation.objects.get(pk=1).iban, by_id=by.pk, at=at
        )
        matched = (
            bank_matching.match_open_lines(at=at)
            + settlement.match_open_lines(at=at)
            + remittances.match_open_lines(at=at)
        )
        said = _("%(lines)s regels ingelezen, %(matched)s herkend.") % {
            "lines": came.lines,
            "matched": matched,
        }
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("office:bank")


@for_roles(OFFICER, SECOND)
@require_POST
def accept(request: HttpRequest, ref: str) -> HttpResponse:
    """Book a line as was suggested, and go on with the next."""
    line = get_object_or_404(Line, ref=ref)
    token = request.POST.get("voorstel", "")
    return act(
        request, lambda: bank_suggesting.accept(line.pk, token=token, by=user_of(request), at=clock.now()),
        done=_("Geboekt."), back=_queue_of(request),
    )  # fmt: skip


def _queue_of(request: HttpRequest) -> str:
    """Return where the queue goes on: lines that were skipped stay skipped."""
    after = request.POST.get("na", "")
    return reverse("office:bank") + (f"?na={after}" if after.isalnum() else "")


@for_roles(OFFICER, SECOND)
@require_POST
def allocate_line(request: HttpRequest, ref: str) -> HttpResponse:
    """Say by hand what a line was for."""
    line = get_object_or_404(Line, ref=ref)
    account = next((one for one in UNKNOWN if one == request.POST.get("rekening")), Account.SUSPENSE)

    def book() -> None:
        with transaction.atomic():
            allocate(
                line,
                cents=open_cents(line),
                target=f"by hand:{account}",
                against=account,
                at=clock.now(),
                by_id=user_of(request).pk,
            )

    return act(request, book, done=_("Geboekt."), back=_queue_of(request))


@for_roles(OFFICER, SECOND)
@require_POST
def release(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a line that was booked as not known yet back in the queue."""
    row = get_object_or_404(matching.parked(), line__ref=ref)
    return act(
        request, lambda: matching.release(row.pk, by_id=user_of(request).pk, at=clock.now()),
        done=_("De regel wacht weer."), back="office:bank",
    )  # fmt: skip


@for_roles(OFFICER, SECOND)
@require_POST
def mirror(request: HttpRequest) -> HttpResponse:
    """Take over what happened at the payment service, and the VAT of last month."""

    def both() -> None:
        stripe_mirror.pull(at=clock.now())
        vat.close_month(_last_month(today()), at=clock.now())

    return act(request, both, done=_("Bijgewerkt."), back="office:bank")


def _last_month(day: date) -> date:
    first = month_of(day).start
    return date(first.year - (first.month == 1), 12 if first.month == 1 else first.month - 1, 1)
