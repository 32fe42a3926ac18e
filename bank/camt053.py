"""Read camt.053: tolerant of how banks write, strict about amounts.

What a bank really issued is not refused for a fault of its schema. An entry that holds several payments becomes a
line for each when they add up to it, and stays one line when they do not (rule C11).
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from bank import iso20022 as xml
from bank.statements import NotAStatement, Parsed, ParsedLine

OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
EURO = "EUR"
BOOKED = {"BOOK", ""}  # not yet booked, or only told: no line
LONGEST_REF, LONGEST_ID, LONGEST_NAME = 60, 35, 140
Node = etree._Element


def read(body: bytes) -> list[Parsed]:
    """Return the statements in a file.

    :raises NotAStatement: with the line of the file that cannot be read.
    """
    try:
        root = xml.parse(body)
    except xml.NotXml as fault:
        raise NotAStatement(str(fault)) from fault
    found = list(xml.within(root, "Stmt"))
    if not found:
        message = next(iter(root), root)
        raise _fault(
            message, _("in dit bestand staat geen bankafschrift (camt.053 met een Stmt), alleen %(name)s.")
            % {"name": xml.name(message)},
        )  # fmt: skip
    return [_statement(node) for node in found]


def _fault(node: Node, what: str) -> NotAStatement:
    return NotAStatement(_("Regel %(line)s: %(what)s") % {"line": xml.line(node), "what": what})


def _statement(node: Node) -> Parsed:
    opening, closing = _balance(node, OPENING), _balance(node, CLOSING)
    currency = _currency(closing)
    entries = enumerate(xml.children(node, "Ntry"), start=1)
    lines = [line for place, entry in entries for line in _entry(entry, place, currency)]
    closed_on = xml.day(closing, "Dt/Dt", "Dt/DtTm")
    if closed_on is None:
        raise _fault(closing, _("het eindsaldo heeft geen datum."))
    days = [*(line.booked_on for line in lines), closed_on]
    return Parsed(
        iban=xml.text(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id").replace(" ", ""),
        statement_id=xml.text(node, "Id") or f"{closed_on}", opening_cents=_cents(opening),
        closing_cents=_cents(closing), from_on=min(days), until_on=max(days), lines=tuple(lines),
        currency=currency, closing_at_line=xml.line(closing),
    )  # fmt: skip


def _balance(statement: Node, kinds: tuple[str, ...]) -> Node:
    """Return the first balance of the first kind that is there."""
    rows = list(xml.children(statement, "Bal"))
    for kind in kinds:
        for row in rows:
            if xml.text(row, "Tp/CdOrPrtry/Cd") == kind:
                return row
    raise _fault(statement, _("het saldo %(kinds)s ontbreekt.") % {"kinds": "/".join(kinds)})


def _currency(node: Node) -> str:
    amount = xml.child(node, "Amt")
    return EURO if amount is None else amount.get("Ccy", EURO)


def _cents(holder: Node) -> int:
    """Return the signed amount of a balance, an entry or a payment in it."""
    cents = _amount(holder, "Amt")
    return -cents if xml.text(holder, "CdtDbtInd") == "DBIT" else cents


def _amount(holder: Node, path: str) -> int:
    text = xml.text(holder, path)
    try:
        exact = Decimal(text) * 100
    except InvalidOperation as error:
        raise _fault(holder, _("'%(text)s' is geen bedrag.") % {"text": text}) from error
    if not exact.is_finite() or exact != int(exact):
        raise _fault(holder, _("'%(text)s' is geen bedrag in hele centen.") % {"text": text})
    return int(exact)


def _entry(entry: Node, place: int, currency: str) -> list[ParsedLine]:
    """Return the lines of an entry: none when it is not booked, one, or one for each payment in it."""
    if xml.text(entry, "Sts/Cd", "Sts") not in BOOKED:
        return []
    if _currency(entry) != currency:
        both = {"this": _currency(entry), "currency": currency}
        raise _fault(entry, _("dit bedrag is in %(this)s, het afschrift in %(currency)s.") % both)
    cents = _cents(entry)
    if cents == 0:
        return []
    whole = _whole(entry, place, cents)
    details = list(xml.within(entry, "TxDtls"))
    if len(details) == 1:
        return [_filled(whole, details[0], _returned(entry))]
    parts = [_part(detail, cents, currency) for detail in details]
    if not parts or None in parts or sum(part or 0 for part in parts) != cents:
        return [whole]
    return [
        replace(
            _filled(replace(whole, cents=part), detail, _returned(entry)),
            bank_ref=f"{whole.bank_ref}/{number}",
        )
        for number, (detail, part) in enumerate(zip(details, parts, strict=True), start=1)
        if part
    ]


def _whole(entry: Node, place: int, cents: int) -> ParsedLine:
    booked_on = _booked_on(entry)
    ref = xml.text(entry, "AcctSvcrRef", "NtryRef")[:LONGEST_REF]
    batch = xml.child(entry, "NtryDtls/Btch")
    said = (xml.text(entry, "AddtlNtryInf"), xml.text(batch, "MsgId"), xml.text(batch, "PmtInfId"))
    return ParsedLine(
        bank_ref=f"{ref or '#'}/{place}", booked_on=booked_on, cents=cents, end_to_end_id="", counter_name="",
        counter_iban="", remittance=" ".join(dict.fromkeys(word for word in said if word)),
    )  # fmt: skip


def _booked_on(entry: Node) -> date:
    paths = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    found = xml.day(entry, *paths)
    if found is None:
        wrong = xml.text(entry, *paths)
        raise _fault(entry, _("'%(text)s' is geen boekdatum.") % {"text": wrong})
    return found


def _returned(entry: Node) -> bool:
    """Tell whether money comes back: its direction is printed already, but the parties keep their old parts."""
    return xml.text(entry, "RvslInd") in {"true", "1"}


def _part(detail: Node, whole_cents: int, currency: str) -> int | None:
    """Return the signed amount of one payment in an entry, or None when the bank does not tell it."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        amount = xml.child(detail, path)
        if amount is not None and amount.get("Ccy", currency) == currency:
            own = "CRDT" if whole_cents > 0 else "DBIT"
            direction = xml.text(detail, "CdtDbtInd") or own
            return _amount(detail, path) * (1 if direction == "CRDT" else -1)
    return None


def _filled(line: ParsedLine, detail: Node, returned: bool) -> ParsedLine:
    """Return a line with what its payment says of the other side."""
    from_debtor = (line.cents > 0) != returned
    side, account = ("Dbtr", "DbtrAcct") if from_debtor else ("Cdtr", "CdtrAcct")
    parties = xml.child(detail, "RltdPties")
    end_to_end = xml.text(detail, "Refs/EndToEndId")
    told = xml.child(detail, "RmtInf")
    words = [] if told is None else [(node.text or "").strip() for node in xml.within(told, "Ustrd")]
    words += [] if told is None else [(node.text or "").strip() for node in xml.within(told, "Ref")]
    return replace(
        line,
        end_to_end_id="" if end_to_end == "NOTPROVIDED" else end_to_end[:LONGEST_ID],
        counter_name=xml.text(parties, f"{side}/Nm", f"{side}/Pty/Nm")[:LONGEST_NAME],
        counter_iban=xml.text(parties, f"{account}/Id/IBAN").replace(" ", ""),
        remittance=" ".join(word for word in words if word) or line.remittance,
    )
