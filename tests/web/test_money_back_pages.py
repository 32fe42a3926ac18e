"""Refunds, chargebacks and closing as people see them: forms and links only, no script."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine

from cheques import chargebacks, refunds
from cheques.models import Refund
from cheques.stripe_gateway import Dispute, Unreachable
from ledger.models import Account, ClosedMonth
from tests import build
from tests.build import NOON
from tests.cheques.test_chargebacks import use
from web.account_names import NAMES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def customer():
    return build.customer()


def signed_in(client, user):
    client.force_login(user)
    return client


def silent(**_asked):
    raise Unreachable("no answer")


class TestTheBuyer:
    def test_sees_what_comes_back_before_asking_it(self, client, customer):
        lot = build.lot(customer, hours=10)
        page = (
            signed_in(client, build.owner_of(customer))
            .get(f"/mijn/cheques/{lot.ref}/terug/?uren=3")
            .content.decode()
        )

        assert "30" in page
        assert "bedenktijd" in page
        assert "Ja, geef mijn geld terug" in page
        assert Refund.objects.count() == 0

    @pytest.mark.parametrize("typed", ["11", "0", "-1", "drie"])
    def test_keeps_what_was_typed_and_hears_what_is_possible(self, client, customer, typed):
        lot = build.lot(customer, hours=10)
        page = (
            signed_in(client, build.owner_of(customer))
            .get(f"/mijn/cheques/{lot.ref}/terug/?uren={typed}")
            .content.decode()
        )

        assert f'value="{typed}"' in page
        assert "Kies een aantal van 1 tot en met 10." in page

    def test_asks_it_back_and_it_waits_for_the_bank_when_stripe_was_not_paid(self, client, customer):
        lot = build.lot(customer, hours=10)
        signed_in(client, build.owner_of(customer)).post(
            f"/mijn/cheques/{lot.ref}/terug/", {"uren": "3", "key": uuid4()}
        )

        row = Refund.objects.get()
        assert (row.minutes, row.cents, row.state) == (180, 30_00, Refund.State.PENDING)

    def test_a_double_click_on_the_last_hours_gives_them_back_once(self, client, customer):
        lot = build.lot(customer, hours=3)
        owner, address = signed_in(client, build.owner_of(customer)), f"/mijn/cheques/{lot.ref}/terug/"
        key = re.search(r'name="key" value="([^"]+)"', owner.get(f"{address}?uren=3").text).group(1)

        answers = [owner.post(address, {"uren": "3", "key": key}, follow=True).text for _click in range(2)]

        assert all("Uw geld komt terug" in said for said in answers)
        assert Refund.objects.count() == 1

    def test_the_same_page_sent_with_another_number_is_asked_once_more(self, client, customer):
        lot, key = build.lot(customer, hours=10), str(uuid4())
        owner, address = signed_in(client, build.owner_of(customer)), f"/mijn/cheques/{lot.ref}/terug/"
        owner.post(address, {"uren": "3", "key": key})

        told = owner.post(address, {"uren": "4", "key": key}).text

        assert "met iets anders ingevuld" in told
        assert key not in told
        assert 'name="uren" value="4"' in told
        assert Refund.objects.get().minutes == 180

    def test_a_payment_service_that_is_silent_keeps_the_refund(self, client, customer, monkeypatch):
        monkeypatch.setattr("cheques.stripe_gateway.refund", silent)
        lot = build.lot(customer, hours=10, payment_intent_id="pi_1")
        owner = signed_in(client, build.owner_of(customer))
        told = owner.post(f"/mijn/cheques/{lot.ref}/terug/", {"uren": "3", "key": uuid4()}, follow=True).text
        assert "is bewaard en wordt later verstuurd" in told
        assert Refund.objects.get().state == Refund.State.REQUESTED

    def test_a_large_sum_waits_for_a_second_person(self, client, customer):
        lot = build.lot(customer, hours=30)
        signed_in(client, build.owner_of(customer)).post(
            f"/mijn/cheques/{lot.ref}/terug/", {"uren": "30", "key": uuid4()}
        )
        assert Refund.objects.get().state == Refund.State.REQUESTED

    def test_uses_cheques_longer_once_for_free(self, client, customer):
        lot = build.lot(customer, hours=10, at=datetime(2025, 11, 20, 9, tzinfo=UTC))
        owner = signed_in(client, build.owner_of(customer))
        assert "Gratis langer gebruiken" in owner.get("/mijn/cheques/").content.decode()

        owner.post(f"/mijn/cheques/{lot.ref}/langer/")

        lot.refresh_from_db()
        assert lot.extension.after.date() == date(2027, 2, 28)
        assert "Gratis langer gebruiken" not in owner.get("/mijn/cheques/").content.decode()


class TestTheOffice:
    def test_a_second_person_approves_and_not_who_asked(self, client, customer):
        treasurer = build.member("treasurer")
        lot = build.lot(customer, hours=30)
        own = refunds.request(lot.pk, minutes=25 * 60, form_key=uuid4(), by=treasurer, at=NOON)

        answer = signed_in(client, treasurer).post(f"/kantoor/geld-terug/{own.ref}/goedkeuren/", follow=True)
        assert "Iemand anders" in answer.content.decode()
        other = signed_in(client, build.member("treasurer"))
        other.post(f"/kantoor/geld-terug/{own.ref}/goedkeuren/")

        own.refresh_from_db()
        assert own.state == Refund.State.PENDING
        assert own.ref in other.get("/kantoor/geld-terug/").content.decode()

    def test_shows_what_a_bank_took_back(self, client, customer):
        build.lot(customer, hours=10, payment_intent_id="pi_1")
        chargebacks.settle(Dispute("du_1", "pi_1", 100_00, "lost", ""), at=NOON)

        page = signed_in(client, build.member("payroll")).get("/kantoor/geld-terug/").content.decode()

        assert "Verloren" in page
        assert "100,00" in page

    def test_what_is_still_owed_is_given_up_by_two_people(self, client, customer):
        build.lot(customer, hours=10, payment_intent_id="pi_1")
        use(customer, 4)
        row = chargebacks.settle(Dispute("du_1", "pi_1", 100_00, "lost", ""), at=NOON)
        officer, ask = build.member("payroll"), f"/kantoor/geld-terug/{row.ref}/afschrijven/vragen/"
        assert (
            "Schrijf op waarom"
            in signed_in(client, officer).post(ask, {"reden": " "}, follow=True).content.decode()
        )

        client.post(ask, {"reden": "Onbekend verhuisd"})
        second = signed_in(client, build.member("treasurer"))
        page = second.get("/kantoor/geld-terug/").content.decode()
        second.post(f"/kantoor/geld-terug/{row.ref}/afschrijven/")

        assert f"{officer.name}: Onbekend verhuisd" in page
        row.refresh_from_db()
        assert row.written_off_cents == row.receivable_cents == 40_00

    def test_the_desk_keeps_what_was_typed_wrong(self, client, customer):
        lot = build.lot(customer, hours=3)
        desk = signed_in(client, build.member("desk", where=customer.neighbourhood))
        said = desk.post(
            f"/kantoor/klanten/{customer.ref}/terugbetalen/",
            {"partij": lot.ref, "uren": "vier", "key": uuid4()},
        ).text
        assert 'value="vier"' in said
        assert "niet vrij om terug te geven" in said

    def test_the_desk_pays_back_under_the_limit(self, client, customer):
        lot = build.lot(customer, hours=30)
        desk = signed_in(client, build.member("desk", where=customer.neighbourhood))
        address = f"/kantoor/klanten/{customer.ref}/terugbetalen/"
        assert lot.order.ref in desk.get(address).content.decode()

        desk.post(address, {"partij": lot.ref, "uren": "2", "key": uuid4()})
        desk.post(address, {"partij": lot.ref, "uren": "25", "key": uuid4()})

        assert list(Refund.objects.order_by("pk").values_list("state", flat=True)) == ["pending", "requested"]

    def test_a_double_click_at_the_desk_pays_back_once(self, client, customer):
        lot = build.lot(customer, hours=2)
        desk = signed_in(client, build.member("desk", where=customer.neighbourhood))
        address = f"/kantoor/klanten/{customer.ref}/terugbetalen/"
        key = re.search(r'name="key" value="([^"]+)"', desk.get(address).text).group(1)

        for _click in range(2):
            said = desk.post(address, {"partij": lot.ref, "uren": "2", "key": key}, follow=True).text
            assert "De terugbetaling is gemaakt" in said
        told = desk.post(address, {"partij": lot.ref, "uren": "1", "key": key}).text

        assert "met iets anders ingevuld" in told
        assert Refund.objects.get().minutes == 120


class TestClosing:
    def test_shows_the_liability_of_a_day_and_closes_a_month(self, client, customer):
        build.lot(customer, hours=10)
        user = build.member("treasurer")
        treasurer = signed_in(client, user)
        page = treasurer.get("/kantoor/afsluiten/?dag=2026-11-02").content.decode()
        assert "sluit aan op de boeken" in page
        assert "100,00" in page

        treasurer.post("/kantoor/afsluiten/dicht/", {"periode": "2026-11"})
        assert ClosedMonth.objects.count() == 0  # it still runs
        with time_machine.travel(datetime(2026, 12, 3, 9, tzinfo=UTC)):
            signed_in(client, user).post("/kantoor/afsluiten/dicht/", {"periode": "2026-11"})

        assert ClosedMonth.objects.get().month == date(2026, 11, 1)

    def test_names_every_account_in_words_and_offers_to_close_only_what_is_over(self, client, customer):
        build.lot(customer, hours=10)
        page = signed_in(client, build.member("treasurer")).get("/kantoor/afsluiten/?dag=2026-11-02").text
        assert "Cheques verkocht, nog niet gebruikt" in page
        assert set(NAMES) == set(Account)
        assert "Sluit af" not in page
        assert "Sluit het jaar" not in page

    def test_gives_the_journal_as_a_file(self, client, customer):
        lot = build.lot(customer, hours=10)
        answer = signed_in(client, build.member("auditor")).get("/kantoor/afsluiten/journaal/?jaar=2026")

        lines = answer.content.decode().splitlines()
        assert lines[0].startswith("transfer;entry;day;booked_at;debit")
        assert f"sale:{lot.order_id};2026-11-02" in lines[1]
        assert "100.00" in lines[1]

    @pytest.mark.parametrize("address", ["afsluiten/?dag=gisteren", "afsluiten/journaal/?jaar=20x6"])
    def test_an_address_that_was_tampered_with_is_not_there(self, client, address):
        assert signed_in(client, build.member("auditor")).get(f"/kantoor/{address}").status_code == 404
