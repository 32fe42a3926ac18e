"""A month that was worked, paid and claimed."""

from datetime import UTC, date, datetime, timedelta

from payroll import pay_run
from subsidies import claims
from subsidies.models import Claim
from tests import build, build_pay, build_work

AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
APRIL = date(2026, 4, 1)


def paid(officer, month: date, *days: int, worker=None, minutes: int = 180):
    """A month that is worked on some days and whose wages are fixed."""
    worker = worker or build_work.worker()
    if not hasattr(worker, "has_file"):
        build_pay.worker_file(worker)
        worker.has_file = True
    build_pay.worked(worker, *[(month.replace(day=day), minutes) for day in days or (16,)])
    run = pay_run.make(month, by=officer, at=max(AT, _after(month)))
    build_pay.fixed(run, at=AT)
    return worker


def _after(month: date) -> datetime:
    return datetime.combine(month + timedelta(days=32), AT.timetz())


def claim(officer, month: date) -> Claim:
    return claims.make(build.municipality().pk, month=month, by=officer, at=AT)


def sent(officer, month: date) -> Claim:
    return claims.send(claim(officer, month).pk, by=officer, at=AT)
