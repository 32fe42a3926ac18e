"""The files of a bureau that works with wage codes: euros with a comma, one line per worker, month and code. Pure text.

Out: a first line with the run, a line per code, a last line with the count and the sum. Back: a first line with the
run, and per worker one line for gross, tax, premium and net.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from payroll.bureau_format import Gross, Net, as_text, wrong_line

FIRST, ANSWER_FIRST, LAST = "LOONMUTATIES;1", "LOONUITKOMST;1", "TOTAAL"
COLUMNS = "personeelsnummer;bsn;geboortedatum;tijdvak;looncode;uren;bedrag;contract"
WAGE, HOLIDAY = "1000", "1900"
GROSS, TAX, PREMIUM, NET = CODES = ("BRUTO", "LOONHEFFING", "PREMIE", "NETTO")
FIELDS = 3
AMOUNT = re.compile(r"\d{1,8},\d\d")


def write(rows: Iterable[Gross]) -> bytes:
    """Return the export: the same rows give the same bytes."""
    known = list(rows)
    lines = [line for row in known for line in _of(row)]
    total = sum(row.gross_cents for row in known)
    run = known[0].run_ref if known else ""
    return "\r\n".join([
        f"{FIRST};{run}", COLUMNS, *lines, f"{LAST};{len(lines)};{_euros(total)}", "",
    ]).encode()  # fmt: skip


def _of(row: Gross) -> Iterator[str]:
    """Yield the wage and, beside it, the holiday allowance that is in the gross."""
    who = f"{row.worker_ref};{row.bsn};{row.birth_on:%d-%m-%Y};{row.month:%Y%m}"
    hours, minutes = divmod(abs(row.paid_minutes), 60)
    time = f"{'-' if row.paid_minutes < 0 else ''}{hours}:{minutes:02}"
    yield f"{who};{WAGE};{time};{_euros(row.gross_cents - row.holiday_cents)};{row.contract_kind}"
    if row.holiday_cents:
        yield f"{who};{HOLIDAY};0:00;{_euros(row.holiday_cents)};{row.contract_kind}"


def _euros(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02}"


def read(body: bytes) -> list[Net]:
    """Return the rows of an answer. Who comes back after all four codes were there is a second row.

    :raises WrongAnswer: naming the line that cannot be read, or the worker of whom a code is missing.
    """
    lines = [
        (number, [field.strip() for field in line.split(";")])
        for number, line in enumerate(as_text(body).splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if not lines or ";".join(lines[0][1][:2]) != ANSWER_FIRST or len(lines[0][1]) != FIELDS:
        raise wrong_line(
            lines[0][0] if lines else 1, _("er moet '%(first)s' staan.") % {"first": ANSWER_FIRST}
        )
    run_ref = lines[0][1][2]
    blocks: list[tuple[int, str, dict[str, int]]] = []
    newest: dict[str, dict[str, int]] = {}
    for number, fields in lines[1:]:
        worker, code, cents = _fields(number, fields)
        block = newest.get(worker)
        if block is None or code in block:
            block = newest[worker] = {}
            blocks.append((number, worker, block))
        block[code] = cents
    return [_net(number, run_ref, worker, block) for number, worker, block in blocks]


def _fields(number: int, fields: list[str]) -> tuple[str, str, int]:
    if len(fields) != FIELDS or fields[1] not in CODES:
        raise wrong_line(number, _("er moet een personeelsnummer, een looncode en een bedrag staan."))
    worker, code, amount = fields
    if not AMOUNT.fullmatch(amount):
        raise wrong_line(
            number, _("'%(amount)s' is geen bedrag (%(name)s).") % {"amount": amount, "name": code}
        )
    return worker, code, int(amount.replace(",", ""))


def _net(number: int, run_ref: str, worker: str, block: dict[str, int]) -> Net:
    missing = [code for code in CODES if code not in block]
    if missing:
        raise wrong_line(
            number, _("van %(ref)s ontbreekt %(names)s.") % {"ref": worker, "names": ", ".join(missing)}
        )
    return Net(
        line=number, run_ref=run_ref, worker_ref=worker, gross_cents=block[GROSS],
        withheld_cents=block[TAX] + block[PREMIUM], net_cents=block[NET],
    )  # fmt: skip
