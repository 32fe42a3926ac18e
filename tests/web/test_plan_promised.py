"""A plan says of which unserved booking the start was promised."""

from datetime import timedelta

import pytest

from tests import build, build_work
from tests.build import NOON
from tests.scheduling.test_promises import FRIDAY, WEEK, promised

pytestmark = pytest.mark.django_db


def test_says_that_a_start_that_cannot_be_kept_was_promised(visitor):
    worker = build_work.worker(windows=FRIDAY)
    promised()
    build.booking(starts=[NOON + timedelta(days=3)])
    worker.availability.all().delete()
    plan = build_work.plan(monday=WEEK)
    client = visitor(build.member("coordinator", where=build.neighbourhood()))
    page = client.get(f"/kantoor/rooster/{plan.ref}/").content.decode()
    assert (plan.unassigned.count(), page.count("Deze tijd is beloofd")) == (2, 1)
