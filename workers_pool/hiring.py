"""Take someone into the pool, and change what was agreed."""

from datetime import date, datetime

from django.db import transaction

from events.recording import record
from identity.models import Address, Membership, Role, User
from kernel.errors import Refused
from workers_pool.models import Availability, Certificate, Contract, Worker, WorkerSkill

Window = tuple[int, int, int]


class AlreadyInThePool(Refused):
    """This user already is a worker."""


@transaction.atomic(durable=True)
def hire(  # noqa: PLR0913 - what is agreed when somebody starts
    user: User, *, home: Address, mode: str, languages: list[str], skills: dict[str, str], week_minutes: int,
    wanted_minutes: int, windows: list[Window], by: User, at: datetime, from_on: date,
    contract_kind: str = Contract.Kind.FIXED, certificates: dict[str, date] | None = None, likes_late: bool = False,
) -> Worker:  # fmt: skip
    """Take a neighbour into the pool.

    :param skills: skill -> 'qualified' or 'learner'.
    :param windows: (weekday, from minute, until minute), local time.
    :param certificates: kind -> last valid day.
    :raises AlreadyInThePool: the user works here already.
    """
    if Worker.objects.filter(user=user).exists():
        raise AlreadyInThePool("Deze persoon werkt hier al.")
    worker = Worker.objects.create(
        user=user, neighbourhood=home.neighbourhood, home=home, mode=mode, languages=languages,
        likes_late=likes_late, hired_on=from_on,
    )  # fmt: skip
    Membership.objects.create(user=user, role=Role.WORKER, neighbourhood=home.neighbourhood, from_on=from_on)
    Contract.objects.create(
        worker=worker,
        kind=contract_kind,
        week_minutes=week_minutes,
        wanted_minutes=wanted_minutes,
        from_on=from_on,
    )
    WorkerSkill.objects.bulk_create(
        WorkerSkill(worker=worker, skill=skill, level=level) for skill, level in skills.items()
    )
    Availability.objects.bulk_create(
        Availability(worker=worker, weekday=weekday, from_minute=start, until_minute=end)
        for weekday, start, end in windows
    )
    Certificate.objects.bulk_create(
        Certificate(worker=worker, kind=kind, valid_from_on=from_on, valid_until_on=until)
        for kind, until in (certificates or {}).items()
    )
    record("worker.hired", worker, by_id=by.pk, at=at)
    return worker


def contract_on(worker: Worker, day: date) -> Contract | None:
    """Return the contract that holds on a day, or None."""
    held = [
        contract
        for contract in worker.contracts.all()
        if contract.from_on <= day and (contract.until_on is None or day < contract.until_on)
    ]
    return max(held, key=lambda contract: contract.from_on, default=None)
