"""What an hour brings in and costs: coverage, and what-if."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from books import coverage as who_pays
from books import result, what_if
from books.result import KEYS, Result
from identity.models import Role
from kernel.errors import Refused
from kernel.money import half_up
from marketplace.models import Service
from web import charts, wording
from web.access import for_roles, page, today
from web.office.tables import as_csv
from web.office.what_if_form import WhatIfForm
from web.templatetags.wijk import in_words

READERS = (Role.PAYROLL, Role.TREASURER, Role.AUDITOR)
SHOWN, IN_CHART = 200, 12
HEAD = (
    "key", "accepted minutes", "sold minutes", "cheques without vat", "subsidy", "wage cost", "training", "overhead",
    "left",
)  # fmt: skip


@for_roles(*READERS)
def coverage(request: HttpRequest) -> HttpResponse:
    """Show who pays for the hours of a month or of all months, per service, neighbourhood, worker, visit or month."""
    months = who_pays.months()
    chosen, per = _month(request, months), request.GET.get("per", "service")
    if per not in KEYS:
        raise Http404
    stretch = [chosen] if chosen else months
    rows = who_pays.rows_of(stretch)
    sums = result.by(rows, KEYS[per])
    if request.GET.get("vorm") == "csv":
        return as_csv(f"resultaat-{per}", HEAD, [_plain(key, one) for key, one in sums.items()])
    named = [(_name(per, key), one) for key, one in sums.items()]
    facts = {
        "months": months, "chosen": chosen, "per": per, "pers": _pers(), "whole": who_pays.of(stretch), "rows": named[:SHOWN],
        "more": max(0, len(named) - SHOWN), "chart": _paid_chart(named) if named else "",
    }  # fmt: skip
    return page(request, "office/coverage.html", facts)


@for_roles(*READERS)
def break_even(request: HttpRequest) -> HttpResponse:
    """Show what a month of one worker costs and who pays, for the wage, price and subsidy that are filled in."""
    day = today()
    usual = WhatIfForm.usual(day)
    form = WhatIfForm(request.GET if "wage" in request.GET else usual)
    facts: dict[str, Any] = {"form": form}
    if form.is_valid():
        scenario = form.scenario(day)
        try:
            facts |= {"answer": what_if.answer(scenario), "points": what_if.curve(scenario)}
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            facts["chart"] = _curve_chart(facts["points"])
            facts["bars"] = _answer_chart(facts["answer"])
    return page(request, "office/break_even.html", facts)


def _month(request: HttpRequest, months: Sequence[date]) -> date | None:
    asked = request.GET.get("maand", "")
    if asked == "alle":
        return None
    try:
        return date.fromisoformat(f"{asked}-01") if asked else next(iter(months), None)
    except ValueError as error:
        raise Http404 from error


def _pers() -> list[tuple[str, str]]:
    return [
        ("service", _("per dienst")), ("neighbourhood", _("per buurt")), ("worker", _("per medewerker")),
        ("visit", _("per bezoek")), ("month", _("per maand")),
    ]  # fmt: skip


def _name(per: str, key: str) -> str:
    if not key:
        return _("niet bij een bezoek")
    if per == "service":
        return in_words(Service.objects.get(code=key))
    if per == "month":
        return date_format(date.fromisoformat(f"{key}-01"), "F Y")
    return key


def _plain(key: str, one: Result) -> tuple[object, ...]:
    return (
        key, one.accepted_minutes, one.sold_minutes, one.cheques_net_cents, one.subsidy_cents, one.wage_cost_cents,
        one.training_cents, one.overhead_cents, one.rest_cents,
    )  # fmt: skip


def _part(series: int, name: str, cents: int) -> charts.Part:
    return charts.Part(series, cents, f"{name}: {wording.euro(cents)}")


def _paid_chart(rows: Sequence[tuple[str, Result]]) -> str:
    """Draw for each row what it costs and who pays."""
    wage, more, cheques, subsidy = _("loonkosten"), _("opleiding en kantoor"), _("cheques"), _("subsidie")
    drawn = []
    for name, one in sorted(rows, key=lambda row: -row[1].cost_cents)[:IN_CHART]:
        cost = [_part(1, wage, one.wage_cost_cents), _part(3, more, one.training_cents + one.overhead_cents)]
        pays = [_part(4, cheques, one.cheques_net_cents), _part(2, subsidy, one.subsidy_cents)]
        drawn.append(charts.Bar(_("kosten: %(cents)s") % {"cents": wording.euro(one.cost_cents)}, cost, name))
        drawn.append(
            charts.Bar(_("betaald: %(cents)s") % {"cents": wording.euro(one.income_cents)}, pays, name)
        )
    whole = result.Result()
    for _name_of_row, one in rows:
        whole += one
    finding = _("Samen is %(percent)s%% van de kosten betaald.") % {
        "percent": number_format(whole.coverage or 0)
    }
    return charts.bars(_("Wat kost het en wie betaalt?"), finding, [wage, subsidy, more, cheques], drawn)


def _answer_chart(answer: what_if.Answer) -> str:
    names = [_("loonkosten"), _("subsidie"), _("opleiding en kantoor"), _("cheques"), _("loonkostenvoordeel")]
    cover = answer.cover
    cost = [_part(1, names[0], answer.wage_cents), _part(3, names[2], answer.other_cents)]
    pays = [
        _part(4, names[3], cover.cheques_net_cents), _part(2, names[1], cover.subsidy_cents),
        _part(5, names[4], cover.benefit_of_wage_cents),
    ]  # fmt: skip
    finding = _("In een maand kost iemand %(cost)s en komt er %(income)s binnen.") % {
        "cost": wording.euro(cover.cost_cents), "income": wording.euro(cover.income_cents),
    }  # fmt: skip
    rows = [charts.Bar(_("kosten"), cost), charts.Bar(_("betaald"), pays)]
    return charts.bars(_("Een maand van één medewerker"), finding, names, rows)


def _curve_chart(points: Sequence[what_if.Point]) -> str:
    if not points:
        return ""
    paid = next((point.utilisation for point in points if point.covered >= 100), None)
    finding = (
        _("Vanaf %(share)s%% verkochte uren is alles betaald.") % {"share": paid}
        if paid is not None
        else _("Ook als alle uren verkocht zijn, is niet alles betaald.")
    )
    lines = [
        charts.Line(_("met subsidie"), [half_up(point.covered * 10) for point in points]),
        charts.Line(_("alleen cheques"), [half_up(point.own * 10) for point in points]),
    ]
    steps = [f"{point.utilisation}%" for point in points]
    return charts.lines(_("Hoeveel van de kosten is betaald, naar verkochte uren?"), finding, steps, lines)
