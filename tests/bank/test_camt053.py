"""Statements as banks write them, and as nobody should."""

from datetime import date

import pytest

from bank import statements
from bank.statements import DoesNotTie, NotAStatement
from tests.bank.statement import details, entry, file, statement


def lines(*entries: str, closing: int):
    (read,) = statements.read(file(statement(*entries, closing=closing)))
    return read.check().lines


class TestRead:
    @pytest.mark.parametrize("version", ["02", "04", "08"])
    def test_reads_each_version_alike(self, version):
        (read,) = statements.read(file(statement(entry(8_85), closing=108_85), version=version))

        assert (read.opening_cents, read.closing_cents) == (100_00, 108_85)
        assert [(line.cents, line.booked_on) for line in read.check().lines] == [(8_85, date(2026, 11, 25))]

    @pytest.mark.parametrize("change", [
        lambda body: b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n"),
        lambda body: b"\n  " + body,
        lambda body: body.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda body: body.replace(b"UTF-8", b"UTF-16"),  # saved anew by a program that left the first line
        lambda body: body.decode().encode("cp1252"),  # says UTF-8, is not
    ])  # fmt: skip
    def test_is_not_bothered_by_how_a_program_saved_the_file(self, change):
        body = file(statement(entry(1, details=details(1, words="José")), closing=100_01))

        assert statements.read(change(body))[0].check().lines[0].remittance == "José"

    def test_keeps_money_that_came_back_apart_from_money_that_came(self):
        who = "<Cdtr><Nm>Samira B.</Nm></Cdtr><Dbtr><Nm>Werk aan de Wijk</Nm></Dbtr>"
        back = entry(5_00, details=details(5_00, end_to_end="W1", who=who), extra="<RvslInd>true</RvslInd>")

        (line,) = lines(back, closing=105_00)

        assert (line.cents, line.end_to_end_id, line.counter_name) == (5_00, "W1", "Samira B.")

    def test_books_a_reversed_debit_in_the_direction_the_bank_prints(self):
        (line,) = lines(entry(-5_00, extra="<RvslInd>true</RvslInd>"), closing=95_00)
        assert line.cents == -5_00

    @pytest.mark.parametrize("status", ["PDNG", "<Cd>PDNG</Cd>", "INFO", "<Cd>FUTR</Cd>"])
    def test_leaves_out_what_is_not_booked(self, status):
        assert lines(entry(5_00, status=status), closing=100_00) == ()

    def test_leaves_out_an_entry_of_nothing(self):
        assert lines(entry(0, sign="CRDT"), closing=100_00) == ()

    def test_joins_what_the_payer_wrote(self):
        part = details(5_00).replace("<Ustrd></Ustrd>", "<Ustrd>LKS abc</Ustrd><Ustrd>def</Ustrd>")
        assert lines(entry(5_00, details=part), closing=105_00)[0].remittance == "LKS abc def"


class TestBatch:
    def test_becomes_a_line_for_each_payment(self):
        parts = details(-3_00, end_to_end="A") + details(-2_00, end_to_end="B")

        found = lines(entry(-5_00, details=parts), closing=95_00)

        assert [(line.cents, line.end_to_end_id) for line in found] == [(-3_00, "A"), (-2_00, "B")]
        assert len({line.bank_ref for line in found}) == 2

    def test_holds_a_payment_that_goes_the_other_way(self):
        parts = details(7_00, sign="DBIT") + details(2_00, sign="CRDT")
        assert [line.cents for line in lines(entry(-5_00, details=parts), closing=95_00)] == [-7_00, 2_00]

    @pytest.mark.parametrize("parts", [
        details(-3_00, end_to_end="A") + details(-1_99, end_to_end="B"),
        details(-3_00, end_to_end="A") + details(-2_00).replace('Ccy="EUR"', 'Ccy="USD"'),
        "",
    ])  # fmt: skip
    def test_waits_whole_when_the_parts_do_not_add_up(self, parts):
        batch = "<Btch><MsgId>WAGE202611-1</MsgId></Btch>"

        (line,) = lines(entry(-5_00, details=batch + parts), closing=95_00)

        assert (line.cents, line.end_to_end_id, line.remittance) == (-5_00, "", "WAGE202611-1")


class TestRefusal:
    @pytest.mark.parametrize(("body", "says"), [
        (b"", "leeg"),
        (b"  \n", "leeg"),
        (b'{"json": true}', "Regel 1"),
        (file(statement(closing=100_00))[:-30], r"Regel \d+"),
        (b"<Document><BkToCstmrStmt>\n</BkToCstmrStmt></Document>", "Regel 1.*geen bankafschrift"),
        (b"<Document>\n<BkToCstmrDbtCdtNtfctn/></Document>", "Regel 2.*BkToCstmrDbtCdtNtfctn"),
        (file(statement(closing=100_00)).replace(b"OPBD", b"XXXX"), r"Regel \d+.*OPBD"),
        (file(statement(entry(5), closing=100_05)).replace(b"0.05", b"0.055"), r"Regel \d+.*hele centen"),
        (file(statement(entry(5), closing=100_05)).replace(b"0.05", b"NaN"), r"Regel \d+.*hele centen"),
        (file(statement(entry(5), closing=100_05)).replace(b"0.05", b"vijf"), r"Regel \d+.*'vijf'"),
        (file(statement(entry(5), closing=100_05)).replace(b"<BookgDt><Dt>2026-11-25", b"<BookgDt><Dt>2026-02-30"),
         r"Regel \d+.*'2026-02-30' is geen boekdatum"),
        (file(statement(entry(5, currency="USD"), closing=100_05)), r"Regel \d+.*USD"),
    ])  # fmt: skip
    def test_names_the_line_and_what_is_wrong(self, body, says):
        with pytest.raises(NotAStatement, match=says):
            statements.read(body)

    def test_names_both_sides_when_the_balances_do_not_tie(self):
        (read,) = statements.read(file(statement(entry(8_85), closing=120_00)))
        with pytest.raises(DoesNotTie, match=r"Regel \d+.*108,85.*120,00"):
            read.check()

    def test_reads_nothing_from_other_files_of_the_machine(self):
        bomb = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document><Stmt>&a;</Stmt></Document>'
        with pytest.raises(NotAStatement, match="DOCTYPE"):
            statements.read(bomb)

    def test_is_not_blown_up_by_entities(self):
        levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        bomb = f'<!DOCTYPE d [<!ENTITY l0 "lol">{levels}]><Document>&l9;</Document>'.encode()
        with pytest.raises(NotAStatement):
            statements.read(bomb)
