"""Paying by bank from the resident's side, and the queue of the office."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from bank import matching
from bank.models import Allocation, Line, Release
from books import prove
from cheques import lots
from cheques.models import Order
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.bank.statement import OUR_IBAN, details, entry, file, statement
from tests.build import NOON

pytestmark = pytest.mark.django_db
KEY = "6f9f4a0e-3f0e-4b7e-9a53-0c6a3f0d9e11"


@pytest.fixture
def resident():
    build.organisation(iban=OUR_IBAN)
    return build.customer()


@pytest.fixture
def client(visitor, resident):
    return visitor(build.owner_of(resident))


@pytest.fixture
def officer(visitor):
    return visitor(build.member("payroll"))


def ordered(client, hours="10") -> Order:
    said = client.post("/mijn/kopen/", {"hours": hours, "way": "transfer", "key": KEY})
    assert said.status_code == 302
    return Order.objects.get()


def brings(officer, *lines: tuple[int, str]):
    entries = [
        entry(cents, ref=f"R{place}", details=details(cents, words=words))
        for place, (cents, words) in enumerate(lines)
    ]
    body = file(statement(*entries, opening=0, closing=sum(cents for cents, _words in lines)))
    return officer.post("/kantoor/bank/", {"bestand": SimpleUploadedFile("a.xml", body)}, follow=True)


class TestPaying:
    def test_shows_what_to_type_over_and_a_code(self, client):
        order = ordered(client)
        told = client.get(f"/mijn/kopen/{order.ref}/").content.decode()
        assert "NL91 ABNA 0417 1643 00" in told
        assert order.transfer_reference[:4] in told
        assert "<svg" in told.split("wijk-qr")[1]

    def test_the_same_form_twice_is_one_order(self, client):
        assert ordered(client).pk == ordered(client).pk

    def test_without_an_account_nobody_can_choose_it(self, client):
        build.organisation(iban="")
        assert "Zelf overmaken" not in client.get("/mijn/kopen/").content.decode()
        said = client.post("/mijn/kopen/", {"hours": "10", "way": "transfer", "key": KEY})
        assert said.status_code == 200
        assert not Order.objects.exists()

    def test_an_order_of_another_does_not_exist(self, client, visitor):
        order = ordered(client)
        other = visitor(build.owner_of(build.customer()))
        assert other.get(f"/mijn/kopen/{order.ref}/").status_code == 404

    def test_says_what_came_in_and_what_is_still_open(self, client, officer):
        order = ordered(client)
        brings(officer, (40_00, order.transfer_reference))
        told = client.get(f"/mijn/kopen/{order.ref}/").content.decode()
        assert "Dit moet er nog bij:" in told
        assert "60" in told


class TestQueue:
    def test_enter_accepts_the_first_and_the_next_is_ready(self, client, officer, resident):
        ref = ordered(client).transfer_reference
        told = brings(officer, (77_00, "huur"), (100_00, ref[:-1])).content.decode()
        assert "2 regels wachten." in told
        assert told.count("autofocus") == 1
        form = re.search(
            r'action="(/kantoor/bank/\w+/akkoord/)">.*?name="voorstel" type="hidden" value="([^"]+)"',
            told,
            re.DOTALL,
        )

        assert form
        officer.post(form[1], {"voorstel": form[2]}, follow=True)

        assert lots.figures(resident.pk, at=NOON).free == 600

    def test_what_is_skipped_comes_last(self, client, officer):
        brings(officer, (77_00, "huur"), (88_00, "gas"))
        told = officer.get("/kantoor/bank/").content.decode()
        assert told.index("huur") < told.index("gas")
        line = Line.objects.earliest("pk").ref
        after = officer.get(f"/kantoor/bank/?na={line}").content.decode()
        assert after.index("gas") < after.index("huur")

    def test_a_suggestion_that_is_gone_is_refused_in_a_sentence(self, client, officer):
        ordered(client)
        brings(officer, (77_00, "huur"))
        line = Line.objects.earliest("pk").ref
        said = officer.post(
            f"/kantoor/bank/{line}/akkoord/", {"voorstel": "order:1=7700;advance="}, follow=True
        )
        assert "Het voorstel voor deze regel is veranderd." in said.content.decode()


class TestNotKnownYet:
    def test_stays_findable_with_its_age_until_it_is_cleared(self, officer, resident, client):
        brings(officer, (100_00, "voor de cheques"))
        line = Line.objects.get()
        officer.post(f"/kantoor/bank/{line.ref}/", {"rekening": "suspense"})
        page = officer.get("/kantoor/bank/").text
        assert "Geboekt als nog niet bekend" in page
        assert re.search(r"wacht -?\d+ dag", page)
        assert "voor de cheques" in page

        officer.post(f"/kantoor/bank/{line.ref}/terug/")

        page = officer.get("/kantoor/bank/").text
        assert "Geboekt als nog niet bekend" not in page
        assert "1 regel wacht." in page
        assert balance(Account.SUSPENSE) == balance(Account.BANK) == 0
        for _ in range(2):  # parked once more, and cleared as something else
            officer.post(f"/kantoor/bank/{line.ref}/", {"rekening": "suspense"})
            officer.post(f"/kantoor/bank/{line.ref}/terug/")
        officer.post(f"/kantoor/bank/{line.ref}/", {"rekening": "public_income"})
        assert (balance(Account.BANK), balance(Account.PUBLIC_INCOME)) == (100_00, -100_00)
        assert "Alle bankregels zijn bekend." in officer.get("/kantoor/bank/").text
        assert all(found.holds for found in prove.invariants())

    def test_what_a_rule_matched_does_not_go_back(self, officer, client):
        order = ordered(client)
        brings(officer, (100_00, order.transfer_reference))
        row = Allocation.objects.get()
        with pytest.raises(matching.NotByHand):
            matching.release(row.pk, by_id=1, at=NOON)
        with pytest.raises(DatabaseError, match="only what was booked by hand"), transaction.atomic():
            Release.objects.create(allocation=row, entry_key=row.entry_key, at=NOON, by_id=1)
        assert officer.post(f"/kantoor/bank/{row.line.ref}/terug/").status_code == 404


class TestALongQueue:
    def test_goes_on_past_lines_that_nobody_can_place(self, client, officer):
        order = ordered(client)
        brings(
            officer,
            *((10_00 + number, f"zonder kenmerk {number}") for number in range(45)),
            (100_00, order.transfer_reference[:-1]),
        )
        shown = officer.get("/kantoor/bank/").text
        assert "46 regels wachten" in shown
        assert shown.count("autofocus") == 1
        token = re.search(
            r'action="(/kantoor/bank/\w+/akkoord/)".*?name="voorstel"[^>]*value="([^"]+)"', shown, re.DOTALL
        )
        assert token is not None
        officer.post(token[1], {"voorstel": token[2]})
        order.refresh_from_db()
        assert order.state == Order.State.PAID

    def test_each_line_can_be_skipped(self, officer, resident):
        brings(officer, *((10_00 + number, f"zonder kenmerk {number}") for number in range(45)))
        seen, where = set(), "/kantoor/bank/"
        for _turn in range(45):
            shown = officer.get(where).text
            line, onward = re.search(r"zonder kenmerk (\d+)", shown), re.search(r'href="(\?na=\w+)"', shown)
            assert line is not None
            assert onward is not None
            seen.add(line[1])
            where = "/kantoor/bank/" + onward[1]
        assert len(seen) == 45
