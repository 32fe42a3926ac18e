"""A town at work, made up: workers with files, contracts and awards, and the visits they did in a month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange as Range

from cheques.models import Hold, Wallet
from identity.models import Customer, Organisation
from kernel.periods import AMSTERDAM, each_day, month_of
from marketplace.models import Booking
from scheduling.models import Assignment, Visit
from tests import build, build_pay, build_work
from tests.build import NOON
from workers_pool.models import Worker

VISIT_MINUTES, VISITS_A_MONTH = 180, 34  # of a worker: 102 hours a month, 1.2 million a year of a thousand
STARTS = (9, 13)
AT_A_TIME = 2_000
_number = count(1)


@dataclass
class Town:
    """Who works in it, and for whom."""

    workers: list[Worker]
    customers: list[Customer]


def make(workers: int, *, with_subsidy: float = 0.6) -> Town:
    """Make a town; so many of its workers have an award."""
    build.organisation(iban=build_pay.ORGANISATION, wage_tax_number="123456789L01")
    Organisation.objects.filter(pk=1).update(name="Werk aan de Wijk")
    place, home = build.neighbourhood(), build.address()
    found = []
    for number in range(workers):
        one = build_work.worker(
            f"Werker {number}", home=home, where=place, week_minutes=24 * 60, wanted_minutes=24 * 60
        )
        build_pay.worker_file(one)
        if number < workers * with_subsidy:
            build_pay.award(one)
        found.append(one)
    customers = [build.customer(address=home) for _ in range(max(1, workers // 5))]
    return Town(found, customers)


def work(town: Town, month: date) -> int:
    """Write down a month of visits that were worked and accepted; return the minutes."""
    service, by = build.service(), build.user("Planner")
    wallets = {customer.pk: Wallet.objects.get_or_create(customer=customer)[0] for customer in town.customers}
    minutes = 0
    for chunk in _chunks(_slots(town, month), AT_A_TIME):
        holds = Hold.objects.bulk_create(
            Hold(key=f"bench:{next(_number)}", wallet=wallets[customer.pk], minutes=VISIT_MINUTES, state="closed", placed_at=begins)
            for _worker, customer, begins in chunk
        )  # fmt: skip
        bookings = Booking.objects.bulk_create(
            Booking(
                customer=customer, service=service, neighbourhood_id=worker.neighbourhood_id, address_id=customer.address_id,
                starts=[begins], minutes=VISIT_MINUTES, hold=hold, state="planned", placed_at=begins, placed_by=by,
            )
            for (worker, customer, begins), hold in zip(chunk, holds, strict=True)
        )  # fmt: skip
        visits = Visit.objects.bulk_create(
            Visit(
                booking=booking, neighbourhood_id=worker.neighbourhood_id, start_at=begins, end_at=_end(begins),
                published_at=NOON, state=Visit.State.FINISHED,
            )
            for (worker, _customer, begins), booking in zip(chunk, bookings, strict=True)
        )  # fmt: skip
        Assignment.objects.bulk_create(
            Assignment(
                visit=visit, worker=worker, during=Range(begins, _end(begins)), state=Assignment.State.WORKED,
                checked_in_at=begins, checked_out_at=_end(begins), assigned_at=begins, recorded_minutes=VISIT_MINUTES,
                accepted_minutes=VISIT_MINUTES, accepted_at=_end(begins), confirmed_minutes=VISIT_MINUTES, outcome="customer",
            )
            for (worker, _customer, begins), visit in zip(chunk, visits, strict=True)
        )  # fmt: skip
        minutes += len(chunk) * VISIT_MINUTES
    return minutes


def _slots(town: Town, month: date) -> Iterator[tuple[Worker, Customer, datetime]]:
    weekdays = [day for day in each_day(month_of(month)) if day.weekday() < 5]
    starts = [datetime.combine(day, time(hour), tzinfo=AMSTERDAM) for day in weekdays for hour in STARTS]
    for place, worker in enumerate(town.workers):
        for number, begins in enumerate(starts[:VISITS_A_MONTH]):
            yield worker, town.customers[(place + number) % len(town.customers)], begins


def _end(begins: datetime) -> datetime:
    return begins + timedelta(minutes=VISIT_MINUTES)


def _chunks(
    rows: Iterator[tuple[Worker, Customer, datetime]], size: int
) -> Iterator[Sequence[tuple[Worker, Customer, datetime]]]:
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
