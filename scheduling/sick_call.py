"""Somebody calls in sick, or does not come: the visits they had need somebody else."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from scheduling.models import Assignment, Visit
from scheduling.visits import finish_when_done
from workers_pool import absences


class NotExpected(Refused):
    """The worker was not expected there, or was there."""


@transaction.atomic(durable=True)
def report(
    worker_id: int, *, from_at: datetime, until_at: datetime, by: User, at: datetime
) -> list[Assignment]:
    """Note the absence and take the worker off visits in it that have not begun; return those."""
    absences.report(worker_id, from_at=from_at, until_at=until_at, by=by, at=at)
    expected = Assignment.objects.filter(
        worker_id=worker_id, state__in=[Assignment.State.OFFERED, Assignment.State.ASSIGNED],
        checked_in_at__isnull=True, during__overlap=(from_at, until_at),
    )  # fmt: skip
    visit_ids = list(expected.order_by("visit_id").values_list("visit_id", flat=True))
    list(Visit.objects.select_for_update(no_key=True).filter(pk__in=visit_ids).order_by("pk"))
    lost = list(expected.select_for_update(no_key=True).order_by("pk"))
    for row in lost:
        row.state = Assignment.State.WITHDRAWN
        row.save(update_fields=["state"])
        record("assignment.withdrawn", row, by_id=by.pk, at=at)
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
    finish_when_done(visit)
    return row
