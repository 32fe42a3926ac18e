"""Numbers that must stay secret are planted, and found in no answer of a role that may not see them."""

import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from payroll.models import WorkerFile
from subsidies.models import ClaimLine
from tests.access.asking import ask, spare_of
from tests.access.matrix import API, PAGES, PLACES, ROLES

READS = [row for row in (*API, *PAGES) if row.method == "GET"]
MAY_SEE_SUBSIDY = {"payroll", "treasurer", "municipality", "auditor"}


def _answers(role, world, clients):
    for row in READS:
        for place in PLACES if row.thing else PLACES[:1]:
            ref = world.ref(role, place, row.thing) if row.thing else ""
            answer = ask(row, clients[role], ref, spare_of(world, role, place))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield f"{row.route}, {place}", _text(body)


def _text(body: bytes) -> str:
    """Return what somebody can read in an answer, also inside an archive or a PDF."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(_text(archive.read(name)) for name in archive.namelist())
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode(errors="replace")


@pytest.mark.parametrize("role", ROLES)
def test_no_bsn_and_no_iban_of_a_worker_is_shown(role, world, clients):
    planted = {number for file in WorkerFile.objects.all() for number in (file.bsn, file.iban)}
    assert len(planted) == 8

    seen = [where for where, body in _answers(role, world, clients) if any(n in body for n in planted)]

    assert seen == []


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

    assert "office:claim-pack, own" in found
