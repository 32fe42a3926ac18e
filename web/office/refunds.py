"""Money back and money lost: refunds that wait, what failed, and payments that a bank took back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cheques import chargebacks, refund_accounts, refunds, stripe_gateway
from cheques.chargeback_models import WriteOff
from cheques.models import Chargeback, Lot, Refund
from identity import clock, permissions
from identity.models import Customer, Role, User
from kernel.errors import Refused
from lawbook.cheques import REFUND_ALONE_CENTS
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of

OFFICER, SECOND = Role.PAYROLL, Role.TREASURER
State = Refund.State
FIELDS = {"NotAnIban": "iban", "AccountNeeded": "iban", "NoHolder": "name"}


@for_roles(OFFICER, SECOND)
def overview(request: HttpRequest) -> HttpResponse:
    """Show refunds that wait for somebody, those that failed, and chargebacks."""
    rows = Refund.objects.select_related("lot__order__customer", "requested_by", "approved_by")
    waiting = [_shown(row) for row in rows.filter(state=State.REQUESTED).order_by("requested_at")]
    by_bank = rows.filter(state=State.PENDING, stripe_id="").order_by("requested_at")
    taken = Chargeback.objects.select_related("order__customer", "write_off__asked_by")
    facts = {
        "waiting": waiting, "by_bank": [_shown(row) for row in by_bank],
        "failed": rows.filter(state=State.FAILED).order_by("-requested_at")[:20],
        "done": rows.exclude(state__in=[State.REQUESTED, State.FAILED]).order_by("-requested_at")[:20],
        "chargebacks": [_taken_back(row) for row in taken.order_by("-opened_at")[:50]],
        "limit": REFUND_ALONE_CENTS.on(today()), "second": SECOND in permissions.roles(user_of(request), on=today()),
    }  # fmt: skip
    return page(request, "office/refunds.html", facts)


def _shown(row: Refund) -> dict[str, Any]:
    paid, named = refund_accounts.original(row), refund_accounts.of(row)
    known = named or paid
    stripe = bool(row.lot.order and row.lot.order.payment_intent_id)
    return {
        "refund": row, "needs_second": refunds.waits_for_second_person(row), "name": known.name if known else "",
        "iban": known.iban if known else "", "unchecked": bool(named and not named.checked_by_id), "may_name": not stripe,
        "asks_account": not known and refund_accounts.has_no_way_back(row.lot),
    }  # fmt: skip


def _taken_back(row: Chargeback) -> dict[str, Any]:
    asked: WriteOff | None = getattr(row, "write_off", None)
    owed = row.receivable_cents - row.written_off_cents if row.state == Chargeback.State.LOST else 0
    return {
        "row": row,
        "asked": asked if asked and not asked.approved_by_id else None,
        "owed": 0 if asked else owed,
    }


@for_roles(SECOND)
@require_POST
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    """Approve a refund above the limit, as the second person, and send it."""
    row = get_object_or_404(Refund, ref=ref)

    def both() -> None:
        refunds.approve(row.pk, by=user_of(request), at=clock.now())
        if row.state == State.REQUESTED:
            refunds.send(row.pk, at=clock.now())

    return act(request, both, done=_("Goedgekeurd. Het geld is onderweg."), back="office:refunds")


@for_roles(OFFICER, SECOND)
@require_POST
def send(request: HttpRequest, ref: str) -> HttpResponse:
    """Send a refund that waits."""
    row = get_object_or_404(Refund, ref=ref)
    return act(
        request,
        lambda: refunds.send(row.pk, at=clock.now()),
        done=_("Het geld is onderweg."),
        back="office:refunds",
    )


@for_roles(OFFICER, SECOND)
def account(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down to which account of the customer a refund goes; somebody else checks it."""
    row = get_object_or_404(Refund.objects.select_related("lot__order__customer"), ref=ref)
    known = refund_accounts.of(row)
    typed = {
        "iban": request.POST.get("iban", ""),
        "name": request.POST.get("naam", known.name if known else ""),
    }
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            refund_accounts.give(row.pk, _account(typed), by=user_of(request), at=clock.now())
        except Refused as refused:
            wrong = {FIELDS.get(refused.code, "iban"): str(refused)}
        else:
            messages.success(request, _("Bewaard. Iemand anders controleert de rekening."))
            return redirect("office:refunds")
    return page(
        request, "office/refund_account.html", {"row": row, "typed": typed, "wrong": wrong, "known": known}
    )


@for_roles(SECOND)
@require_POST
def write_off(request: HttpRequest, ref: str) -> HttpResponse:
    """Give up what a customer owes after a lost dispute, as the second person."""
    row = get_object_or_404(Chargeback, ref=ref)
    return act(
        request, lambda: chargebacks.write_off(row.pk, by=user_of(request), at=clock.now()),
        done=_("Afgeschreven."), back="office:refunds",
    )  # fmt: skip


@for_roles(OFFICER, SECOND)
@require_POST
def ask_write_off(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask to give up what a customer owes after a lost dispute."""
    row, reason = get_object_or_404(Chargeback, ref=ref), request.POST.get("reden", "")
    return act(
        request, lambda: chargebacks.ask_write_off(row.pk, reason=reason, by=user_of(request), at=clock.now()),
        done=_("Gevraagd. Iemand anders keurt het goed."), back="office:refunds",
    )  # fmt: skip


@for_roles(Role.DESK)
def for_customer(request: HttpRequest, ref: str) -> HttpResponse:
    """Pay a customer back at the desk, up to the limit; above it a second person looks."""
    customer = get_object_or_404(Customer, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.DESK))
    rows = Lot.objects.filter(
        wallet__customer=customer, order__isnull=False, free_minutes__gt=0, expires_at__gt=clock.now()
    )
    typed = {
        "lot": request.POST.get("partij", ""), "hours": request.POST.get("uren", ""), "iban": request.POST.get("iban", ""),
        "name": request.POST.get("naam", ""),
    }  # fmt: skip
    wrong = {}
    lot = rows.filter(ref=typed["lot"]).first()
    if request.method == "POST" and lot:
        try:
            back = ask_and_send(lot.pk, typed["hours"], _account(typed), by=user_of(request))
        except (Refused, stripe_gateway.Unreachable) as refused:
            late = _("De betaaldienst antwoordt niet. De terugbetaling is bewaard en wordt later verstuurd.")
            sentence = str(refused) if isinstance(refused, Refused) else late
            wrong = {FIELDS.get(getattr(refused, "code", ""), "hours"): sentence}
        else:
            waits = _("De terugbetaling wacht op een tweede persoon.")
            messages.success(
                request, waits if refunds.waits_for_second_person(back) else _("De terugbetaling is gemaakt.")
            )
            return redirect("office:customers")
    facts = {
        "customer": customer,
        "lots": [
            (one, refund_accounts.has_no_way_back(one))
            for one in rows.select_related("order").order_by("expires_at")
        ],
        "limit": REFUND_ALONE_CENTS.on(today()),
        "typed": typed,
        "wrong": wrong,
    }
    return page(request, "office/customer_refund.html", facts)


def _account(typed: dict[str, str]) -> refund_accounts.Account:
    return refund_accounts.Account(typed["name"], typed["iban"])


def ask_and_send(lot_id: int, hours: str, account: refund_accounts.Account, *, by: User) -> Refund:
    """Ask whole hours back, and send the money unless a second person must look first."""
    minutes = int(hours) * 60 if hours.isascii() and hours.isdigit() and len(hours) < 5 else 0
    row = refunds.request(lot_id, minutes=minutes, by=by, at=clock.now(), account=account)
    return row if refunds.waits_for_second_person(row) else refunds.send(row.pk, at=clock.now())
