"""A publication is taken back, or it is too late for that."""

from datetime import timedelta

import pytest

from events.models import Event
from scheduling import publishing, sick_call, undoing
from scheduling.models import Assignment, Plan, Visit
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db


def undo(plan, *, minutes=5):
    return undoing.undo(plan.pk, by=build.user(), at=NOON + timedelta(minutes=minutes))


def test_its_bookings_wait_again_and_can_be_planned_anew():
    visit = build_work.published_visit()

    plan = undo(visit.plan)

    assert plan.state == Plan.State.UNDONE
    assert Event.objects.get(kind="plan.undone").payload == {"visits": 1}
    assert Event.objects.filter(kind="assignment.withdrawn").count() == 1
    publishing.publish(build_work.plan().pk, by=build.user(), at=NOON + timedelta(minutes=6))
    assert Visit.objects.get(state="published").booking == visit.booking


def test_after_the_term_is_refused():
    plan = build_work.published_visit().plan
    with pytest.raises(undoing.CannotUndo, match="30 minuten"):
        undo(plan, minutes=31)
    assert undo(plan, minutes=30).state == "undone"


def test_twice_is_refused():
    plan = build_work.published_visit().plan
    undo(plan)
    with pytest.raises(undoing.CannotUndo, match="niet gepubliceerd"):
        undo(plan)


def test_when_somebody_was_taken_off_or_answered_is_refused():
    visit = build_work.published_visit()
    row = build_work.only(visit)
    Assignment.objects.update(answered_at=NOON)
    with pytest.raises(undoing.CannotUndo, match="antwoord"):
        undo(visit.plan)
    Assignment.objects.update(answered_at=None)
    sick_call.report(row.worker_id, from_at=visit.start_at, until_at=visit.end_at, by=build.user(), at=NOON)
    with pytest.raises(undoing.CannotUndo, match="veranderd"):
        undo(visit.plan)
    assert Visit.objects.get().state == "published"
