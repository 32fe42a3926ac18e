"""A year of somebody's cheques on the screen, as a file, and printed at the desk."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

from tests import build
from tests.build import NOON
from tests.cheques.test_statement import keep, pay

pytestmark = pytest.mark.django_db
PAGE = "/mijn/cheques/overzicht/"
LATER = NOON + timedelta(days=30)


@pytest.fixture
def customer():
    build.service()
    made = build.customer()
    build.lot(made, hours=10)
    pay(keep(made, 180), 120)
    return made


@pytest.fixture
def client(visitor, customer):
    return visitor(build.owner_of(customer), at=LATER)


def test_says_what_happened_and_the_wallet_leads_to_it(client):
    assert f'href="{PAGE}"' in client.get("/mijn/cheques/").text
    said = client.get(PAGE).text
    for part in ("Van 1 januari 2026 tot en met 2 december 2026.", "U kocht 10 uur, voor 100,00 euro.",
                 "Gebruikt: Schoonmaken in huis, 9 november 2026.", "kunt u gebruiken tot en met"):  # fmt: skip
        assert part in said


def test_a_year_without_movements_says_so(client):
    said = client.get(f"{PAGE}?jaar=2025").text
    assert "Er gebeurde niets met uw cheques." in said
    assert "Wat er gebeurde" not in said


@pytest.mark.parametrize("asked", ["2027", "1999", "kaas", "-1", "²⁰²⁶", "99999999999999999999", "2026 "])
def test_a_year_that_is_none_gets_a_sentence(client, asked):
    answer = client.get(PAGE, {"jaar": asked, "vorm": "pdf"})
    assert answer.status_code == 200
    assert "Dit jaar kennen wij niet. Kies een jaar uit de lijst." in answer.text


def test_the_file_adds_up(client):
    rows = list(csv.DictReader(StringIO(client.get(f"{PAGE}?vorm=csv").text), delimiter=";"))
    for figure in ("free", "held", "used", "expired", "frozen", "owed"):
        assert sum(int(row[figure]) for row in rows[:-1]) == int(rows[-1][figure]), figure
    assert (rows[-1]["what"], rows[-1]["free"], rows[-1]["used"]) == ("closing", "480", "120")


def test_the_paper_and_the_page_are_in_the_language_of_the_reader(client):
    client.cookies["django_language"] = "en"
    assert "You bought 10 hours, for 100.00 euros." in client.get(PAGE).text
    answer = client.get(f"{PAGE}?vorm=pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "Cleaning at home" in words(answer)


def test_a_firm_has_one_too_without_vat(visitor):
    firm = build.firm(contract_price_cents=25_00)
    build.bought(firm, hours=10)
    said = visitor(build.owner_of(firm), at=LATER).get(PAGE).text
    assert "U kocht 10 uur, voor 250,00 euro." in said
    assert "De bedragen zijn zonder btw." in said


def test_the_desk_prints_it_as_a_letter_in_the_language_of_who_gets_it(visitor, customer):
    owner = build.owner_of(customer)
    owner.language = "en"
    owner.save()
    desk = visitor(build.member("desk", where=customer.neighbourhood), at=LATER)
    link = f"/kantoor/klanten/{customer.ref}/overzicht/?jaar=2026"
    assert f'href="{link}"' in desk.get("/kantoor/klanten/?q=Fatma").text
    said = words(desk.get(link))
    for part in ("Fatma Yilmaz", "4818CK Breda", "Your cheques in 2026", "Cleaning at home"):
        assert part in said
    wrong = desk.get(f"/kantoor/klanten/{customer.ref}/overzicht/?jaar=kaas", follow=True)
    assert "Dit jaar kennen wij niet." in wrong.text


def words(answer) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(BytesIO(answer.content)).pages).split())
