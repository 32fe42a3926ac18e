"""The auditor: the pack of a period, signs that somebody should look, and whose names were shown."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from books import audit_pack, names, signs
from identity.models import Role
from kernel.periods import Period, add_months
from web.access import for_roles, page, today


@for_roles(Role.AUDITOR, Role.TREASURER)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the signs of a period and the log of names that were shown; give the pack on request."""
    month = today().replace(day=1)
    start, until = request.GET.get("van", f"{add_months(month, -1)}"), request.GET.get("tot", f"{month}")
    days = _days(start, until)
    if days is None:
        messages.error(request, _("Kies een eerste dag, en een einde dat later is."))
    elif request.GET.get("vorm") == "zip":
        answer = HttpResponse(audit_pack.pack(days), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="audit-{days.start}-{days.end}.zip"'
        return answer
    facts = {
        "start": start, "until": until, "ok": days is not None, "signs": signs.of_days(days) if days else [],
        "log": names.log_in_words(),
    }  # fmt: skip
    return page(request, "office/auditing.html", facts)


def _days(start: str, until: str) -> Period[date] | None:
    try:
        return Period(date.fromisoformat(start), date.fromisoformat(until))
    except ValueError:
        return None
