"""The files that pass between us and the payroll bureau: gross out, net and withheld back. Pure text.

Semicolons, a first line with the version, amounts in cents. Another bureau is another module with these two
functions, and a row in `bureau_layouts`.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kernel.errors import Refused

VERSION = "# gross-export/1"
COLUMNS = (
    "run_ref", "worker_ref", "bsn", "birth_date", "period", "gross_cents", "holiday_allowance_cents",
    "paid_minutes", "contract_kind",
)  # fmt: skip
ANSWER = ("run_ref", "worker_ref", "gross_cents", "withheld_tax_cents", "employee_premium_cents", "net_cents")
AMOUNTS = ANSWER[2:]


class WrongAnswer(Refused):
    """The bureau's answer does not agree with what it was asked."""


@dataclass(frozen=True)
class Gross:
    """What one worker earned in a month; below zero when an earlier month was paid too much."""

    run_ref: str
    worker_ref: str
    bsn: str
    birth_on: date
    month: date
    gross_cents: int
    paid_minutes: int
    contract_kind: str
    holiday_cents: int = 0  # inside the gross


@dataclass(frozen=True)
class Net:
    """What the bureau made of it; `line` is where the file says so."""

    line: int
    run_ref: str
    worker_ref: str
    gross_cents: int
    withheld_cents: int
    net_cents: int

    @property
    def adds_up(self) -> bool:
        return self.gross_cents == self.withheld_cents + self.net_cents


def write(rows: Iterable[Gross]) -> bytes:
    """Return the export: the same rows give the same bytes."""
    out = io.StringIO()
    out.write(VERSION + "\n")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([
            row.run_ref, row.worker_ref, row.bsn, row.birth_on.isoformat(), f"{row.month:%Y-%m}", row.gross_cents,
            row.holiday_cents,
            row.paid_minutes, row.contract_kind,
        ])  # fmt: skip
    return out.getvalue().encode()


def read(body: bytes) -> list[Net]:
    """Return the rows of an answer; lines that start with # are passed over.

    :raises WrongAnswer: naming the line that cannot be read.
    """
    numbered = [
        (number, line)
        for number, line in enumerate(as_text(body).splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    rows = csv.DictReader((line for _number, line in numbered), delimiter=";")
    missing = [name for name in ANSWER if name not in (rows.fieldnames or ())]
    if missing:
        first = numbered[0][0] if numbered else 1
        raise wrong_line(first, _("de kolom %(name)s ontbreekt.") % {"name": ", ".join(missing)})
    try:
        return [_net(numbered[rows.line_num - 1][0], row) for row in rows]
    except csv.Error as error:
        raise wrong_line(numbered[rows.line_num - 1][0], f"{error}.") from error


def _net(line: int, row: dict[str, str | None]) -> Net:
    amounts = {name: (row[name] or "").strip() for name in AMOUNTS}
    for name, amount in amounts.items():
        if not re.fullmatch(r"\d{1,10}", amount):
            raise wrong_line(
                line, _("'%(amount)s' is geen aantal centen (%(name)s).") % {"amount": amount, "name": name}
            )
    return Net(
        line=line, run_ref=(row["run_ref"] or "").strip(), worker_ref=(row["worker_ref"] or "").strip(),
        gross_cents=int(amounts["gross_cents"]), net_cents=int(amounts["net_cents"]),
        withheld_cents=int(amounts["withheld_tax_cents"]) + int(amounts["employee_premium_cents"]),
    )  # fmt: skip


def as_text(body: bytes) -> str:
    """Return an answer as text, without the mark that some programs put before it.

    :raises WrongAnswer: it is not UTF-8.
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongAnswer(_("Het antwoord van het loonbureau is geen tekst (UTF-8).")) from error


def wrong_line(line: int, what: str) -> WrongAnswer:
    """Return what is wrong with an answer, to be raised: the line and a sentence."""
    return WrongAnswer(
        _("Antwoord van het loonbureau, regel %(line)s: %(what)s") % {"line": line, "what": what}
    )
