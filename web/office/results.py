"""What the work brought, for the town: on a page, as PDF and as CSV, always with the same figures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from books import outcomes, outcomes_in_words, report
from books.outcomes import Outcomes
from identity import permissions
from identity.models import Membership, Municipality, Role
from web import charts
from web.access import for_roles, page, today, user_of
from web.office import quarters
from web.office.tables import as_csv

READERS = (Role.PAYROLL, Role.TREASURER, Role.AUDITOR, Role.MUNICIPALITY)


def _town(request: HttpRequest) -> Municipality | None:
    """Return the town of somebody who reads for a town; None is the whole organisation."""
    user = user_of(request)
    if permissions.roles(user, on=today()) & {Role.PAYROLL, Role.TREASURER, Role.AUDITOR}:
        return None
    held = Membership.objects.filter(user=user, role=Role.MUNICIPALITY, municipality__isnull=False)
    first = held.select_related("municipality").order_by("pk").first()
    if first is None:
        raise Http404
    return first.municipality


@for_roles(*READERS)
def results(request: HttpRequest) -> HttpResponse:
    """Show the results of a quarter or a year; counts of people under ten are hidden, and what would give them away."""
    asked, days = quarters.asked(request)
    found = outcomes.of(days, on=today(), town=_town(request))
    form = request.GET.get("vorm", "")
    if form == "csv":
        return _csv(asked, found)
    if form == "pdf":
        return _pdf(asked, found)
    facts = {
        "asked": asked, "periods": quarters.offered(), "found": found, "figures": outcomes_in_words.figures(found),
        "tables": outcomes_in_words.tables(found), "chart": _chart(found), "only_per_year": outcomes_in_words.only_per_year(found),
    }  # fmt: skip
    return page(request, "office/results.html", facts)


def _chart(found: Outcomes) -> str:
    rows = [
        charts.Bar(name, [charts.Part(1, count, str(count))] if count else [])
        for name, count in found.by_neighbourhood.cells.items()
        if count is not None
    ]
    if not rows:
        return ""
    finding = _("Buurten met minder dan 10 mensen staan er niet in.")
    return charts.bars(_("Mensen per buurt"), finding, [_("mensen")], rows)


def _csv(asked: str, found: Outcomes) -> HttpResponse:
    rows: list[tuple[str, str, str, str]] = [
        ("figure", one.code, one.plain, one.definition) for one in outcomes_in_words.figures(found)
    ]
    for table in outcomes_in_words.tables(found):
        rows += [(table.name, name, count, table.definition) for name, count in table.rows]
    return as_csv(f"resultaat-{asked}", ("what", "name", "value", "definition"), rows)


def _pdf(asked: str, found: Outcomes) -> HttpResponse:
    period = dict(quarters.offered())[asked]
    shown = outcomes_in_words.figures(found)
    parts = [
        report.Part(_("Cijfers"), [_("Wat"), _("Cijfer"), _("Betekenis")], [(one.name, one.said, one.definition) for one in shown]),
        *(report.Part(table.name, [_("Wat"), _("Mensen")], table.rows, table.definition) for table in outcomes_in_words.tables(found)),
    ]  # fmt: skip
    first = _("Over %(period)s. Er is geen vergelijkingsgroep. Aantallen onder 10 zijn afgeschermd.") % {
        "period": period
    }
    first = f"{first} {outcomes_in_words.only_per_year(found)}".strip()
    body = report.render(_("Resultaat van Wijkcheque"), first, parts)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="resultaat-{asked}.pdf"'
    return answer
