"""What goes wrong on a bad day, each by its name: a clear sentence, and nothing lost."""

import hashlib
import hmac
import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from celery import Celery
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from cheques import converging, holds, purchase
from cheques.models import Lot, Notice, Order
from cheques.tasks import handle_notice
from events import relay
from events.models import Delivery, Event
from identity.models import Postcode
from identity.registration import OutsideArea, find_place
from scheduling import planning, publishing, visits
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations
from scheduling.models import Plan, Visit
from scheduling.tasks import make_plan
from tests import build, build_work
from tests.build import NOON
from tests.databases import use
from tools import embedded

SECRET = "whsec_sandbox"


def letter(order_ref: str = "nobody", *, name: str = "evt_1") -> bytes:
    """A webhook about a pay page."""
    session = {"id": "cs_1", "object": "checkout.session", "metadata": {"order_ref": order_ref}}
    event = {
        "id": name, "object": "event", "type": "checkout.session.completed", "livemode": False, "api_version": "x",
        "created": 1, "data": {"object": session},
    }  # fmt: skip
    return json.dumps(event).encode()


def post(body: bytes, *, secret: str = SECRET, age: int = 0) -> int:
    """Send a webhook with a signature of some age, and return the answer."""
    moment = int(time.time()) - age
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    said = {"Stripe-Signature": f"t={moment},v1={signed}"}
    return Client().post("/api/stripe/webhook", body, "application/json", headers=said).status_code


@pytest.mark.django_db
class TestWebhook:
    def test_with_a_wrong_signature_is_not_kept(self):
        assert post(letter(), secret="whsec_of_somebody") == 400
        assert not Notice.objects.exists()

    def test_with_a_stale_timestamp_is_not_kept(self):
        assert post(letter(), age=3600) == 400
        assert not Notice.objects.exists()

    def test_twice_is_kept_once(self):
        assert [post(letter()), post(letter())] == [200, 200]
        assert Notice.objects.count() == Event.objects.filter(kind="notice.stored").count() == 1

    def test_before_its_order_is_known_is_kept_and_harms_nothing(self):
        assert post(letter("of an order to come")) == 200
        assert Notice.objects.get().handled_at is None
        assert not Order.objects.exists()


@pytest.mark.django_db
class TestBrokerDown:
    """The message of a payment is stored and acknowledged; it is handled when the broker is back."""

    def test_while_paying_loses_nothing(self):
        assert post(letter()) == 200  # the web needs no broker to say that it heard
        delivery = Delivery.objects.get(task="cheques.tasks.handle_notice")

        away = Celery("away", broker="redis://127.0.0.1:1/0")
        with pytest.raises((BrokerAway, OSError)):
            relay.send_waiting(
                lambda waiting: away.send_task("deliver", kwargs={"delivery_id": waiting.pk}, retry=False),
                now=timezone.now(),
            )
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries) == (Delivery.State.WAITING, 0)

        ran: list[Delivery] = []
        assert relay.send_waiting(ran.append, now=timezone.now()) == 1  # it is back
        relay.deliver(ran[0].pk, run_task=lambda _name, facts: handle_notice(**facts))
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.DONE
        assert Notice.objects.get().handled_at


class TestWebhookTooEarly:
    """Nothing is lost when the news of a payment comes before we know of which pay page."""

    def test_before_the_pay_page_of_its_order_is_known_the_order_is_paid_in_the_end(
        self, starts, settings, committed_db
    ):
        running, customer = starts("stripe_server"), build.customer()
        settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY = running.url, "sk_test_sandbox"
        settings.CARD_PAYMENT_REASON = ""
        build.organisation()
        order = purchase.place_order(
            customer.pk, hours=5, form_key=uuid4(), by=build.owner_of(customer), at=NOON
        )
        pages = {"success_url": "http://127.0.0.1:1/a", "cancel_url": "http://127.0.0.1:1/b"}
        page = purchase.start_checkout(order.pk, **pages)
        requests.post(page, data={"act": "pay", "method": "ideal"}, allow_redirects=False, timeout=20)
        Order.objects.filter(pk=order.pk).update(
            session_id="", session_url=""
        )  # killed before it was written down

        assert post(letter(order.ref)) == 200
        handle_notice(notice_id=Notice.objects.get().pk)
        order.refresh_from_db()
        assert order.state == Order.State.OPEN
        assert purchase.start_checkout(order.pk, **pages) == page  # the same page, asked with the same key
        later = NOON + timedelta(minutes=16)
        assert [converging.converge_open(at=later), converging.converge_open(at=later)] == [1, 0]

        order.refresh_from_db()
        assert order.state == Order.State.PAID
        assert Lot.objects.get(order=order).free_minutes == 300


class TestDatabaseRestarted:
    """A restart cuts the connection of the task that plans: it is tried again, and the old plan stays."""

    def test_while_planning_the_task_is_tried_again(self, committed_db, monkeypatch):
        visit = build_work.published_visit()
        before = list(visit.assignments.values_list("worker", "state"))
        build.booking(starts=[NOON + timedelta(days=8)])
        plan = planning.ask(
            visit.neighbourhood_id, monday=build_work.MONDAY, seconds=1, seed=1, by=build.user(), at=NOON
        )
        delivery = Delivery.objects.get(event__kind="plan.asked", event__subject=f"plan:{plan.pk}")
        cut: list[int] = []

        def cut_once(*arguments, **options):
            if not cut:
                cut.append(connection.connection.info.backend_pid)
                with embedded.as_superuser() as other:
                    other.execute("SELECT pg_terminate_backend(%s)", [cut[0]])
                with pytest.raises(OperationalError), connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
            return solve(*arguments, **{**options, "stop": Iterations(50)})

        monkeypatch.setattr(planning, "solve", cut_once)
        run = lambda name, facts: make_plan(**facts)  # noqa: E731
        with pytest.raises((OperationalError, InterfaceError)):
            relay.deliver(delivery.pk, run_task=run)
        use(committed_db)  # as the worker does: a new connection

        plan.refresh_from_db()
        assert plan.state == Plan.State.ASKED
        assert list(Visit.objects.get(pk=visit.pk).assignments.values_list("worker", "state")) == before

        relay.deliver(delivery.pk, run_task=run)
        plan.refresh_from_db()
        assert plan.state == Plan.State.DRAFT


@pytest.mark.django_db
class TestRefused:
    def test_a_postcode_outside_the_area(self):
        assert not Postcode.objects.exists()
        with pytest.raises(OutsideArea):
            find_place("1011AB", "1")

    @pytest.mark.parametrize("hours", [-1, 0, 10_000])
    def test_negative_zero_and_ten_thousand_cheques(self, hours):
        customer = build.customer()
        with pytest.raises(purchase.NotANumberOfHours):
            purchase.place_order(
                customer.pk, hours=hours, form_key=uuid4(), by=build.owner_of(customer), at=NOON
            )
        assert not Order.objects.exists()

    def test_a_double_click_on_pay_is_one_order(self):
        customer, key = build.customer(), uuid4()
        orders = [
            purchase.place_order(customer.pk, hours=5, form_key=key, by=build.owner_of(customer), at=NOON)
            for _n in "ab"
        ]
        assert orders[0] == orders[1]

    def test_a_booking_without_enough_cheques_says_how_many_are_short(self):
        customer = build.customer()
        build.lot(customer, hours=1)
        with pytest.raises(holds.NotEnoughCheques, match="2 cheques te weinig"):
            build.booking(customer)

    def test_check_out_before_check_in(self):
        row = build_work.only(build_work.published_visit())
        with pytest.raises(visits.NotCheckedIn, match="nog niet aangemeld"):
            visits.check_out(row.pk, by=row.worker.user, at=NOON)

    def test_a_plan_published_twice(self):
        build_work.worker()
        build.booking()
        plan = build_work.plan()
        publishing.publish(plan.pk, by=build.user(), at=NOON)
        with pytest.raises(publishing.NotADraft):
            publishing.publish(plan.pk, by=build.user(), at=NOON)
        assert Visit.objects.count() == 1
