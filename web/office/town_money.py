"""Public money beside the wage subsidy: ceilings, local schemes, advances, and what a town takes back."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Role, User
from kernel.errors import Refused
from kernel.periods import add_months
from subsidies import advances, budgets, clawbacks, granting, local, schemes
from subsidies.models import Advance, Clawback, Grant, LocalScheme
from web.access import act, for_roles, page, today, user_of
from web.office import subsidy_forms as asked
from web.office.subsidy_forms import cents
from web.office.writing_down import New, write_down

OFFICER, BOTH = Role.PAYROLL, (Role.PAYROLL, Role.TREASURER)
HERE = "office:town-money"


@for_roles(*BOTH)
def overview(request: HttpRequest) -> HttpResponse:
    """Show each ceiling with its forecast, each scheme, advance and clawback, and what is still open of it."""
    facts: dict[str, Any] = {
        "last": add_months(today().replace(day=1), -1),
        "news": [(code, one.heading) for code, one in NEW.items()],
    }
    try:
        facts["budgets"] = [(_named(one), one) for one in budgets.all_on(today())]
    except Refused as missing:
        facts["missing"] = str(missing)
    rows = (
        LocalScheme.objects.select_related("municipality")
        .prefetch_related("tracks")
        .order_by("municipality__name", "pk")
    )
    facts["schemes"] = [(row, schemes.find(row.kind).NAME, schemes.find(row.kind).PAYS) for row in rows]
    facts["grants"] = (
        Grant.objects.exclude(scheme=None)
        .select_related("scheme", "municipality")
        .order_by("-month", "pk")[:100]
    )
    held = Advance.objects.select_related("municipality").order_by("-pk")[:50]
    facts["advances"] = [
        (one, advances.received_cents(one), advances.used_cents(one), advances.left_cents(one))
        for one in held
    ]
    back = Clawback.objects.select_related("line__claim", "line__award").order_by("-pk")[:50]
    facts["clawbacks"] = [(one, clawbacks.repaid_cents(one)) for one in back]
    return page(request, "office/town_money.html", facts)


def _named(budget: budgets.Budget) -> str:
    return str(dict(asked.sources()).get(budget.ceiling.source, budget.ceiling.source))


@for_roles(OFFICER)
@require_POST
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask what a scheme gives over last month."""
    scheme = get_object_or_404(LocalScheme, ref=ref)
    try:
        month = date.fromisoformat(request.POST.get("maand", ""))
    except ValueError as error:
        raise Http404 from error
    return act(
        request, lambda: local.ask(scheme.pk, month=month, by=user_of(request), at=clock.now()), done=_("Gevraagd."),
        back=HERE,
    )  # fmt: skip


@for_roles(OFFICER)
@require_POST
def refuse(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down that the town refused an amount."""
    grant = get_object_or_404(Grant.objects.exclude(scheme=None), ref=ref)
    reason = request.POST.get("reden", "")
    return act(
        request, lambda: local.refuse(grant.pk, reason=reason, by=user_of(request), at=clock.now()),
        done=_("Geweigerd. Dit bedrag kan alleen opnieuw gevraagd worden."), back=HERE,
    )  # fmt: skip


def _ceiling(facts: dict[str, Any], by: User, at: datetime) -> None:
    granting.set_ceiling(cents=cents(facts.pop("amount")), by=by, at=at, **facts)


def _scheme(facts: dict[str, Any], by: User, at: datetime) -> None:
    granting.open_scheme(terms=facts.pop("figures"), by=by, at=at, **facts)


def _hours(facts: dict[str, Any], by: User, at: datetime) -> None:
    granting.count_hours(by=by, at=at, **facts)


def _track(facts: dict[str, Any], by: User, at: datetime) -> None:
    local.start_track(facts.pop("scheme").pk, worker_id=facts.pop("worker").pk, by=by, at=at, **facts)


def _advance(facts: dict[str, Any], by: User, at: datetime) -> None:
    advances.announce(cents=cents(facts.pop("amount")), by=by, at=at, **facts)


def _settle(facts: dict[str, Any], by: User, at: datetime) -> None:
    advances.settle(
        facts["advance"].pk, claim_id=facts["claim"].pk, cents=cents(facts["amount"]), by=by, at=at
    )


def _clawback(facts: dict[str, Any], by: User, at: datetime) -> None:
    clawbacks.take_back(facts.pop("line").pk, cents=cents(facts.pop("amount")), by=by, at=at, **facts)


NEW: dict[str, New] = {
    "plafond": New(gettext_lazy("Plafond van een gemeente"), asked.CeilingForm, _ceiling),
    "regeling": New(gettext_lazy("Nieuwe regeling"), asked.SchemeForm, _scheme),
    "traject": New(gettext_lazy("Iemand begint een traject"), asked.TrackForm, _track),
    "voorschot": New(gettext_lazy("Voorschot van een gemeente"), asked.AdvanceForm, _advance),
    "verrekening": New(gettext_lazy("Voorschot verrekenen"), asked.SettleForm, _settle),
    "terugvordering": New(gettext_lazy("Subsidie gaat terug"), asked.ClawbackForm, _clawback),
    "uren": New(gettext_lazy("Hoe telt de gemeente de uren?"), asked.HoursForm, _hours),
}


@for_roles(OFFICER)
def new(request: HttpRequest, what: str) -> HttpResponse:
    """Add one of the things a town decides."""
    return write_down(request, NEW, what, back=HERE)
