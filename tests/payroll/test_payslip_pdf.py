# mypy: disable-error-code="index"
"""A payslip that can be read, heard and kept (BW 7:626)."""

import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from payroll import pay_run, payslip_pdf, sepa
from payroll.models import Payslip, WageLine, WorkerFile
from tests import build, build_pay, build_work

NOVEMBER, DECEMBER = date(2026, 11, 1), datetime(2026, 12, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    build.organisation(iban=build_pay.ORGANISATION, street="Lindestraat", house_number="1", postcode="4811AA")
    return build.member("payroll")


def fixed(payer, name: str = "Samira B.") -> Payslip:
    worker = build_work.worker(name)
    build_pay.worker_file(worker, birth_on=date(2005, 11, 10))
    build_pay.worked(worker, (date(2026, 11, 9), 180), (date(2026, 11, 12), 187), travel=8)
    run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
    build_pay.fixed(run, at=DECEMBER)
    return run.payslips.get()


def text(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


class TestRender:
    def test_says_first_what_somebody_gets_and_when(self, payer):
        slip = build_pay.netted_run(1_204_10).payslips.get()
        sepa.make_file(slip.run_id, by=payer, at=DECEMBER)

        said = text(payslip_pdf.render(slip.pk))

        assert said.startswith("Loonstrook november 2026 U krijgt 1.204,10 euro op 2 december 2026. ")
        account = WorkerFile.objects.get().iban
        assert account[-3:] in said
        assert account not in said

    def test_names_every_line_with_the_minimum_wage_of_its_days(self, payer):
        said = text(payslip_pdf.render(fixed(payer).pk))
        assert "Gewerkt 09-11 3 uur 11,99 11,99 35,97" in said
        assert "Gewerkt 12-11 3 uur 7 min 14,99 14,99 46,72" in said
        assert "Reistijd 12-11 8 min 14,99 14,99 2,00" in said
        assert "Brutoloon samen 86,29" in said
        assert "12 november 2026 Bezoek 3 uur 7 min 46,72" in said
        assert sum(WageLine.objects.values_list("cents", flat=True)) == 86_29

    @pytest.mark.parametrize("fact", [
        "Werkgever Werk aan de Wijk, Lindestraat 1, 4811AA Breda", "Medewerker Samira B.", "Periode 1 november 2026 tot en met 30 november 2026",
        "Uren per week in uw contract 36 uur", "Schriftelijk vast contract ja", "Oproepcontract nee", "Vakantiegeld dat u deze maand spaarde 6,90 euro",
    ])  # fmt: skip
    def test_holds_what_the_law_asks(self, payer, fact):
        assert fact in text(payslip_pdf.render(fixed(payer).pk))

    def test_splits_gross_into_net_and_withheld(self, payer):
        slip = build_pay.netted_run(1_204_10, withheld=95_90).payslips.get()
        said = text(payslip_pdf.render(slip.pk))
        assert (
            "Brutoloon 1.300,00 euro Ingehouden: loonbelasting en premies 95,90 euro Nettoloon: dit krijgt u 1.204,10 euro"
            in said
        )

    def test_can_be_heard(self, payer):
        reader = PdfReader(io.BytesIO(payslip_pdf.render(fixed(payer).pk)))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"].startswith("nl")
        assert reader.metadata.title == "Loonstrook november 2026"
        assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
        assert "/Table" in str(kinds(root["/StructTreeRoot"]))

    def test_gives_the_same_bytes_again(self, payer):
        slip = fixed(payer)
        assert payslip_pdf.render(slip.pk) == payslip_pdf.render(slip.pk)

    def test_is_not_made_of_a_draft(self, payer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 11, 9), 180))
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        with pytest.raises(payslip_pdf.NotFixed):
            payslip_pdf.render(run.payslips.get().pk)

    @pytest.mark.parametrize(
        "name", ['#panic("read as markup")', "Aşkın Yılmaz-Žižek $x$ <b> *dik*", "\\u{41} @label"]
    )
    def test_takes_a_name_as_a_name(self, payer, name):
        assert name in text(payslip_pdf.render(fixed(payer, name).pk))

    def test_speaks_english_when_asked(self, payer):
        body = payslip_pdf.render(fixed(payer).pk, language="en")
        assert PdfReader(io.BytesIO(body)).trailer["/Root"]["/Lang"].startswith("en")


def kinds(node) -> set[str]:
    """Return the kinds of structure in a tagged PDF."""
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*(kinds(child) for child in node)) if node else set()
    if not hasattr(node, "get"):
        return set()
    return {str(node.get("/S"))} | (kinds(node["/K"]) if "/K" in node else set())
