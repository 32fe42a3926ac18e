"""A statement that comes as a spreadsheet: read by its headings, refused with its row, never taken in twice."""

import pytest

from bank import importing, statements
from bank.models import Line
from tests.bank.statement import OUR_IBAN, entry, file, statement
from tests.build import NOON

SHEET = f"""Datum;Naam / Omschrijving;Rekening;Tegenrekening;Code;Af Bij;Bedrag (EUR);Mutatiesoort;Mededelingen
20261102;F. Yilmaz;{OUR_IBAN};NL69INGB0123456789;OV;Bij;1.100,00;Overschrijving;RF18 5390
20261103;Huur;{OUR_IBAN};;AC;Af;0,31;Incasso;
20261103;Huur;{OUR_IBAN};;AC;Af;0,31;Incasso;
20261125;Niets;{OUR_IBAN};;DV;Bij;0,00;Diversen;
"""


def take(text):
    return importing.import_file(text.encode(), own_iban=OUR_IBAN, by_id=None, at=NOON)


@pytest.mark.django_db
class TestImporting:
    def test_goes_in_once_and_doubled_rows_stay_two(self):
        assert take(SHEET).lines == 3
        assert list(Line.objects.order_by("pk").values_list("cents", flat=True)) == [1_100_00, -31, -31]
        with pytest.raises(importing.AlreadyImported):
            take(SHEET)

    def test_days_that_are_there_already_do_not_come_in_again(self):
        take(SHEET)
        with pytest.raises(importing.DaysKnown):
            take(SHEET.replace("1.100,00", "1.200,00"))
        with pytest.raises(importing.DaysKnown):
            take(file(statement(entry(5_00), opening=0, closing=5_00)).decode())
        assert Line.objects.count() == 3


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("1.100,00", "elf", "Regel 2: 'elf' is geen bedrag"),
        ("20261103;Huur", "gisteren;Huur", "Regel 3: 'gisteren' is geen datum"),
        ("Datum;", "Dag;", "Regel 1: hier staat geen rij met een datum en een bedrag"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_row(right, wrong, said):
    with pytest.raises(statements.NotAStatement, match=said):
        statements.read(SHEET.replace(right, wrong, 1).encode())


def test_a_heading_without_rows_is_refused():
    with pytest.raises(statements.NotAStatement, match="Regel 1: onder deze rij staan geen regels"):
        statements.read(SHEET.splitlines()[0].encode())


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1.337,42", 133742),
        ("1,337.42", 133742),
        ("-50,00", -5000),
        ("+31070,11", 3107011),
        ("¤ 42", 4200),
        ("0,5", 50),
    ],
)
def test_an_amount_is_read_whatever_parts_its_cents(typed, cents):
    text = f"Datum;Bedrag;Beginsaldo\n2026-11-02;{typed};x\n"
    assert statements.read(text.encode())[0].lines[0].cents == cents
