"""What is written down for fair competition: nothing of tomorrow, nothing without words, no aid above the ceiling."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from identity.models import Customer
from subsidies import fair_competition as fair
from subsidies.fair_competition import Answers
from subsidies.fair_models import AidRow, DisplacementCheck, MarketSample, RefusedWork
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
CLEAN = Answers(dismissals=False, same_work=False, vacancies=False, council="agrees")


def by() -> dict[str, Any]:
    return {"by": build.user(), "at": NOON}


def aid(customer, cents: int, *, on: date = TODAY, letter: str = "B-1") -> AidRow:
    return fair.note_aid(customer, giver="Gemeente", cents=cents, on=on, letter=letter, **by())


class TestAid:
    def test_counts_three_years_from_day_to_day(self):
        firm = build.firm()
        aid(firm, 200_000_00, on=date(2023, 11, 1), letter="A")
        with pytest.raises(fair.TooMuchAid, match=r"100\.000,00"):
            aid(firm, 100_000_01, on=date(2026, 10, 31), letter="B")
        assert aid(firm, 300_000_00, on=date(2026, 11, 1), letter="C")

    def test_written_down_late_counts_in_what_came_after(self):
        aid(None, 250_000_00, on=date(2026, 11, 1), letter="A")
        with pytest.raises(fair.TooMuchAid):
            aid(None, 60_000_00, on=date(2025, 6, 1), letter="B")

    def test_of_the_organisation_and_of_firms_are_apart_and_a_letter_counts_once(self):
        firm = build.firm()
        aid(None, 300_000_00)
        aid(firm, 300_000_00)
        with pytest.raises(fair.AlreadyWritten):
            aid(None, 1)
        assert fair.received_cents(firm, TODAY) == 300_000_00

    def test_the_database_keeps_a_letter_once(self):
        aid(None, 100)
        facts = {
            "giver": "Gemeente",
            "cents": 5,
            "granted_on": TODAY,
            "letter": "B-1",
            "entered_by": build.user(),
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            AidRow.objects.create(**facts)


class TestChecklist:
    @pytest.mark.parametrize("worry", [
        {"dismissals": True}, {"same_work": True}, {"vacancies": True}, {"council": "objects"},
    ])  # fmt: skip
    def test_a_worry_asks_for_words(self, worry):
        facts = {"dismissals": False, "same_work": False, "vacancies": False, "council": "none", **worry}
        firm = build.firm()
        with pytest.raises(fair.WordsMissing):
            fair.check(firm, Answers(**facts), on=TODAY, **by())
        fair.check(firm, Answers(**facts, words="Alleen avonduren erbij"), on=TODAY, **by())
        assert DisplacementCheck.objects.get().words == "Alleen avonduren erbij"

    def test_is_filled_in_once_a_day(self):
        firm = build.firm()
        fair.check(firm, CLEAN, on=TODAY, **by())
        with pytest.raises(fair.AlreadyWritten):
            fair.check(firm, CLEAN, on=TODAY, **by())


def test_what_is_to_come_is_not_written_down():
    tomorrow, firm = date(2099, 1, 1), build.firm()
    asked = [
        lambda: aid(None, 1, on=tomorrow), lambda: fair.check(firm, CLEAN, on=tomorrow, **by()),
        lambda: fair.refuse_work("X", service=None, why="staff", words="Dit doet de conciërge", on=tomorrow, **by()),
        lambda: fair.note_price(build.service(), kind=Customer.Kind.RESIDENT, cents=1, on=tomorrow, source="web", **by()),
    ]  # fmt: skip
    for act in asked:
        with pytest.raises(fair.NotYet):
            act()
    assert not MarketSample.objects.exists()


def test_refused_work_says_why_in_words():
    with pytest.raises(fair.WordsMissing):
        fair.refuse_work("X", service=None, why="staff", words="kort", on=TODAY, **by())
    row = fair.refuse_work("X", service=None, why="staff", words="Dit doet de conciërge", on=TODAY, **by())
    assert RefusedWork.objects.get() == row
