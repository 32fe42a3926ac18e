"""Read a bank's statement (camt.053): tolerant of how banks write, strict about whether it adds up.

Only elements are read by their local name, so every version of the message is understood. Entities are never
resolved. What a bank really issued is not refused for a fault of its schema; what does not tie is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from kernel.errors import Refused
from kernel.money import euros

OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class NotAStatement(Refused):
    """The file cannot be read as a bank statement."""


class DoesNotTie(Refused):
    """Opening balance, lines and closing balance do not agree."""


@dataclass(frozen=True)
class ParsedLine:
    """One amount, in cents; positive came in."""

    bank_ref: str
    booked_on: date
    cents: int
    end_to_end_id: str
    counter_name: str
    counter_iban: str
    remittance: str


@dataclass(frozen=True)
class Parsed:
    """One statement of one account."""

    iban: str
    statement_id: str
    opening_cents: int
    closing_cents: int
    from_on: date
    until_on: date
    lines: tuple[ParsedLine, ...]

    def check(self) -> "Parsed":
        """Return the statement when it ties.

        :raises DoesNotTie: with both sides.
        """
        summed = self.opening_cents + sum(line.cents for line in self.lines)
        if summed != self.closing_cents:
            raise DoesNotTie(
                _(
                    "Afschrift %(id)s klopt niet: begin en regels samen %(summed)s, eindsaldo %(closing)s euro."
                )
                % {"id": self.statement_id, "summed": _euro(summed), "closing": _euro(self.closing_cents)}
            )
        return self


def read(body: bytes) -> list[Parsed]:
    """Return the statements in a file, not yet checked to tie.

    :raises NotAStatement: with the line of the file where reading stopped.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body.strip() if body[:1] in b" \r\n\t" else body, parser)
    except etree.XMLSyntaxError as fault:
        raise NotAStatement(
            _("Dit is geen leesbaar bankafschrift. Regel %(line)s: %(why)s")
            % {"line": fault.lineno, "why": fault.msg}
        ) from fault
    found = list(_all(root, "Stmt"))
    if not found:
        raise NotAStatement(_("In dit bestand staat geen bankafschrift (camt.053)."))
    return [_statement(node) for node in found]


def _all(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (
        child for child in node.iter() if isinstance(child.tag, str) and etree.QName(child).localname == name
    )


def _child(node: etree._Element | None, path: str) -> etree._Element | None:
    for name in path.split("/"):
        if node is None:
            return None
        node = next((c for c in node if isinstance(c.tag, str) and etree.QName(c).localname == name), None)
    return node


def _text(node: etree._Element | None, path: str) -> str:
    found = _child(node, path)
    return (found.text or "").strip() if found is not None else ""


def _fault(node: etree._Element, what: str) -> NotAStatement:
    return NotAStatement(_("Regel %(line)s: %(what)s") % {"line": node.sourceline or 0, "what": what})


def _cents(node: etree._Element, holder: etree._Element, *, amount: str = "Amt") -> int:
    text = _text(holder, amount)
    try:
        value = Decimal(text) * 100
    except InvalidOperation as error:
        raise _fault(node, _("'%(text)s' is geen bedrag.") % {"text": text}) from error
    cents = int(value)
    if cents != value:
        raise _fault(node, _("'%(text)s' heeft meer dan twee cijfers achter de komma.") % {"text": text})
    return -cents if _text(holder, "CdtDbtInd") == "DBIT" else cents


def _date(node: etree._Element, *texts: str) -> date:
    for text in texts:
        if text:
            try:
                return date.fromisoformat(text[:10])
            except ValueError as error:
                raise _fault(node, _("'%(text)s' is geen datum.") % {"text": text}) from error
    raise _fault(node, _("Er staat geen boekdatum."))


def _statement(node: etree._Element) -> Parsed:
    iban = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id")
    balances: dict[str, tuple[int, date]] = {}
    for row in _all(node, "Bal"):
        kind = _text(row, "Tp/CdOrPrtry/Cd")
        if kind in (*OPENING, *CLOSING):
            balances.setdefault(
                kind, (_cents(row, row), _date(row, _text(row, "Dt/Dt"), _text(row, "Dt/DtTm")))
            )
    opening = next((balances[kind] for kind in OPENING if kind in balances), None)
    closing = next((balances[kind] for kind in CLOSING if kind in balances), None)
    if opening is None or closing is None:
        raise _fault(node, _("Het begin- of eindsaldo ontbreekt."))
    currency = _text(node, "Acct/Ccy")
    lines = []
    for place, entry in enumerate((e for e in node if etree.QName(e).localname == "Ntry"), start=1):
        amount = _child(entry, "Amt")
        if amount is not None and currency and amount.get("Ccy", currency) != currency:
            raise _fault(entry, _("Deze regel is niet in %(currency)s.") % {"currency": currency})
        lines += _entry(entry, place)
    days = [line.booked_on for line in lines]
    return Parsed(
        iban=iban.replace(" ", ""), statement_id=_text(node, "Id") or "?", opening_cents=opening[0],
        closing_cents=closing[0], from_on=min([*days, closing[1]]), until_on=max([*days, closing[1]]),
        lines=tuple(lines),
    )  # fmt: skip


def _entry(entry: etree._Element, place: int) -> list[ParsedLine]:
    """Return the parts of an entry when they add up to it, else the entry as one line (rule C11)."""
    cents = _cents(entry, entry)
    if cents == 0:
        return []
    ref = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef") or f"#{place}"
    whole = ParsedLine(
        bank_ref=f"{ref}/{place}"[:80],
        booked_on=_date(entry, _text(entry, "BookgDt/Dt"), _text(entry, "BookgDt/DtTm"), _text(entry, "ValDt/Dt")),
        cents=cents, end_to_end_id="", counter_name="", counter_iban="", remittance=_text(entry, "AddtlNtryInf"),
    )  # fmt: skip
    details = list(_all(entry, "TxDtls"))
    if len(details) == 1:
        return [_filled(whole, details[0], cents)]
    parts = [_part(detail, cents) for detail in details]
    if details and all(part is not None for part in parts) and sum(part or 0 for part in parts) == cents:
        return [
            replace(_filled(whole, detail, part or 0), bank_ref=f"{whole.bank_ref}/{number}"[:80])
            for number, (detail, part) in enumerate(zip(details, parts, strict=True), start=1)
            if part
        ]
    return [whole]


def _part(detail: etree._Element, whole_cents: int) -> int | None:
    for holder, amount in ((detail, "Amt"), (_child(detail, "AmtDtls/TxAmt"), "Amt")):
        if holder is not None and _text(holder, amount):
            part = abs(_cents(detail, holder, amount=amount))
            backwards = _text(detail, "CdtDbtInd") not in {"", "CRDT" if whole_cents > 0 else "DBIT"}
            sign = -1 if (whole_cents < 0) != backwards else 1
            return sign * part
    return None


def _filled(line: ParsedLine, detail: etree._Element, cents: int) -> ParsedLine:
    """Return a line with what its transaction says of the other side."""
    side, account = ("Dbtr", "DbtrAcct") if cents > 0 else ("Cdtr", "CdtrAcct")
    parties = _child(detail, "RltdPties")
    end_to_end = _text(detail, "Refs/EndToEndId")
    remittance = _child(detail, "RmtInf")
    words = [] if remittance is None else [(node.text or "").strip() for node in _all(remittance, "Ustrd")]
    words += [] if remittance is None else [(node.text or "").strip() for node in _all(remittance, "Ref")]
    return replace(
        line,
        cents=cents,
        end_to_end_id="" if end_to_end == "NOTPROVIDED" else end_to_end[:35],
        counter_name=(_text(parties, f"{side}/Nm") or _text(parties, f"{side}/Pty/Nm"))[:140],
        counter_iban=_text(parties, f"{account}/Id/IBAN"),
        remittance=" ".join(word for word in words if word) or line.remittance,
    )


def _euro(cents: int) -> str:
    return f"{euros(cents)}".replace(".", ",")
