"""The gross export: read, and refused with a sentence for each line that is wrong."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from stdnum.nl import bsn

VERSION = "# gross-export/1"
COLUMNS = (
    "run_ref",
    "worker_ref",
    "bsn",
    "birth_date",
    "period",
    "gross_cents",
    "holiday_allowance_cents",
    "paid_minutes",
    "contract_kind",
)
MOST_SENTENCES = 25
YOUNGEST, OLDEST = 13, 100


class WrongFile(Exception):
    """The export is not taken; ``sentences`` name what is wrong and where."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Row:
    """The pay of one worker in one period; ``gross_cents`` is all of it, the holiday allowance included."""

    line: int
    run_ref: str
    worker_ref: str
    bsn: str
    period: str
    gross_cents: int


def read(body: bytes) -> list[Row]:
    """Read an export.

    :raises WrongFile: the version or the columns are others, or a line is wrong.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise WrongFile([f"The file is not UTF-8 at byte {wrong.start}."]) from wrong
    lines = text.splitlines()
    if not lines or lines[0].strip() != VERSION:
        raise WrongFile([f"Line 1 must be '{VERSION}'."])
    reader = csv.DictReader(io.StringIO("\n".join(lines[1:])), delimiter=";", strict=True)
    _check_columns(reader.fieldnames or [])
    sentences: list[str] = []
    rows: list[Row] = []
    try:
        for fields in reader:
            line = reader.line_num + 1
            wrong_here = _wrong(fields)
            sentences += [f"Line {line}: {sentence}" for sentence in wrong_here]
            if not wrong_here:
                rows.append(_row(line, fields))
    except csv.Error as broken:
        sentences.append(f"Line {reader.line_num + 1}: {broken}.")
    sentences += clashes(rows)
    if not rows and not sentences:
        sentences.append("The file has no lines with pay.")
    refuse(sentences)
    return rows


def refuse(sentences: list[str]) -> None:
    """Raise what is wrong, if anything is: the first sentences, and how many there are more."""
    if sentences:
        more = len(sentences) - MOST_SENTENCES
        raise WrongFile(sentences[:MOST_SENTENCES] + ([f"And {more} more."] if more > 0 else []))


def _check_columns(found: object) -> None:
    names = list(found) if isinstance(found, list | tuple) else []
    sentences = [f"Line 2: the column '{name}' is not known." for name in names if name not in COLUMNS]
    sentences += [f"Line 2: the column '{name}' is missing." for name in COLUMNS if name not in names]
    if len(set(names)) != len(names):
        sentences.append("Line 2: a column stands there twice.")
    if sentences:
        raise WrongFile(sentences)


def _wrong(fields: dict[str, str | None]) -> list[str]:
    """Return a sentence for each field of a line that is wrong."""
    if None in fields or any(value is None for value in fields.values()):
        return [f"it has not {len(COLUMNS)} fields."]
    given = {name: value or "" for name, value in fields.items()}
    sentences = [
        f"{name} is empty." for name in ("run_ref", "worker_ref", "contract_kind") if not given[name].strip()
    ]
    if not bsn.is_valid(given["bsn"]):
        sentences.append(f"the BSN of {given['worker_ref']} fails the eleven-test.")
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", given["period"]):
        sentences.append(f"the period '{given['period']}' is not a month like 2026-11.")
    elif problem := _wrong_age(given["birth_date"], given["period"]):
        sentences.append(problem)
    sentences += [
        f"{name} '{given[name]}' is not a whole number of zero or more."
        for name in ("holiday_allowance_cents",)
        if not re.fullmatch(r"\d{1,10}", given[name])
    ]
    sentences += [
        f"{name} '{given[name]}' is not a whole number."
        for name in ("gross_cents", "paid_minutes")  # below zero: an earlier month was paid too much
        if not re.fullmatch(r"-?\d{1,10}", given[name])
    ]
    return sentences


def _wrong_age(born: str, period: str) -> str:
    try:
        birth = date.fromisoformat(born)
    except ValueError:
        return f"the birth date '{born}' is not a date like 1990-05-31."
    years = int(period[:4]) - birth.year
    return "" if YOUNGEST <= years <= OLDEST else f"somebody born on {born} is not of an age to work."


def _row(line: int, fields: dict[str, str | None]) -> Row:
    return Row(
        line=line,
        run_ref=str(fields["run_ref"]).strip(),
        worker_ref=str(fields["worker_ref"]).strip(),
        bsn=bsn.compact(str(fields["bsn"])),
        period=str(fields["period"]),
        gross_cents=int(str(fields["gross_cents"])),
    )


def clashes(rows: list[Row]) -> list[str]:
    """Return a sentence for each line that clashes with an earlier one."""
    sentences: list[str] = []
    periods: dict[tuple[str, str], int] = {}
    owners: dict[str, tuple[str, int]] = {}
    for row in rows:
        first = periods.setdefault((row.worker_ref, row.period), row.line)
        if first != row.line:
            sentences.append(f"Line {row.line}: {row.worker_ref} in {row.period} is on line {first} already.")
        owner, line = owners.setdefault(row.bsn, (row.worker_ref, row.line))
        if owner != row.worker_ref:
            sentences.append(f"Line {row.line}: the BSN is that of {owner} on line {line} already.")
        if row.run_ref != rows[0].run_ref:
            sentences.append(f"Line {row.line}: the run is {row.run_ref}, on line {rows[0].line} another.")
    return sentences
