"""Opening balances on their pages: looked at, laid before the treasurer, booked; nothing typed is lost."""

import pytest
from django.urls import reverse

from ledger.balances import balance
from ledger.models import Account
from opening.models import Sheet
from tests import build

pytestmark = pytest.mark.django_db
HERE = "/kantoor/inrichten/beginstand/"
LINE = "fatma@example.org; Fatma Yilmaz; 4818 CK; 12; 7,5; 10,00; bij gebruik; 31-12-2026"
TYPED = {"day": "2026-11-01", "bank": "25.000,00", "cheques": LINE, "workers": "", "awards": ""}


@pytest.fixture
def officer(visitor):
    build.postcode()
    return visitor(build.member("payroll"))


def test_looks_first_then_asks_then_the_treasurer_books(officer, visitor):
    looked = officer.post(HERE, {**TYPED, "bekijken": "1"}).text
    assert "75,00 euro" in looked
    assert LINE in looked, "what was typed stays in the form"
    assert not Sheet.objects.exists()

    officer.post(HERE, {**TYPED, "voorleggen": "1"})
    ref = Sheet.objects.get().ref
    assert officer.post(reverse("office:book-opening", args=[ref])).status_code == 404
    second = visitor(build.member("treasurer"))
    assert "Fatma Yilmaz" in second.get(reverse("office:opening-sheet", args=[ref])).text
    second.post(reverse("office:book-opening", args=[ref]))
    second.post(reverse("office:book-opening", args=[ref]))  # pressed twice

    assert balance(Account.BANK) == 25_000_00
    assert balance(Account.CHEQUES) == -75_00


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("cheques", f"{LINE}\nonzin", "Regel 2: hier horen 8 vakken"),
        ("workers", "wie@example.org; 1; 1", "Regel 1: wie@example.org is geen medewerker"),
        ("bank", "heel veel", "heel veel is geen getal"),
        ("day", "2027-01-01", "Kies een dag die geweest is"),
        ("day", "vandaag", "datum"),
    ],
)
def test_a_fault_is_said_beside_its_list_and_nothing_is_lost(officer, field, text, said):
    answer = officer.post(HERE, {**TYPED, field: text, "voorleggen": "1"})
    assert said in answer.text
    assert LINE in answer.text
    assert not Sheet.objects.exists()


def test_a_sheet_is_taken_back(officer):
    officer.post(HERE, {**TYPED, "voorleggen": "1"})
    officer.post(reverse("office:withdraw-opening", args=[Sheet.objects.get().ref]))
    assert Sheet.objects.get().state == "withdrawn"


def test_the_treasurer_writes_none(officer, visitor):
    visitor(build.member("treasurer")).post(HERE, {**TYPED, "voorleggen": "1"})
    assert not Sheet.objects.exists()
