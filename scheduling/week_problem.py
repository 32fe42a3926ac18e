"""From rows to the engine's problem, and back from minutes to moments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import Max, Min

from identity.models import Neighbourhood
from kernel.periods import start_of_day
from lawbook.working_time import DAILY_REST_MINUTES, WEEKLY_REST_MINUTES
from marketplace.models import Booking
from scheduling import fairness, history
from scheduling.engine.model import Client, Job, Level, Problem, Rules, Visit, Weights, Worker
from scheduling.models import Assignment
from scheduling.models import Visit as VisitRow
from scheduling.working_time import MOST_WEEKS, room
from workers_pool import availability, skills
from workers_pool.contracts import contract_on, is_employed
from workers_pool.models import Contract, NotWith
from workers_pool.models import Worker as WorkerRow

SPEED = {"walk": 75, "bike": 200}  # metres a minute, door to door
CERTIFICATES = {"guarding": ("guard_pass",), "moving": ("lifting",)}
KNOWN_FOR = timedelta(weeks=12)
ASKED = "asked"


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


def problem(
    neighbourhood: Neighbourhood, monday: date, *, now: datetime | None = None, weights: Weights | None = None,
    asked: Booking | None = None,
) -> Problem:  # fmt: skip
    """Return the week as the engine reads it. Every published visit is locked; requests are open jobs.

    With `now`, nothing starts before it.

    :param asked: a booking that is not placed yet; its job is `ASKED`, the last one.
    """
    week = Week(monday)
    workers = _workers(neighbourhood, week)
    known = {worker.id for worker in workers}
    told = _told(neighbourhood, week, known)
    bookings = [*_bookings(neighbourhood, week, list(told)), *([asked] if asked else [])]
    clients = {booking.customer_id: booking.customer for booking in bookings}
    faces = _faces(list(clients), week, known)
    blocked = _blocked(list(clients))
    return Problem(
        workers=tuple(workers),
        clients=tuple(
            Client(str(pk), frozenset(client.languages), frozenset(blocked.get(pk, set()) & known))
            for pk, client in clients.items()
        ),
        jobs=tuple(_job(booking, week, told, faces.get(booking.customer_id, ())) for booking in bookings),
        rules=Rules(
            speed=SPEED, skill_certificates=CERTIFICATES, travel_is_work=True, notice=0,
            daily_rest=DAILY_REST_MINUTES.on(monday), weekly_rest=WEEKLY_REST_MINUTES.on(monday),
        ),
        weights=weights or Weights(),
        published=tuple(told.values()),
        locked=frozenset(visit.job for visit in told.values()),
        now=week.minute(now) if now and now > week.start else None,
        day_starts=week.day_starts,
        name=f"{neighbourhood.ref} {monday}",
    )  # fmt: skip


def _told(neighbourhood: Neighbourhood, week: Week, known: set[str]) -> dict[int, Visit]:
    """Return the week's published visits by booking, with who is still expected of the workers we know."""
    rows = (
        VisitRow.objects.filter(neighbourhood=neighbourhood, start_at__gte=week.start, start_at__lt=week.end)
        .exclude(state=VisitRow.State.CANCELLED)
        .prefetch_related("assignments")
    )
    told = {}
    for row in rows.order_by("pk"):
        crew = [str(a.worker_id) for a in row.assignments.all() if a.state in Assignment.LIVE]
        told[row.booking_id] = Visit(
            str(row.booking_id), week.minute(row.start_at), tuple(name for name in crew if name in known)
        )
    return told


def _bookings(neighbourhood: Neighbourhood, week: Week, told: list[int]) -> list[Booking]:
    rows = Booking.objects.filter(neighbourhood=neighbourhood).exclude(state=Booking.State.CANCELLED)
    wanted = rows.filter(pk__in=told) | rows.filter(state=Booking.State.REQUESTED, starts__0__lt=week.end)
    found = wanted.select_related("customer", "service", "address").order_by("pk")
    return [
        row for row in found if row.pk in told or any(week.start <= start < week.end for start in row.starts)
    ]


def _job(booking: Booking, week: Week, told: Mapping[int, Visit], faces: Iterable[str]) -> Job:
    starts = tuple(week.minute(start) for start in booking.starts if week.start <= start < week.end)
    if booking.pk in told and told[booking.pk].start not in starts:
        starts = (*starts, told[booking.pk].start)
    return Job(
        id=str(booking.pk or ASKED), client=str(booking.customer_id), x=booking.address.x, y=booking.address.y,
        skill=booking.service.skill, team=booking.crew, minutes=booking.minutes, starts=starts,
        certificates=frozenset(booking.service.certificates), regulars=tuple(faces), series=booking.series or None,
    )  # fmt: skip


def _faces(customers: list[int], week: Week, known: set[str]) -> dict[int, list[str]]:
    """Return who worked at each customer's in the last weeks."""
    pairs = (
        Assignment.objects.filter(visit__booking__customer__in=customers, state=Assignment.State.WORKED)
        .filter(visit__start_at__gte=week.start - KNOWN_FOR)
        .order_by("visit__booking__customer", "worker_id")
        .values_list("visit__booking__customer", "worker_id")
        .distinct()
    )
    faces: dict[int, list[str]] = {}
    for customer, worker in pairs:
        if str(worker) in known:
            faces.setdefault(customer, []).append(str(worker))
    return faces


def _workers(neighbourhood: Neighbourhood, week: Week) -> list[Worker]:
    rows = (
        WorkerRow.objects.filter(neighbourhood=neighbourhood, hired_on__lt=week.monday + timedelta(days=7))
        .exclude(left_on__lte=week.monday)
        .select_related("home")
        .prefetch_related("skills", "certificates", "contracts", "availability", "absences")
        .order_by("pk")
    )
    rests = _rests(week)
    around = history.around([row.pk for row in rows], week.monday, weeks=MOST_WEEKS - 1)
    shares = fairness.beside_colleagues(fairness.shares_before(list(rows), week.monday))
    avoided: dict[int, set[str]] = {}
    for pair in NotWith.objects.filter(side=NotWith.Side.WORKER, worker__neighbourhood=neighbourhood):
        avoided.setdefault(pair.worker_id, set()).add(str(pair.customer_id))
    found = []
    for row in rows:
        contract = _contract(row, week)
        if contract is not None:
            ended, begins = rests.get(row.pk, (None, None))
            found.append(
                Worker(
                    id=str(row.pk), x=row.home.x, y=row.home.y, mode=row.mode,
                    contract=min(contract.week_minutes, _room(around[row.pk], week)),
                    wanted=contract.wanted_minutes, availability=_windows(row, week, begins),
                    languages=frozenset(row.languages), skills={s.skill: cast("Level", s.level) for s in row.skills.all()},
                    certificates=_certificates(row, week), likes_late=row.likes_late,
                    excluded_clients=frozenset(avoided.get(row.pk, set())),
                    previous_end=min(0, week.minute(ended)) if ended else -2 * 1440, history=shares[row.pk],
                )
            )  # fmt: skip
    return found


def _room(around: history.Around, week: Week) -> int:
    return room(around.before, around.after, monday=week.monday)


def _contract(row: WorkerRow, week: Week) -> Contract | None:
    """Return the contract of the week: of two that meet in it the smaller, so that neither is passed."""
    days = [week.monday + timedelta(days=day) for day in range(7)]
    held = [contract_on(row, day) for day in days if is_employed(row, day)]
    return min((c for c in held if c), key=lambda contract: contract.week_minutes, default=None)


def _rests(week: Week) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Return, by worker, when the last visit before the week ends and when the first one after it starts."""
    live = Assignment.objects.filter(state__in=Assignment.LIVE)
    near = timedelta(days=3)
    ends = live.filter(visit__end_at__lte=week.start, visit__end_at__gt=week.start - near)
    begins = live.filter(visit__start_at__gte=week.end, visit__start_at__lt=week.end + near)
    before = dict(ends.values_list("worker_id").annotate(last=Max("visit__end_at")))
    after = dict(begins.values_list("worker_id").annotate(first=Min("visit__start_at")))
    return {pk: (before.get(pk), after.get(pk)) for pk in {*before, *after}}


def _windows(row: WorkerRow, week: Week, begins: datetime | None) -> tuple[tuple[int, int], ...]:
    """Return when a worker can work, with the daily rest kept before a visit of the week after."""
    spans: Iterable[availability.Span] = availability.windows(row, week.monday)
    if begins is not None:
        rest = timedelta(minutes=DAILY_REST_MINUTES.on(week.monday))
        spans = availability.without(spans, begins - rest, week.end + timedelta(days=1))
    return tuple((week.minute(start), week.minute(end)) for start, end in spans)


def _certificates(row: WorkerRow, week: Week) -> dict[str, int]:
    """Return until which minute each paper is valid; one that begins in the week waits for the next."""
    valid: dict[str, int] = {}
    since = max(week.monday, row.hired_on)
    for kind in {paper.kind for paper in row.certificates.all()}:
        last = skills.valid_to(row.certificates.all(), kind, since=since)
        if last is not None:
            valid[kind] = week.minute(start_of_day(last + timedelta(days=1)))
    return valid


def _blocked(customers: list[int]) -> dict[int, set[str]]:
    blocked: dict[int, set[str]] = {}
    for row in NotWith.objects.filter(side=NotWith.Side.CUSTOMER, customer__in=customers):
        blocked.setdefault(row.customer_id, set()).add(str(row.worker_id))
    return blocked
