"""Agree a contract: the only way in, so that nobody is promised hours that public money does not last for."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from kernel.periods import add_months
from payroll.models import WorkerFile
from subsidies import budgets, loonkosten
from subsidies.models import Award, Expected
from workers_pool import contracts, hiring
from workers_pool.models import Contract, Worker


class NoBirthDay(Refused):
    """The payroll file of the worker is missing, so the subsidy cannot be computed."""


class AskPayroll(Refused):
    """These hours cannot be agreed now. Why is not said: it would tell a planner how a wage is paid."""


@transaction.atomic(durable=True)
def take_on(*, without_subsidy: bool = False, by: User, at: datetime, **agreed: Any) -> Worker:
    """Take somebody into the pool; their hours count on the forfait until the town decides, unless said otherwise.

    :raises MoneyRunsOut: the ceiling of the town does not last to the end of the year.
    Others: see `workers_pool.hiring.bring_in`.
    """
    worker = hiring.bring_in(by=by, at=at, **agreed)
    if not without_subsidy:
        _expect(worker, agreed["week_minutes"], agreed["from_on"], None, at=at)
    return worker


@transaction.atomic(durable=True)
def change_hours(
    worker_id: int, *, week_minutes: int, wanted_minutes: int, from_on: date, by: User, at: datetime,
    kind: str = Contract.Kind.FIXED,
) -> Contract:  # fmt: skip
    """Agree other hours. Who has, or expects, wage subsidy needs room for what is more; others do not.

    :raises AskPayroll: there is no room; the sentence does not say of what.
    :raises NotAContract, MonthIsPast: see `workers_pool.contracts.change`.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    contract = contracts.change(
        worker_id,
        week_minutes=week_minutes,
        wanted_minutes=wanted_minutes,
        from_on=from_on,
        by=by,
        at=at,
        kind=kind,
    )
    value = _last_wage_value(worker)
    if value is not False:
        try:
            _expect(worker, week_minutes, from_on, value, at=at)
        except budgets.MoneyRunsOut as refused:
            raise AskPayroll(_("Deze uren kunnen nu niet. Vraag het aan de loonadministratie.")) from refused
    return contract


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
    if not WorkerFile.objects.filter(worker=worker).exists():
        raise NoBirthDay(_("Vul eerst de geboortedatum van deze medewerker in."))
    _expect(worker, week_minutes, from_on, wage_value, at=at)
    contract = contracts.agree(worker, kind, week_minutes, wanted_minutes, from_on)
    record("worker.contract", worker, by_id=by.pk, at=at, week_minutes=week_minutes, from_on=str(from_on))
    return contract


def _expect(
    worker: Worker, week_minutes: int, from_on: date, wage_value: Decimal | None, *, at: datetime
) -> None:
    """Keep room for a contract until the town decides on it. One town after the other: its row is locked."""
    town = Municipality.objects.select_for_update(no_key=True).get(pk=worker.neighbourhood.municipality_id)
    waits = [one.week_minutes for one in budgets.waiting(town.pk) if one.worker_id == worker.pk]
    counted = max([budgets.decided_minutes(worker.pk, from_on), *waits])
    if week_minutes > counted:
        terms = _terms(worker, week_minutes - counted, from_on, wage_value)
        budgets.check_room(town.pk, terms, on=max(from_on, at.date()))
    elif not waits:
        return
    Expected.objects.update_or_create(
        worker=worker, from_on=from_on,
        defaults={"municipality": town, "week_minutes": week_minutes, "wage_value": wage_value},
    )  # fmt: skip


def _last_wage_value(worker: Worker) -> Decimal | Literal[False] | None:
    """Return what the last decision, or what is expected, says of the wage value; False: no subsidy is counted on."""
    last = Award.objects.filter(worker=worker).order_by("from_on").last()
    if last is not None:
        return last.wage_value
    waits = Expected.objects.filter(worker=worker).order_by("from_on").last()
    return waits.wage_value if waits is not None else False


def _terms(worker: Worker, week_minutes: int, from_on: date, wage_value: Decimal | None) -> loonkosten.Terms:
    file = WorkerFile.objects.filter(worker=worker).first()
    birth_on = file.birth_on if file else add_months(from_on, -budgets.ADULT_MONTHS)
    route: loonkosten.Route = "forfait" if wage_value is None else "measured"
    base = loonkosten.base_of_new_decision(from_on)
    return loonkosten.Terms(route, wage_value, week_minutes, birth_on, base, from_on)
