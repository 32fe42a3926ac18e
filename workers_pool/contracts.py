"""What was agreed with someone: hours a week, from a day on."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import local_day
from workers_pool.models import Contract, Worker

WEEK_MINUTES = 7 * 24 * 60


class MonthIsPast(Refused):
    """A change begins in this month or later: an earlier month was worked under what held then."""


class NotAContract(Refused):
    """The minutes of a contract make no sense, or another contract starts that day."""


@transaction.atomic
def change(
    worker_id: int, *, week_minutes: int, wanted_minutes: int, from_on: date, by: User, at: datetime,
    kind: str = Contract.Kind.FIXED,
) -> Contract:  # fmt: skip
    """Agree other hours from a day on. What was agreed before stays on record.

    Step: the caller owns the transaction; `subsidies.contracting` first asks whether the money lasts.

    :raises NotAContract: no minutes, more wanted than agreed, or a contract that starts that day.
    :raises MonthIsPast: it would begin in an earlier month.
    """
    if from_on < local_day(at).replace(day=1):
        raise MonthIsPast(
            _("Een nieuw contract begint deze maand of later. Wat al gewerkt is, verandert niet.")
        )
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    held = contract_on(worker, from_on)
    contract = agree(worker, kind, week_minutes, wanted_minutes, from_on)
    if held is not None:  # hours are agreed here; what the cao says of the wage goes on as it was
        contract.scale, contract.permanent = held.scale, held.permanent
        contract.save(update_fields=["scale", "permanent"])
    record("worker.contract", worker, by_id=by.pk, at=at, week_minutes=week_minutes, from_on=str(from_on))
    return contract


@transaction.atomic(durable=True)
def set_scale(worker_id: int, *, scale: str, from_on: date, by: User, at: datetime) -> Contract:
    """Pay by another scale of the cao from a day on; '' is the minimum wage. The hours go on as they are.

    :raises NotAContract: there is no contract on that day, or one that starts that day.
    :raises MonthIsPast: it would begin in an earlier month.
    """
    if from_on < local_day(at).replace(day=1):
        raise MonthIsPast(
            _("Een nieuw contract begint deze maand of later. Wat al gewerkt is, verandert niet.")
        )
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    held = contract_on(worker, from_on)
    if held is None:
        raise NotAContract(_("Op die dag is er geen contract."))
    contract = agree(worker, held.kind, held.week_minutes, held.wanted_minutes, from_on)
    contract.scale, contract.permanent = scale, held.permanent
    contract.save(update_fields=["scale", "permanent"])
    record("worker.contract", worker, by_id=by.pk, at=at, scale=scale, from_on=str(from_on))
    return contract


def agree(worker: Worker, kind: str, week_minutes: int, wanted_minutes: int, from_on: date) -> Contract:
    """Write a contract. Step: the caller owns the transaction.

    :raises NotAContract: see `change`.
    """
    if not 0 < week_minutes <= WEEK_MINUTES or not 0 <= wanted_minutes <= week_minutes:
        raise NotAContract(_("Kies de uren per week. Gewenste uren zijn niet meer dan de afgesproken uren."))
    try:
        with transaction.atomic():
            return Contract.objects.create(
                worker=worker,
                kind=kind,
                week_minutes=week_minutes,
                wanted_minutes=wanted_minutes,
                from_on=from_on,
            )
    except IntegrityError as error:
        raise NotAContract(_("Op deze dag begint al een contract.")) from error


def contract_on(worker: Worker, day: date) -> Contract | None:
    """Return the contract that holds on a day, or None."""
    held = [
        contract
        for contract in worker.contracts.all()
        if contract.from_on <= day and (contract.until_on is None or day < contract.until_on)
    ]
    return max(held, key=lambda contract: contract.from_on, default=None)


def is_employed(worker: Worker, day: date) -> bool:
    """Tell whether a worker is in the pool and under contract on a day."""
    here = worker.hired_on <= day and (worker.left_on is None or day < worker.left_on)
    return here and contract_on(worker, day) is not None
