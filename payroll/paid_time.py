"""Time that is paid without a visit: training, leave, sickness. The nature of an illness is never asked."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from payroll import leave
from payroll.models import PaidTime
from payroll.wording import hours_in_words
from workers_pool.contracts import is_employed
from workers_pool.models import Worker

LONGEST = 12 * 60


class NotAWorkingDay(Refused):
    """The minutes are none, or more than a day of work."""


class NotEmployed(Refused):
    """The worker had no contract on that day."""


class NoLeaveLeft(Refused):
    """More leave than was earned."""


class AlreadyEntered(Refused):
    """The same kind of time stands on that day."""


class AlreadyWithdrawn(Refused):
    """It was withdrawn before."""


@transaction.atomic(durable=True)
def enter(
    worker_id: int,
    *,
    kind: str,
    on: date,
    minutes: int,
    by: User,
    at: datetime,
    sick_since: date | None = None,
) -> PaidTime:
    """Enter time of a day. In a month whose wages are fixed it becomes a correction of that month.

    :param sick_since: the first day of this sickness; the day itself when it is not given.
    :raises NotAWorkingDay: no minutes, or more than twelve hours.
    :raises NotEmployed: there was no contract that day.
    :raises NoLeaveLeft: more than the worker has.
    :raises AlreadyEntered: withdraw the other one first.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    if not 0 < minutes <= LONGEST:
        raise NotAWorkingDay(_("Kies de tijd van één dag: ten minste een minuut, ten hoogste twaalf uur."))
    if not is_employed(worker, on):
        raise NotEmployed(_("Deze persoon had op die dag geen contract."))
    if kind == PaidTime.Kind.LEAVE and minutes > (left := leave.free(worker_id)):
        raise NoLeaveLeft(_("Er is nog %(left)s vrij over.") % {"left": hours_in_words(max(0, left))})
    since = (sick_since or on) if kind == PaidTime.Kind.SICK else None
    try:
        with transaction.atomic():
            row = PaidTime.objects.create(
                worker=worker,
                kind=kind,
                on=on,
                minutes=minutes,
                sick_since=since,
                entered_at=at,
                entered_by=by,
            )
    except IntegrityError as error:
        raise AlreadyEntered(_("Op die dag staat dit al. Haal het eerst weg.")) from error
    record("paid_time.entered", row, by_id=by.pk, at=at, worker_id=worker.pk, minutes=minutes)
    return row


@transaction.atomic(durable=True)
def withdraw(paid_time_id: int, *, by: User, at: datetime) -> PaidTime:
    """Take back time that was entered. Was it paid, then the next run takes it off again, as a correction.

    :raises AlreadyWithdrawn: there is nothing to take back.
    """
    row = PaidTime.objects.select_for_update(no_key=True).get(pk=paid_time_id)
    if row.withdrawn_at is not None:
        raise AlreadyWithdrawn(_("Dit is al weggehaald."))
    row.withdrawn_at, row.withdrawn_by = at, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("paid_time.withdrawn", row, by_id=by.pk, at=at, worker_id=row.worker_id)
    return row
