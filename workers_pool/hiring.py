"""Take someone into the pool, and say goodbye."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Address, Membership, Role, User
from kernel.errors import Refused
from workers_pool.availability import Window, write_week
from workers_pool.contracts import agree
from workers_pool.models import Certificate, Contract, Worker, WorkerSkill


class AlreadyInThePool(Refused):
    """This user already is a worker."""


class AlreadyLeft(Refused):
    """This worker left before."""


@transaction.atomic(durable=True)
def hire(  # noqa: PLR0913 - what is agreed when somebody starts
    user: User, *, home: Address, mode: str, languages: list[str], skills: dict[str, str], week_minutes: int,
    wanted_minutes: int, windows: Sequence[Window], by: User, at: datetime, from_on: date,
    contract_kind: str = Contract.Kind.FIXED, certificates: dict[str, date] | None = None, likes_late: bool = False,
) -> Worker:  # fmt: skip
    """Take a neighbour into the pool.

    :param skills: skill -> 'qualified' or 'learner'.
    :param windows: (weekday, from minute, until minute), local time.
    :param certificates: kind -> last valid day.
    :raises AlreadyInThePool: the user works here already.
    :raises NotAContract: no minutes, or more wanted than agreed.
    """
    if Worker.objects.filter(user=user).exists():
        raise AlreadyInThePool(_("Deze persoon werkt hier al."))
    worker = Worker.objects.create(
        user=user, neighbourhood=home.neighbourhood, home=home, mode=mode, languages=languages,
        likes_late=likes_late, hired_on=from_on,
    )  # fmt: skip
    Membership.objects.create(user=user, role=Role.WORKER, neighbourhood=home.neighbourhood, from_on=from_on)
    agree(worker, contract_kind, week_minutes, wanted_minutes, from_on)
    WorkerSkill.objects.bulk_create(
        WorkerSkill(worker=worker, skill=skill, level=level) for skill, level in skills.items()
    )
    write_week(worker, windows)
    Certificate.objects.bulk_create(
        Certificate(worker=worker, kind=kind, valid_from_on=from_on, valid_until_on=until)
        for kind, until in (certificates or {}).items()
    )
    record("worker.hired", worker, by_id=by.pk, at=at)
    return worker


def end(worker_id: int, *, left_on: date, by: User, at: datetime) -> Worker:
    """Note the first day on which someone does not work here any more. Step: the caller owns the transaction.

    :raises AlreadyLeft: they left before.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    if worker.left_on is not None:
        raise AlreadyLeft(_("Deze persoon werkt hier al niet meer."))
    worker.left_on = left_on
    worker.save(update_fields=["left_on"])
    Membership.objects.filter(user=worker.user_id, role=Role.WORKER, until_on=None).update(until_on=left_on)
    record("worker.left", worker, by_id=by.pk, at=at, left_on=str(left_on))
    return worker
