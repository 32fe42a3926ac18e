"""Money, hours and moments as people read them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from web import wording

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 9 uur in Breda
HALF_PAST = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "form", "words"),
    [
        (30_00, "woorden", "30,00 euro"),
        (120_410, "woorden", "1.204,10 euro"),
        (50_00, "heel", "50 euro"),
        (50_05, "heel", "50,05 euro"),
        (-5_96, "kaal", "−5,96"),
        (30_00, "teken", "€\N{NO-BREAK SPACE}30,00"),
    ],
)
def test_an_amount_carries_its_unit(cents, form, words):
    with translation.override("nl"):
        assert wording.euro(cents, form) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (180, "3 uur"),
        (60, "1 uur"),
        (135, "2 uur en 15 minuten"),
        (15, "1 kwartier"),
        (45, "45 minuten"),
        (0, "0 uur"),
        (-90, "−1 uur en 30 minuten"),
    ],
)
def test_a_length_of_time_is_said_in_words(minutes, words):
    with translation.override("nl"):
        assert wording.hours(minutes) == words


class TestMoment:
    def test_is_said_in_local_time(self):
        with translation.override("nl"):
            assert wording.moment(NINE) == "dinsdag 24 november, 9 uur"
            assert wording.moment(HALF_PAST, "tijd") == "9.30 uur"

    def test_follows_the_clock_of_summer(self):
        with translation.override("nl"):
            assert wording.clock(datetime(2026, 7, 1, 7, 0, tzinfo=UTC)) == "9 uur"

    def test_of_a_day_has_no_time(self):
        with translation.override("nl"):
            assert wording.moment(date(2027, 1, 31), "vol") == "zondag 31 januari 2027"

    def test_from_and_to_share_the_unit(self):
        with translation.override("nl"):
            assert (
                wording.span(NINE, datetime(2026, 11, 24, 11, tzinfo=UTC))
                == "dinsdag 24 november, 9 tot 12 uur"
            )

    def test_speaks_the_language_of_the_page(self):
        with translation.override("en"):
            assert wording.clock(HALF_PAST) == "9:30"
