"""Wages, subsidies, results and proof: the officer, the treasurer and those who read along."""

from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from books import names, prove
from cheques import lots
from identity import clock, permissions
from identity.models import Customer, Membership, Municipality, Role
from kernel.periods import month_of
from marketplace.models import Booking
from payroll import bureau, pay_run, sepa
from payroll.models import PaymentFile, PayRun
from scheduling import cancellation
from subsidies import claims, remittances
from subsidies.models import Claim
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of

OFFICER, SECOND = Role.PAYROLL, Role.TREASURER


# --- wages


@for_roles(OFFICER, SECOND)
def pay(request: HttpRequest) -> HttpResponse:
    """Show the month as steps: what is done, what comes next, who does it."""
    month = today().replace(day=1)
    last = month_of(_earlier(month)).start
    runs = PayRun.objects.annotate(
        people=Count("payslips"), gross=Sum("payslips__gross_cents"), net=Sum("payslips__net_cents")
    )
    facts = {
        "runs": runs.order_by("-month").prefetch_related("files"),
        "last": last,
        "waiting": pay_run.hours_not_accepted(month_of(last)),
    }
    return page(
        request, "office/pay.html", {**facts, "roles": permissions.roles(user_of(request), on=today())}
    )


def _month(request: HttpRequest) -> date:
    """Return the month a form names; 404 for a form that was tampered with."""
    try:
        return date.fromisoformat(request.POST.get("maand", "")).replace(day=1)
    except ValueError as error:
        raise Http404 from error


def _earlier(month: date) -> date:
    return date(month.year - (month.month == 1), 12 if month.month == 1 else month.month - 1, 1)


@for_roles(OFFICER)
@require_POST
def make_run(request: HttpRequest) -> HttpResponse:
    """Make the draft of last month, or make it again."""
    month = _month(request)
    return act(
        request,
        lambda: pay_run.begin(month, by=user_of(request), at=clock.now()),
        done=_("De proef wordt gemaakt. Open de maand om te zien hoe ver het is."),
        back="office:pay",
    )


@for_roles(OFFICER, SECOND)
@require_POST
def step_run(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    """Do the next step of a month's wages; the second person fixes what the first one made."""
    run, by, at = get_object_or_404(PayRun, ref=ref), user_of(request), clock.now()
    steps = {
        "verder": lambda: pay_run.go_on(run.pk, at=at),
        "vaststellen": lambda: pay_run.fix(run.pk, by=by, at=at), "bureau": lambda: bureau.send(run.pk, by=by, at=at),
        "bestand": lambda: sepa.make_file(run.pk, by=by, at=at),
    }  # fmt: skip
    if step not in steps or (step != "vaststellen" and OFFICER not in permissions.roles(by, on=today())):
        raise Http404
    return act(request, steps[step], done=_("Gedaan."), back="office:pay")


@for_roles(SECOND)
@require_POST
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    """Approve a payment file, as the second person."""
    file = get_object_or_404(PaymentFile, ref=ref)
    return act(
        request, lambda: sepa.approve(file.pk, by=user_of(request), at=clock.now()),
        done=_("Goedgekeurd. Het bestand kan naar de bank."), back="office:pay",
    )  # fmt: skip


@for_roles(OFFICER, SECOND)
@require_POST
def send(request: HttpRequest, ref: str) -> HttpResponse:
    """Give an approved file to the bank and read its answer."""
    file, at = get_object_or_404(PaymentFile, ref=ref), clock.now()

    def deliver() -> None:
        sepa.send(file.pk, at=at)
        sepa.fetch_answer(file.pk, at=at)

    return act(request, deliver, done=_("De bank heeft het bestand."), back="office:pay")


# --- subsidies


@for_roles(OFFICER, SECOND, Role.MUNICIPALITY)
def subsidy(request: HttpRequest) -> HttpResponse:
    """Show claims, each with its lines; a municipality sees its own."""
    held = permissions.roles(user_of(request), on=today())
    rows = Claim.objects.select_related("municipality").order_by("-month", "-number")
    if not held & {OFFICER, SECOND}:
        own = Membership.objects.filter(user=user_of(request), role=Role.MUNICIPALITY).values("municipality")
        rows = rows.filter(municipality__in=own)
    shown = [
        {
            "claim": claim,
            "total": claims.total_cents(claim),
            "received": remittances.received_cents(claim),
            "lines": claim.lines.count(),
        }
        for claim in rows
    ]
    towns = Municipality.objects.order_by("name")
    facts = {
        "claims": shown,
        "towns": towns,
        "last": _earlier(today().replace(day=1)),
        "officer": OFFICER in held,
        "held": held,
    }
    return page(request, "office/subsidy.html", facts)


@for_roles(OFFICER)
@require_POST
def make_claim(request: HttpRequest) -> HttpResponse:
    """Make the claim of last month."""
    town = get_object_or_404(Municipality, ref=request.POST.get("gemeente"))
    month = _month(request)
    return act(
        request, lambda: claims.make(town.pk, month=month, by=user_of(request), at=clock.now()),
        done=_("De aanvraag is gemaakt."), back="office:subsidy",
    )  # fmt: skip


@for_roles(OFFICER)
@require_POST
def send_claim(request: HttpRequest, ref: str) -> HttpResponse:
    """Send a claim."""
    claim = get_object_or_404(Claim, ref=ref)
    return act(
        request,
        lambda: claims.send(claim.pk, by=user_of(request), at=clock.now()),
        done=_("Ingediend."),
        back="office:subsidy",
    )


@for_roles(OFFICER)
def claim_pack(request: HttpRequest, ref: str) -> HttpResponse:
    """Download what the municipality gets of a claim: its lines, its letter, and the proof of both."""
    del request
    claim = get_object_or_404(Claim, ref=ref)
    answer = HttpResponse(claims.pack(claim.pk), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{claim.month:%Y-%m}-{claim.ref}.zip"'
    return answer


# --- desk


@for_roles(Role.DESK, Role.COORDINATOR)
def customers(request: HttpRequest) -> HttpResponse:
    """Find somebody by name, postcode or phone; show what a caller asks."""
    asked = request.GET.get("q", "").strip()
    at_desk, planned = (
        set(neighbourhoods_of(request, Role.DESK)),
        set(neighbourhoods_of(request, Role.COORDINATOR)),
    )
    mine = at_desk | planned
    found: Any = []
    if asked:
        rows = (
            Customer.objects.filter(neighbourhood__in=mine)
            .exclude(kind=Customer.Kind.BEARER)
            .select_related("address")
        )
        code = asked.replace(" ", "").upper()
        rows = (
            rows.filter(name__icontains=asked)
            | rows.filter(address__postcode=code)
            | rows.filter(phone__endswith=asked[-8:])
        )
        found = [
            {"customer": row, "desk": row.neighbourhood_id in at_desk, "ours": row.neighbourhood_id in planned, "figures": lots.figures(row.pk, at=clock.now()),
             "bookings": Booking.objects.filter(customer=row).exclude(state="cancelled").select_related("service").order_by("-pk")[:5]}
            for row in rows.distinct().order_by("name")[:20]
        ]  # fmt: skip
    years = [today().year, today().year - 1]
    return page(request, "office/customers.html", {"asked": asked, "found": found, "years": years})


@for_roles(Role.DESK, Role.COORDINATOR)
@require_POST
def desk_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    """Cancel for somebody who called, also inside the term."""
    mine = {*neighbourhoods_of(request, Role.DESK), *neighbourhoods_of(request, Role.COORDINATOR)}
    booking = get_object_or_404(Booking, ref=ref, neighbourhood__in=mine)
    return act(
        request, lambda: cancellation.cancel(booking.pk, by=user_of(request), at=clock.now(), despite_term=True),
        done=_("Afgezegd."), back="office:customers",
    )  # fmt: skip


# --- results and proof


@for_roles(OFFICER, SECOND, Role.AUDITOR)
def books(request: HttpRequest) -> HttpResponse:
    """Show every promise of the product as two figures."""
    return page(request, "office/books.html", {"rows": prove.invariants(), "revealed": names.log_in_words()})
