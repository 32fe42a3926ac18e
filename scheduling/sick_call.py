"""Somebody calls in sick, leaves, or does not come: the visits they had need somebody else."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import start_of_day
from scheduling.models import Assignment, Visit
from scheduling.visits import finish_when_done, withdraw
from workers_pool import absences, hiring


class NotExpected(Refused):
    """The worker was not expected there, or was there."""


@transaction.atomic(durable=True)
def report(
    worker_id: int, *, from_at: datetime, until_at: datetime, by: User, at: datetime
) -> list[Assignment]:
    """Note the absence and take the worker off visits in it that have not begun; return those."""
    absences.report(worker_id, from_at=from_at, until_at=until_at, by=by, at=at)
    return take_off(worker_id, from_at=from_at, until_at=until_at, by=by, at=at)


@transaction.atomic(durable=True)
def leave(worker_id: int, *, left_on: date, by: User, at: datetime) -> list[Assignment]:
    """Note the first day on which a worker is gone, and take them off the visits from then on; return those."""
    hiring.end(worker_id, left_on=left_on, by=by, at=at)
    return take_off(worker_id, from_at=start_of_day(left_on), until_at=None, by=by, at=at)


def take_off(
    worker_id: int, *, from_at: datetime, until_at: datetime | None, by: User, at: datetime
) -> list[Assignment]:
    """Take a worker off visits in [from, until) to which they did not come yet. Step."""
    expected = Assignment.objects.filter(
        worker_id=worker_id, state__in=[Assignment.State.OFFERED, Assignment.State.ASSIGNED],
        checked_in_at__isnull=True, during__overlap=TimestamptzRange(from_at, until_at),
    )  # fmt: skip
    visit_ids = list(expected.order_by("visit_id").values_list("visit_id", flat=True))
    visits = list(Visit.objects.select_for_update(no_key=True).filter(pk__in=visit_ids).order_by("pk"))
    lost = list(expected.select_for_update(no_key=True).order_by("pk"))
    for row in lost:
        withdraw(row, by_id=by.pk, at=at)
    for visit in visits:
        finish_when_done(visit, at=at)
        Visit.objects.filter(pk=visit.pk).update(version=F("version") + 1)
    return lost


@transaction.atomic(durable=True)
def mark_no_show(assignment_id: int, *, by: User, at: datetime) -> Assignment:
    """Note that a worker did not come; the visit can be given to somebody else.

    :raises NotExpected: the start is not over, or the worker came after all.
    """
    visit_id = Assignment.objects.values_list("visit_id", flat=True).get(pk=assignment_id)
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    row = Assignment.objects.select_for_update(no_key=True).get(pk=assignment_id)
    if row.state != Assignment.State.ASSIGNED or row.checked_in_at or visit.start_at > at:
        raise NotExpected(_("Deze persoon is er wel geweest, of hoeft er nog niet te zijn."))
    row.state = Assignment.State.NO_SHOW
    row.save(update_fields=["state"])
    record("assignment.no_show", row, by_id=by.pk, at=at)
    finish_when_done(visit, at=at)
    return row
