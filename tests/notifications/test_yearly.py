"""In January everybody hears what happened to their cheques: once, by mail or letter, and only who had movements."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from cheques import yearly
from cheques.models import Lot
from config import settings as ours
from events.models import Event
from identity.models import CustomerMember
from notifications import letters, telling
from notifications.models import Channel, Message
from tests import build
from tests.cheques.test_statement import keep, pay

pytestmark = pytest.mark.django_db
JANUARY = datetime(2027, 1, 4, 8, 10, tzinfo=UTC)


def told(at=JANUARY) -> list[Message]:
    yearly.announce(at=at)
    return [
        message for row in Event.objects.filter(kind=yearly.KIND) for message in telling.tell(row.pk, at=at)
    ]


def used():
    customer = build.customer()
    build.lot(customer, hours=10)
    pay(keep(customer, 180), 120)
    return customer


def test_the_clock_asks_it_every_day_of_january():
    asked = next(beat for beat in ours.BEAT.values() if beat["task"] == "cheques.tasks.announce_year")
    schedule: Any = asked["schedule"]
    assert (schedule.month_of_year, schedule.hour) == ({1}, {9})


def test_says_what_there_was_and_what_there_is():
    used()
    told()
    (one,) = mail.outbox
    assert one.subject == "Overzicht van uw cheques in 2026"
    for part in ("U kocht 10 uur, voor 100,00 euro.", "Op 31 december 2026 had u 8 uur vrij en 0 uur gereserveerd.",
                 "- gebruikt: eerst 0 uur, daarna 2 uur", "/mijn/cheques/overzicht/?jaar=2026"):  # fmt: skip
        assert part in one.body


def test_comes_once_for_a_customer_and_a_year_to_the_owner():
    customer = used()
    CustomerMember.objects.create(customer=customer, user=build.user(), part=CustomerMember.Part.HELPER)
    told()
    told(JANUARY + timedelta(days=1))
    assert len(mail.outbox) == Event.objects.filter(kind=yearly.KIND).count() == 1
    assert mail.outbox[0].to == [build.owner_of(customer).email]


def test_who_had_no_movements_hears_nothing():
    build.customer()
    later = build.customer()
    build.lot(later, at=JANUARY - timedelta(days=1))
    assert told() == []


def test_hours_that_ended_with_the_year_are_a_movement_of_it():
    customer = used()
    told()
    Lot.objects.filter(wallet__customer=customer).update(expires_at=datetime(2027, 12, 31, 23, tzinfo=UTC))
    assert "Er verliep 8 uur." in told(JANUARY + timedelta(days=365))[-1].text


def test_is_a_letter_to_print_for_who_wants_paper():
    customer = used()
    telling.prefer(by=build.owner_of(customer), channel=Channel.LETTER)
    told()
    (letter,) = letters.waiting([customer.neighbourhood_id])
    assert "U gebruikte 2 uur." in letter.message.text
    assert mail.outbox == []
