"""A file of credit transfers: checked by its schema and its own totals before anything is booked."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from .books import Refusal
from .xml import NotXml, cents, parse

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NAMES = {"p": NAMESPACE}


@dataclass(frozen=True)
class Transfer:
    """One credit transfer; ``cents`` is None when the amount has parts of a cent."""

    end_to_end_id: str
    instruction_id: str
    cents: int | None
    currency: str
    name: str
    iban: str
    remittance: str


@dataclass(frozen=True)
class Block:
    """Transfers from one account on one day."""

    payment_info_id: str
    debtor_iban: str
    executed_on: date
    is_batch: bool
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True)
class TransferFile:
    """A pain.001 that passed its checks."""

    msg_id: str
    count: int
    control_sum: str
    blocks: tuple[Block, ...]


@cache
def _schema() -> etree.XMLSchema:
    """Return the schema that the sepaxml package carries; importing the package itself would be slow."""
    spec = find_spec("sepaxml")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    folder = Path(next(iter(spec.submodule_search_locations)))
    return etree.XMLSchema(etree.parse(folder / "schemas" / "pain.001.001.09.xsd"))


def read(body: bytes) -> TransferFile:
    """Read and check a file.

    :raises Refusal: it is not pain.001.001.09, a total is wrong, or an address has no structure.
    """
    try:
        root = parse(body)
    except NotXml as broken:
        raise Refusal(f"This is not XML: {broken}", status=400, code="FF01") from broken
    try:
        _schema().assertValid(root)
    except etree.DocumentInvalid as wrong:
        raise Refusal(f"Not a pain.001.001.09 file: {wrong}", status=400, code="FF01") from wrong
    _check_addresses(root)
    header = _one(root, "p:CstmrCdtTrfInitn/p:GrpHdr")
    blocks = tuple(_block(node) for node in _all(root, "p:CstmrCdtTrfInitn/p:PmtInf"))
    everything = [transfer for block in blocks for transfer in block.transfers]
    _check_totals(header, everything, "the file")
    return TransferFile(
        msg_id=_text(header, "p:MsgId"),
        count=len(everything),
        control_sum=_text(header, "p:CtrlSum"),
        blocks=blocks,
    )


def _check_addresses(root: etree._Element) -> None:
    """Refuse addresses without structure.

    Since November 2026 SEPA takes an address only with at least a town and a country of their own.
    """
    for address in root.iter(f"{{{NAMESPACE}}}PstlAdr"):
        if address.find("p:TwnNm", NAMES) is None or address.find("p:Ctry", NAMES) is None:
            transfer = next(address.iterancestors(f"{{{NAMESPACE}}}CdtTrfTxInf"), None)
            whose = "the debtor" if transfer is None else _text(transfer, "p:PmtId/p:EndToEndId")
            raise Refusal(
                f"The address at {whose} has no town and country in fields of their own; "
                "an unstructured address is not accepted.",
                code="CH21",
            )


def _check_totals(node: etree._Element, transfers: list[Transfer], where: str) -> None:
    count = int(_text(node, "p:NbOfTxs") or len(transfers))
    if count != len(transfers):
        raise Refusal(f"NbOfTxs of {where} says {count}, there are {len(transfers)}.", code="AM18")
    told = _text(node, "p:CtrlSum")
    if told and cents(told) != sum(transfer.cents or 0 for transfer in transfers):
        raise Refusal(f"CtrlSum of {where} says {told}, which is not the sum of the amounts.", code="AM10")


def _block(node: etree._Element) -> Block:
    transfers = tuple(_transfer(item) for item in _all(node, "p:CdtTrfTxInf"))
    payment_info_id = _text(node, "p:PmtInfId")
    _check_totals(node, list(transfers), payment_info_id)
    day = _text(node, "p:ReqdExctnDt/p:Dt") or _text(node, "p:ReqdExctnDt/p:DtTm")[:10]
    return Block(
        payment_info_id=payment_info_id,
        debtor_iban=_text(node, "p:DbtrAcct/p:Id/p:IBAN"),
        executed_on=date.fromisoformat(day),
        is_batch=_text(node, "p:BtchBookg") != "false",
        transfers=transfers,
    )


def _transfer(node: etree._Element) -> Transfer:
    amount = _one(node, "p:Amt/p:InstdAmt")
    return Transfer(
        end_to_end_id=_text(node, "p:PmtId/p:EndToEndId"),
        instruction_id=_text(node, "p:PmtId/p:InstrId"),
        cents=cents(amount.text or "0"),
        currency=amount.get("Ccy", ""),
        name=_text(node, "p:Cdtr/p:Nm"),
        iban=_text(node, "p:CdtrAcct/p:Id/p:IBAN"),
        remittance=" ".join(part.text or "" for part in _all(node, "p:RmtInf/p:Ustrd")),
    )


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall(path, NAMES)


def _one(node: etree._Element, path: str) -> etree._Element:
    found = node.find(path, NAMES)
    if found is None:
        raise Refusal(f"{path.replace('p:', '')} is missing; this bank needs it.", code="CH21")
    return found


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path, namespaces=NAMES) or "").strip()
