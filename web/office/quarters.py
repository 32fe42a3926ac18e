"""Quarters and years to choose from in a report."""

from datetime import date

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from kernel.periods import Period, add_months
from web.access import today


def offered() -> list[tuple[str, str]]:
    """Return the last eight quarters, this one first, and the years they are in."""
    on = today()
    first = date(on.year, on.month - (on.month - 1) % 3, 1)
    days = [add_months(first, -3 * back) for back in range(8)]
    quarters = [
        (
            f"{day.year}-{day.month // 3 + 1}",
            _("kwartaal %(number)s van %(year)s") % {"number": day.month // 3 + 1, "year": day.year},
        )
        for day in days
    ]
    return [*quarters, *((str(year), str(year)) for year in sorted({day.year for day in days}, reverse=True))]


def asked(request: HttpRequest) -> tuple[str, Period[date]]:
    """Return the code and the days of the period in the address; without one, this quarter.

    :raises Http404: it is not offered.
    """
    quarters = offered()
    wanted = request.GET.get("periode") or quarters[0][0]
    if wanted not in dict(quarters):
        raise Http404
    year, _dash, number = wanted.partition("-")
    if not number:
        return wanted, Period(date(int(year), 1, 1), date(int(year) + 1, 1, 1))
    start = date(int(year), 3 * int(number) - 2, 1)
    return wanted, Period(start, add_months(start, 3))
