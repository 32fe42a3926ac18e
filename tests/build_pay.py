"""Builders of what payroll and subsidies know."""

from datetime import date
from decimal import Decimal
from itertools import count

from stdnum.iban import calc_check_digits

from events.sealing import keyed_hash
from payroll.models import WorkerFile
from subsidies import awards
from subsidies.models import Award
from tests import build
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
