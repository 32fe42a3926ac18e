"""The report on a file of transfers: what was executed, what was rejected and why."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lxml import etree

from .pain001 import Block, TransferFile
from .xml import BIC, add, amount, document, serialised

if TYPE_CHECKING:
    from .payments import Verdict

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"


def report(file: TransferFile, judged: Sequence[tuple[Block, Sequence["Verdict"]]]) -> bytes:
    """Return the pain.002.001.10 for a file."""
    root = document(NAMESPACE)
    told = add(root, "CstmrPmtStsRpt")
    header = add(told, "GrpHdr")
    add(header, "MsgId", f"STS{hashlib.sha256(file.msg_id.encode()).hexdigest()[:30]}")
    add(header, "CreDtTm", datetime.now(UTC).isoformat(timespec="seconds"))
    add(header, "DbtrAgt/FinInstnId/BICFI", BIC)
    group = add(told, "OrgnlGrpInfAndSts")
    add(group, "OrgnlMsgId", file.msg_id)
    add(group, "OrgnlMsgNmId", "pain.001.001.09")
    add(group, "OrgnlNbOfTxs", str(file.count))
    if file.control_sum:
        add(group, "OrgnlCtrlSum", file.control_sum)
    add(group, "GrpSts", _status([verdict for _, verdicts in judged for verdict in verdicts], "ACCP"))
    for block, verdicts in judged:
        _add_block(told, block, verdicts)
    return serialised(root)


def _status(verdicts: Sequence["Verdict"], accepted: str) -> str:
    executed = sum(verdict.is_executed for verdict in verdicts)
    if executed == len(verdicts):
        return accepted
    return "PART" if executed else "RJCT"


def _add_block(told: etree._Element, block: Block, verdicts: Sequence["Verdict"]) -> None:
    node = add(told, "OrgnlPmtInfAndSts")
    add(node, "OrgnlPmtInfId", block.payment_info_id)
    add(node, "OrgnlNbOfTxs", str(len(verdicts)))
    add(node, "PmtInfSts", _status(verdicts, "ACSC"))
    counts = Counter("ACSC" if verdict.is_executed else "RJCT" for verdict in verdicts)
    for status, count in sorted(counts.items()):
        summary = add(node, "NbOfTxsPerSts")
        add(summary, "DtldNbOfTxs", str(count))
        add(summary, "DtldSts", status)
    for place, verdict in enumerate(verdicts, start=1):
        _add_transfer(node, verdict, f"{block.payment_info_id[:28]}/{place}")


def _add_transfer(node: etree._Element, verdict: "Verdict", status_id: str) -> None:
    item = add(node, "TxInfAndSts")
    add(item, "StsId", status_id)
    if verdict.transfer.instruction_id:
        add(item, "OrgnlInstrId", verdict.transfer.instruction_id)
    add(item, "OrgnlEndToEndId", verdict.transfer.end_to_end_id)
    add(item, "TxSts", "ACSC" if verdict.is_executed else "RJCT")
    if not verdict.is_executed:
        why = add(item, "StsRsnInf")
        add(why, "Rsn/Cd", verdict.code)
        add(why, "AddtlInf", verdict.sentence)
    original = add(item, "OrgnlTxRef")
    if verdict.transfer.cents is not None:
        add(original, "Amt/InstdAmt", amount(verdict.transfer.cents), Ccy=verdict.transfer.currency)
    add(original, "Cdtr/Pty/Nm", verdict.transfer.name)
    add(original, "CdtrAcct/Id/IBAN", verdict.transfer.iban)
