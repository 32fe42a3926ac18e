"""Take someone into the pool, and say goodbye."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity import registration
from identity.models import Address, Membership, Role, User
from kernel.errors import Refused
from workers_pool.availability import Window, write_week
from workers_pool.contracts import agree
from workers_pool.models import Certificate, Contract, Worker, WorkerSkill


class AlreadyInThePool(Refused):
    """This user already is a worker."""


class LivesElsewhere(Refused):
    """The address lies in a neighbourhood of somebody else."""


class AlreadyLeft(Refused):
    """This worker left before."""


@transaction.atomic(durable=True)
def hire(user: User, *, by: User, at: datetime, **agreed: Any) -> Worker:
    """Take a neighbour who has an account into the pool: see `enrol` for what is agreed and what is refused."""
    return enrol(user, by=by, at=at, **agreed)


def bring_in(
    *, name: str, email: str, phone: str, postcode: str, house_number: str, within: Collection[int], by: User,
    at: datetime, **agreed: Any,
) -> Worker:  # fmt: skip
    """Take somebody into the pool who may have no account yet, and tell them how to come in.

    Step: the caller owns the transaction; `subsidies.contracting` first asks whether the money lasts.

    :param within: the neighbourhoods in which `by` may do this.
    :raises LivesElsewhere: the address lies in none of them.
    :raises OutsideArea: they live where we do not work; see `identity.registration.find_place`.
    :raises NotAPhoneNumber: it cannot be called.
    :raises AlreadyInThePool: they work here already.
    :raises NotAContract: no minutes, or more wanted than agreed.
    """
    home, number = registration.find_place(postcode, house_number), registration.telephone(phone)
    if home.neighbourhood_id not in within:
        raise LivesElsewhere(_("Dit adres ligt in een buurt van een andere coördinator."))
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email.strip(), name=name.strip(), phone=number)
    worker = enrol(user, home=home, by=by, at=at, **agreed)
    record(
        "role.given",
        Membership.objects.get(user=user, role=Role.WORKER, until_on=None),
        by_id=by.pk,
        at=at,
        role=Role.WORKER,
    )
    return worker


def enrol(  # noqa: PLR0913 - what is agreed when somebody starts
    user: User, *, home: Address, mode: str, languages: list[str], skills: dict[str, str], week_minutes: int,
    wanted_minutes: int, windows: Sequence[Window], by: User, at: datetime, from_on: date,
    contract_kind: str = Contract.Kind.FIXED, certificates: dict[str, date] | None = None, likes_late: bool = False,
) -> Worker:  # fmt: skip
    """Take a neighbour into the pool. Step: the caller owns the transaction.

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


@transaction.atomic(durable=True)
def know(
    worker_id: int, *, mode: str, languages: list[str], likes_late: bool, by: User, at: datetime
) -> Worker:
    """Note how a worker travels, what they speak, and whether they like to work late. Plans that are made keep theirs."""
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    worker.mode, worker.languages, worker.likes_late = mode, languages, likes_late
    worker.save(update_fields=["mode", "languages", "likes_late"])
    record("worker.known", worker, by_id=by.pk, at=at)
    return worker
