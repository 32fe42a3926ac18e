"""The words of the site: gather them, translate them, check them. No gettext programs are needed.

`python tools/messages.py update` writes what is new to locale/en; `check` fails when a sentence has no English;
`compile` makes the files the site reads (at set-up, never committed). The source of every sentence is Dutch; locale/nl
only says some sentences of Django itself more simply.
"""

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"tests", "tools", "sandbox", "benchmarks", "node_modules", "docs", "locale", "collected"}
KEYWORDS = dict.fromkeys(
    ["_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
     "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"]
)  # fmt: skip
CALL = re.compile(r"(?<![\w.])(?:_|n?p?gettext)\(")
CLOSE = re.compile(r"\)")
CONTEXTS = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}


def po(language: str) -> Path:
    """Return the file with the translations into a language."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[tuple[Path, str]]:
    """Yield every file of the product that speaks to people, with its text as Python."""
    for folder in sorted(ROOT.iterdir()):
        if folder.name.startswith(".") or folder.name in NOT_OURS or not folder.is_dir():
            continue
        for file in sorted(folder.rglob("*")):
            if file.suffix == ".py" and "migrations" not in file.parts:
                yield file, file.read_text()
            elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
                yield file, _calls(templatize(file.read_text(), origin=str(file)))


def _calls(text: str) -> str:
    """Keep only the calls in what Django makes of a template; each stays on its line."""
    kept = []
    for line in text.splitlines():
        found = []
        for start in CALL.finditer(line):
            ends = (place.end() for place in CLOSE.finditer(line, start.end()))
            found += next(
                ([line[start.start() : end]] for end in ends if _is_python(line[start.start() : end])), []
            )
        kept.append("; ".join(found))
    return "\n".join(kept)


def _is_python(words: str) -> bool:
    try:
        ast.parse(words, mode="eval")
    except SyntaxError:
        return False
    return True


def gathered() -> Catalog:
    """Return every sentence in the product."""
    catalog = Catalog(domain="django", fuzzy=False)
    for file, text in sources():
        for line, keyword, found, _comments in extract_python(BytesIO(text.encode()), KEYWORDS, [], {}):
            words = [str(part) for part in (found if isinstance(found, tuple | list) else [found]) if part]
            if not words:
                continue
            name = str(keyword)
            context = words.pop(0) if name in CONTEXTS else None
            several = name.startswith(("ngettext", "npgettext"))
            message = (words[0], words[1]) if several else words[0]
            catalog.add(message, locations=[(str(file.relative_to(ROOT)), line)], context=context)
    return catalog


def known(language: str) -> Catalog:
    """Return what is translated so far."""
    if not po(language).exists():
        return Catalog(locale=language, domain="django", fuzzy=False)
    with po(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update() -> int:
    """Write new sentences to the English file, and take out those that are gone."""
    catalog = known("en")
    catalog.header_comment = "# English for Wijkcheque; the source of each sentence is Dutch."
    catalog.project, catalog.version, catalog.fuzzy = "wijkcheque", "1", False
    catalog.update(gathered(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    po("en").parent.mkdir(parents=True, exist_ok=True)
    with po("en").open("wb") as file:
        write_po(
            file,
            catalog,
            width=100,
            no_location=True,
            sort_output=True,
            omit_header=False,
            include_previous=False,
        )
    _without_dates(po("en"))
    print(f"{sum(1 for message in catalog if message.id)} sentences, {len(missing())} to translate")
    return 0


def _without_dates(file: Path) -> None:
    lines = file.read_text().splitlines(keepends=True)
    noise = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid",
        "Generated-By",
    )
    kept = [line for line in lines if not line.startswith(tuple(f'"{word}' for word in noise))]
    file.write_text("".join(kept))


def missing() -> list[str]:
    """Return every sentence that has no English, or English that does not fit it."""
    english = {(message.id, message.context): message for message in known("en") if message.id}
    faults = []
    for message in gathered():
        if message.id and (fault := _fault(english.get((message.id, message.context)))):
            places = ", ".join(f"{file}:{line}" for file, line in message.locations[:2])
            faults.append(f"{fault}: {message.id!r} ({places})")
    return faults


def _fault(message: Message | None) -> str:
    if message is None:
        return "not in locale/en, run update"
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(strings):
        return "no English"
    if message.fuzzy:
        return "English is a guess"
    errors = list(message.check())
    return str(errors[0]) if errors else ""


def check() -> int:
    """Fail when a sentence has no English, or when its words to fill in differ."""
    faults = missing()
    print("\n".join(faults[:50]) or "every sentence has its English")
    if len(faults) > 50:
        print(f"and {len(faults) - 50} more")
    return 1 if faults else 0


def compile_() -> int:
    """Make the files the site reads."""
    for language in ("nl", "en"):
        with po(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, known(language))
    return 0


if __name__ == "__main__":
    acts = {"update": update, "check": check, "compile": compile_}
    if len(sys.argv) != 2 or sys.argv[1] not in acts:
        sys.exit(f"Say one of: {', '.join(acts)}")
    sys.exit(acts[sys.argv[1]]())
