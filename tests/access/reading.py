"""What somebody can read in an answer, and whether a number that must stay secret is in it."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape

from pypdf import PdfReader

from payroll.models import AccountAsked, WorkerFile

BETWEEN = r"[\s.\-]?"  # numbers are also written in groups
FILE = re.compile(r"\.(csv|pdf|zip|xml)(\?|$)")
ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def text_of(body: bytes) -> str:
    """Return what somebody can read in an answer, also inside an archive or a PDF and what is attached to it."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
            return "\n".join(
                [*names, archive.comment.decode(), *(text_of(archive.read(name)) for name in names)]
            )
    if body.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(body))
        attached = [text_of(content) for contents in reader.attachments.values() for content in contents]
        about = [str(value) for value in (reader.metadata or {}).values()]
        return "\n".join([*(page.extract_text() for page in reader.pages), *about, *attached])
    return body.decode(errors="replace")


class Planted:
    """Every BSN and IBAN of a worker that the database knows, found however it is written."""

    def __init__(self) -> None:
        accounts = [asked.iban for asked in AccountAsked.objects.all()]
        self.numbers = {
            number for file in WorkerFile.objects.all() for number in (file.bsn, file.iban)
        } | set(accounts)
        shapes = (BETWEEN.join(map(re.escape, number)) for number in sorted(self.numbers))
        self._any = re.compile(rf"(?<!\w)({'|'.join(shapes)})(?!\w)", re.IGNORECASE)

    def is_in(self, text: str) -> bool:
        return self._any.search(text) is not None


def downloads(address: str, text: str) -> Iterator[str]:
    """Yield the address of every file that a page offers: links, and buttons of a form that choose one."""
    for href in re.findall(r"href=\"([^\"]+)\"", text):
        link = unescape(href)
        if "vorm=" in link or FILE.search(link):
            yield address.split("?", maxsplit=1)[0] + link if link.startswith("?") else link
    for form in re.findall(r"<form[^>]*method=\"get\".*?</form>", text, re.DOTALL):
        tags = [dict(ATTRIBUTE.findall(tag)) for tag in re.findall(r"<(?:input|button)[^>]*>", form)]
        filled = [tag for tag in tags if "value" in tag and tag.get("name") not in {None, "vorm"}]
        for button in (tag for tag in tags if tag.get("name") == "vorm"):
            yield address.split("?", maxsplit=1)[0] + "?" + _query([*filled, button])


def _query(tags: Iterable[dict[str, str]]) -> str:
    return "&".join(f"{tag['name']}={tag['value']}" for tag in tags)
