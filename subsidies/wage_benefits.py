"""Loonkostenvoordeel (LKV) of a year: one category per worker, over the paid hours; cash of the next year."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from payroll.models import PayRun, WageLine
from subsidies import alerts
from subsidies.loonkosten import LkvGroup, lkv_of_year
from subsidies.models import WageBenefit
from workers_pool.models import Worker


class NotABenefit(Refused):
    """The days, the group or the statement contradict each other."""


@dataclass(frozen=True, slots=True)
class Yearly:
    """The wage benefit of one worker over a year."""

    worker: Worker
    minutes: int
    groups: tuple[LkvGroup, ...]
    cents: int


@transaction.atomic(durable=True)
def note(worker_id: int, *, group: str, from_on: date, statement: str, by: User, at: datetime) -> WageBenefit:
    """Write down a right to a wage benefit.

    :raises NotABenefit: there is no such group, or a disabled worker without a statement, or it is there already.
    """
    if group not in WageBenefit.Group.values:
        raise NotABenefit(_("Kies een groep."))
    if group == WageBenefit.Group.DISABLED and not statement.strip():
        raise NotABenefit(_("Voor deze groep is een doelgroepverklaring nodig. Vul het nummer in."))
    row, fresh = WageBenefit.objects.get_or_create(
        worker_id=worker_id, group=group, from_on=from_on, defaults={"statement": statement.strip()}
    )
    if not fresh:
        raise NotABenefit(_("Dit loonkostenvoordeel staat er al."))
    record("benefit.noted", row, by_id=by.pk, at=at)
    return row


def of_year(year: int) -> list[Yearly]:
    """Return the benefits of a year, from the paid minutes of its pay runs that are fixed.

    :raises NothingInForce: the amounts of the year are not in the lawbook.
    """
    rights: dict[int, list[WageBenefit]] = {}
    for row in WageBenefit.objects.select_related("worker__user").order_by("worker", "pk"):
        ends = alerts.benefit_ends(row)
        if row.from_on.year <= year and (ends is None or ends > date(year, 1, 1)):
            rights.setdefault(row.worker_id, []).append(row)
    found = []
    for worker, rows in rights.items():
        amounts = [
            (lkv_of_year(_minutes(worker, row, year), [group], date(year, 1, 1)), group, row)
            for row in rows
            for group in [_group(row)]
        ]
        cents, _highest, best = max(amounts, key=lambda one: one[0])
        groups = tuple(_group(row) for row in rows)
        found.append(Yearly(best.worker, _minutes(worker, best, year), groups, cents))
    return found


def _group(row: WageBenefit) -> LkvGroup:
    return "disabled" if row.group == WageBenefit.Group.DISABLED else "jobs_agreement"


def _minutes(worker: int, row: WageBenefit, year: int) -> int:
    """Return the paid minutes of a year on which a right holds, by whole months."""
    lines = WageLine.objects.filter(worker=worker, run__month__year=year).exclude(
        run__state=PayRun.State.DRAFT
    )
    lines = lines.filter(run__month__gte=row.from_on.replace(day=1))
    ends = alerts.benefit_ends(row)
    if ends is not None:
        lines = lines.filter(run__month__lt=ends)
    return lines.aggregate(total=Sum("minutes"))["total"] or 0
