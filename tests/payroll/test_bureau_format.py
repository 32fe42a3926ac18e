"""The files that pass between us and the bureau."""

from datetime import date

import pytest

from payroll import bureau_format
from payroll.bureau_format import Gross, Net, WrongAnswer

HEAD = "run_ref;worker_ref;gross_cents;withheld_tax_cents;employee_premium_cents;net_cents;employer_premium_cents"
ROW = "r1;w1;10000;1500;500;8000;2000"


def test_writes_what_the_bureau_reads():
    row = Gross("r1", "w1", "123456782", date(1990, 5, 31), date(2026, 11, 1), 100_00, 400, "fixed")
    assert bureau_format.write([row]).decode() == (
        "# gross-export/1\n"
        "run_ref;worker_ref;bsn;birth_date;period;gross_cents;holiday_allowance_cents;paid_minutes;contract_kind\n"
        "r1;w1;123456782;1990-05-31;2026-11;10000;0;400;fixed\n"
    )


@pytest.mark.parametrize("body", [
    f"# rates are invented\n{HEAD}\n{ROW}\n", f"\ufeff{HEAD}\r\n{ROW}\r\n", f"\n{HEAD}\n\n{ROW}\n# end",
])  # fmt: skip
def test_reads_an_answer_however_it_was_saved(body):
    (net,) = bureau_format.read(body.encode())

    assert (net.worker_ref, net.gross_cents, net.withheld_cents, net.net_cents) == (
        "w1",
        100_00,
        20_00,
        80_00,
    )
    assert net.adds_up
    assert body.splitlines()[net.line - 1].strip("\ufeff") == ROW


@pytest.mark.parametrize(("body", "says"), [
    ("", "kolom"), ("run_ref;worker_ref\nr1;w1", "kolom gross_cents"), (f"{HEAD}\nr1;w1;10000;x;500;8000;2000", "regel 2.*'x'"),
    (f"# a\n{HEAD}\nr1;w1;10000;1500;500;-8000;0", "regel 3.*'-8000'"), (f"{HEAD}\nr1;w1;10000;1500;500;80.00;0", "'80.00'"),
    (f"{HEAD}\nr1;w1", "regel 2"), ("{}", "kolom"),
])  # fmt: skip
def test_names_the_line_that_is_wrong(body, says):
    with pytest.raises(WrongAnswer, match=says):
        bureau_format.read(body.encode())


def test_refuses_what_is_no_text():
    with pytest.raises(WrongAnswer, match="UTF-8"):
        bureau_format.read(b"\xff\xfe\x00")


def test_sees_when_gross_is_not_net_and_withheld():
    assert not Net(2, "r1", "w1", 100_00, 20_00, 79_99).adds_up
