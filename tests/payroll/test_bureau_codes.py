"""The files of a bureau that works with wage codes."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from payroll import bureau_codes, bureau_layouts
from payroll.bureau_format import Gross, WrongAnswer

HEAD = "LOONUITKOMST;1;r1"
BLOCK = "w1;BRUTO;1108,05\nw1;LOONHEFFING;108,00\nw1;PREMIE;0,05\nw1;NETTO;1000,00"


def test_writes_a_line_per_code_and_what_they_add_up_to():
    november, october = date(2026, 11, 1), date(2026, 10, 1)
    rows = [
        Gross("r1", "w1", "123456782", date(1990, 5, 31), october, -7_05, -65, "fixed"),
        Gross(
            "r1", "w1", "123456782", date(1990, 5, 31), november, 1_108_00, 400, "fixed", holiday_cents=8_00
        ),
    ]
    assert bureau_codes.write(rows).decode().split("\r\n") == [
        "LOONMUTATIES;1;r1",
        "personeelsnummer;bsn;geboortedatum;tijdvak;looncode;uren;bedrag;contract",
        "w1;123456782;31-05-1990;202610;1000;-1:05;-7,05;fixed",
        "w1;123456782;31-05-1990;202611;1000;6:40;1100,00;fixed",
        "w1;123456782;31-05-1990;202611;1900;0:00;8,00;fixed",
        "TOTAAL;3;1100,95",
        "",
    ]


@pytest.mark.parametrize("body", [
    f"# rates are invented\n{HEAD}\n{BLOCK}\n", f"\ufeff{HEAD}\r\n{BLOCK}\r\n",
    "\n".join([HEAD, *reversed(BLOCK.split("\n"))]),
])  # fmt: skip
def test_reads_four_codes_as_one_worker(body):
    (net,) = bureau_codes.read(body.encode())

    assert (net.run_ref, net.worker_ref, net.gross_cents, net.withheld_cents, net.net_cents) == (
        "r1", "w1", 1_108_05, 108_05, 1_000_00,
    )  # fmt: skip
    assert net.adds_up


def test_reads_a_worker_who_comes_back_as_a_second_one():
    other = BLOCK.replace("w1", "w2")
    rows = bureau_codes.read(f"{HEAD}\n{BLOCK}\n{other}\n{BLOCK}".encode())
    assert [(row.worker_ref, row.line) for row in rows] == [("w1", 2), ("w2", 6), ("w1", 10)]


@pytest.mark.parametrize(("body", "says"), [
    ("", "regel 1"), (BLOCK, "regel 1"), (f"# a\n{HEAD}\nw1;BRUTO", "regel 3"), (f"{HEAD}\nw1;BONUS;1,00", "regel 2"),
    (f"{HEAD}\nw1;BRUTO;1108", "regel 2.*'1108' is geen bedrag"), (f"{HEAD}\nw1;BRUTO;-1,00", "'-1,00'"),
    (f"{HEAD}\nw1;BRUTO;1.108,00", "'1.108,00'"), (f"{HEAD}\nw1;BRUTO;1,00", "w1 ontbreekt LOONHEFFING, PREMIE, NETTO"),
])  # fmt: skip
def test_names_the_line_that_is_wrong(body, says):
    with pytest.raises(WrongAnswer, match=says):
        bureau_codes.read(body.encode())


def test_a_layout_that_nobody_wrote_is_refused_with_those_there_are(settings):
    settings.BUREAU_LAYOUT = "fax"
    with pytest.raises(ImproperlyConfigured, match="'fax'; choose one of cents, codes"):
        bureau_layouts.chosen()
