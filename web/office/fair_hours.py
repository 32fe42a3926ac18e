"""Hours that are shared fairly: who worked less than wanted, and who more, over four and thirteen weeks."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from identity.models import Neighbourhood, Role
from scheduling import fairness
from web import charts, wording
from web.access import for_roles, neighbourhoods_of, page, today

MOST_BARS = 15


@for_roles(Role.COORDINATOR)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what each worker worked against what was wanted; the next plan makes up for a part of the gap."""
    where = Neighbourhood.objects.filter(pk__in=neighbourhoods_of(request, Role.COORDINATOR)).order_by("name")
    day = today()
    monday = day - timedelta(days=day.weekday())
    weeks = fairness.SHORT_WEEKS if request.GET.get("weken") == "4" else fairness.WEEKS
    found = [(place, _of(place, monday=monday, weeks=weeks)) for place in where]
    blocks = [(place, rows, _chart(place, rows), _finding(rows)) for place, rows in found]
    return page(
        request,
        "office/fair_hours.html",
        {
            "blocks": blocks,
            "weeks": weeks,
            "monday": monday,
            "choices": [fairness.SHORT_WEEKS, fairness.WEEKS],
        },
    )


def _of(place: Neighbourhood, *, monday: date, weeks: int) -> list[fairness.Share]:
    workers = fairness.pool([place], monday)
    shares = fairness.shares_before(workers, monday)
    return [share for share in fairness.summed(workers, shares, weeks=weeks, monday=monday) if share.weeks]


def _finding(rows: Sequence[fairness.Share]) -> str:
    """Say in a sentence who stands furthest behind, when anybody does."""
    short = [row for row in rows if row.gap > 0]
    if not short:
        return _("Niemand werkte minder dan gewenst.")
    return _("%(short)s van %(all)s mensen werkten minder dan gewenst. %(name)s het meest: %(gap)s te weinig.") % {
        "short": len(short), "all": len(rows), "name": short[0].worker.user.name, "gap": wording.hours(short[0].gap),
    }  # fmt: skip


def _chart(place: Neighbourhood, rows: Sequence[fairness.Share]) -> SafeString:
    """Draw those who are furthest behind: worked, and what is missing."""
    bars = []
    for row in rows[:MOST_BARS]:
        done, rest = min(row.worked, row.wanted), max(0, row.gap)
        more = max(0, -row.gap)
        bars.append(
            charts.Bar(row.worker.user.name, [
                charts.Part(1, done, _("gewerkt: %(time)s") % {"time": wording.hours(row.worked)}),
                charts.Part(2, rest, _("te weinig: %(time)s") % {"time": wording.hours(rest)}),
                charts.Part(3, more, _("meer: %(time)s") % {"time": wording.hours(more)}),
            ])
        )  # fmt: skip
    series = [_("gewerkt"), _("te weinig"), _("meer dan gewenst")]
    return charts.bars(
        _("Gewerkt en gewenst: %(place)s") % {"place": place.name}, _finding(rows), series, bars
    )
