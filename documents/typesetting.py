"""Set documents in type: PDF/UA from a template and facts, with the letters of the site; the same facts, the same bytes.

Texts of people reach the template as data and are never read as markup.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.conf import settings
from django.utils.formats import date_format, number_format
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from kernel.money import euros

WEIGHTS = (400, 700)
FAMILY_NAMES = (1, 4, 6, 16)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # a document names its own day; when it was set says nothing


def pdf(template: Path, facts: Mapping[str, Any], *, attached: str = "") -> bytes:
    """Return the PDF of a template, which reads the facts as `json(bytes(sys.inputs.facts))`.

    With a text that the template attaches (`bytes(sys.inputs.attached)`) it is made to be kept: PDF/A-3 too.

    :raises typst.TypstError: it cannot be made so that everybody can read it; our own mistake.
    """
    letters = _letters()
    made = typst.compile(
        template, root=template.parent, format="pdf", font_paths=[letters] if letters else [],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False, sort_keys=True), "attached": attached},
        pdf_standards=["a-3a", "ua-1"] if attached else ["ua-1"], timestamp=LONG_AGO,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def euro(cents: int) -> str:
    """Return an amount as people write it in the active language: 1.204,10."""
    return number_format(euros(cents), 2, use_l10n=True, force_grouping=True)


def day(when: datetime | Any) -> str:
    """Return a day as people write it in the active language: 2 december 2026."""
    return date_format(when, "j F Y")


@cache
def _letters() -> Path | None:
    """Return the folder with the site's letters in the form Typst reads, or None when they are not built.

    They come from npm as compressed variable fonts; Typst reads neither. Made once for an installation.
    """
    built = sorted((settings.BASE_DIR / "web" / "built" / "fonts").glob("*-normal.woff2"))
    if not built:
        return None
    folder = Path(settings.RUN_DIR) / "letters"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as draft:
            for source in built:
                for weight in WEIGHTS:
                    _unpack(source, weight, Path(draft) / f"{source.stem}-{weight}.ttf")
            ready = Path(draft) / "ready"
            ready.mkdir()
            for file in Path(draft).glob("*.ttf"):
                file.rename(ready / file.name)
            if not folder.is_dir():
                os.rename(ready, folder)  # noqa: PTH104 - atomic: another process finds all letters, or none
    return folder


def _unpack(source: Path, weight: int, target: Path) -> None:
    font = instancer.instantiateVariableFont(TTFont(source), {"wght": weight})
    font.flavor = None
    if "latin-ext" in source.stem:  # a family of its own, so that Typst looks there for what the first lacks
        for record in list(font["name"].names):
            if record.nameID in FAMILY_NAMES:
                font["name"].setName(
                    f"{record.toUnicode()} Ext",
                    record.nameID,
                    record.platformID,
                    record.platEncID,
                    record.langID,
                )
    font.save(target)
