"""The gross export with wage codes, and its answer: euros with a comma, a line per worker, month and code."""

import re
from datetime import datetime

from stdnum.nl import bsn

from .gross import Row, WrongFile, clashes, refuse
from .net import NetLine
from .rates import NOTICE

FIRST, LAST = "LOONMUTATIES;1;", "TOTAAL"
COLUMNS = "personeelsnummer;bsn;geboortedatum;tijdvak;looncode;uren;bedrag;contract"
WAGE_CODES = {"1000", "1900"}  # the wage, and the holiday allowance that is paid
OUT = {
    "BRUTO": "gross_cents", "LOONHEFFING": "withheld_tax_cents", "PREMIE": "employee_premium_cents",
    "NETTO": "net_cents",
}  # fmt: skip
SHAPES = {
    "tijdvak": r"\d{4}(0[1-9]|1[0-2])", "uren": r"-?\d{1,4}:[0-5]\d", "bedrag": r"-?\d{1,8},\d\d", "contract": r".+",
    "personeelsnummer": r".+",
}  # fmt: skip


def read(body: bytes) -> list[Row]:
    """Read an export: the codes of a worker in a month make one row.

    :raises WrongFile: a line is wrong, the count or the sum at the end is another, or there is no pay.
    """
    lines = [line.rstrip("\r") for line in body.decode("utf-8", errors="replace").split("\n") if line.strip()]
    if len(lines) < 2 or not lines[0].startswith(FIRST) or not lines[0][len(FIRST) :]:
        raise WrongFile([f"Line 1 must be '{FIRST}' and the run."])
    if lines[1] != COLUMNS:
        raise WrongFile([f"Line 2 must be '{COLUMNS}'."])
    run_ref = lines[0][len(FIRST) :]
    sentences: list[str] = []
    rows: dict[tuple[str, str, str], Row] = {}
    total = seen = 0
    for number, line in enumerate(lines[2:-1], start=3):
        fields = dict(zip(COLUMNS.split(";"), line.split(";"), strict=False))
        wrong = _wrong(fields, line)
        sentences += [f"Line {number}: {sentence}" for sentence in wrong]
        if wrong:
            continue
        key = (fields["personeelsnummer"], fields["tijdvak"], fields["looncode"])
        if key in rows:
            sentences.append(f"Line {number}: {' '.join(key)} is on line {rows[key].line} already.")
            continue
        cents = int(fields["bedrag"].replace(",", ""))
        rows[key] = Row(number, run_ref, key[0], bsn.compact(fields["bsn"]), key[1], cents)
        total, seen = total + cents, seen + 1
    if lines[-1] != f"{LAST};{seen};{'-' if total < 0 else ''}{abs(total) // 100},{abs(total) % 100:02}":
        sentences.append("The last line must have the count of the lines and their sum.")
    made = _together(list(rows.values()))
    sentences += clashes(made)
    if not made and not sentences:
        sentences.append("The file has no lines with pay.")
    refuse(sentences)
    return made


def _wrong(fields: dict[str, str], line: str) -> list[str]:
    if line.count(";") != COLUMNS.count(";"):
        return [f"it has not {COLUMNS.count(';') + 1} fields."]
    sentences = [
        f"{name} '{fields[name]}' is wrong."
        for name, shape in SHAPES.items()
        if not re.fullmatch(shape, fields[name])
    ]
    if fields["looncode"] not in WAGE_CODES:
        sentences.append(f"the wage code '{fields['looncode']}' is not known.")
    if not bsn.is_valid(fields["bsn"]):
        sentences.append(f"the BSN of {fields['personeelsnummer']} fails the eleven-test.")
    try:
        datetime.strptime(fields["geboortedatum"], "%d-%m-%Y")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        sentences.append(f"the birth date '{fields['geboortedatum']}' is not a date like 31-05-1990.")
    return sentences


def _together(rows: list[Row]) -> list[Row]:
    months: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row.worker_ref, row.period, row.bsn)
        known = months.get(key)
        months[key] = row if known is None else Row(
            known.line, row.run_ref, row.worker_ref, row.bsn, row.period, known.gross_cents + row.gross_cents,
        )  # fmt: skip
    return list(months.values())


def as_csv(run_ref: str, lines: list[NetLine]) -> str:
    """Return the answer: four codes per worker."""
    told = [
        f"{line.worker_ref};{code};{getattr(line, name) // 100},{getattr(line, name) % 100:02}"
        for line in lines
        for code, name in OUT.items()
    ]
    return "\r\n".join([NOTICE, f"LOONUITKOMST;1;{run_ref}", *told, ""])
