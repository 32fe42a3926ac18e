"""MT940 on its bad days: what is passed over, what is refused with its line, and what a line says."""

from datetime import date

import pytest

from bank import statements

FILE = """:20:ONE
:25:NL91ABNA0417164300EUR
:28C:00042/001
:60F:C261130EUR100,00
:61:2612301231C25,5NTRF//BANK1
:86:/TRTP/SEPA OVERBOEKING/IBAN/NL69INGB0123456789/NAME/F. YILMAZ/REMI/RF18 5390
0754/EREF/NOTPROVIDED
:61:2612310101RC,50NTRFNONREF
:62F:C261231EUR125,00
:86:totals
-
"""


def read(text: str) -> statements.Parsed:
    (found,) = statements.read(text.replace("RC,50", "RC0,50").encode())
    return found


def test_a_line_says_who_and_what_in_the_words_of_dutch_banks():
    found = read(FILE).check()

    assert (found.iban, found.statement_id) == ("NL91ABNA0417164300", "ONE 00042/001 261130")
    first = found.lines[0]
    assert (first.cents, first.counter_name, first.counter_iban) == (25_50, "F. YILMAZ", "NL69INGB0123456789")
    assert (first.remittance, first.end_to_end_id) == ("RF18 53900754", "")
    assert first.booked_on == date(2026, 12, 31)


def test_a_credit_taken_back_goes_out_and_is_booked_in_the_new_year():
    line = read(FILE).lines[1]
    assert (line.cents, line.booked_on) == (-50, date(2027, 1, 1))


@pytest.mark.parametrize(("right", "wrong", "line"), [
    ("C25,5N", "C25.5N", 5), (":60F:C261130EUR100,00", ":60F:C261130EUR", 4), ("261231EUR125", "261331EUR125", 9),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_line(right, wrong, line):
    with pytest.raises(statements.NotAStatement, match=f"Regel {line}: "):
        read(FILE.replace(right, wrong))


def test_a_balance_that_is_missing_is_refused_with_the_line_of_the_statement():
    with pytest.raises(statements.NotAStatement, match="Regel 1: veld 62F/62M ontbreekt"):
        read(FILE.replace(":62F:", ":99F:"))


def test_a_statement_that_does_not_tie_names_the_line_of_its_balance():
    with pytest.raises(statements.DoesNotTie, match="Regel 9: "):
        read(FILE.replace("EUR125,00", "EUR126,00")).check()
