"""What a worker keeps of more hours beside a benefit, and the hours of each month for the town."""

from django.http import HttpRequest, HttpResponse

from identity.models import Role
from kernel.money import euros
from kernel.periods import add_months
from subsidies import keeping
from web.access import for_roles, page, today, worker_of
from web.asking_hours import asked
from web.office.tables import as_csv

MONTHS = 12


@for_roles(Role.WORKER)
def show(request: HttpRequest) -> HttpResponse:
    """Show the estimate for more hours, and own hours by month; the same as a file for the town."""
    worker, on = worker_of(request), today()
    next_month = add_months(on.replace(day=1), 1)
    months = keeping.months_of([worker], since=add_months(next_month, -MONTHS), until=next_month)
    if request.GET.get("vorm") == "csv":
        rows = [
            (f"{one.month:%Y-%m}", one.minutes, euros(one.gross_cents), _net(one.net_cents)) for one in months
        ]
        return as_csv("mijn-uren", ("month", "minutes", "gross", "net"), rows)
    form, minutes = asked(request.GET)
    return page(request, "worker/keeping.html", {
        "known": keeping.known(worker.pk) is not None, "found": keeping.estimate(worker, more_minutes=minutes, on=on),
        "form": form, "months": months[::-1],
    })  # fmt: skip


def _net(cents: int | None) -> object:
    return "" if cents is None else euros(cents)
