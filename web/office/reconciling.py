"""What is in the bank beside what should be: three matches, and what waits."""

from django.http import HttpRequest, HttpResponse

from books import reconciling
from identity.models import Role
from web.access import for_roles, page, today

SHOWN = 100


@for_roles(Role.PAYROLL, Role.TREASURER, Role.AUDITOR)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the three matches with their queues, and the bank lines that nobody knows."""
    on = today()
    rule, parts = reconciling.lines_by_rule()
    lines = reconciling.unmatched(on=on)
    facts = {
        "matches": reconciling.matches(on=on), "share": reconciling.share_by_rule(), "goal": reconciling.GOAL,
        "parts": parts, "rule": rule, "lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN), "shown": SHOWN,
    }  # fmt: skip
    return page(request, "office/reconciling.html", facts)
