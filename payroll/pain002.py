"""Read what the bank says of a payment file (pain.002), by the status of each payment.

A group that was accepted may hold payments that were refused: the status nearest to the payment counts.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from kernel.errors import Refused

REJECTED = {"RJCT", "CANC"}


class NotAReport(Refused):
    """The file is no status report, or not of this file."""


@dataclass(frozen=True)
class Report:
    """Statuses by end-to-end id; `whole` holds for payments that are not named."""

    message_id: str
    whole: str
    payments: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, end_to_end_id: str) -> tuple[str, str]:
        """Return 'accepted', 'rejected' or 'unknown', and the bank's reason."""
        status, reason = self.payments.get(end_to_end_id, (self.whole, ""))
        if status in REJECTED:
            return "rejected", reason
        return ("accepted", "") if status.startswith("AC") or status == "PART" else ("unknown", "")


def read(body: bytes) -> Report:
    """Return the statuses in a report.

    :raises NotAReport: it cannot be read.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as fault:
        raise NotAReport(
            _("Dit is geen leesbaar antwoord van de bank. Regel %(line)s.") % {"line": fault.lineno}
        ) from fault
    message_id = _first(root, "OrgnlMsgId")
    if not message_id:
        raise NotAReport(_("In dit antwoord staat niet bij welk bestand het hoort."))
    whole = _first(root, "GrpSts")
    payments: dict[str, tuple[str, str]] = {}
    for information in _all(root, "OrgnlPmtInfAndSts"):
        batch = _first(information, "PmtInfSts") or whole
        for transaction in _all(information, "TxInfAndSts"):
            status = _first(transaction, "TxSts") or batch
            payments[_first(transaction, "OrgnlEndToEndId")] = (status, _first(transaction, "Cd"))
        if batch in REJECTED:
            whole = batch
    return Report(message_id, whole or "ACCP", payments)


def _all(node: etree._Element, name: str) -> list[etree._Element]:
    return [n for n in node.iter() if isinstance(n.tag, str) and etree.QName(n).localname == name]


def _first(node: etree._Element, name: str) -> str:
    found = _all(node, name)
    return (found[0].text or "").strip() if found else ""
