"""Builders of the pool, and of hours at every stage."""

from datetime import date, timedelta

from identity.models import Address, Neighbourhood
from marketplace.models import Booking
from scheduling import planning, publishing, visits, week_closing
from scheduling.engine.stop import Iterations
from scheduling.models import Assignment, Plan, Visit
from tests import build
from tests.build import NOON
from workers_pool import hiring
from workers_pool.models import Worker

MONDAY = date(2026, 11, 9)
EVERY_DAY = [(weekday, 8 * 60, 20 * 60) for weekday in range(7)]


def worker(
    name: str = "Samira B.", *, home: Address | None = None, where: Neighbourhood | None = None, **facts
) -> Worker:
    """A worker who cleans, on a bike, eight to eight, up to 36 hours."""
    agreed = {
        "mode": "bike", "languages": ["nl"], "skills": {"cleaning": "qualified"}, "week_minutes": 36 * 60,
        "wanted_minutes": 30 * 60, "windows": EVERY_DAY, "by": build.user(), "at": NOON, "from_on": date(2026, 1, 1),
        **facts,
    }  # fmt: skip
    return hiring.hire(build.user(name), home=home or build.address(where=where), **agreed)


def plan(where: Neighbourhood | None = None, *, monday: date = MONDAY, at=NOON) -> Plan:
    """A draft plan of a week."""
    where = where or build.neighbourhood()
    asked = planning.ask(where.pk, monday=monday, seconds=1, seed=1, by=build.user(), at=at)
    return planning.make(asked.pk, at=at, stop=Iterations(200))


def published_visit(*, at=NOON, crew: int = 1, minutes: int = 180, **facts) -> Visit:
    """A visit next Monday at ten, with as many workers as it asks."""
    for _number in range(crew):
        worker()
    booking = build.booking(crew=crew, minutes=minutes, **facts)
    publishing.publish(plan(at=at).pk, by=build.user(), at=at)
    return Visit.objects.get(booking=booking)


def worked_visit(*, minutes: int = 180, late: int = 0, **facts) -> Visit:
    """A visit of which every worker came `late` minutes late and stayed so many minutes."""
    visit = published_visit(**facts)
    for row in visit.assignments.all():
        came = visit.start_at + timedelta(minutes=late)
        visits.check_in(row.pk, by=row.worker.user, at=came)
        visits.check_out(row.pk, by=row.worker.user, at=came + timedelta(minutes=minutes))
    visit.refresh_from_db()
    return visit


def worked_before(someone: Worker, monday: date, *, minutes: int) -> Assignment:
    """So many accepted minutes in a week, at one visit on its Monday."""
    customer = build.customer(where=someone.neighbourhood)
    build.lot(customer)
    booking = build.booking(customer)
    Booking.objects.filter(pk=booking.pk).update(state=Booking.State.PLANNED)
    start = NOON + (monday - NOON.date())
    end = start + timedelta(hours=3)
    visit = Visit.objects.create(
        booking=booking, neighbourhood=someone.neighbourhood, start_at=start, end_at=end, published_at=start,
        state=Visit.State.FINISHED,
    )  # fmt: skip
    return Assignment.objects.create(
        visit=visit, worker=someone, during=(start, end), state=Assignment.State.WORKED, assigned_at=start,
        recorded_minutes=minutes, accepted_minutes=minutes,
    )  # fmt: skip


def close_week(visit: Visit, *, at=NOON + timedelta(days=14)) -> None:
    week_closing.close(visit.neighbourhood_id, monday=MONDAY, by=build.user(), at=at)


def only(visit: Visit) -> Assignment:
    return visit.assignments.get()
