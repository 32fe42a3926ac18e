"""Time someone cannot work: reported without a reason."""

from datetime import datetime

from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from workers_pool.models import Absence


class EndsBeforeItStarts(Refused):
    """The absence has no time in it."""


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
