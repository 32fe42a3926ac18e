"""Complaints: noted with words, answered once."""

from datetime import timedelta

import pytest

from events.models import Event
from quality import complaints
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db


def opened(**facts):
    facts = {"words": "De bel doet het niet.", "by": build.user(), "at": NOON, **facts}
    return complaints.open_complaint(neighbourhood_id=build.neighbourhood().pk, **facts)


class TestOpen:
    def test_needs_no_customer_and_no_visit(self):
        complaint = opened(words="  Lawaai op straat. ")
        assert (complaint.words, complaint.customer, complaint.closed_at) == ("Lawaai op straat.", None, None)

    def test_the_event_holds_no_words(self):
        opened()
        assert Event.objects.get(kind="complaint.opened").payload == {}

    def test_is_refused_without_words(self):
        with pytest.raises(complaints.NothingSaid):
            opened(words="  ")

    def test_is_about_the_customers_own_visit(self):
        visit = build_work.published_visit()
        assert opened(customer_id=visit.booking.customer_id, visit_id=visit.pk).visit == visit
        with pytest.raises(complaints.NotTheirVisit):
            opened(customer_id=build.customer().pk, visit_id=visit.pk)


class TestAnswer:
    def test_closes_it_once(self):
        complaint, qa = opened(), build.member("qa")

        closed = complaints.answer(
            complaint.pk, words="De bel is gemaakt.", by=qa, at=NOON + timedelta(days=1)
        )

        assert (closed.answer, closed.closed_by) == ("De bel is gemaakt.", qa)
        with pytest.raises(complaints.AlreadyAnswered):
            complaints.answer(complaint.pk, words="Nog iets.", by=qa, at=NOON)

    def test_is_refused_without_words_and_stays_open(self):
        complaint = opened()
        with pytest.raises(complaints.NothingSaid):
            complaints.answer(complaint.pk, words=" ", by=build.user(), at=NOON)
        complaint.refresh_from_db()
        assert complaint.closed_at is None
