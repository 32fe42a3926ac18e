"""What was agreed with a worker, read for the days of a pay run."""

from datetime import date

from kernel.periods import Period
from payroll import payslip
from payroll.models import WorkerFile
from payroll.payslip import Rate
from workers_pool.contracts import contract_on
from workers_pool.models import Contract, Worker


def last_contract(worker: Worker, days: Period[date]) -> Contract | None:
    """Return the contract that held last in a period; None when none held on a day of it."""
    held = [
        contract
        for contract in worker.contracts.all()
        if contract.from_on < days.end and (contract.until_on is None or contract.until_on > days.start)
    ]
    return max(held, key=lambda contract: contract.from_on, default=None)


def rate_on(file: WorkerFile, day: date) -> Rate:
    """Return the wage per hour of a worker on a day, by the contract of that day.

    A change of contract never touches the days before it.

    :raises NothingInForce: the lawbook has no wage for that day.
    """
    contract = contract_on(file.worker, day)
    return payslip.rate_on(day, birth_on=file.birth_on, scale=contract.scale if contract else "")
