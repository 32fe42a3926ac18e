"""Names for people in reports: always the same for one person, and nobody's to read back without a trace."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from events.sealing import keyed_hash
from identity.models import User
from kernel.errors import Refused
from workers_pool.models import Worker

SIGNS = 8


class NobodyOfThatName(Refused):
    """No worker has the pseudonym."""


class NoReason(Refused):
    """A name is only shown with a reason."""


def of_worker(worker_id: int) -> str:
    """Return the name of a worker in reports: 'M-' and eight signs of a keyed hash."""
    return f"M-{keyed_hash(f'worker:{worker_id}')[:SIGNS]}"


@transaction.atomic(durable=True)
def reveal(pseudonym: str, *, reason: str, by: User, at: datetime) -> Worker:
    """Return whose name it is, and write down who asked and why.

    :raises NoReason: no reason was given.
    :raises NobodyOfThatName: there is no such worker.
    """
    if len(reason.strip()) < 10:
        raise NoReason(_("Schrijf in een zin waarom u de naam moet weten."))
    asked = pseudonym.strip()
    for worker in Worker.objects.select_related("user").order_by("pk"):
        if of_worker(worker.pk) == asked:
            record("pseudonym.revealed", worker, by_id=by.pk, at=at, reason=reason.strip()[:200])
            return worker
    raise NobodyOfThatName(_("Er is geen medewerker met deze schuilnaam."))
