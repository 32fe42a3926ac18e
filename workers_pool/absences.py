"""Time someone cannot work: reported without a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from workers_pool.models import Absence


class EndsBeforeItStarts(Refused):
    """The absence has no time in it."""


class AlreadyBack(Refused):
    """The absence is over by then."""


def report(worker_id: int, *, from_at: datetime, until_at: datetime, by: User, at: datetime) -> Absence:
    """Note that a worker is away in [from, until). Step: the caller owns the transaction.

    :raises EndsBeforeItStarts: the end is not after the start.
    """
    if from_at >= until_at:
        raise EndsBeforeItStarts(_("Het einde moet na het begin liggen."))
    absence = Absence.objects.create(
        worker_id=worker_id, from_at=from_at, until_at=until_at, reported_at=at, reported_by=by
    )
    record("absence.reported", absence, by_id=by.pk, at=at, worker_id=worker_id)
    return absence


@transaction.atomic(durable=True)
def end(absence_id: int, *, by: User, at: datetime, until_at: datetime) -> Absence:
    """Note that a worker is back sooner than was thought. Visits that went to others stay with them.

    :raises EndsBeforeItStarts: they would be back before they were away.
    :raises AlreadyBack: the absence ends before that anyhow.
    """
    absence = Absence.objects.select_for_update(no_key=True).get(pk=absence_id)
    if until_at <= absence.from_at:
        raise EndsBeforeItStarts(_("Het einde moet na het begin liggen."))
    if until_at >= absence.until_at:
        raise AlreadyBack(_("Deze afwezigheid is dan al voorbij."))
    absence.until_at = until_at
    absence.save(update_fields=["until_at"])
    record("absence.ended", absence, by_id=by.pk, at=at, worker_id=absence.worker_id)
    return absence
