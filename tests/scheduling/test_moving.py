"""A visit is moved by hand: to another worker, to another time, and what the rules say of it."""

from datetime import timedelta

import pytest

from events.models import Event
from scheduling import moving, offers, sick_call, visits
from scheduling.models import Assignment, Visit
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db


def move(visit, *, leaves=None, comes=None, start_at=None, version=None, at=NOON):
    visit.refresh_from_db()
    return moving.move(
        visit.pk, version=version or visit.version, leaves=leaves and leaves.pk, comes=comes and comes.pk,
        start_at=start_at or visit.start_at, by=build.user(), at=at,
    )  # fmt: skip


def crew(visit):
    return {row.worker for row in visit.assignments.filter(state__in=Assignment.LIVE)}


@pytest.fixture
def visit():
    return build_work.published_visit()


@pytest.fixture
def first(visit):
    return build_work.only(visit).worker


class TestMove:
    def test_another_goes_and_both_hear_it(self, visit, first):
        other = build_work.worker("Ander")
        moved = move(visit, leaves=first, comes=other)
        assert (moved.pk, moved.version, crew(moved)) == (visit.pk, 2, {other})
        kinds = set(Event.objects.values_list("kind", flat=True))
        assert {"assignment.freed", "visit.crew_changed", "visit.moved_by_hand"} <= kinds

    def test_and_back_again(self, visit, first):
        other = build_work.worker("Ander")
        move(visit, leaves=first, comes=other)
        assert crew(move(visit, leaves=other, comes=first)) == {first}

    def test_to_another_time_is_another_visit(self, visit, first):
        later = visit.start_at + timedelta(hours=2)
        moved = move(visit, start_at=later)
        visit.refresh_from_db()
        assert (visit.state, moved.start_at, crew(moved)) == ("cancelled", later, {first})
        assert moved.end_at - moved.start_at == timedelta(hours=3)

    def test_fills_a_free_place(self, visit, first):
        sick_call.report(first.pk, from_at=visit.start_at, until_at=visit.end_at, by=first.user, at=NOON)
        other = build_work.worker("Ander")
        assert crew(move(visit, comes=other)) == {other}


class TestRefusals:
    def test_names_the_rule(self, visit, first):
        short = build_work.worker("Kort C.", week_minutes=120, wanted_minutes=60)
        with pytest.raises(moving.CannotGo, match=r"Kort C\. zou in de week 180 minuten"):
            move(visit, leaves=first, comes=short)
        assert crew(visit) == {first}

    def test_names_the_rule_of_a_time_nobody_is_there(self, visit):
        with pytest.raises(moving.CannotGo, match="niet beschikbaar"):
            move(visit, start_at=visit.start_at - timedelta(hours=4))

    def test_a_colleague_was_first(self, visit, first):
        other = build_work.worker("Ander")
        move(visit, leaves=first, comes=other)
        with pytest.raises(moving.ChangedMeanwhile):
            move(visit, leaves=other, comes=first, version=1)

    @pytest.mark.parametrize("shift", [timedelta(minutes=7), timedelta(hours=13), timedelta(days=-30)])
    def test_no_visit_begins_then(self, visit, shift):
        with pytest.raises(moving.NotThen):
            move(visit, start_at=visit.start_at + shift)

    def test_nothing_moves_and_a_stranger_leaves(self, visit):
        with pytest.raises(moving.NothingMoves):
            move(visit)
        with pytest.raises(moving.NotMovable):
            move(visit, leaves=build_work.worker("Vreemd"), comes=build_work.worker("Ander"))

    def test_what_has_begun_stays(self, visit, first):
        row = build_work.only(visit)
        visits.check_in(row.pk, by=first.user, at=visit.start_at)
        with pytest.raises(moving.NotMovable):
            move(visit, leaves=first, comes=build_work.worker("Ander"), at=visit.start_at)

    def test_who_said_no_is_not_asked_again(self, visit, first):
        other = build_work.worker("Ander")
        at = NOON + timedelta(days=6)
        move(visit, leaves=first, comes=other, at=at)
        offers.answer(visit.assignments.get(worker=other).pk, takes=False, by=other.user, at=at)
        with pytest.raises(moving.CannotGo, match="zei nee"):
            move(visit, comes=other, at=at)
        assert Visit.objects.count() == 1
