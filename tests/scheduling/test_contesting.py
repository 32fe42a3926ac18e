"""A worker who does not agree with the plan gets an answer of a human being who did not make it."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from events.models import Event
from kernel.periods import AMSTERDAM
from notifications import telling
from scheduling import contesting, offers, publishing, replacing, undoing
from scheduling.models import Assignment, Contest, Visit
from tests import build, build_work
from tests.build import NOON
from tests.build_work import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return build.member("coordinator", where=build.neighbourhood())


@pytest.fixture
def colleague():
    return build.member("coordinator", where=build.neighbourhood())


@pytest.fixture
def row(planner):
    """A worker's visit in a week that one coordinator published."""
    build_work.worker()
    booking = build.booking()
    publishing.publish(build_work.plan().pk, by=planner, at=NOON)
    return Visit.objects.get(booking=booking).assignments.get()


def contested(row, *, at=NOON, words="Ik heb dan les.", by=None) -> Contest:
    return contesting.contest_visit(row.pk, words=words, by=by or row.worker.user, at=at)


def local(*facts) -> datetime:
    return datetime(*facts, tzinfo=AMSTERDAM)


class TestVisit:
    def test_goes_to_a_named_person_who_did_not_make_the_plan(self, row, planner, colleague):
        made = contested(row)
        assert (made.reviewer, made.state, made.words) == (colleague, "open", "Ik heb dan les.")
        assert planner.pk in contesting.makers(made)
        event = Event.objects.get(kind="contest.opened")
        assert event.payload["reviewer_id"] == colleague.pk
        assert "les" not in str(event.payload)

    def test_changes_nothing_by_itself(self, row, colleague):
        before = Assignment.objects.values().get(pk=row.pk)
        made = contested(row)
        contesting.answer(made.pk, keeps=False, words="U krijgt een ander bezoek.", by=colleague, at=NOON)
        assert Assignment.objects.values().get(pk=row.pk) == before

    def test_is_answered_within_two_working_days(self, row):
        # NOON is a Monday: Tuesday and Wednesday are left
        assert contested(row).due_at == local(2026, 11, 5)

    def test_skips_the_weekend(self, row):
        friday = NOON + timedelta(days=4)
        Visit.objects.filter(pk=row.visit_id).update(
            start_at=NOON + timedelta(days=20), end_at=NOON + timedelta(days=20, hours=3)
        )
        assert contested(row, at=friday).due_at == local(2026, 11, 11)

    def test_is_answered_before_the_visit_at_any_rate(self, row):
        assert contested(row, at=row.visit.start_at - timedelta(hours=3)).due_at == row.visit.start_at

    def test_of_another_is_refused(self, row):
        with pytest.raises(contesting.NotYours):
            contested(row, by=build_work.worker("Piet").user)

    def test_is_refused_when_it_began_or_is_not_ones_own_any_more(self, row):
        with pytest.raises(contesting.CannotContest):
            contested(row, at=row.visit.start_at)
        Assignment.objects.filter(pk=row.pk).update(state="withdrawn")
        with pytest.raises(contesting.CannotContest):
            contested(row)

    def test_is_said_once(self, row, colleague):
        made = contested(row)
        with pytest.raises(contesting.AlreadyContested):
            contested(row)
        contesting.answer(made.pk, keeps=True, words="Niemand anders kan.", by=colleague, at=NOON)
        with pytest.raises(contesting.AlreadyContested):
            contested(row)
        assert Event.objects.filter(kind="contest.opened").count() == 1

    def test_work_is_shared_by_who_can_look(self, row, colleague):
        second = build.member("coordinator", where=build.neighbourhood())
        assert contested(row).reviewer == colleague
        hours = contesting.contest_hours(row.worker_id, monday=MONDAY, words="", by=row.worker.user, at=NOON)
        assert hours.reviewer == second

    def test_without_anybody_else_it_waits_for_somebody(self, row):
        made = contested(row)
        assert made.reviewer is None
        assert contesting.waiting([row.visit.neighbourhood_id]) == [made]
        quality = build.member("qa", where=build.neighbourhood())
        assert contesting.answer(made.pk, keeps=True, words="Zo.", by=quality, at=NOON).answered_by == quality


class TestHours:
    def test_too_few_are_contested_for_a_published_week(self, row, colleague):
        other = build_work.worker("Niet gevraagd")
        made = contesting.contest_hours(other.pk, monday=MONDAY, words="", by=other.user, at=NOON)
        assert (made.assignment, made.monday, made.reviewer) == (None, MONDAY, colleague)
        with pytest.raises(contesting.AlreadyContested):
            contesting.contest_hours(other.pk, monday=MONDAY, words="", by=other.user, at=NOON)

    def test_of_another_are_refused(self, row):
        with pytest.raises(contesting.NotYours):
            contesting.contest_hours(row.worker_id, monday=MONDAY, words="", by=build.user(), at=NOON)

    @pytest.mark.parametrize(
        ("monday", "at"), [(MONDAY + timedelta(days=7), NOON), (MONDAY, NOON + timedelta(days=14))]
    )
    def test_need_a_published_week_that_is_not_over(self, row, monday, at):
        with pytest.raises(contesting.CannotContest):
            contesting.contest_hours(row.worker_id, monday=monday, words="", by=row.worker.user, at=at)

    def test_of_a_week_that_was_taken_back_cannot_be_contested(self, row, planner):
        undoing.undo(row.visit.plan_id, by=planner, at=NOON)
        with pytest.raises(contesting.CannotContest):
            contesting.contest_hours(row.worker_id, monday=MONDAY, words="", by=row.worker.user, at=NOON)


class TestAnswer:
    def test_is_kept_with_who_and_why(self, row, colleague):
        made = contesting.answer(
            contested(row).pk, keeps=True, words=" U woont dichtbij. ", by=colleague, at=NOON
        )
        assert (made.state, made.answer, made.answered_by) == ("kept", "U woont dichtbij.", colleague)
        event = Event.objects.get(kind="contest.answered")
        assert (event.by_id, event.payload) == (colleague.pk, {"outcome": "kept", "late": False})

    def test_of_who_made_the_plan_is_refused(self, row, planner, colleague):
        with pytest.raises(contesting.NotTheReviewer):
            contesting.answer(contested(row).pk, keeps=True, words="Zo.", by=planner, at=NOON)

    def test_of_who_only_asked_for_the_plan_is_refused(self, row):
        asker = row.visit.plan.asked_by
        asker.memberships.create(
            role="coordinator", neighbourhood=row.visit.neighbourhood, from_on=MONDAY.replace(month=1)
        )
        with pytest.raises(contesting.NotTheReviewer):
            contesting.answer(contested(row).pk, keeps=True, words="Zo.", by=asker, at=NOON)

    def test_of_who_sent_the_worker_by_hand_is_refused(self, row, colleague):
        offers_at = row.visit.start_at - timedelta(days=5)
        Assignment.objects.filter(pk=row.pk).update(state="withdrawn")
        other = build_work.worker("Invaller")
        sent = replacing.replace(row.visit_id, worker_id=other.pk, by=colleague, at=offers_at)
        with pytest.raises(contesting.NotTheReviewer):
            contesting.answer(
                contested(sent, at=offers_at).pk, keeps=True, words="Zo.", by=colleague, at=offers_at
            )

    @pytest.mark.parametrize("role", ["desk", "payroll"])
    def test_of_another_role_is_refused(self, row, role):
        with pytest.raises(contesting.NotTheReviewer):
            contesting.answer(contested(row).pk, keeps=True, words="Zo.", by=build.member(role), at=NOON)

    def test_of_another_neighbourhood_is_refused(self, row):
        far = build.member("coordinator", where=build.neighbourhood("Noord"))
        with pytest.raises(contesting.NotTheReviewer):
            contesting.answer(contested(row).pk, keeps=True, words="Zo.", by=far, at=NOON)

    def test_without_words_is_refused(self, row, colleague):
        with pytest.raises(contesting.WordsMissing):
            contesting.answer(contested(row).pk, keeps=True, words="  ", by=colleague, at=NOON)

    def test_is_given_once(self, row, colleague):
        made = contested(row)
        contesting.answer(made.pk, keeps=True, words="Zo.", by=colleague, at=NOON)
        with pytest.raises(contesting.AlreadyAnswered):
            contesting.answer(made.pk, keeps=False, words="Toch niet.", by=colleague, at=NOON)

    def test_after_the_deadline_says_so(self, row, colleague):
        contesting.answer(
            contested(row).pk, keeps=True, words="Zo.", by=colleague, at=NOON + timedelta(days=4)
        )
        assert Event.objects.get(kind="contest.answered").payload["late"] is True

    def test_cannot_promise_a_change_of_what_began(self, row, colleague):
        made, start = contested(row), row.visit.start_at
        with pytest.raises(contesting.TooLateToChange):
            contesting.answer(made.pk, keeps=False, words="Anders.", by=colleague, at=start)
        assert (
            contesting.answer(made.pk, keeps=True, words="Het spijt ons.", by=colleague, at=start).state
            == "kept"
        )

    def test_that_it_changes_stays_to_be_done_until_it_is(self, row, colleague):
        made = contesting.answer(contested(row).pk, keeps=False, words="Anders.", by=colleague, at=NOON)
        here = [row.visit.neighbourhood_id]
        assert (contesting.waiting(here), contesting.to_change(here, at=NOON)) == ([], [made])
        Assignment.objects.filter(pk=row.pk).update(state="withdrawn")
        assert contesting.to_change(here, at=NOON) == []

    def test_the_database_keeps_an_answer_whole(self, row, colleague):
        made = contested(row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Contest.objects.filter(pk=made.pk).update(state="kept", answered_at=NOON, answered_by=colleague)


class TestTelling:
    def test_the_reviewer_is_asked_and_the_worker_hears_the_answer(self, row, colleague):
        made = contested(row)
        telling.tell(Event.objects.get(kind="contest.opened").pk, at=NOON)
        assert mail.outbox[-1].to == [colleague.email]
        assert "donderdag 5 november" in mail.outbox[-1].body
        assert "les" not in mail.outbox[-1].body
        contesting.answer(made.pk, keeps=True, words="U woont dichtbij.", by=colleague, at=NOON)
        telling.tell(Event.objects.get(kind="contest.answered").pk, at=NOON)
        assert mail.outbox[-1].to == [row.worker.user.email]
        assert "Het blijft zo. U woont dichtbij." in mail.outbox[-1].body


def test_an_offer_can_be_contested_too(row, colleague):
    Assignment.objects.filter(pk=row.pk).update(state="offered")
    made = contested(row)
    offers.answer(row.pk, takes=False, by=row.worker.user, at=NOON)
    assert made.state == "open"
