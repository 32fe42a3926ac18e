"""Read MT940: the older statement format, as banks really write it. Pure; no file is refused for its trimmings.

Envelopes, headers, blank lines, a `:86:` that belongs to no line and fields we do not know are passed over. What
cannot be passed over, a date or an amount that is none, is refused with its line.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from bank.statements import NotAStatement, Parsed, ParsedLine

FIELD = re.compile(r"^:(\d\d[A-Z]?):(.*)$")
BALANCE = re.compile(r"^([CD])(\d{6})([A-Z]{3})(\d+),(\d{0,2})\s*$")
ENTRY = re.compile(r"^(\d{6})(\d{4})?(RC|RD|C|D)([A-Z])?(\d+),(\d{0,2})(.{0,4})(.*)$")
SUBFIELD = re.compile(r"[?>](\d\d)")
SLASHED = re.compile(r"/(EREF|REMI|NAME|IBAN|MARF|TRTP|BIC|CSID|ISDT|PREF|KREF|ORDP|BENM|ID)/")
LONGEST_ID, LONGEST_REF = 60, 60
LONGEST_NAME, LONGEST_IBAN, LONGEST_END_TO_END = 140, 34, 35
SNIFFED = 40  # lines: an envelope and a header come before the first field


@dataclass
class _Message:
    """The fields of one statement, each with the line of the file where it starts."""

    fields: list[tuple[str, str, int]] = field(default_factory=list)

    def first(self, *names: str) -> tuple[str, int]:
        for name, text, line in self.fields:
            if name in names:
                return text, line
        raise _fault(
            self.fields[0][2] if self.fields else 1,
            _("veld %(names)s ontbreekt.") % {"names": "/".join(names)},
        )


def looks_like(body: bytes) -> bool:
    """Tell whether a file is MT940: one of its first lines opens a statement."""
    head = _text(body[:8_000]).splitlines()[:SNIFFED]
    return any(line.startswith(":20:") for line in head) and not any(
        line.lstrip().startswith("<") for line in head[:3]
    )


def read(body: bytes) -> list[Parsed]:
    """Return the statements in a file, not yet checked to tie.

    :raises NotAStatement: with the line of the file that cannot be read.
    """
    return [_statement(message) for message in _messages(_text(body))]


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _fault(line: int, what: str) -> NotAStatement:
    return NotAStatement(_("Regel %(line)s: %(what)s") % {"line": line, "what": what})


def _messages(text: str) -> list[_Message]:
    """Cut a file into statements at each `:20:`, and its lines into fields."""
    messages: list[_Message] = []
    is_open = False
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        found = FIELD.match(line)
        if found and found[1] == "20":
            messages.append(_Message())
        if found and messages:
            messages[-1].fields.append((found[1], found[2].rstrip(), number))
            is_open = True
        elif line.strip() in {"-", "-}"}:
            is_open = False
        elif is_open and line.strip() and messages:
            name, so_far, start = messages[-1].fields[-1]
            messages[-1].fields[-1] = (name, f"{so_far}\n{line.rstrip()}", start)
    return messages


def _statement(message: _Message) -> Parsed:
    opening, opened_on, _currency = _balance(*message.first("60F", "60M"))
    text, closing_at = message.first("62F", "62M")
    closing, closed_on, currency = _balance(text, closing_at)
    lines = _lines(message)
    days = [*(line.booked_on for line in lines), closed_on]
    number = message.first("28C", "28")[0].strip()
    name = f"{message.first('20')[0].strip()} {number} {opened_on:%y%m%d}"
    return Parsed(
        iban=_account(message.first("25")[0]), statement_id=name[:LONGEST_ID], opening_cents=opening, closing_cents=closing,
        from_on=min(days), until_on=max(days), lines=tuple(lines), currency=currency, closing_at_line=closing_at,
    )  # fmt: skip


def _account(text: str) -> str:
    """Return the account number alone: some banks write dots in it, and the currency behind it."""
    plain = text.strip().replace(" ", "").replace(".", "")
    return plain.removesuffix("EUR")


def _balance(text: str, line: int) -> tuple[int, date, str]:
    found = BALANCE.match(text.split("\n", maxsplit=1)[0])
    if not found:
        raise _fault(line, _("'%(text)s' is geen saldo.") % {"text": text.split("\n", maxsplit=1)[0]})
    cents = _cents(found[4], found[5])
    day = _day(found[2])
    if day is None:
        raise _fault(line, _("'%(text)s' is geen datum.") % {"text": found[2]})
    return (cents if found[1] == "C" else -cents), day, found[3]


def _cents(whole: str, part: str) -> int:
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _day(text: str) -> date | None:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def _lines(message: _Message) -> list[ParsedLine]:
    """Return the lines, each with the `:86:` fields that follow it and come before the closing balance."""
    lines: list[ParsedLine] = []
    told: list[str] = []
    for name, text, number in message.fields:
        if name == "61":
            lines = [*lines[:-1], _told(lines[-1], told)] if lines else lines
            told = text.split("\n")[1:]
            lines.append(_line(text.split("\n")[0], number, len(lines) + 1))
        elif name == "86" and lines:
            told.append(text)
        elif name.startswith("62"):
            break
    if lines:
        lines[-1] = _told(lines[-1], told)
    return [line for line in lines if line.cents]


def _line(text: str, number: int, place: int) -> ParsedLine:
    found = ENTRY.match(text)
    if not found:
        raise _fault(number, _("'%(text)s' is geen regel van een afschrift.") % {"text": text[:40]})
    cents = _cents(found[5], found[6])
    ref = re.split(r"//|\s{2,}", found[8].strip())[0].strip()
    return ParsedLine(
        bank_ref=f"{(ref or '#')[:LONGEST_REF]}/{place}", booked_on=_booked_on(found[1], found[2], number),
        cents=cents if found[3] in {"C", "RD"} else -cents,  # RD takes a debit back
        end_to_end_id="", counter_name="", counter_iban="", remittance=found[8].strip(),
    )  # fmt: skip


def _booked_on(value: str, entry: str | None, number: int) -> date:
    """Return the day of booking: its own when it is there, in the year nearest to the value date.

    Banks count 30 days in a month for interest, so the value date may be 30 February.
    """
    value_on = _day(value)
    if not entry:
        if value_on is None:
            raise _fault(number, _("'%(text)s' is geen datum.") % {"text": value})
        return value_on
    year = int(value[:2]) + {("12", "01"): 1, ("01", "12"): -1}.get((value[2:4], entry[:2]), 0)
    booked_on = _day(f"{year:02d}{entry}") or value_on
    if booked_on is None:
        raise _fault(number, _("'%(text)s' is geen datum.") % {"text": entry})
    return booked_on


def _told(line: ParsedLine, told: list[str]) -> ParsedLine:
    """Return a line with what the bank says of it, from the three ways in which banks say it."""
    text = "\n".join(told).strip()
    if not text:
        return line
    joined = text.replace("\n", "")
    if re.match(r"^\d{3}[?>]\d\d", joined):
        return _from_parts(line, dict_of(SUBFIELD.split(joined)[1:]))
    if SLASHED.search(joined):
        return _from_words(line, dict_of(SLASHED.split(joined)[1:]))
    return replace(line, remittance=" ".join(text.split()))


def dict_of(parts: list[str]) -> dict[str, str]:
    """Return name -> text of a list that holds them in turn; the first of a name counts."""
    found: dict[str, str] = {}
    for name, text in zip(parts[::2], parts[1::2], strict=False):
        found.setdefault(name, text.strip())
    return found


def _from_parts(line: ParsedLine, parts: dict[str, str]) -> ParsedLine:
    said = " ".join(parts[name] for name in sorted(parts) if name.startswith(("2", "6")) and parts[name])
    name = " ".join(parts.get(name, "") for name in ("32", "33")).strip()
    return replace(
        line,
        remittance=said or parts.get("00", ""),
        counter_name=name[:LONGEST_NAME],
        counter_iban=parts.get("31", "")[:LONGEST_IBAN],
    )


def _from_words(line: ParsedLine, words: dict[str, str]) -> ParsedLine:
    end_to_end = words.get("EREF", "")
    return replace(
        line, remittance=words.get("REMI", ""), counter_name=words.get("NAME", "")[:LONGEST_NAME], counter_iban=words.get("IBAN", "")[:LONGEST_IBAN],
        end_to_end_id="" if end_to_end == "NOTPROVIDED" else end_to_end[:LONGEST_END_TO_END],
    )  # fmt: skip
