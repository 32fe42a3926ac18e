"""Builders of what payroll and subsidies know."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange as Range
from stdnum.iban import calc_check_digits

from events.sealing import keyed_hash
from kernel.periods import AMSTERDAM
from payroll import bureau, pay_run
from payroll.bureau_format import ANSWER
from payroll.models import PayRun, Payslip, WorkerFile
from scheduling.models import Assignment, Travel, Visit
from subsidies import awards
from subsidies.models import Award
from tests import build, build_work
from tests.build import NOON
from workers_pool.models import Worker

_number = count(1)


def bsn(number: int) -> str:
    """Return a number that passes the eleven-test and belongs to nobody."""
    for tail in range(10):
        digits = f"{90000000 + number}{tail}"
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        if sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0:
            return digits
    return bsn(number + 10_000)


def iban(number: int) -> str:
    """Return a valid IBAN at a bank that does not exist."""
    bban = f"OEFN{number:010d}"
    return f"NL{calc_check_digits(f'NL00{bban}')}{bban}"


ORGANISATION = iban(1)


def worker_file(worker: Worker, *, birth_on: date = date(1985, 5, 5)) -> WorkerFile:
    number = next(_number)
    return WorkerFile.objects.create(
        worker=worker, birth_on=birth_on, bsn=bsn(number), bsn_hash=keyed_hash(bsn(number)), iban=iban(100 + number),
        account_name=worker.user.name,
    )  # fmt: skip


def award(worker: Worker, *, wage_value: str | None = "40", **facts) -> Award:
    asked = {
        "municipality": build.municipality(), "route": "measured" if wage_value else "forfait",
        "wage_value": Decimal(wage_value) if wage_value else None, "week_minutes": 24 * 60, "from_on": date(2026, 1, 1),
        "until_on": None, "letter": f"LKS-{next(_number)}", "by": build.user(), "at": NOON, **facts,
    }  # fmt: skip
    return awards.grant(worker.pk, **asked)


def worked(
    worker: Worker, *pieces: tuple[date, int], travel: int = 0, accepted: bool = True
) -> list[Assignment]:
    """Hours that were worked: (day, minutes) from ten o'clock; each after so many minutes on the way."""
    done = [_worked(worker, day, minutes, accepted) for day, minutes in pieces]
    for row in done if travel else []:
        Travel.objects.create(
            worker=worker, origin=row.visit, destination=row.visit, minutes=travel,
            start_at=row.visit.start_at - timedelta(minutes=travel), accepted_at=NOON,
        )  # fmt: skip
    return done


def _worked(worker: Worker, day: date, minutes: int, accepted: bool) -> Assignment:
    begins = datetime.combine(day, time(10), tzinfo=AMSTERDAM)
    ends = begins + timedelta(minutes=minutes)
    visit = Visit.objects.create(
        booking=build.booking(), neighbourhood=build.neighbourhood(), start_at=begins, end_at=ends,
        published_at=NOON, state=Visit.State.FINISHED,
    )  # fmt: skip
    return Assignment.objects.create(
        visit=visit, worker=worker, during=Range(begins, ends), state=Assignment.State.WORKED, checked_in_at=begins,
        checked_out_at=ends, assigned_at=NOON, recorded_minutes=minutes, accepted_minutes=minutes if accepted else None, accepted_at=NOON,
    )  # fmt: skip


def fixed(run: PayRun, *, at: datetime = NOON) -> PayRun:
    """A run that a second person fixed."""
    return pay_run.fix(run.pk, by=build.user(), at=at)


def fixed_run(*gross: int, month: date = date(2026, 11, 1)) -> PayRun:
    """A fixed run of one worker for each gross wage."""
    run = PayRun.objects.create(month=month, made_at=NOON, made_by=build.user(), ready_at=NOON)
    for cents in gross:
        worker = build_work.worker()
        worker_file(worker)
        Payslip.objects.create(run=run, worker=worker, gross_cents=cents, holiday_cents=0)
    return fixed(run)


def netted_run(*nets: int, withheld: int = 0, month: date = date(2026, 11, 1)) -> PayRun:
    """A run whose net wages are known to the cent, as the bureau told them; one worker each."""
    by = build.user()
    run = fixed_run(*(net + withheld for net in nets), month=month)
    rows = [
        f"{run.ref};{slip.worker.ref};{slip.gross_cents};{withheld};0;{slip.gross_cents - withheld}"
        for slip in run.payslips.select_related("worker")
    ]
    return bureau.take_net(run.pk, "\n".join([";".join(ANSWER), *rows]).encode(), by=by, at=NOON)
