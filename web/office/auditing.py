"""The auditor: the pack of a period, signs that somebody should look, and whose names were shown."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from books import kept_packs, names, signs
from identity import clock
from identity.models import Role
from kernel.errors import Refused
from kernel.periods import Period, add_months
from web.access import act, for_roles, page, today, user_of


@for_roles(Role.AUDITOR, Role.TREASURER)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the signs of a period and the log of names that were shown; give the pack on request."""
    month = today().replace(day=1)
    start, until = request.GET.get("van", f"{add_months(month, -1)}"), request.GET.get("tot", f"{month}")
    days = _days(start, until)
    if days is None:
        messages.error(request, _("Kies een eerste dag, en een einde dat later is."))
    elif request.GET.get("vorm") == "zip":
        try:
            pack = kept_packs.hand_over(days, by=user_of(request), at=clock.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            answer = HttpResponse(bytes(pack.body), content_type="application/zip")
            name = f"audit-{days.start}-{days.end}-{pack.number}.zip"
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
    kept = kept_packs.kept(days) if days else []
    facts = {
        "start": start, "until": until, "ok": days is not None, "signs": signs.of_days(days) if days else [],
        "log": names.log_in_words(), "kept": kept, "changes": kept_packs.changes(kept[0]) if kept else [],
    }  # fmt: skip
    return page(request, "office/auditing.html", facts)


@for_roles(Role.AUDITOR, Role.TREASURER)
@require_POST
def anew(request: HttpRequest) -> HttpResponse:
    """Make the next number of a pack, as the books are now; the one before it stays."""
    start, until = request.POST.get("van", ""), request.POST.get("tot", "")
    days, back = (
        _days(start, until),
        f"{reverse('office:auditing')}?{urlencode({'van': start, 'tot': until})}",
    )
    if days is None:
        messages.error(request, _("Kies een eerste dag, en een einde dat later is."))
        return redirect("office:auditing")
    return act(
        request, lambda: kept_packs.hand_over(days, by=user_of(request), at=clock.now(), anew=True),
        done=_("Er is een nieuw pakket. Het vorige blijft bewaard."), back=back,
    )  # fmt: skip


def _days(start: str, until: str) -> Period[date] | None:
    try:
        return Period(date.fromisoformat(start), date.fromisoformat(until))
    except ValueError:
        return None
