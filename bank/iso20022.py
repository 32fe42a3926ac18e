"""Read the XML that banks write: entities off, versions and namespaces ignored, damage named by its line."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from django.utils.translation import gettext as _
from lxml import etree

from kernel.errors import Refused

# As the file says itself; then for files that were saved anew by a program that left the first line as it was.
ENCODINGS = (None, "utf-8", "cp1252")


class NotXml(Refused):
    """The file is damaged, or is no XML."""


def parse(body: bytes) -> etree._Element:
    """Return the root of a document.

    :raises NotXml: with the line where reading stopped.
    """
    if not body.strip():
        raise NotXml(_("Dit bestand is leeg."))
    if body[:1] in b" \r\n\t":
        body = body.lstrip()
    first: etree.XMLSyntaxError | None = None
    for encoding in ENCODINGS:
        try:
            root = etree.fromstring(body, _parser(encoding))
        except etree.XMLSyntaxError as fault:
            first = first or fault
        else:
            return _without_declarations(root)
    assert first is not None
    raise NotXml(
        _("Dit bestand is niet te lezen. Regel %(line)s: %(why)s") % {"line": first.lineno, "why": first.msg}
    ) from first


def _parser(encoding: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding=encoding,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _without_declarations(root: etree._Element) -> etree._Element:
    """Refuse a document that declares entities of its own: no bank does, attackers do."""
    if getattr(root.getroottree().docinfo, "doctype", ""):  # the stubs do not know it
        raise NotXml(_("Regel 1: een bestand van de bank heeft geen DOCTYPE."))
    return root


def name(node: etree._Element) -> str:
    """Return the name of an element without its namespace: every version of a message is read alike."""
    return etree.QName(node).localname


def line(node: etree._Element) -> int:
    """Return the line of the file at which an element starts."""
    found = node.sourceline
    return found if isinstance(found, int) else 1


def within(node: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield the elements of a name at any depth, in the order of the file."""
    return (child for child in node.iter(etree.Element) if name(child) == wanted)


def children(node: etree._Element | None, wanted: str) -> Iterator[etree._Element]:
    """Yield the elements of a name directly under a node."""
    return (child for child in (() if node is None else node) if name(child) == wanted)


def child(node: etree._Element | None, path: str) -> etree._Element | None:
    """Return the first element on a path of names, or None."""
    for step in path.split("/"):
        node = next(children(node, step), None)
    return node


def text(node: etree._Element | None, *paths: str) -> str:
    """Return the text of the first path that has any, without space around it."""
    for path in paths:
        found = child(node, path)
        if found is not None and found.text and found.text.strip():
            return found.text.strip()
    return ""


def day(node: etree._Element | None, *paths: str) -> date | None:
    """Return the first path that holds a day or a moment, as its day; None when none does."""
    for path in paths:
        with suppress(ValueError):
            return date.fromisoformat(text(node, path)[:10])
    return None
