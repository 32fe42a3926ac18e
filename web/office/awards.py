"""Decisions on wage subsidy: what is promised, expected, asked and received, and what ends soon."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from identity import clock
from identity.models import Role
from kernel.errors import Refused
from kernel.money import half_up
from subsidies import alerts, awards, contracting, readings, standing, wage_benefits
from subsidies.models import Award
from web.access import for_roles, page, today, user_of
from web.filling import cleaned, fill
from web.office.subsidy_forms import AwardForm, BenefitForm, ContractForm, NextAwardForm
from workers_pool.models import Contract

BOTH = (Role.PAYROLL, Role.TREASURER)
HERE = "office:awards"


def _read(request: HttpRequest, what: str) -> None:
    readings.note(what, by=user_of(request), at=clock.now())


def _minutes(hours: Any) -> int:
    return half_up(hours * 60)


@for_roles(*BOTH)
def overview(request: HttpRequest) -> HttpResponse:
    """Show every decision that holds in the year, and the wage benefits of the year."""
    on, year = today(), _year(request)
    rows = Award.objects.filter(from_on__lt=date(year + 1, 1, 1)).exclude(until_on__lte=date(year, 1, 1))
    rows = rows.select_related("worker__user", "municipality").order_by("worker__user__name", "from_on")
    _read(request, str(year))
    facts: dict[str, Any] = {
        "year": year,
        "years": range(2024, on.year + 1),
        "alerts": alerts.due(on),
        "officer": True,
    }
    try:
        shown = standing.of_year(rows, year, on=on)
        facts |= {"rows": shown, "sums": _sums(shown), "benefits": wage_benefits.of_year(year)}
    except Refused as missing:
        facts["missing"] = str(missing)
    return page(request, "office/awards.html", facts)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("jaar", "")
    return int(asked) if asked.isdigit() and 2024 <= int(asked) <= today().year + 1 else today().year


def _sums(rows: list[standing.Standing]) -> dict[str, int]:
    names = ("forecast_cents", "awarded_cents", "claimed_cents", "received_cents")
    return {name: sum(getattr(row, name) for row in rows) for name in names}


@for_roles(Role.PAYROLL)
def new(request: HttpRequest) -> HttpResponse:
    """Type over a decision letter."""
    form = AwardForm(request.POST or None)

    def grant() -> None:
        asked = cleaned(form)
        worker, week = asked.pop("worker"), asked.pop("week_hours")
        awards.grant(worker.pk, week_minutes=_minutes(week), by=user_of(request), at=clock.now(), **asked)

    gone = fill(request, form, grant, done=_("De beschikking staat erin."), back=HERE)
    return gone or page(request, "office/form.html", _asked(form, _("Nieuwe beschikking")))


@for_roles(Role.PAYROLL)
def follow(request: HttpRequest, ref: str) -> HttpResponse:
    """Type over the decision that follows: measured, another wage value, other hours."""
    award = get_object_or_404(Award.objects.select_related("worker__user"), ref=ref)
    form = NextAwardForm(request.POST or None, initial={"week_hours": award.week_minutes / 60})

    def succeed() -> None:
        asked = cleaned(form)
        week = asked.pop("week_hours")
        awards.succeed(award.pk, week_minutes=_minutes(week), by=user_of(request), at=clock.now(), **asked)

    _read(request, award.ref)
    gone = fill(request, form, succeed, done=_("De nieuwe beschikking staat erin."), back=HERE)
    lead = _("%(name)s: nu %(letter)s vanaf %(day)s. De nieuwe beschikking neemt het over op haar eerste dag.") % {
        "name": award.worker.user.name, "letter": award.letter, "day": f"{award.from_on:%d-%m-%Y}",
    }  # fmt: skip
    return gone or page(request, "office/form.html", _asked(form, _("Volgende beschikking"), lead))


@for_roles(Role.PAYROLL)
def contract(request: HttpRequest, ref: str) -> HttpResponse:
    """Agree a contract that counts on subsidy; refused when the town's money does not last."""
    award = get_object_or_404(Award.objects.select_related("worker__user"), ref=ref)
    form = ContractForm(request.POST or None)

    def agree() -> None:
        asked = cleaned(form)
        contracting.agree(
            award.worker_id, week_minutes=_minutes(asked["week_hours"]), wanted_minutes=_minutes(asked["wanted_hours"]),
            from_on=asked["from_on"], wage_value=asked["wage_value"], kind=Contract.Kind.FIXED, by=user_of(request),
            at=clock.now(),
        )  # fmt: skip

    gone = fill(request, form, agree, done=_("Het contract staat erin."), back=HERE)
    lead = _("Voor %(name)s. Het contract begint alleen als het plafond van de gemeente tot het einde van het jaar reikt.") % {
        "name": award.worker.user.name
    }  # fmt: skip
    return gone or page(request, "office/form.html", _asked(form, _("Nieuw contract"), lead))


@for_roles(Role.PAYROLL)
def benefit(request: HttpRequest) -> HttpResponse:
    """Write down a right to loonkostenvoordeel."""
    form = BenefitForm(request.POST or None)

    def note() -> None:
        asked = cleaned(form)
        wage_benefits.note(asked.pop("worker").pk, by=user_of(request), at=clock.now(), **asked)

    gone = fill(request, form, note, done=_("Het loonkostenvoordeel staat erin."), back=HERE)
    return gone or page(request, "office/form.html", _asked(form, _("Loonkostenvoordeel")))


def _asked(form: Any, heading: str, lead: str = "") -> dict[str, Any]:
    return {"form": form, "heading": heading, "lead": lead, "send": _("Bewaar"), "back_url": reverse(HERE)}
