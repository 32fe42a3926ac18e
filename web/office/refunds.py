"""Money back and money lost: refunds that wait, what failed, and payments that a bank took back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cheques import chargebacks, refunds
from cheques.models import Chargeback, Lot, Refund
from identity import clock, permissions
from identity.models import Customer, Role, User
from lawbook.cheques import REFUND_ALONE_CENTS
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of

OFFICER, SECOND = Role.PAYROLL, Role.TREASURER
State = Refund.State


@for_roles(OFFICER, SECOND)
def overview(request: HttpRequest) -> HttpResponse:
    """Show refunds that wait for somebody, those that failed, and chargebacks."""
    rows = Refund.objects.select_related("lot__order__customer", "requested_by", "approved_by")
    waiting = [_shown(row) for row in rows.filter(state=State.REQUESTED).order_by("requested_at")]
    by_bank = rows.filter(state=State.PENDING, stripe_id="").order_by("requested_at")
    facts = {
        "waiting": waiting, "by_bank": [_shown(row) for row in by_bank],
        "failed": rows.filter(state=State.FAILED).order_by("-requested_at")[:20],
        "done": rows.exclude(state__in=[State.REQUESTED, State.FAILED]).order_by("-requested_at")[:20],
        "chargebacks": Chargeback.objects.select_related("order__customer").order_by("-opened_at")[:50],
        "limit": REFUND_ALONE_CENTS.on(today()), "second": SECOND in permissions.roles(user_of(request), on=today()),
    }  # fmt: skip
    return page(request, "office/refunds.html", facts)


def _shown(row: Refund) -> dict[str, Any]:
    name, iban = refunds.original_account(row)
    return {"refund": row, "needs_second": refunds.waits_for_second_person(row), "name": name, "iban": iban}


@for_roles(SECOND)
@require_POST
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    """Approve a refund above the limit, as the second person, and send it."""
    row = get_object_or_404(Refund, ref=ref)

    def both() -> None:
        refunds.approve(row.pk, by=user_of(request), at=clock.now())
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


@for_roles(SECOND)
@require_POST
def write_off(request: HttpRequest, ref: str) -> HttpResponse:
    """Give up what a customer owes after a lost dispute."""
    row = get_object_or_404(Chargeback, ref=ref)
    return act(
        request, lambda: chargebacks.write_off(row.pk, by=user_of(request), at=clock.now()),
        done=_("Afgeschreven."), back="office:refunds",
    )  # fmt: skip


@for_roles(Role.DESK)
def for_customer(request: HttpRequest, ref: str) -> HttpResponse:
    """Pay a customer back at the desk, up to the limit; above it a second person looks."""
    customer = get_object_or_404(Customer, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.DESK))
    rows = Lot.objects.filter(
        wallet__customer=customer, order__isnull=False, free_minutes__gt=0, expires_at__gt=clock.now()
    )
    lot = rows.filter(ref=request.POST.get("partij", "")).first()
    if request.method == "POST" and lot:
        hours = request.POST.get("uren", "")
        return act(
            request, lambda: ask_and_send(lot.pk, hours, by=user_of(request)),
            done=_("De terugbetaling is gemaakt."), back="office:customers",
        )  # fmt: skip
    facts = {
        "customer": customer,
        "lots": rows.order_by("expires_at"),
        "limit": REFUND_ALONE_CENTS.on(today()),
    }
    return page(request, "office/customer_refund.html", facts)


def ask_and_send(lot_id: int, hours: str, *, by: User) -> Refund:
    """Ask whole hours back, and send the money unless a second person must look first."""
    minutes = int(hours) * 60 if hours.isascii() and hours.isdigit() and len(hours) < 5 else 0
    row = refunds.request(lot_id, minutes=minutes, by=by, at=clock.now())
    return row if refunds.waits_for_second_person(row) else refunds.send(row.pk, at=clock.now())
