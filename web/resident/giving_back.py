"""Ask the money of unused cheques back, with a look beforehand; and use cheques longer."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cheques import expiring, refund_accounts, refunds, stripe_gateway
from cheques.models import Lot
from cheques.redemption import worth
from identity import clock
from identity.models import Customer
from kernel.errors import Refused
from kernel.periods import add_months, local_day
from lawbook.cheques import EXTENSION_MONTHS, REFUND_ALONE_CENTS, WITHDRAWAL_DAYS
from web.access import act, buyer_of, page, today, user_of
from web.filling import form_key, whole_hours

HOUR = 60
FIELDS = {
    "NotAnIban": "iban", "AccountNeeded": "iban", "NoHolder": "name", "NothingToRefund": "hours", "KeyUsedBefore": "key",
}  # fmt: skip


@login_required
def refund(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose how many hours, see what comes back and where it goes, then ask it."""
    lot = get_object_or_404(Lot, ref=ref, wallet__customer=buyer_of(request), order__isnull=False)
    given = request.POST if request.method == "POST" else request.GET
    most = lot.free_minutes // HOUR if lot.expires_at > clock.now() else 0
    typed = {"hours": given.get("uren", ""), "iban": given.get("iban", ""), "name": given.get("naam", "")}
    hours, key = whole_hours(typed["hours"]), form_key(given.get("key", ""))
    wrong: dict[str, str] = {}
    if (
        request.method == "POST" and hours and key
    ):  # what was asked before is asked again when nothing is free any more
        wrong = _ask(request, lot, hours, typed, key)
        if not wrong:
            return redirect("resident:cheques")
    elif typed["hours"] and not 0 < hours <= most:
        wrong["hours"] = _("Kies een aantal van 1 tot en met %(most)s.") % {"most": most}
    facts = _facts(lot, hours if "hours" not in wrong else 0, most)
    again = key if key and "key" not in wrong else uuid4()
    return page(request, "resident/refund.html", {**facts, "typed": typed, "wrong": wrong, "key": again})


def _ask(request: HttpRequest, lot: Lot, hours: int, typed: dict[str, str], key: UUID) -> dict[str, str]:
    """Ask the money and say what happens with it; return what is wrong, by field."""
    account = refund_accounts.Account(typed["name"], typed["iban"])
    try:
        row = refunds.request(
            lot.pk, minutes=hours * HOUR, form_key=key, by=user_of(request), at=clock.now(), account=account
        )
        if not refunds.waits_for_second_person(row):
            refunds.send(row.pk, at=clock.now())
    except stripe_gateway.Unreachable:
        messages.warning(
            request,
            _("De betaaldienst antwoordt niet. De terugbetaling is bewaard en wordt later verstuurd."),
        )
    except Refused as refused:
        if refused.code not in FIELDS or refused.code == "KeyUsedBefore":
            messages.error(request, str(refused))
        return {FIELDS[refused.code]: str(refused)} if refused.code in FIELDS else {}
    else:
        messages.success(request, _("Uw geld komt terug. Dat duurt meestal vijf tot tien dagen."))
    return {}


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
    lot = get_object_or_404(Lot, ref=ref, wallet__customer=buyer_of(request))
    until = add_months(expiring.last_day(lot), EXTENSION_MONTHS.on(today()))
    return act(
        request, lambda: expiring.extend(lot.pk, by=user_of(request), at=clock.now()),
        done=_("U kunt deze cheques nu gebruiken tot en met %(day)s.") % {"day": f"{until:%d-%m-%Y}"},
        back="resident:cheques",
    )  # fmt: skip
