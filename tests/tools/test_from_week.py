"""A `week/1` file as a neighbourhood: who buys enough, also to give something back."""

from pathlib import Path
from random import Random

import pytest

from tools.demo import from_week, week_file

WEEKS = Path(__file__).parents[2].parent / "shared" / "scheduling" / "weeks"


@pytest.mark.django_db
@pytest.mark.skipif(not WEEKS.is_dir(), reason="the shared folder with public weeks is not here")
def test_every_customer_can_pay_the_jobs_of_the_file_and_has_two_hours_left():
    week = week_file.read(WEEKS / "week-30-b.json.gz")
    from_week.found(week, Random(1))

    cast = from_week.ask(week)

    needed: dict[str, int] = {}
    for wish in cast.wishes:
        needed[wish.customer] = needed.get(wish.customer, 0) + wish.minutes * wish.crew
    assert needed
    for asker in cast.askers:
        assert sum(asker.hours) * 60 - needed[asker.key] >= 120
