"""Statements: one per booking day, whose balances tie with their entries and with each other."""

from collections.abc import Sequence
from datetime import date

from lxml import etree

from .books import Books, Detail, Entry
from .xml import BIC, add, amount, direction, document, morning_after, serialised

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
EPOCH = date(2020, 1, 1)
SUBFAMILIES = {
    "credit": ("RCDT", "ESCT"),
    "debit": ("ICDT", "ESCT"),
    "transfer": ("ICDT", "ESCT"),
    "batch": ("ICDT", "ESCT"),
    "return": ("ICDT", "RRTN"),
}
LONGEST_REMITTANCE = 140


def statements(books: Books, iban: str, days: Sequence[date]) -> bytes:
    """Return one camt.053.001.08 message with a statement for each of the days.

    The same days give the same bytes, as long as nothing is booked on them.
    """
    root = document(NAMESPACE)
    message = add(root, "BkToCstmrStmt")
    header = add(message, "GrpHdr")
    add(header, "MsgId", f"{iban[-10:]}-{days[0]:%Y%m%d}-{days[-1]:%Y%m%d}")
    add(header, "CreDtTm", morning_after(days[-1]))
    for day in days:
        _add_statement(message, books, iban, day)
    return serialised(root)


def _add_statement(message: etree._Element, books: Books, iban: str, day: date) -> None:
    account = books.account(iban)
    entries = books.entries(iban, day, day)
    opening = books.balance_before(iban, day)
    closing = opening + sum(entry.cents for entry in entries)
    statement = add(message, "Stmt")
    add(statement, "Id", f"{iban}-{day:%Y%m%d}")
    add(statement, "ElctrncSeqNb", str((day - EPOCH).days))
    add(statement, "CreDtTm", morning_after(day))
    holder = add(statement, "Acct")
    add(holder, "Id/IBAN", iban)
    add(holder, "Tp/Cd", "CACC")
    add(holder, "Ccy", "EUR")
    add(holder, "Ownr/Nm", account["name"])
    add(holder, "Svcr/FinInstnId/BICFI", BIC)
    for kind, cents in (("OPBD", opening), ("CLBD", closing), ("CLAV", closing)):
        _add_balance(statement, kind, cents, day)
    _add_summary(statement, entries)
    for place, entry in enumerate(entries, start=1):
        _add_entry(statement, entry, place)


def _add_balance(statement: etree._Element, kind: str, cents: int, day: date) -> None:
    balance = add(statement, "Bal")
    add(balance, "Tp/CdOrPrtry/Cd", kind)
    _add_amount(balance, cents)
    add(balance, "Dt/Dt", day.isoformat())


def _add_amount(parent: etree._Element, cents: int) -> None:
    add(parent, "Amt", amount(cents), Ccy="EUR")
    add(parent, "CdtDbtInd", direction(cents))


def _add_summary(statement: etree._Element, entries: Sequence[Entry]) -> None:
    summary = add(statement, "TxsSummry")
    incoming = [entry.cents for entry in entries if entry.cents > 0]
    outgoing = [-entry.cents for entry in entries if entry.cents < 0]
    for name, amounts in (
        ("TtlNtries", incoming + outgoing),
        ("TtlCdtNtries", incoming),
        ("TtlDbtNtries", outgoing),
    ):
        total = add(summary, name)
        add(total, "NbOfNtries", str(len(amounts)))
        add(total, "Sum", amount(sum(amounts)))


def _add_entry(statement: etree._Element, entry: Entry, place: int) -> None:
    node = add(statement, "Ntry")
    add(node, "NtryRef", str(place))
    _add_amount(node, entry.cents)
    if entry.kind == "return":
        add(node, "RvslInd", "true")
    add(node, "Sts/Cd", "BOOK")
    add(node, "BookgDt/Dt", entry.booked_on.isoformat())
    add(node, "ValDt/Dt", (entry.value_on or entry.booked_on).isoformat())
    add(node, "AcctSvcrRef", entry.servicer_reference)
    _add_code(node, entry.kind)
    details = add(node, "NtryDtls")
    if entry.kind == "batch":
        batch = add(details, "Btch")
        add(batch, "MsgId", entry.msg_id)
        add(batch, "PmtInfId", entry.payment_info_id)
        add(batch, "NbOfTxs", str(len(entry.details)))
        add(batch, "TtlAmt", amount(entry.cents), Ccy="EUR")
        add(batch, "CdtDbtInd", direction(entry.cents))
    for number, detail in enumerate(entry.details, start=1):
        _add_detail(details, entry, detail, number)


def _add_code(node: etree._Element, kind: str) -> None:
    family, subfamily = SUBFAMILIES[kind]
    domain = add(node, "BkTxCd/Domn")
    add(domain, "Cd", "PMNT")
    add(domain, "Fmly/Cd", family)
    add(domain.find("{*}Fmly"), "SubFmlyCd", subfamily)  # type: ignore[arg-type]


def _add_detail(details: etree._Element, entry: Entry, detail: Detail, number: int) -> None:
    item = add(details, "TxDtls")
    references = add(item, "Refs")
    add(references, "AcctSvcrRef", f"{entry.servicer_reference}/{number}")
    if entry.payment_info_id:
        add(references, "PmtInfId", entry.payment_info_id)
    add(references, "EndToEndId", detail.end_to_end_id or "NOTPROVIDED")
    add(item, "Amt", amount(detail.cents), Ccy="EUR")
    add(item, "CdtDbtInd", direction(entry.cents))
    # a return comes from the one who was to be paid, who stays the creditor of the original transfer
    _add_party(item, detail, "Dbtr" if entry.kind == "credit" else "Cdtr")
    if detail.remittance:
        add(item, "RmtInf/Ustrd", detail.remittance[:LONGEST_REMITTANCE])
    if detail.reason:
        add(item, "RtrInf/Rsn/Cd", detail.reason)


def _add_party(item: etree._Element, detail: Detail, role: str) -> None:
    if not detail.name and not detail.iban:
        return
    parties = add(item, "RltdPties")
    if detail.name:
        add(parties, f"{role}/Pty/Nm", detail.name[:140])
    if detail.iban:
        add(parties, f"{role}Acct/Id/IBAN", detail.iban)
