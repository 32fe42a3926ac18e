"""The counter's pages: what a clerk does for people who have no computer."""

import io
import re
from uuid import uuid4

import pypdf
import pytest

from cheques import lots
from cheques.counter_models import DrawerCount, PaperCheque
from identity import clock
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(visitor):
    return visitor(build.member("desk", where=build.neighbourhood()))


def printed(clerk, count=2) -> list[str]:
    """Return the codes as they stand on the paper."""
    answer = clerk.post("/kantoor/balie/drukken/", {"count": count})
    assert answer["Content-Type"] == "application/pdf"
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    return re.findall(r"(?:[A-Z2-7]{4} ){4}[0-9A-Z]", text)


def test_from_printer_to_wallet(clerk):
    codes = printed(clerk)
    first = PaperCheque.objects.order_by("serial").first().serial
    assert len(codes) == 2
    clerk.post("/kantoor/balie/verkopen/", {"first": first, "last": first + 1, "key": uuid4()})
    customer = build.customer()

    said = clerk.post(
        f"/kantoor/klanten/{customer.ref}/inleveren/", {"code": codes[0].lower()}, follow=True
    ).text

    assert "Ingeleverd" in said
    assert lots.figures(customer.pk, at=clock.now()).free == 60
    assert "20,00" in clerk.get("/kantoor/balie/").text


def test_a_wrong_code_is_said_beside_its_field_and_kept(clerk):
    customer = build.customer()
    said = clerk.post(f"/kantoor/klanten/{customer.ref}/inleveren/", {"code": "KAAS 1234"}).text
    assert "Deze code klopt niet" in said
    assert 'value="KAAS 1234"' in said


def test_cash_for_somebody_we_know_is_sold_once(clerk):
    customer, key = build.customer(), uuid4()
    for _click in range(2):
        clerk.post(f"/kantoor/klanten/{customer.ref}/verkopen/", {"hours": 3, "key": key})
    assert lots.figures(customer.pk, at=clock.now()).free == 180


@pytest.mark.parametrize("hours", ["0", "-3", "10000", "drie", ""])
def test_an_impossible_number_is_refused_and_kept(clerk, hours):
    customer = build.customer()
    answer = clerk.post(f"/kantoor/klanten/{customer.ref}/verkopen/", {"hours": hours, "key": uuid4()})
    assert answer.status_code == 200
    assert lots.figures(customer.pk, at=clock.now()).free == 0
    assert f'value="{hours}"' in answer.text or not hours


def test_a_lost_cheque_is_blocked_and_replaced(clerk):
    printed(clerk)
    first = PaperCheque.objects.order_by("serial").first().serial
    clerk.post("/kantoor/balie/verkopen/", {"first": first, "key": uuid4()})
    clerk.post("/kantoor/balie/blokkeren/", {"serial": first, "reason": "kwijt", "other": first + 1})
    assert list(PaperCheque.objects.order_by("serial").values_list("state", flat=True)) == [
        "blocked",
        "active",
    ]


def test_a_number_of_another_desk_does_not_exist(clerk):
    other = build.member("desk", where=build.neighbourhood("Noord"))
    from cheques import paper

    made = paper.print_some(1, neighbourhood_id=build.neighbourhood("Noord").pk, by=other, at=clock.now())
    said = clerk.post("/kantoor/balie/blokkeren/", {"serial": made[0].serial, "reason": "x"}).text
    assert "Dit nummer kennen wij niet" in said
    assert PaperCheque.objects.get().state == "printed"


def test_the_drawer_is_counted_with_words_for_a_difference(clerk):
    clerk.post(f"/kantoor/klanten/{build.customer().ref}/verkopen/", {"hours": 2, "key": uuid4()})
    said = clerk.post("/kantoor/balie/kas/", {"counted": "19.50", "banked": "0"}).text
    assert "Schrijf erbij hoe dat komt" in said
    assert 'value="19.50"' in said
    clerk.post("/kantoor/balie/kas/", {"counted": "19.50", "banked": "10", "words": "wisselgeld"})
    row = DrawerCount.objects.get()
    assert (row.expected_cents, row.counted_cents, row.banked_cents) == (20_00, 19_50, 10_00)
