"""Results for the town and the pack for the auditor, taken from their pages."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from books import audit_pack
from kernel.periods import Period
from scheduling.models import Assignment
from tests import build, build_books
from tests.books.test_outcomes import pool
from tests.build_books import DECEMBER
from tests.subsidies.claimed import AT

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))


def test_the_auditor_takes_it_from_a_page(visitor):
    build_books.month()
    client = visitor(build.member("auditor"), at=DECEMBER)
    asked = {"van": "2026-11-01", "tot": "2026-12-01"}
    assert client.get("/kantoor/controle/", {**asked, "vorm": "zip"}).content == audit_pack.pack(NOVEMBER)
    assert "de boeken zeggen nog hetzelfde" in client.get("/kantoor/controle/", asked).content.decode()
    Assignment.objects.update(confirmed_minutes=15)
    first = client.get("/kantoor/controle/", {**asked, "vorm": "zip"}).content
    assert first != audit_pack.pack(NOVEMBER), "what was given stays"
    assert "hours.csv: " in client.get("/kantoor/controle/", asked).content.decode()
    client.post("/kantoor/controle/opnieuw/", asked)
    assert client.get("/kantoor/controle/", {**asked, "vorm": "zip"}).content == audit_pack.pack(NOVEMBER)
    running = client.get("/kantoor/controle/", {"van": "2026-12-01", "tot": "2027-01-01", "vorm": "zip"})
    assert "loopt nog" in running.content.decode()
    assert "Geen signalen" in client.get("/kantoor/controle/", asked).content.decode()
    wrong = client.get("/kantoor/controle/", {"van": "morgen", "tot": "2026-12-01"}).content.decode()
    assert "Kies een eerste dag" in wrong


class TestResults:
    @pytest.fixture
    def town(self, visitor):
        build.organisation()
        pool(12, subsidised=11)
        return visitor(build.member("municipality", municipality=build.municipality()), at=AT)

    def test_page_pdf_and_csv_say_the_same(self, town):
        asked = {"periode": "2026-4"}
        text = town.get("/kantoor/resultaat/", asked).content.decode()
        csv = town.get("/kantoor/resultaat/", {**asked, "vorm": "csv"}).content.decode()
        pdf = town.get("/kantoor/resultaat/", {**asked, "vorm": "pdf"}).content
        words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)

        assert "figure;people;10+;" in csv
        assert "Met en zonder subsidie;met loonkostensubsidie;afgeschermd" in csv
        for said in ("mensen aan het werk", "10 of meer", "tellen wij alleen per heel jaar"):
            assert said in text
            assert said in " ".join(words.split())
        assert ">11<" not in text
        assert "definitie van de RSP" in town.get("/kantoor/resultaat/", {"periode": "2026"}).content.decode()

    def test_the_same_pdf_each_time(self, town):
        asked = {"vorm": "pdf"}
        assert (
            town.get("/kantoor/resultaat/", asked).content == town.get("/kantoor/resultaat/", asked).content
        )

    def test_a_period_that_is_not_offered_is_not_found(self, town):
        assert town.get("/kantoor/resultaat/", {"periode": "1999-1"}).status_code == 404
