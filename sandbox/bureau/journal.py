"""The bureau's second door: the same work, asked and answered as a JSON wage journal in euros."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from . import gross
from .gross import Row, WrongFile
from .net import NetLine

FORMAT = "wage-journal/2"


def read(body: bytes) -> list[Row]:
    """Read a journal.

    :raises WrongFile: it is none, or somebody in it is wrong.
    """
    try:
        document = json.loads(body)
        if document["format"] != FORMAT:
            raise WrongFile([f"The format must be '{FORMAT}'."])
        lines = [
            _line(document["run"], person, month)
            for person in document["employees"]
            for month in person["months"]
        ]
    except (ValueError, TypeError, KeyError) as wrong:
        raise WrongFile([f"This is no wage journal: {wrong!r}."]) from wrong
    out = io.StringIO()
    out.write(gross.VERSION + "\n")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(gross.COLUMNS)
    writer.writerows(lines)
    return gross.read(out.getvalue().encode())


def _line(run: str, person: dict[str, Any], month: dict[str, Any]) -> list[object]:
    return [
        run, person["id"], person["bsn"], person["dateOfBirth"], month["month"], _cents(month["gross"]),
        _cents(month["ofWhichHolidayAllowance"]), month["paidMinutes"], month["contract"],
    ]  # fmt: skip


def _cents(amount: str) -> int:
    if not re.fullmatch(r"-?\d{1,8}\.\d{2}", amount):
        raise ValueError(f"{amount} is no amount in euros")
    return int(amount.replace(".", ""))


def as_json(lines: Sequence[NetLine]) -> bytes:
    """Return the answer, with amounts in euros."""
    people = [
        {
            "id": line.worker_ref, "gross": _euros(line.gross_cents), "tax": _euros(line.withheld_tax_cents),
            "premium": _euros(line.employee_premium_cents), "net": _euros(line.net_cents),
        }
        for line in lines
    ]  # fmt: skip
    return json.dumps(
        {"format": FORMAT, "run": lines[0].run_ref if lines else "", "employees": people}
    ).encode()


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
