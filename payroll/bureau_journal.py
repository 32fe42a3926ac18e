"""A second bureau's files: one JSON document a run, workers with their months inside, amounts in euros. Pure text.

The same two functions as `payroll.bureau_format`; which of the two is spoken is a setting (`payroll.bureau_layouts`).
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from kernel.money import euros, half_up
from payroll.bureau_format import Gross, Net, WrongAnswer

FORMAT = "wage-journal/2"
AMOUNTS = ("gross", "tax", "premium", "net")


def write(rows: Iterable[Gross]) -> bytes:
    """Return the export: the same rows give the same bytes."""
    listed = list(rows)
    document = {
        "format": FORMAT, "run": listed[0].run_ref if listed else "",
        "employees": [_employee(list(own)) for _ref, own in groupby(listed, key=lambda row: row.worker_ref)],
    }  # fmt: skip
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _employee(rows: list[Gross]) -> dict[str, Any]:
    first = rows[0]
    return {
        "id": first.worker_ref, "bsn": first.bsn, "dateOfBirth": first.birth_on.isoformat(),
        "months": [
            {
                "month": f"{row.month:%Y-%m}", "gross": str(euros(row.gross_cents)), "ofWhichHolidayAllowance": str(euros(row.holiday_cents)),
                "paidMinutes": row.paid_minutes, "contract": row.contract_kind,
            }
            for row in rows
        ],
    }  # fmt: skip


def read(body: bytes) -> list[Net]:
    """Return the rows of an answer; `line` is the place of the worker in the list.

    :raises WrongAnswer: naming the worker that cannot be read.
    """
    try:
        document = json.loads(body)
        run_ref, employees = str(document["run"]), list(document["employees"])
    except (ValueError, TypeError, KeyError) as error:
        raise WrongAnswer(_("Het antwoord van het loonbureau is geen loonjournaal.")) from error
    return [_net(number, run_ref, row) for number, row in enumerate(employees, start=1)]


def _net(number: int, run_ref: str, row: Any) -> Net:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise _wrong(number, _("er staat niet om wie het gaat."))
    cents: dict[str, int] = {}
    for name in AMOUNTS:
        amount = row.get(name)
        if not isinstance(amount, str) or not re.fullmatch(r"\d{1,8}\.\d{2}", amount):
            raise _wrong(
                number, _("'%(amount)s' is geen bedrag (%(name)s).") % {"amount": amount, "name": name}
            )
        cents[name] = half_up(Decimal(amount) * 100)
    return Net(
        number, run_ref, row["id"].strip(), cents["gross"], cents["tax"] + cents["premium"], cents["net"]
    )


def _wrong(number: int, what: str) -> WrongAnswer:
    return WrongAnswer(
        _("Antwoord van het loonbureau, medewerker %(number)s: %(what)s") % {"number": number, "what": what}
    )
