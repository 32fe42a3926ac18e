"""Statements that nobody of this project wrote: each is read as its counts say, or refused with its line."""

import json
import re
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
@pytest.mark.parametrize("name", ["ubl/exempt.creditnote.xml", "stripe/event-types.json"])
def test_a_file_of_another_kind_is_refused_with_a_sentence(name):
    with pytest.raises(statements.NotAStatement, match="Regel 1"):
        statements.read((FOLDER / name).read_bytes())


MT940 = re.compile(
    r"mt940/(\S+).*?(\d+) messages, (\d+) entries, first opening ([\d.]+), last closing ([\d.]+), signed sum (-?[\d.]+),"
    r" (\d+) of"
)


def told_of_mt940() -> list[tuple[str, ...]]:
    readme = FOLDER / "README.md"
    return MT940.findall(readme.read_text()) if readme.exists() else []


@there
def test_every_mt940_file_is_expected():
    assert {told[0] for told in told_of_mt940()} == {file.name for file in (FOLDER / "mt940").iterdir()}


@there
@pytest.mark.parametrize("told", told_of_mt940() or [("-",) * 7], ids=lambda told: told[0])
def test_mt940_is_read_with_the_sums_of_the_file(told):
    name, messages, entries, opening, closing, signed_sum, ties = told

    read = statements.read((FOLDER / "mt940" / name).read_bytes())

    assert len(read) == int(messages)
    assert sum(len(one.lines) for one in read) == int(entries)
    assert (read[0].opening_cents, read[-1].closing_cents) == (cents(opening), cents(closing))
    assert sum(line.cents for one in read for line in one.lines) == cents(signed_sum)
    assert sum(tie(one) for one in read) == int(ties)
    assert len({one.statement_id for one in read}) == len(read)


def tie(read: statements.Parsed) -> bool:
    try:
        return bool(read.check())
    except statements.DoesNotTie as refused:
        assert "Regel " in str(refused)  # noqa: PT017 - the sentence names the line of the closing balance
        return False


SHEETS = {  # file: (rows that move money, net, printed end)
    "postbank-preamble-currency-signs.csv": (2, "98.76", "1337.42"),
    "postbank-preamble-currency-signs.cp1252-CRLF.csv": (2, "98.76", "1337.42"),
    "bbbank-linebreaks-in-cells-footer-totals.csv": (2, "0.00", "1337.00"),
    "ing-unquoted-duplicate-rows.csv": (5, "19.38", None),
    "metadata-rows-decimal-comma.xlsx": (4, "1069.32", "31070.11"),
}


@there
def test_every_sheet_is_expected():
    assert {file.name for file in (FOLDER / "sheets").iterdir()} == set(SHEETS)


@there
@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_of_a_bank_is_read_with_the_sums_of_the_file(name):
    rows, net, end = SHEETS[name]
    (found,) = statements.read((FOLDER / "sheets" / name).read_bytes())

    assert len(found.lines) == rows
    assert sum(line.cents for line in found.lines) == cents(net)
    if end:
        assert found.closing_cents == cents(end)
    assert len({line.bank_ref for line in found.lines}) == rows


@there
def test_a_sheet_two_cents_off_names_the_row_of_its_balance():
    (found,) = statements.read((FOLDER / "sheets/metadata-rows-decimal-comma.xlsx").read_bytes())
    with pytest.raises(statements.DoesNotTie, match=r"Regel 4: .*31070,09 euro.*31070,11 euro"):
        found.check()


@there
def test_the_same_sheet_in_another_encoding_is_the_same_statement():
    first, second = (
        statements.read((FOLDER / "sheets" / name).read_bytes())[0]
        for name in (
            "postbank-preamble-currency-signs.csv",
            "postbank-preamble-currency-signs.cp1252-CRLF.csv",
        )
    )
    assert (first.statement_id, first.lines, first.iban) == (second.statement_id, second.lines, second.iban)
