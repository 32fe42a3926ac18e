"""Set printed cheques in type: a code to scan and to read, the number, and whom to call. Made once; codes are told once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheques.paper import Printed
from documents.typesetting import pdf
from identity.models import Organisation

TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
GROUP = 4


def render(cheques: Sequence[Printed]) -> bytes:
    """Return the PDF with these cheques, five to a page."""
    ours = Organisation.objects.first()
    facts: dict[str, Any] = {
        "title": _("Papieren cheques"), "language": (get_language() or "nl")[:2], "hour": _("1 cheque is 1 uur hulp"),
        "says": _("Geef deze code aan de balie. Wie dit papier heeft, heeft het uur. Bewaar het als geld."),
        "number": _("Nummer"), "name": ours.name if ours else "", "phone": ours.phone if ours else "",
        "cheques": [
            {"serial": one.serial, "code": one.code, "shown": grouped(one.code), "drawing": _drawn(one.code)}
            for one in cheques
        ],
    }  # fmt: skip
    return pdf(TEMPLATE, facts)


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is read aloud."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _drawn(code: str) -> str:
    return segno.make(code, error="m", micro=False).svg_inline(scale=4, border=2)
