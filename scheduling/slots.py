"""Which starts can be promised for a new booking, and the booking that takes one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Unpack

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from identity.models import Address, Customer, Neighbourhood, User
from kernel.errors import Refused
from kernel.minutes import is_doubled, is_missing
from lawbook.wages import CALL_NOTICE_DAYS
from marketplace import bookings, catalogue
from marketplace.models import Booking, Service
from scheduling import drafting, explaining, mending, promises, publishing, weighting
from scheduling.engine import slots as engine
from scheduling.engine.board import Board
from scheduling.engine.day import paid_minutes
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Visit as EngineVisit
from scheduling.engine.reasons import board_of
from scheduling.models import Plan
from scheduling.repair_week import monday_of
from scheduling.week_problem import Week, asked, problem

FIRST_HOUR, LAST_HOUR = 8, 18
HORIZON = 14
"""So many days are looked at for the best starts."""


class Taken(Refused):
    """The start that was offered is taken since."""


class OneStart(Refused):
    """One start is promised, not several."""


@dataclass(frozen=True)
class Wanted:
    """What a booking would ask: by whom, what, where, how long, with how many."""

    customer: Customer
    service: Service
    address: Address
    minutes: int
    crew: int


@dataclass(frozen=True)
class FreeStart:
    """A start at which a whole crew is free, and whether the customer knows one of them."""

    start_at: datetime
    is_known: bool


def best(wanted: Wanted, *, at: datetime, most: int = 3) -> list[FreeStart]:
    """Return the best start of each of the first days on which there is one, in order of time.

    Nothing nearer than the law's term is promised: whoever is asked later than that may say no (BW 7:628a).
    """
    first = timezone.localdate(at) + timedelta(days=CALL_NOTICE_DAYS.on(timezone.localdate(at)))
    days = [first + timedelta(days=number) for number in range(HORIZON)]
    found: dict[date, tuple[datetime, engine.Slot]] = {}
    for monday in sorted({day - timedelta(days=day.weekday()) for day in days}):
        of_week = [day for day in days if day - timedelta(days=day.weekday()) == monday]
        for start_at, slot in _slots(wanted, _starts(of_week, wanted, at=at), at=at, remembered=True):
            day = timezone.localdate(start_at)
            if day not in found and len(found) == most:
                break
            if day not in found or slot.rank < found[day][1].rank:
                found[day] = start_at, slot
    return [FreeStart(start_at, slot.is_known) for start_at, slot in found.values()]


def free(wanted: Wanted, starts: Sequence[datetime], *, at: datetime) -> list[tuple[datetime, engine.Slot]]:
    """Return the starts, all of one week, at which a whole crew is free, each with that crew."""
    return list(_slots(wanted, starts, at=at, remembered=False))


def _slots(
    wanted: Wanted, starts: Sequence[datetime], *, at: datetime, remembered: bool
) -> Iterator[tuple[datetime, engine.Slot]]:
    """Yield free starts, in the order of `starts`; what is remembered may be the week of a moment ago."""
    if not starts:
        return
    where, week = wanted.address.neighbourhood, Week(monday_of(starts[0]))
    booking = Booking(
        customer=wanted.customer, service=wanted.service, address=wanted.address, starts=list(starts),
        minutes=wanted.minutes, crew=wanted.crew,
    )  # fmt: skip
    made = _remembered(where, week.monday, at) if remembered else _board(where, week.monday, at)
    client, job = asked(booking, week.monday, set(made.problem.worker))
    for slot in engine.free(made.asked(client, job), job):
        yield week.moment(slot.start), slot


def _board(where: Neighbourhood, monday: date, at: datetime) -> Board:
    week = problem(where, monday, now=at, weights=weighting.weights())
    made = _draft(where, monday)
    return engine.board_of_promises(
        week, draft=drafting.draft_of(made) if made else None, first=promises.waiting(where.pk, monday)
    )


def _draft(where: Neighbourhood, monday: date) -> Plan | None:
    return Plan.objects.filter(neighbourhood=where, monday=monday, state=Plan.State.DRAFT).first()


_BOARDS: dict[tuple[str, int, date], tuple[tuple[int, int], Board]] = {}
MOST_BOARDS = 40


def _remembered(where: Neighbourhood, monday: date, at: datetime) -> Board:
    """Return the week as it was after the last event of the books: every act that changes it is one.

    Kept in memory, so that a page with free starts takes milliseconds. The hour counts too: time passes.
    """
    latest = Event.objects.aggregate(latest=Max("pk"))["latest"] or 0
    key, stamp = (
        (connection.settings_dict["NAME"], where.pk, monday),
        (latest, int(at.timestamp()) // 3600),
    )
    known = _BOARDS.get(key)
    if known is None or known[0] != stamp:
        if len(_BOARDS) >= MOST_BOARDS:
            _BOARDS.clear()
        known = _BOARDS[key] = stamp, _board(where, monday, at)
    return known[1]


def is_free(wanted: Wanted, start_at: datetime, *, at: datetime) -> bool:
    """Tell whether a start can be promised now."""
    return publishing.in_time(start_at, at=at) and bool(free(wanted, [start_at], at=at))


@transaction.atomic(durable=True)
def book(customer_id: int, **facts: Unpack[bookings.Asked]) -> Booking:
    """Book a start that was offered, when it is free still. Two who take the last one: one has it, one hears so.

    In a week that is published the visit is there at once, with its crew; else it is promised: it gets a place in the
    draft there is, and every later plan keeps it.

    :raises OneStart: several starts are asked, or none.
    :raises Taken: it is not free any more; nothing is held.
    :raises Refused: as `bookings.place`.
    """
    known = Booking.objects.filter(form_key=facts["form_key"], customer_id=customer_id).first()
    if known:
        return known
    address = Address.objects.select_related("neighbourhood").get(pk=facts["address_id"])
    publishing.take_turn(address.neighbourhood_id)
    wanted = Wanted(
        Customer.objects.get(pk=customer_id), Service.objects.get(pk=facts["service_id"]), address,
        facts["minutes"], facts["crew"],
    )  # fmt: skip
    if len(facts["starts"]) != 1:
        raise OneStart(_("Kies één tijd."))
    start_at, at = facts["starts"][0], facts["at"]
    found = free(wanted, [start_at], at=at) if publishing.in_time(start_at, at=at) else []
    if not found:
        raise Taken(_("Deze tijd is net weg. Kies een andere tijd."))
    booking = bookings.placed(customer_id, **facts)
    if _is_published(address.neighbourhood_id, monday_of(start_at)):
        _send(booking, start_at, [int(worker) for worker in found[0][1].crew], by=facts["by"], at=at)
    else:
        promises.promise(booking, at=at)
        _into_draft(booking, found[0][1])
    return booking


def _into_draft(booking: Booking, slot: engine.Slot) -> None:
    monday = monday_of(booking.starts[0])
    made = _draft(booking.neighbourhood, monday)
    if made is not None:
        week = problem(booking.neighbourhood, monday)
        drafting.add(made, week, EngineVisit(str(booking.pk), slot.start, slot.crew))


def _is_published(neighbourhood_id: int, monday: date) -> bool:
    return Plan.objects.filter(
        neighbourhood=neighbourhood_id, monday=monday, state=Plan.State.PUBLISHED
    ).exists()


def _send(booking: Booking, start_at: datetime, crew: list[int], *, by: User, at: datetime) -> None:
    week = problem(booking.neighbourhood, monday_of(start_at))
    paid = {str(pk): paid_minutes(board_of(week, EnginePlan(week.published)).weeks[str(pk)]) for pk in crew}
    job = week.job[str(booking.pk)]
    why = {
        name: explaining.for_worker(week, job, name, paid=minutes + job.minutes)
        for name, minutes in paid.items()
    }
    mending.send_all(
        {"after": {"start": start_at.isoformat(), "workers": crew}, "why": why}, booking, by=by, at=at
    )


def _starts(days: Sequence[date], wanted: Wanted, *, at: datetime) -> list[datetime]:
    return [start for day in days for start in _of_day(day, wanted) if publishing.in_time(start, at=at)]


def _of_day(day: date, wanted: Wanted) -> Iterator[datetime]:
    """Yield the whole hours of a day at which the service may begin."""
    if wanted.service.needs_guarding_permit and wanted.service not in catalogue.bookable(on=day):
        return
    for hour in range(FIRST_HOUR, LAST_HOUR + 1):
        minute = 60 * hour
        if minute + wanted.minutes <= 24 * 60 and not (is_doubled(day, minute) or is_missing(day, minute)):
            yield timezone.make_aware(datetime.combine(day, time(hour)))
