"""Somebody does not come: the week goes on with the best proposal, through the API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from rich.progress import Progress

from scheduling import replanning
from scheduling.engine.stop import Iterations
from scheduling.models import Repair, Visit
from tests import build, build_work
from tests.web.conftest import visitor
from tools.demo.client import Refusal
from tools.demo.journal import Journal
from tools.demo.neighbourhood import Cast
from tools.demo.working import Working
from tools.site import Stack

pytestmark = pytest.mark.django_db
__all__ = ["visitor"]


class Caller:
    """Somebody at the API; what a worker process finds out is found out at once."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        for repair in Repair.objects.filter(state=Repair.State.ASKED):
            replanning.make(repair.pk, at=repair.asked_at, stop=lambda: Iterations(60))
        return self._answer(self.client.get(f"/api/{path}"))

    def post(self, path: str, body: Any = None) -> Any:
        return self._answer(self.client.post(f"/api/{path}", body or {}, content_type="application/json"))

    def _answer(self, answer: Any) -> Any:
        said = answer.json()
        if answer.status_code >= 400:
            raise Refusal(answer.status_code, said.get("code", ""), str(said))
        return said


@pytest.fixture
def visit():
    return build_work.published_visit()


@pytest.fixture
def days(visit, visitor, tmp_path):
    where = visit.neighbourhood
    cast = Cast([], [], {where.ref: "coordinator"})
    days = Working(
        Stack(folder=tmp_path),
        cast,
        Journal(tmp_path / "journal.jsonl"),
        Progress(),
        seed=1,
        after_sign_up=lambda: None,
    )
    days.people["coordinator"] = Caller(visitor(build.member("coordinator", where=where)))  # type: ignore[assignment]
    other = build_work.worker("Ewa K.", where=where)
    days.people[other.user.email] = Caller(visitor(other.user))  # type: ignore[assignment]
    return days


def test_who_does_not_come_is_replaced_later_that_day_and_both_plans_are_kept(visit, days, tmp_path):
    row = build_work.only(visit)
    seen = days._visits()[0]
    days.journal.write("no show", {
        "row": row.ref, "email": row.worker.user.email, "ref": visit.ref, "booking": visit.booking.ref,
        "start_at": seen["start_at"],
    })  # fmt: skip

    days._no_show()

    again = Visit.objects.exclude(state=Visit.State.CANCELLED).get(booking=visit.booking)
    sent = build_work.only(again)
    assert visit.start_at + timedelta(minutes=75) <= again.start_at < visit.start_at + timedelta(hours=5)
    assert (sent.worker.user.name, sent.state) == ("Ewa K.", "assigned")
    assert sent.answered_at, "whoever is asked says yes"
    before, after = (
        json.loads((tmp_path / f"{when}_no_show.json").read_text()) for when in ("before", "after")
    )
    assert before == [[visit.booking.ref, 600, [row.worker.user.email]]]
    assert after == [
        [
            visit.booking.ref,
            round((again.start_at - visit.start_at).total_seconds() // 60) + 600,
            [sent.worker.user.email],
        ]
    ]
    assert f"no show:{row.ref}" in days.journal


def test_killed_on_the_way_it_is_done_once(visit, days):
    row = build_work.only(visit)
    told = {"row": row.ref, "email": row.worker.user.email, "ref": visit.ref, "booking": visit.booking.ref}
    days.journal.write("no show", {**told, "start_at": days._visits()[0]["start_at"]})
    days._no_show()
    for key in (f"noted:{row.ref}", f"no show:{row.ref}"):
        del days.journal.entries[key]

    days._no_show()

    assert Visit.objects.exclude(state=Visit.State.CANCELLED).filter(booking=visit.booking).count() == 1
    assert row.worker.pk not in Visit.objects.exclude(state=Visit.State.CANCELLED).values_list(
        "assignments__worker", flat=True
    )
