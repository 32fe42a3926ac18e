"""What residents and firms see and do."""

from contextlib import suppress
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cheques import caps, converging, expiring, lots, purchase, stripe_gateway, transfers
from cheques.models import Lot, Order
from identity import clock, organising, permissions, registration
from identity.models import Customer
from kernel.errors import Refused
from lawbook.cheques import PRICE_CENTS
from marketplace.models import Booking
from quality import disputes
from scheduling import cancellation, confirming
from scheduling.models import Assignment, Visit
from scheduling.visits import billable_minutes
from web.access import act, buyer_of, customer_of, page, today, user_of
from web.filling import fill, renew_key
from web.resident.forms import BuyForm, DisputeForm, FirmForm, RegisterForm


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, what comes, and the wallet."""
    if not permissions.customers_of(user_of(request)).exists():
        return redirect("resident:register")
    customer, at = customer_of(request), clock.now()
    visits = Visit.objects.filter(booking__customer=customer).exclude(state=Visit.State.CANCELLED).select_related(
        "booking__service"
    ).prefetch_related("assignments__worker__user").order_by("start_at")  # fmt: skip
    waiting = [_told(visit) for visit in visits if _waits(visit)]
    coming = [
        _told(visit) for visit in visits if visit.start_at > at and visit.state == Visit.State.PUBLISHED
    ]
    asked = Booking.objects.filter(customer=customer, state=Booking.State.REQUESTED).select_related("service")
    done = [_told(visit) for visit in visits if visit.state == Visit.State.FINISHED and not _waits(visit)]
    return page(request, "resident/home.html", {
        "customer": customer, "waiting": waiting, "coming": coming, "asked": asked.order_by("starts"),
        "done": done[-5:][::-1], "figures": lots.figures(customer.pk, at=at), "expiry": lots.next_expiry(customer.pk, at=at),
    })  # fmt: skip


@login_required
def visits(request: HttpRequest) -> HttpResponse:
    """Show every visit, newest first, with what became of its hours."""
    customer = customer_of(request)
    rows = Visit.objects.filter(booking__customer=customer).select_related("booking__service")
    told = [
        _told(visit)
        for visit in rows.prefetch_related("assignments__worker__user").order_by("-start_at")[:60]
    ]
    asked = Booking.objects.filter(customer=customer, state=Booking.State.REQUESTED).select_related("service")
    facts = {"visits": told, "asked": asked.order_by("starts"), "now": clock.now()}
    return page(request, "resident/visits.html", facts)


def _waits(visit: Visit) -> bool:
    worked = [row for row in visit.assignments.all() if row.state == Assignment.State.WORKED]
    open_ = [row for row in worked if row.outcome == Assignment.Outcome.AWAITING]
    return bool(open_) and visit.state == Visit.State.FINISHED


def _told(visit: Visit) -> dict[str, object]:
    """Return a visit in the words of its customer."""
    crew = [row for row in visit.assignments.all() if row.state in Assignment.LIVE]
    return {
        "visit": visit, "names": ", ".join(row.worker.user.name for row in crew), "service": visit.booking.service,
        "minutes": sum(billable_minutes(row) for row in crew), "free_until": cancellation.free_until(visit),
        "silent_from": confirming.silent_from(visit), "crew": crew,
        "disputable": disputes.may_open(visit, at=clock.now()),
        "outcome": next((row.get_outcome_display() for row in crew if row.outcome), ""),
    }  # fmt: skip


@login_required
def register(request: HttpRequest) -> HttpResponse:
    """Become a customer: a resident, or with `?soort=bedrijf` a firm."""
    user, at = user_of(request), clock.now()
    if user.customer_parts.filter(part="owner").exists():
        return redirect("resident:home")
    firm = request.GET.get("soort") == "bedrijf"
    form = FirmForm(request.POST or None) if firm else RegisterForm(request.POST or None)

    def enrol() -> None:
        if firm:
            facts = form.cleaned_data | {
                "kvk": organising.checked_kvk(form.cleaned_data["kvk"]),
                "vat_id": organising.checked_vat_id(form.cleaned_data["vat_id"]),
            }
            registration.register_firm(user=user, at=at, **facts)
        else:
            registration.register_resident(
                user=user, language=request.LANGUAGE_CODE[:2], at=at, **form.cleaned_data
            )

    saved = fill(request, form, enrol, done=_("Welkom. U bent ingeschreven."), back="resident:home")
    return saved or page(request, "resident/register.html", {"form": form, "firm": firm})


def _field_of(refused: Refused) -> str | None:
    fields = {
        "NotAPostcode": "postcode", "OutsideArea": "postcode", "NotAHouseNumber": "house_number", "NotAPhoneNumber": "phone",
        "NotANumberOfHours": "hours", "OverTheCap": "hours",
    }  # fmt: skip
    return fields.get(refused.code)


@login_required
def buy(request: HttpRequest) -> HttpResponse:
    """Choose how many hours, and go to the pay page."""
    customer, at = buyer_of(request), clock.now()
    wanted = request.GET.get("uren", "10")
    hours = int(wanted) if wanted in {"5", "10", "20"} else 10
    ways = _ways_to_pay()
    sent = {"way": ways[0][0], **request.POST.dict()} if request.method == "POST" else None
    form = BuyForm(sent, initial={"key": uuid4(), "hours": hours}, ways=ways)
    if request.method == "POST" and form.is_valid():
        try:
            order = purchase.place_order(
                customer.pk,
                hours=form.cleaned_data["hours"],
                form_key=form.cleaned_data["key"],
                way=form.cleaned_data["way"],
                by=user_of(request),
                at=at,
            )
            if order.way == Order.Way.TRANSFER:
                return redirect("resident:order", ref=order.ref)
            back = f"{settings.SITE_URL}/mijn/kopen/{order.ref}/"
            return redirect(purchase.start_checkout(order.pk, success_url=f"{back}klaar/", cancel_url=back))
        except Refused as refused:
            renew_key(form, refused)
            form.add_error(_field_of(refused), str(refused))
        except stripe_gateway.Unreachable:
            form.add_error(
                None, _("De betaaldienst antwoordt niet. Uw bestelling is bewaard. Probeer het zo nog eens.")
            )
    facts = {
        "form": form,
        "price": PRICE_CENTS.on(today()),
        "off": purchase.why_no_card(),
        "ways": len(ways),
        "left": caps.room_of(customer, at=at).left if customer.kind == Customer.Kind.RESIDENT else None,
        "chips": [(hours, hours * PRICE_CENTS.on(today())) for hours in (5, 10, 20)],
    }
    return page(request, "resident/buy.html", facts)


def _ways_to_pay() -> list[tuple[str, str]]:
    """Return how somebody can pay here, the easiest first."""
    ways = [(Order.Way.CHECKOUT.value, _("Meteen, met iDEAL, Wero of kaart"))]
    if transfers.is_possible():
        by_bank = (Order.Way.TRANSFER.value, _("Zelf overmaken met de bank"))
        ways = [by_bank] if purchase.why_no_card() else [*ways, by_bank]
    return ways


@login_required
def order(request: HttpRequest, ref: str, *, back: bool = True) -> HttpResponse:
    """Say how far an order is; asked at the payment service, never believed from the address."""
    row = get_object_or_404(Order, ref=ref, customer=customer_of(request))
    with suppress(
        stripe_gateway.Unreachable
    ):  # the webhook or the poll will tell; the page says that it waits
        row = converging.converge_order(row.pk, at=clock.now())
    facts = {"order": row, "figures": lots.figures(row.customer_id, at=clock.now()), "back": back}
    if row.way == Order.Way.TRANSFER and row.state == Order.State.OPEN:
        return page(request, "resident/transfer.html", {**facts, **_to_transfer(row)})
    return page(request, "resident/order.html", facts)


def _to_transfer(row: Order) -> dict[str, object]:
    try:
        told = transfers.instruction(row)
    except Refused as refused:
        return {"off": str(refused)}
    return {"told": told, "received": row.total_cents - told.cents}


@login_required
@require_POST
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """Agree with the hours."""
    visit = get_object_or_404(Visit, ref=ref, booking__customer=customer_of(request))
    return act(
        request, lambda: confirming.confirm(visit.pk, by=user_of(request), at=clock.now()),
        done=_("Dank u wel. De uren zijn bevestigd."), back="resident:home",
    )  # fmt: skip


@login_required
def dispute(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that the hours are not right."""
    visit = get_object_or_404(Visit, ref=ref, booking__customer=customer_of(request))
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            disputes.open_dispute(visit.pk, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("Wij bellen u vandaag voor 17 uur. Het loon van de medewerker verandert hier niet door."),
            )
            return redirect("resident:home")
    return page(request, "resident/dispute.html", {"form": form, "visit": visit})


@login_required
def cancel(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what cancelling does, and do it."""
    booking = get_object_or_404(
        Booking.objects.select_related("service"), ref=ref, customer=customer_of(request)
    )
    if request.method == "POST":
        return act(
            request, lambda: cancellation.cancel(booking.pk, by=user_of(request), at=clock.now()),
            done=_("Afgezegd. Uw cheques zijn weer vrij."), back="resident:home",
        )  # fmt: skip
    visit = Visit.objects.filter(booking=booking).exclude(state=Visit.State.CANCELLED).first()
    return page(request, "resident/cancel.html", {
        "booking": booking, "minutes": booking.minutes * booking.crew, "visit": visit,
        "free_until": cancellation.free_until(visit) if visit else None,
    })  # fmt: skip


@login_required
def wallet(request: HttpRequest) -> HttpResponse:
    """Show the figures of the wallet and every movement they are made of."""
    customer: Customer = customer_of(request)
    rows = (
        Lot.objects.filter(wallet__customer=customer)
        .select_related("order", "parent", "purpose")
        .prefetch_related("movements")
    )
    at = clock.now()
    shown = list(rows.order_by("-issued_at", "-pk"))
    for lot in shown:
        vars(lot).update(last_day=expiring.last_day(lot), may_extend=expiring.may_extend(lot, at=at))
    facts = {"figures": lots.figures(customer.pk, at=at), "lots": shown, "now": at}
    return page(request, "resident/wallet.html", facts)
