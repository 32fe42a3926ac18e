"""Read what the bank says of a payment file (pain.002), by the status of each payment.

A group that was accepted may hold payments that were refused: the status nearest to the payment counts.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from bank import iso20022 as xml
from kernel.errors import Refused

REJECTED = frozenset({"RJCT", "CANC"})
PARTLY = "PART"  # of a group: who is not named was accepted


class NotAReport(Refused):
    """The file is no status report, or not of this file."""


@dataclass(frozen=True)
class Report:
    """Statuses by end-to-end id; `whole` holds for payments that are not named, and may be empty."""

    message_id: str
    whole: str
    payments: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, end_to_end_id: str) -> tuple[str, str]:
        """Return 'accepted', 'rejected' or 'unknown', and the bank's reason."""
        status, reason = self.payments.get(end_to_end_id, (self.whole, ""))
        if status in REJECTED:
            return "rejected", reason
        return ("accepted", "") if status.startswith("AC") or status == PARTLY else ("unknown", "")


def read(body: bytes) -> Report:
    """Return the statuses in a report.

    :raises NotAReport: it cannot be read, or does not say of which file it speaks.
    """
    try:
        root = xml.parse(body)
    except xml.NotXml as fault:
        raise NotAReport(str(fault)) from fault
    group = next(xml.within(root, "OrgnlGrpInfAndSts"), None)
    message_id = xml.text(group, "OrgnlMsgId")
    if group is None or not message_id:
        what = _("hier staat niet bij welk betaalbestand dit antwoord (pain.002) hoort.")
        raise NotAReport(
            _("Regel %(line)s: %(what)s") % {"line": xml.line(next(iter(root), root)), "what": what}
        )
    whole, reason = xml.text(group, "GrpSts"), _reason(group)
    blocks = list(xml.within(root, "OrgnlPmtInfAndSts"))
    statuses = {xml.text(block, "PmtInfSts") for block in blocks}
    if len(statuses) == 1:  # one status for all that the file held says more than that of its envelope
        whole = statuses.pop() or whole
    payments = {}
    for block in blocks:
        for node in xml.within(block, "TxInfAndSts"):
            status = xml.text(node, "TxSts") or xml.text(block, "PmtInfSts") or whole
            payments[xml.text(node, "OrgnlEndToEndId")] = (status, _reason(node) or _reason(block) or reason)
    return Report(message_id, whole, payments)


def _reason(node: etree._Element) -> str:
    """Return the bank's code for a refusal, with its words when it has any."""
    code = xml.text(node, "StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")
    words = xml.text(node, "StsRsnInf/AddtlInf")
    return f"{code}: {words}" if code and words else code or words
