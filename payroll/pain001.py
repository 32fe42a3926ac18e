"""Write a file of transfers (pain.001.001.09): the same transfers give the same bytes.

The library writes and checks the message, but makes up ids, reads the clock, and knows no salary purpose; those we
set. Parties are IBAN and name: an address without structure is refused by banks since November 2026.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import sepaxml
from lxml import etree

from kernel.periods import local

SCHEMA = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
LONGEST_NAME, LONGEST_ID = 70, 35
NOT_ASCII = {
    "ı": "i",
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "æ": "ae",
    "Æ": "AE",
    "đ": "d",
    "Đ": "D",
}


@dataclass(frozen=True)
class Payer:
    """Whose account pays; without a BIC the bank finds it by the IBAN."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True)
class Transfer:
    """One salary."""

    end_to_end_id: str
    name: str
    iban: str
    cents: int
    words: str


def write(
    payer: Payer, transfers: Sequence[Transfer], *, message_id: str, pays_on: date, at: datetime
) -> bytes:
    """Return the file, checked by its schema.

    :raises ValueError: it would not pass; our own mistake.
    """
    assert transfers, "a file pays somebody"
    assert all(len(name) <= LONGEST_ID for name in (message_id, *(t.end_to_end_id for t in transfers)))
    config = {"name": latin(payer.name), "IBAN": payer.iban, "batch": True, "currency": "EUR"}
    library = sepaxml.SepaTransfer(
        config | ({"BIC": payer.bic} if payer.bic else {}), schema=SCHEMA, clean=True
    )
    for transfer in transfers:
        library.add_payment({
            "name": latin(transfer.name), "IBAN": transfer.iban, "amount": transfer.cents, "execution_date": pays_on,
            "endtoend_id": transfer.end_to_end_id, "description": latin(transfer.words, most=140),
        })  # fmt: skip
    root = etree.fromstring(library.export(validate=False))
    _set(root, "GrpHdr/MsgId", message_id)
    _set(root, "GrpHdr/CreDtTm", f"{local(at):%Y-%m-%dT%H:%M:%S}")
    _set(root, "PmtInf/PmtInfId", message_id)
    _add(root, "PmtInf/PmtTpInf", "CtgyPurp/Cd", "SALA")
    if not payer.bic:
        _add(root, "PmtInf/DbtrAgt/FinInstnId", "Othr/Id", "NOTPROVIDED")
    body = bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    check(body)
    return body


def check(body: bytes) -> None:
    """Hold a file against its schema.

    :raises ValueError: it does not pass.
    """
    schema = _schema()
    if not schema.validate(etree.fromstring(body)):
        raise ValueError(f"not a {SCHEMA}: {schema.error_log}")


@cache
def _schema() -> etree.XMLSchema:
    """Return the schema that the library brings along."""
    return etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"))


def latin(text: str, *, most: int = LONGEST_NAME) -> str:
    """Return a text in the signs that SEPA allows; what has no Latin letter becomes a question mark."""
    for sign, plain in NOT_ASCII.items():
        text = text.replace(sign, plain)
    apart = unicodedata.normalize("NFKD", text)
    ascii_only = "".join(sign if sign.isascii() else "?" for sign in apart if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^A-Za-z0-9/\-?:().,'+ ]", " ", ascii_only).split())[:most].strip()


def _find(root: etree._Element, path: str) -> etree._Element:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in ["CstmrCdtTrfInitn", *path.split("/")])
    found = root.find(steps)
    assert found is not None, path
    return found


def _set(root: etree._Element, path: str, text: str) -> None:
    _find(root, path).text = text


def _add(root: etree._Element, path: str, new: str, text: str) -> None:
    node = _find(root, path)
    for step in new.split("/"):
        node = etree.SubElement(node, f"{{{NAMESPACE}}}{step}")
    node.text = text
