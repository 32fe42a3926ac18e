"""Read what banks give as a spreadsheet (CSV, XLSX): rows above the heading, odd signs, totals below. Pure.

The heading is the first row that names a day and an amount. Rows above and below it may print balances. What cannot be
read as a day or an amount is refused with its line. A file that prints no balance cannot tie, and says so.
"""

import csv
import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bank.statements import SHEET, NotAStatement, Parsed, ParsedLine

# what banks call their columns, in the languages we met; a heading counts up to its first bracket
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("datum", "buchungstag", "date", "boekdatum", "boekingsdatum", "transactiedatum"),
    "amount": ("bedrag", "betrag", "umsatz", "amount", "transactiebedrag"),
    "out": ("debit", "af", "soll"),
    "in": ("credit", "bij", "haben"),
    "sign": ("af bij", "af/bij", "debet/credit", "soll/haben", "s/h"),
    "own": ("rekening", "rekeningnummer", "iban"),
    "other": ("tegenrekening", "konto-nr.", "counterparty"),
    "name": ("naam / omschrijving", "naam", "auftraggeber/zahlungsempfänger", "auftraggeber", "label"),
    "words": ("mededelingen", "omschrijving", "buchungsdetails", "vorgang/verwendungszweck", "detail", "description"),
}  # fmt: skip
OPENING = ("anfangssaldo", "balance at start of period", "beginsaldo")
CLOSING = ("endsaldo", "balance at end of period", "eindsaldo", "aktueller kontostand")
OUT, IN = {"s", "d", "af", "debit", "soll", "-"}, {"h", "c", "bij", "credit", "haben", "+"}
DAYS = ("%d.%m.%Y", "%Y%m%d", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%y")
AMOUNT = re.compile(r"[-+]?(\d{1,3}([.,]\d{3})*|\d+)([.,]\d{1,3})?")
ACCOUNT = re.compile(
    r"\b(iban|kontonummer|konto|account number|rekening(?:nummer)?)\W+([A-Z0-9]{8,34})\b", re.IGNORECASE
)
MOST_BYTES, MOST_ROWS, LONGEST_NAME, LONGEST_IBAN = 10_000_000, 50_000, 140, 34


@dataclass(frozen=True)
class Row:
    """The cells of a row as text, and the line of the file where it starts."""

    line: int
    cells: Sequence[str]

    def cell(self, place: int | None) -> str:
        return self.cells[place].strip() if place is not None and place < len(self.cells) else ""


def looks_like(body: bytes) -> bool:
    """Tell whether a file is a spreadsheet: a workbook, or text whose first lines have cells."""
    if body[:4] == b"PK\x03\x04":
        return True
    head = [line for line in _text(body[:4_000]).splitlines() if line.strip()][:20]
    return not any(line.lstrip()[:1] in {"<", "{", "["} for line in head[:1]) and any(
        ";" in line for line in head
    )


def read(body: bytes) -> list[Parsed]:
    """Return the one statement in a file, not yet checked to tie.

    :raises NotAStatement: with the line of the file that cannot be read.
    """
    rows = list(_workbook(body) if body[:4] == b"PK\x03\x04" else _csv(body))
    head = next((row for row in rows if {"day"} < _columns(row).keys() & {"day", "amount", "in"}), None)
    if head is None:
        raise _fault(1, _("hier staat geen rij met een datum en een bedrag."))
    places, below = _columns(head), [row for row in rows if row.line > head.line]
    lines = [(row, _line(row, places)) for row in below if row.cell(places["day"]) and not _balance_name(row)]
    if not lines:
        raise _fault(head.line, _("onder deze rij staan geen regels."))
    opening, closing = _balance(rows, OPENING), _balance(rows, CLOSING)
    if opening is None and closing is None:
        opening = (0, head.line)
    summed = sum(line.cents for _row, line in lines)
    first = opening[0] if opening else closing[0] - summed if closing else 0
    last, at_line = closing or (first + summed, lines[-1][0].line)
    days = [line.booked_on for _row, line in lines]
    numbered = list(_numbered(line for _row, line in lines))
    known = hashlib.sha256(repr([(row.bank_ref, row.cents) for row in numbered]).encode()).hexdigest()[:20]
    moved = tuple(line for line in numbered if line.cents)
    return [Parsed(_own(rows, head, lines[0][0]), f"{SHEET}{known}", first, last, min(days), max(days), moved, closing_at_line=at_line)]  # fmt: skip


def _columns(row: Row) -> dict[str, int]:
    """Return which column is what; a column without a heading after the amount holds its sign."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        heading = " ".join(cell.split("(")[0].lower().split())
        for what, names in COLUMNS.items():
            if heading in names:
                found.setdefault(what, place)
    if "amount" in found and "sign" not in found and not row.cell(found["amount"] + 1):
        found["sign"] = found["amount"] + 1
    return found


def _line(row: Row, places: Mapping[str, int]) -> ParsedLine:
    sign = row.cell(places.get("sign")).lower()
    if "amount" in places:
        cents = _cents(row.cell(places["amount"]), row.line)
        cents = -abs(cents) if sign in OUT else abs(cents) if sign in IN else cents
    else:
        spent, came = row.cell(places.get("out")), row.cell(places["in"])
        cents = -abs(_cents(spent, row.line)) if spent else _cents(came, row.line)
    return ParsedLine(
        bank_ref="", booked_on=_day(row.cell(places["day"]), row.line), cents=cents, end_to_end_id="",
        counter_name=" ".join(row.cell(places.get("name")).split())[:LONGEST_NAME],
        counter_iban=row.cell(places.get("other")).replace(" ", "")[:LONGEST_IBAN],
        remittance=" ".join(row.cell(places.get("words")).split()),
    )  # fmt: skip


def _numbered(lines: Iterator[ParsedLine]) -> Iterator[ParsedLine]:
    """Give every row a reference of its own: what it says, and how often that was said before."""
    times: Counter[str] = Counter()
    for line in lines:
        facts = (line.booked_on, line.cents, line.counter_name, line.counter_iban, line.remittance)
        name = hashlib.sha256(repr(facts).encode()).hexdigest()[:20]
        times[name] += 1
        yield replace(line, bank_ref=f"{name}-{times[name]}")


def _balance_name(row: Row) -> str:
    said = [" ".join(cell.lower().split()) for cell in row.cells]
    return next((cell for cell in said if cell.startswith((*OPENING, *CLOSING))), "")


def _balance(rows: Sequence[Row], names: tuple[str, ...]) -> tuple[int, int] | None:
    """Return a printed balance in cents, with its line; its sign may stand in the cell after it."""
    for row in rows:
        if not _balance_name(row).startswith(names):
            continue
        cells = [cell.strip() for cell in row.cells]
        for place, cell in reversed(list(enumerate(cells))):
            if re.search(r"\d", cell) and AMOUNT.fullmatch(_bare(cell)):
                cents = _cents(cell, row.line)
                sign = cells[place + 1].lower() if place + 1 < len(cells) else ""
                return (-abs(cents) if sign in OUT else cents), row.line
    return None


def _own(rows: Sequence[Row], head: Row, first: Row) -> str:
    """Return the account the file is of: from its column, else from the rows above the heading."""
    place = _columns(head).get("own")
    if place is not None:
        return first.cell(place).replace(" ", "")
    above = "\n".join(";".join(row.cells) for row in rows if row.line < head.line)
    found = sorted(ACCOUNT.findall(above), key=lambda told: told[0].lower() != "iban")
    return str(found[0][1]) if found else ""


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00a0€¤$\x80]|EUR", "", text)


def _cents(text: str, line: int) -> int:
    """Return an amount in cents: the last point or comma with one or two figures after it parts the cents."""
    bare = _bare(text)
    if not AMOUNT.fullmatch(bare):
        raise _fault(line, _("'%(text)s' is geen bedrag.") % {"text": text[:40]})
    parts = re.fullmatch(r"([-+]?)([\d.,]*?)(?:[.,](\d{1,2}))?", bare)
    assert parts is not None, "it is an amount"
    whole = re.sub(r"[.,]", "", parts[2]) or "0"
    return int(Decimal(f"{parts[1]}{whole}.{parts[3] or '0'}") * 100)


def _day(text: str, line: int) -> date:
    for shape in DAYS:
        try:
            return datetime.strptime(text[:10], shape).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    raise _fault(line, _("'%(text)s' is geen datum.") % {"text": text[:40]})


def _csv(body: bytes) -> Iterator[Row]:
    text = _text(body)
    reader, before = csv.reader(io.StringIO(text, newline=""), delimiter=";"), 0
    try:
        for cells in reader:
            yield Row(before + 1, cells)
            before = reader.line_num
    except csv.Error as fault:
        raise _fault(before + 1, str(fault)) from fault


def _workbook(body: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise _fault(1, _("dit bestand is te groot."))
        sheet = load_workbook(io.BytesIO(body), read_only=True, data_only=True).worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=MOST_ROWS), start=1):
            yield Row(number, [_cell(cell) for cell in cells])
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, SyntaxError, TypeError) as fault:
        raise _fault(1, _("dit bestand is niet te lezen.")) from fault


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def _text(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")


def _fault(line: int, what: str) -> NotAStatement:
    return NotAStatement(_("Regel %(line)s: %(what)s") % {"line": line, "what": what})
