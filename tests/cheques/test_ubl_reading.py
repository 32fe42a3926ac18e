"""Invoices that nobody of this project wrote: read with the figures that are told of them, or refused with a line."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from cheques import ubl_reading
from tests import build

FOLDER = Path(__file__).parents[2].parent / "shared" / "real-files"
there = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/real-files is not here")
TOLD = re.compile(
    r"ubl/(\S+\.xml) \|.*?(Invoice|CreditNote) 38\d (\w+), lines (\d+), payable ([\d.]+), VAT \[(.*?)\]"
)
GROUP = re.compile(r"(\w+) ([\d.]+)%: ([\d.]+) -> ([\d.]+)")
TEST_SET = "unit-BR-CO-15.testset.xml"


def told():
    readme = FOLDER / "README.md"
    return TOLD.findall(readme.read_text()) if readme.exists() else []


def cents(text):
    return int(Decimal(text) * 100)


@there
def test_every_invoice_in_the_folder_is_told_of():
    assert {row[0] for row in told()} | {TEST_SET} == {file.name for file in (FOLDER / "ubl").iterdir()}


@there
@pytest.mark.parametrize("row", told() or [("-",) * 6], ids=lambda row: row[0])
def test_is_read_with_the_figures_of_the_file(row):
    name, kind, currency, lines, payable, groups = row
    found = ubl_reading.read((FOLDER / "ubl" / name).read_bytes())

    assert found.is_credit == (kind == "CreditNote")
    assert (found.currency, found.lines, found.payable_cents) == (currency, int(lines), cents(payable))
    assert sorted((one.category, one.rate, one.net_cents, one.vat_cents) for one in found.groups) == sorted(
        (category, Decimal(rate), cents(net), cents(vat))
        for category, rate, net, vat in GROUP.findall(groups)
    )
    assert found.number
    assert found.supplier
    assert found.issued_on


@there
def test_the_sum_of_an_invoice_is_judged_as_the_rule_of_europe_does():
    cases = etree.parse(FOLDER / "ubl" / TEST_SET).getroot().findall("{*}test")
    judged = []
    for case in cases:
        document = next(child for child in case if etree.QName(child).localname in {"Invoice", "CreditNote"})
        try:
            judged.append(bool(ubl_reading.read(etree.tostring(document))))
        except ubl_reading.AmountsDiffer as refused:
            assert re.search(r"Regel \d+: ", str(refused))  # noqa: PT017 - the line is named
            judged.append(False)
    right = [case.find(".//{*}success") is not None for case in cases]
    assert judged == right
    assert right.count(True) == right.count(False) == 4


@there
@pytest.mark.parametrize(
    "name",
    ["bank/minimal.camt053.08.xml", "stripe/event-types.json", "sheets/metadata-rows-decimal-comma.xlsx"],
)
def test_another_kind_of_file_is_refused_with_a_sentence(name):
    with pytest.raises(ubl_reading.NotAnInvoice, match=r"Regel \d+: "):
        ubl_reading.read((FOLDER / name).read_bytes())


@there
@pytest.mark.parametrize(
    ("right", "wrong"),
    [("30.87</cbc:TaxAmount>", "3087x</cbc:TaxAmount>"), (">147.00</cbc:TaxExcl", ">147.005</cbc:TaxExcl")],
)
def test_an_amount_that_is_none_names_its_line(right, wrong):
    body = (FOLDER / "ubl/nl-licence-fee-21-percent.invoice.xml").read_text()
    assert right in body
    with pytest.raises(ubl_reading.NotAnInvoice, match=r"Regel \d\d+: .* is geen bedrag"):
        ubl_reading.read(body.replace(right, wrong, 1).encode())


@pytest.mark.django_db
def test_reads_what_we_write_ourselves():
    from cheques import ubl
    from cheques.firm_models import Invoice

    build.bought(build.firm(), hours=40)
    made = Invoice.objects.get()
    found = ubl_reading.read(ubl.render(made))
    assert found.payable_cents == made.total_cents
