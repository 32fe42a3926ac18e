"""Agree a contract with somebody whose wage public money helps to pay: only while that money lasts."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from payroll.models import WorkerFile
from subsidies import budgets, loonkosten
from subsidies.models import Award
from workers_pool import contracts
from workers_pool.models import Contract, Worker


class NoBirthDay(Refused):
    """The payroll file of the worker is missing, so the subsidy cannot be computed."""


@transaction.atomic(durable=True)
def agree(
    worker_id: int, *, week_minutes: int, wanted_minutes: int, from_on: date, wage_value: Decimal | None, by: User,
    at: datetime, kind: str = Contract.Kind.FIXED,
) -> Contract:  # fmt: skip
    """Agree a contract that counts on a wage subsidy; the wage value is the one expected, or None for the forfait.

    A worker with a running decision already counts in the forecast, so that only more hours ask for room.

    :raises MoneyRunsOut: the ceiling of the town does not last to the end of the year.
    :raises NotAContract: see `workers_pool.contracts.change`.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    town = Municipality.objects.select_for_update(no_key=True).get(pk=worker.neighbourhood.municipality_id)
    counted = _counted_minutes(worker, from_on)
    if week_minutes > counted:
        terms = _terms(worker, week_minutes - counted, from_on, wage_value)
        budgets.check_room(town.pk, terms, on=max(from_on, at.date()))
    contract = contracts.agree(worker, kind, week_minutes, wanted_minutes, from_on)
    record("worker.contract", worker, by_id=by.pk, at=at, week_minutes=week_minutes, from_on=str(from_on))
    return contract


def _counted_minutes(worker: Worker, day: date) -> int:
    held = [
        award.week_minutes
        for award in Award.objects.filter(worker=worker, from_on__lte=day)
        if award.until_on is None or day < award.until_on
    ]
    return max(held, default=0)


def _terms(worker: Worker, week_minutes: int, from_on: date, wage_value: Decimal | None) -> loonkosten.Terms:
    file = WorkerFile.objects.filter(worker=worker).first()
    if file is None:
        raise NoBirthDay(_("Vul eerst de geboortedatum van deze medewerker in."))
    route: loonkosten.Route = "forfait" if wage_value is None else "measured"
    base = loonkosten.base_of_new_decision(from_on)
    return loonkosten.Terms(route, wage_value, week_minutes, file.birth_on, base, from_on)
