"""From rows to the engine's problem, and back from minutes to moments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

from django.db.models import Max

from identity.models import Neighbourhood
from kernel.periods import start_of_day
from marketplace.models import Booking
from scheduling.engine.model import Client, Job, Level, Problem, Rules, Visit, Worker
from scheduling.engine.replan import subtract
from scheduling.models import Assignment
from scheduling.models import Visit as VisitRow
from workers_pool.hiring import contract_on
from workers_pool.models import NotWith
from workers_pool.models import Worker as WorkerRow

SPEED = {"walk": 75, "bike": 200}  # metres a minute, door to door
CERTIFICATES = {"guarding": ("guard_pass",), "moving": ("lifting",)}
KNOWN_FOR = timedelta(weeks=12)


@dataclass(frozen=True)
class Week:
    """A week of a neighbourhood on the engine's clock: minutes since Monday 00:00 local."""

    monday: date

    @property
    def start(self) -> datetime:
        return start_of_day(self.monday)

    @property
    def end(self) -> datetime:
        return start_of_day(self.monday + timedelta(days=7))

    @property
    def day_starts(self) -> tuple[int, ...]:
        return tuple(self.minute(start_of_day(self.monday + timedelta(days=day))) for day in range(8))

    def minute(self, moment: datetime) -> int:
        """Return the minute of a moment."""
        return round((moment - self.start).total_seconds() // 60)

    def moment(self, minute: int) -> datetime:
        """Return the moment of a minute."""
        return self.start + timedelta(minutes=minute)


class Told(NamedTuple):
    """What stands in the week already."""

    visits: tuple[Visit, ...]
    bookings: frozenset[int]


def problem(neighbourhood: Neighbourhood, monday: date, *, now: datetime | None = None) -> Problem:
    """Return the week as the engine reads it. Every published visit is locked; requests are open jobs.

    With `now`, nothing starts before it.
    """
    week = Week(monday)
    told = _told(neighbourhood, week)
    bookings = _bookings(neighbourhood, week, told)
    workers = _workers(neighbourhood, week)
    clients = {booking.customer_id: booking.customer for booking in bookings}
    blocked = _blocked(list(clients))
    known = {worker.id for worker in workers}
    return Problem(
        workers=tuple(workers),
        clients=tuple(
            Client(str(pk), frozenset(client.languages), frozenset(blocked.get(pk, set()) & known))
            for pk, client in clients.items()
        ),
        jobs=tuple(_job(booking, week, known) for booking in bookings),
        rules=Rules(speed=SPEED, skill_certificates=CERTIFICATES, travel_is_work=True, notice=0),
        published=told.visits,
        locked=frozenset(visit.job for visit in told.visits),
        now=week.minute(now) if now and now > week.start else None,
        day_starts=week.day_starts,
        name=f"{neighbourhood.ref} {monday}",
    )


def _told(neighbourhood: Neighbourhood, week: Week) -> Told:
    rows = (
        VisitRow.objects.filter(neighbourhood=neighbourhood, start_at__gte=week.start, start_at__lt=week.end)
        .exclude(state=VisitRow.State.CANCELLED)
        .prefetch_related("assignments")
    )
    visits = []
    for row in rows:
        crew = [str(a.worker_id) for a in row.assignments.all() if a.state in Assignment.LIVE]
        visits.append(Visit(str(row.booking_id), week.minute(row.start_at), tuple(crew)))
    return Told(tuple(visits), frozenset(row.booking_id for row in rows))


def _bookings(neighbourhood: Neighbourhood, week: Week, told: Told) -> list[Booking]:
    rows = Booking.objects.filter(neighbourhood=neighbourhood).exclude(state=Booking.State.CANCELLED)
    wanted = rows.filter(pk__in=told.bookings) | rows.filter(
        state=Booking.State.REQUESTED, starts__0__gte=week.start, starts__0__lt=week.end
    )
    return list(wanted.select_related("customer", "service", "address").order_by("pk"))


def _job(booking: Booking, week: Week, known: set[str]) -> Job:
    starts = tuple(week.minute(start) for start in booking.starts if week.start <= start < week.end)
    live = VisitRow.objects.filter(booking=booking).exclude(state=VisitRow.State.CANCELLED).first()
    if live and week.minute(live.start_at) not in starts:
        starts = (*starts, week.minute(live.start_at))
    since = week.start - KNOWN_FOR
    faces = (
        Assignment.objects.filter(
            visit__booking__customer=booking.customer_id,
            state=Assignment.State.WORKED,
            during__startswith__gte=since,
        )
        .order_by("worker_id")
        .values_list("worker_id", flat=True)
        .distinct()
    )
    return Job(
        id=str(booking.pk), client=str(booking.customer_id), x=booking.address.x, y=booking.address.y,
        skill=booking.service.skill, team=booking.crew, minutes=booking.minutes, starts=starts,
        certificates=frozenset(booking.service.certificates),
        regulars=tuple(str(face) for face in faces if str(face) in known), series=booking.series or None,
    )  # fmt: skip


def _workers(neighbourhood: Neighbourhood, week: Week) -> list[Worker]:
    sunday = week.monday + timedelta(days=6)
    rows = (
        WorkerRow.objects.filter(neighbourhood=neighbourhood, hired_on__lte=sunday)
        .exclude(left_on__lte=week.monday)
        .select_related("home")
        .prefetch_related("skills", "certificates", "contracts", "availability", "absences")
        .order_by("pk")
    )
    ends = dict(
        Assignment.objects.filter(state__in=Assignment.LIVE, visit__end_at__lte=week.start)
        .filter(visit__end_at__gt=week.start - timedelta(days=3))
        .values_list("worker_id")
        .annotate(last=Max("visit__end_at"))
    )
    avoided: dict[int, set[str]] = {}
    for pair in NotWith.objects.filter(side=NotWith.Side.WORKER):
        avoided.setdefault(pair.worker_id, set()).add(str(pair.customer_id))
    found = []
    for row in rows:
        contract = contract_on(row, sunday)
        if contract is not None:
            found.append(
                Worker(
                    id=str(row.pk), x=row.home.x, y=row.home.y, mode=row.mode, contract=contract.week_minutes,
                    wanted=contract.wanted_minutes, availability=_windows(row, week),
                    languages=frozenset(row.languages), skills={s.skill: cast("Level", s.level) for s in row.skills.all()},
                    certificates=_certificates(row, week), likes_late=row.likes_late,
                    excluded_clients=frozenset(avoided.get(row.pk, set())),
                    previous_end=min(0, week.minute(ends[row.pk])) if row.pk in ends else -2 * 1440,
                )
            )  # fmt: skip
    return found


def _windows(row: WorkerRow, week: Week) -> tuple[tuple[int, int], ...]:
    windows = []
    for slot in sorted(row.availability.all(), key=lambda slot: (slot.weekday, slot.from_minute)):
        day = week.monday + timedelta(days=slot.weekday)
        midnight, next_midnight = (
            week.minute(start_of_day(day)),
            week.minute(start_of_day(day + timedelta(days=1))),
        )
        shift = next_midnight - midnight - 1440  # the clock changes before anybody works
        windows.append((midnight + shift + slot.from_minute, midnight + shift + slot.until_minute))
    for absence in row.absences.all():
        windows = list(subtract(windows, week.minute(absence.from_at), week.minute(absence.until_at)))
    return tuple(windows)


def _certificates(row: WorkerRow, week: Week) -> dict[str, int]:
    valid: dict[str, int] = {}
    for paper in row.certificates.all():
        if paper.valid_from_on <= week.monday + timedelta(days=6):
            last = week.minute(start_of_day(paper.valid_until_on + timedelta(days=1)))
            valid[paper.kind] = max(last, valid.get(paper.kind, last))
    return valid


def _blocked(customers: list[int]) -> dict[int, set[str]]:
    blocked: dict[int, set[str]] = {}
    for row in NotWith.objects.filter(side=NotWith.Side.CUSTOMER, customer__in=customers):
        blocked.setdefault(row.customer_id, set()).add(str(row.worker_id))
    return blocked
