"""A booking is refused with a sentence, or held with cheques, once."""

from datetime import timedelta

import pytest

from cheques import lots
from marketplace import bookings
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db


class TestBook:
    @pytest.mark.parametrize(("facts", "refusal"), [
        ({"starts": [NOON - timedelta(days=1)]}, bookings.InThePast),
        ({"starts": [NOON + timedelta(days=7, hours=11)]}, bookings.AcrossMidnight),
        ({"minutes": 100}, bookings.NotInQuarters),
        ({"minutes": 60}, bookings.TooShort),
        ({"minutes": 600}, bookings.TooLong),
        ({"crew": 9}, bookings.CrewTooLarge),
        ({"starts": []}, bookings.NoStart),
        ({"tasks": ["windows-outside"]}, bookings.catalogue.TaskNotAllowed),
        ({"code": "guarding"}, bookings.catalogue.GuardingNotPermitted),
    ])  # fmt: skip
    def test_refuses_with_a_sentence_and_holds_nothing(self, facts, refusal):
        customer = build.customer()
        build.lot(customer, hours=20)
        with pytest.raises(refusal):
            build.booking(customer, **facts)
        assert lots.figures(customer.pk, at=NOON).held == 0

    def test_refuses_the_hour_that_comes_twice(self):
        customer = build.customer()
        build.lot(customer, hours=20)
        doubled = NOON.replace(year=2027, month=10, day=31, hour=0, minute=30)
        with pytest.raises(bookings.ClockChange):
            build.booking(customer, starts=[doubled], at=doubled - timedelta(days=3))

    def test_two_clicks_are_one_booking(self):
        customer = build.customer()
        build.lot(customer, hours=20)
        first = build.booking(customer)

        second = build.booking(customer, form_key=first.form_key)

        assert second == first
        assert lots.figures(customer.pk, at=NOON).held == 180

    def test_guards_with_a_permit_of_the_day(self):
        build.organisation()
        customer = build.customer()
        build.lot(customer, hours=20)
        assert build.booking(customer, code="guarding").service.skill == "guarding"
