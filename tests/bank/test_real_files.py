"""Statements that nobody of this project wrote: each is read as its counts say, or refused with its line."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bank import statements
from kernel.errors import Refused

FOLDER = Path(__file__).parents[2].parent / "shared" / "real-files"
there = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/real-files is not here")


def expected() -> dict[str, dict[str, Any]]:
    told = FOLDER / "expected.json"
    return json.loads(told.read_text()) if told.exists() else {}


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


EXPECTED = expected()
GOES_IN = [
    name
    for name, told in EXPECTED.items()
    if told["message"].startswith("camt.053") and told["statements"]
    and all(row["ties"] and len(row["currencies"]) <= 1 for row in told["statements"])
]  # fmt: skip


@there
def test_every_statement_in_the_folder_is_expected():
    assert {f"bank/{file.name}" for file in (FOLDER / "bank").iterdir()} == set(EXPECTED)
    assert len(GOES_IN) == 7


@there
@pytest.mark.parametrize("name", GOES_IN or ["-"])
def test_goes_in_with_the_sums_of_the_file(name):
    found = [statement.check() for statement in statements.read((FOLDER / name).read_bytes())]

    for read, told in zip(found, EXPECTED[name]["statements"], strict=True):
        assert read.iban == told["account"]
        assert (read.opening_cents, read.closing_cents) == (cents(told["opening"]), cents(told["closing"]))
        assert sum(line.cents for line in read.lines) == cents(told["signed_sum"])
        assert len(read.lines) == told["transactions"] + told["entries_without_details"]
        assert len({line.bank_ref for line in read.lines}) == len(read.lines)


@there
@pytest.mark.parametrize("name", sorted(set(EXPECTED) - set(GOES_IN)) or ["-"])
def test_is_refused_with_the_line_that_is_wrong(name):
    with pytest.raises(Refused, match=r"Regel [1-9]\d*: ") as refused:
        [statement.check() for statement in statements.read((FOLDER / name).read_bytes())]
    assert refused.value.code in {"NotAStatement", "DoesNotTie"}


@there
def test_the_same_contents_in_other_bytes_read_the_same():
    for one, other in [
        ("rf-creditor-reference.camt053.02.xml", "rf-creditor-reference.BOM-CRLF.camt053.02.xml"),
        ("two-statements-one-account.camt053.02.xml", "two-statements-one-account.UTF-16.camt053.02.xml"),
    ]:
        first, second = (statements.read((FOLDER / "bank" / name).read_bytes()) for name in (one, other))
        assert [(s.statement_id, s.lines) for s in first] == [(s.statement_id, s.lines) for s in second]


@there
@pytest.mark.parametrize("name", [f"mt940/{name}.sta.txt" for name in ("abnamro", "rabobank", "triodos")])
def test_a_file_of_another_kind_is_refused_with_a_sentence(name):
    with pytest.raises(statements.NotAStatement, match="Regel 1"):
        statements.read((FOLDER / name).read_bytes())
