"""Numbers that must stay secret are planted, and found in no answer of a role that may not see them."""

import io
import logging
import re
import zipfile
from dataclasses import replace

import pytest
from pypdf import PdfReader

from payroll.models import WorkerFile
from subsidies.models import ClaimLine
from tests.access.asking import ask, spare_of
from tests.access.matrix import API, PAGES, PLACES, ROLES

READS = [row for row in (*API, *PAGES) if row.method == "GET"]
FILES = {  # pages that are files too
    "office:results": ("csv", "pdf"), "office:fair": ("csv", "pdf"), "office:social-contract": ("csv", "pdf"),
    "office:keeping": ("csv",), "office:coverage": ("csv",), "office:auditing": ("zip",), "worker:keep": ("csv",),
}  # fmt: skip
MAY_SEE_SUBSIDY = {"payroll", "treasurer", "municipality", "auditor"}


class Heard(logging.Handler):
    """Keeps what is logged, with its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.__dict__}")


KEPT: dict[str, list[tuple[str, str]]] = {}


def _answers(role, world, clients):
    """Return what a role can read: pages, files of every kind, refused and wrong requests, and what was logged meanwhile."""
    if role not in KEPT:
        heard = Heard()
        logging.getLogger().addHandler(heard)
        try:
            KEPT[role] = list(_asked(role, world, clients))
        finally:
            logging.getLogger().removeHandler(heard)
        KEPT[role].append(("log lines", "\n".join(heard.lines)))
    return KEPT[role]


def _asked(role, world, clients):
    for row in _rows():
        for place in PLACES if row.thing else PLACES[:1]:
            ref = world.ref(role, place, row.thing) if row.thing else ""
            answer = ask(row, clients[role], ref, spare_of(world, role, place))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield f"{row.method} {row.route} {row.body(ref)}, {place}", _text(body)
        if row.thing and not row.in_body and row.method == "GET":
            yield f"{row.route}, nothing", _text(ask(row, clients[role], "nothing", "").content)


def _rows():
    """Yield every page, each form of a file that it has, and every act filled in wrong or right."""
    for row in READS:
        yield row
        for form in FILES.get(row.route, ()):
            yield replace(row, body=lambda _ref, form=form: {"vorm": form})
    for row in (*API, *PAGES):
        if row.method == "POST" and not row.calls_stripe:
            yield row


def _text(body: bytes) -> str:
    """Return what somebody can read in an answer, also inside an archive or a PDF."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(_text(archive.read(name)) for name in archive.namelist())
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode(errors="replace")


@pytest.fixture(autouse=True, scope="module")
def forgotten(world):
    """What was read belongs to the world of this module."""
    KEPT.clear()


@pytest.mark.parametrize("role", ROLES)
def test_no_bsn_and_no_iban_of_a_worker_is_shown(role, world, clients):
    planted = {number for file in WorkerFile.objects.all() for number in (file.bsn, file.iban)}
    assert len(planted) == 8

    seen = {where for where, body in _answers(role, world, clients) if any(n in body for n in planted)}

    # the officer asks for them with a button, which is written down; that also shows that the search finds them
    asked_for = {f"POST office:read-file {{}}, {place}" for place in PLACES}
    assert seen == (asked_for if role == "payroll" else set())


def shows(body: str) -> bool:
    """Tell whether a text holds the subsidy of a claim's line, in cents or written as an amount."""
    cents = set(ClaimLine.objects.values_list("subsidy_cents", flat=True))
    assert cents, "there is something to find"
    forms = {form for amount in cents for form in (str(amount), f"{amount // 100}[.,]{amount % 100:02d}")}
    return re.search(rf"(?<![\w.,])({'|'.join(forms)})(?!\w)", body) is not None


@pytest.mark.parametrize("role", [role for role in ROLES if role not in MAY_SEE_SUBSIDY])
def test_no_subsidy_amount_is_shown(role, world, clients):
    assert [where for where, body in _answers(role, world, clients) if shows(body)] == []


def test_the_officer_sees_them_in_the_lines_of_the_claim(world, clients):
    """What the search above looks for is really shown to who may see it."""
    found = [where for where, body in _answers("payroll", world, clients) if shows(body)]

    assert any("office:claim-pack" in where and where.endswith("own") for where in found)


def test_the_files_and_errors_are_really_read(world, clients):
    where = dict(_answers("auditor", world, clients))
    assert "," in where["GET office:results {'vorm': 'csv'}, own"]
    assert "sha256" in where["GET office:auditing {'vorm': 'zip'}, own"]
    assert len(where["GET office:fair {'vorm': 'pdf'}, own"]) > 100
    assert "Not Found" in where["log lines"]


def test_what_is_logged_is_read_with_its_traceback():
    heard = Heard()
    try:
        raise ValueError("NL00PLANTED")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "failed", (), (type(error), error, error.__traceback__)
        )
    heard.emit(record)
    assert "NL00PLANTED" in heard.lines[0]
