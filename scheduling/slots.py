"""Which starts can be promised for a new booking, and the booking that takes one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from identity.models import Address, Customer, User
from kernel.errors import Refused
from kernel.minutes import is_doubled, is_missing
from lawbook.wages import CALL_NOTICE_DAYS
from marketplace import bookings, catalogue
from marketplace.models import Booking, Service
from scheduling import drafting, explaining, mending, publishing, weighting
from scheduling.engine import slots as engine
from scheduling.engine.day import paid_minutes
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.reasons import board_of
from scheduling.models import Plan
from scheduling.repair_week import monday_of
from scheduling.week_problem import ASKED, Week, problem

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
    found: list[FreeStart] = []
    for monday in sorted({day - timedelta(days=day.weekday()) for day in days}):
        of_week = [day for day in days if day - timedelta(days=day.weekday()) == monday]
        found += _best_of_days(free(wanted, _starts(of_week, wanted, at=at), at=at))
        if len(found) >= most:
            break
    return found[:most]


def free(wanted: Wanted, starts: Sequence[datetime], *, at: datetime) -> list[tuple[datetime, engine.Slot]]:
    """Return the starts, all of one week, at which a whole crew is free, each with that crew."""
    if not starts:
        return []
    week = Week(monday_of(starts[0]))
    asked = Booking(
        customer=wanted.customer, service=wanted.service, address=wanted.address, starts=list(starts),
        minutes=wanted.minutes, crew=wanted.crew,
    )  # fmt: skip
    found = problem(
        wanted.address.neighbourhood, week.monday, now=at, weights=weighting.weights(), asked=asked
    )
    made = Plan.objects.filter(
        neighbourhood=wanted.address.neighbourhood_id, monday=week.monday, state=Plan.State.DRAFT
    ).first()
    board = engine.board_of_promises(found, draft=drafting.draft_of(made) if made else None, besides=[ASKED])
    return [(week.moment(slot.start), slot) for slot in engine.free(board, found.job[ASKED])]


def is_free(wanted: Wanted, start_at: datetime, *, at: datetime) -> bool:
    """Tell whether a start can be promised now."""
    return publishing.in_time(start_at, at=at) and bool(free(wanted, [start_at], at=at))


@transaction.atomic(durable=True)
def book(customer_id: int, **facts: Unpack[bookings.Asked]) -> Booking:
    """Book a start that was offered, when it is free still. Two who take the last one: one has it, one hears so.

    In a week that is published the visit is there at once, with its crew; else the next plan has it.

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
    return booking


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


def _best_of_days(found: Sequence[tuple[datetime, engine.Slot]]) -> list[FreeStart]:
    best: dict[date, tuple[datetime, engine.Slot]] = {}
    for start_at, slot in found:
        day = timezone.localdate(start_at)
        if day not in best or slot.rank < best[day][1].rank:
            best[day] = start_at, slot
    return [FreeStart(start_at, slot.is_known) for _day, (start_at, slot) in sorted(best.items())]
