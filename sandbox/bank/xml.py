"""Small hands for ISO 20022 messages: amounts, elements, and parsing that trusts nobody."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from lxml import etree

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
BIC = "OEFNNL2A"


class NotXml(Exception):
    """The bytes are no XML that this bank reads."""


def parse(body: bytes) -> etree._Element:
    """Return the root of a message.

    :raises NotXml: it is not XML, or it brings a document type of its own.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as broken:
        raise NotXml(broken.msg) from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotXml("a document type is not allowed")
    return root


def document(namespace: str) -> etree._Element:
    return etree.Element(f"{{{namespace}}}Document", nsmap={None: namespace})  # type: ignore[dict-item]


def add(parent: etree._Element, path: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Add the elements of a path like ``Id/IBAN`` and return the last one."""
    namespace = etree.QName(parent).namespace
    here = parent
    for name in path.split("/"):
        here = etree.SubElement(here, f"{{{namespace}}}{name}")
    here.text = text
    for name, value in attributes.items():
        here.set(name, value)
    return here


def amount(cents: int) -> str:
    """Return the size of an amount as ISO 20022 writes it; the direction stands beside it."""
    return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"


def cents(text: str) -> int | None:
    """Return an amount in cents, or None when it has parts of a cent."""
    exact = Decimal(text) * 100
    return int(exact) if exact == exact.to_integral_value() else None


def direction(signed_cents: int) -> str:
    return "CRDT" if signed_cents >= 0 else "DBIT"


def morning_after(day: date) -> str:
    """Return the moment at which a day's statement is made: half past five the next morning, here."""
    return datetime.combine(day + timedelta(days=1), time(5, 30), AMSTERDAM).isoformat()


def serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
