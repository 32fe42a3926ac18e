"""What the municipality gets of a claim."""

import csv
import hashlib
import io
import zipfile

import pytest
from pypdf import PdfReader

from documents.typesetting import euro
from payroll.models import Payslip
from subsidies import claim_pack, claims
from subsidies.models import Award, Claim
from tests import build, build_pay
from tests.subsidies.claimed import APRIL, AT, claim, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    build.organisation(iban=build_pay.ORGANISATION)
    return build.member("payroll")


class TestPack:
    @pytest.fixture
    def made(self, officer):
        build_pay.award(paid(officer, APRIL), letter="LKS-2026-7")
        return claim(officer, APRIL)

    def opened(self, made: Claim) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(claims.pack(made.pk))) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_holds_lines_letter_and_the_proof_of_both(self, made):
        files = self.opened(made)
        name = f"lks-2026-04-1-{made.ref}"
        assert set(files) == {f"{name}.csv", f"{name}.pdf", f"{name}-loonstroken.pdf", "sha256.txt"}
        for line in files["sha256.txt"].decode().splitlines():
            digest, called = line.split("  ")
            assert hashlib.sha256(files[called]).hexdigest() == digest
        assert hashlib.sha256(files[f"{name}.csv"]).hexdigest() == made.digest

    def test_names_each_line_with_its_letter_and_its_law(self, made):
        body = next(body for name, body in self.opened(made).items() if name.endswith("csv"))
        (row,) = csv.DictReader(io.StringIO(body.decode()), delimiter=";")
        assert (row["award letter"], row["subsidy"], row["compensation"], row["total"]) == (
            "LKS-2026-7", "991.18", "232.93", "1224.11",
        )  # fmt: skip
        assert "wages.reference_month_cents 2026-01-01" in row["rule"]

    def test_asks_in_words_on_paper_that_can_be_heard(self, made):
        body = self.opened(made)[f"lks-2026-04-1-{made.ref}.pdf"]
        reader = PdfReader(io.BytesIO(body))
        said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        assert "Wij vragen 1.224,11 euro over april 2026." in said
        assert made.ref in said
        assert made.digest in said.replace(" ", "")
        metadata = reader.root_object.raw_get("/Metadata").get_object()
        assert b"pdfuaid:part" in metadata.get_data()

    def test_shows_the_payslip_of_each_worker_gross(self, made):
        body = self.opened(made)[f"lks-2026-04-1-{made.ref}-loonstroken.pdf"]
        said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())
        slip = Payslip.objects.get(worker=made.lines.get().award.worker, run__month=APRIL)
        assert f"Medewerker {slip.worker.ref}, beschikking LKS-2026-7" in said
        assert f"Brutoloon samen {euro(slip.gross_cents)}" in said
        assert said.count("Gewerkt") == slip.run.lines.filter(worker=slip.worker, kind="visit").count() > 0

    def test_names_nobody(self, made):
        person = made.lines.get().award.worker.user.name
        for body in self.opened(made).values():
            said = body.decode(errors="replace")
            if body.startswith(b"%PDF"):
                said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
            assert person not in said

    def test_gives_the_same_bytes_again_also_when_a_line_was_refused(self, made, officer):
        before = claims.pack(made.pk)
        claims.send(made.pk, by=officer, at=AT)
        claims.refuse_line(made.lines.get().pk, reason="", by=officer, at=AT)
        assert claims.pack(made.pk) == before

    def test_is_not_given_when_it_is_no_longer_what_was_asked(self, made):
        Award.objects.update(letter="LKS-2026-8")
        with pytest.raises(claim_pack.Changed):
            claims.pack(made.pk)
