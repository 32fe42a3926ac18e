"""Ask the money of unused cheques back, with a look beforehand; and use cheques longer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cheques import expiring, refund_accounts, refunds
from cheques.models import Lot
from cheques.redemption import worth
from identity import clock, permissions
from identity.models import Customer, User
from kernel.errors import Refused
from kernel.periods import add_months, local_day
from lawbook.cheques import EXTENSION_MONTHS, REFUND_ALONE_CENTS, WITHDRAWAL_DAYS
from web.access import act, customer_of, page, today, user_of

HOUR = 60
FIELDS = {"NotAnIban": "iban", "AccountNeeded": "iban", "NoHolder": "name"}


@login_required
def refund(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose how many hours, see what comes back and where it goes, then ask it."""
    lot = get_object_or_404(Lot, ref=ref, wallet__customer=_buyer(request), order__isnull=False)
    given = request.POST if request.method == "POST" else request.GET
    most = lot.free_minutes // HOUR if lot.expires_at > clock.now() else 0
    typed = {"hours": given.get("uren", ""), "iban": given.get("iban", ""), "name": given.get("naam", "")}
    hours = (
        int(typed["hours"])
        if typed["hours"].isascii() and typed["hours"].isdigit() and len(typed["hours"]) < 5
        else 0
    )
    wrong = {}
    if typed["hours"] and not 0 < hours <= most:
        wrong["hours"] = _("Kies een aantal van 1 tot en met %(most)s.") % {"most": most}
    if request.method == "POST" and hours and not wrong:
        try:
            _ask(lot, hours, typed, by=user_of(request))
        except Refused as refused:
            field = FIELDS.get(refused.code)
            if field:
                wrong[field] = str(refused)
            else:
                messages.error(request, str(refused))
        else:
            messages.success(request, _("Uw geld komt terug. Dat duurt meestal vijf tot tien dagen."))
        if not wrong:
            return redirect("resident:cheques")
    return page(
        request,
        "resident/refund.html",
        _facts(lot, hours if "hours" not in wrong else 0, most) | {"typed": typed, "wrong": wrong},
    )


def _ask(lot: Lot, hours: int, typed: dict[str, str], *, by: User) -> None:
    account = refund_accounts.Account(typed["name"], typed["iban"])
    row = refunds.request(lot.pk, minutes=hours * HOUR, by=by, at=clock.now(), account=account)
    if not refunds.waits_for_second_person(row):
        refunds.send(row.pk, at=clock.now())


def _buyer(request: HttpRequest) -> Customer:
    """Return the customer for whom the user may buy, and so give back; 404 for others."""
    customer = customer_of(request)
    if not permissions.may_act_for(user_of(request), customer, *permissions.MAY_BUY):
        raise Http404
    return customer


def _facts(lot: Lot, hours: int, most: int) -> dict[str, object]:
    sold_on = local_day(lot.issued_at)
    left = (sold_on - today()).days + WITHDRAWAL_DAYS.on(sold_on)
    is_consumer = lot.wallet.customer.kind == Customer.Kind.RESIDENT
    cents = worth(hours * HOUR, lot.price_cents)
    return {
        "lot": lot, "needs_account": refund_accounts.has_no_way_back(lot), "hours": hours, "most": most, "cents": cents, "left": lot.free_minutes - hours * HOUR,
        "think_days": max(0, left) if is_consumer else 0, "second": cents > REFUND_ALONE_CENTS.on(today()),
    }  # fmt: skip


@login_required
@require_POST
def extend(request: HttpRequest, ref: str) -> HttpResponse:
    """Use cheques longer, once."""
    lot = get_object_or_404(Lot, ref=ref, wallet__customer=_buyer(request))
    until = add_months(expiring.last_day(lot), EXTENSION_MONTHS.on(today()))
    return act(
        request, lambda: expiring.extend(lot.pk, by=user_of(request), at=clock.now()),
        done=_("U kunt deze cheques nu gebruiken tot en met %(day)s.") % {"day": f"{until:%d-%m-%Y}"},
        back="resident:cheques",
    )  # fmt: skip
