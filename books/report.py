"""Reports of the books as PDF/UA: parts with a heading, a note and a table. The same facts, the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation

from documents.typesetting import pdf
from identity.models import Organisation

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"


@dataclass(frozen=True)
class Part:
    """A table with its heading, and a sentence above it."""

    heading: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def render(title: str, first: str, parts: Sequence[Part]) -> bytes:
    """Return a report in the active language."""
    organisation = Organisation.objects.filter(pk=1).first()
    facts = {
        "title": title, "first": first, "organisation": organisation.name if organisation else "",
        "lang": (translation.get_language() or "nl")[:2],
        "parts": [
            {"heading": str(part.heading), "note": str(part.note), "heads": [str(head) for head in part.heads],
             "rows": [[str(cell) for cell in row] for row in part.rows]}
            for part in parts
        ],
    }  # fmt: skip
    return pdf(TEMPLATE, facts)
