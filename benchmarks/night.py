"""`make bench-night`: every neighbourhood's week planned in one night, by the programs that do so in the product.

The relay, the planner (two processes) and the repairer run as they do in a site, over a PostgreSQL and a broker of their
own. Meanwhile the server is asked, several times a second, which transactions are open and for how long, which bounds how
long any lock is held; another client locks what is being planned, again and again, and must never be refused; and half-way
somebody calls in sick, who must be answered while plans wait. NEIGHBOURHOODS=50 SECONDS=8 SHORT=1 (6 small ones of a
second). Exit 1 when a plan failed, a lock was in the way, the sick call waited, or the night was too short.
"""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic, sleep

from django.db import OperationalError, connection, transaction

from benchmarks import ground
from identity import clock
from identity.models import Neighbourhood
from marketplace.models import Booking
from scheduling import planning, replanning
from scheduling.models import Assignment, Plan, Repair, Visit
from tests import build, build_work
from tests.build import NOON
from tests.programs import programs
from tools import embedded, supervised
from tools.site import Stack
from workers_pool.models import Worker

PROCESSES = 2
MONDAY = date(2026, 11, 9)
NIGHT = 7 * 3600
"""Seconds from eleven in the evening to six in the morning."""
LONGEST_LOCK, LONGEST_REPAIR, SILENCE = 2.0, 15.0, 600.0
"""Seconds: a transaction, a sick call from the press to the proposals, and a night in which nothing happens any more."""
LOOK_EACH = 0.1


@dataclass(frozen=True)
class Size:
    """What is planned."""

    neighbourhoods: int
    workers: int
    bookings: int
    seconds: int


@dataclass
class Seen:
    """What a night showed. `longest` is of any transaction, `idle` of one in which nothing was asked; in seconds."""

    wall: float = 0.0
    looks: int = 0
    searching: int = 0
    longest: float = 0.0
    idle: float = 0.0
    last: str = ""
    knocks: int = 0
    refused: int = 0
    repair: float | None = None
    waited: int = 0
    megabytes: int = 0


def main() -> int:
    """Plan the night and print what was seen."""
    short = os.environ.get("SHORT", "0") == "1"
    size = Size(
        int(os.environ.get("NEIGHBOURHOODS", "6" if short else "50")), *((8, 16) if short else (24, 60)),
        int(os.environ.get("SECONDS", "1" if short else "8")),
    )  # fmt: skip
    with ground.own_database("night") as database:
        clock.shift_to(NOON)
        began = monotonic()
        sick = _disturbed()
        ids = _settle(size)
        settled = monotonic() - began
        with programs(database, [supervised.relay(), supervised.planner(), supervised.repairer()]) as stack:
            seen = _night(database, stack, ids, sick)
            return _judge(size, settled, seen)  # the database goes with its programs


def _disturbed() -> Visit:
    """A published visit of another neighbourhood, whose worker says no; somebody else is free."""
    visit = build_work.published_visit()
    build_work.worker("Vrij")
    Assignment.objects.filter(visit=visit).update(state=Assignment.State.DECLINED)
    return visit


def _settle(size: Size) -> list[int]:
    """Make the neighbourhoods with their people and bookings, and ask for a plan of each."""
    draw, by, ids = Random(1), build.user(), []
    for number in range(size.neighbourhoods):
        where = build.neighbourhood(f"Buurt {number + 1}")
        for _ in range(size.workers):
            home = build.address(where=where, x=draw.randrange(3000), y=draw.randrange(3000))
            windows = [(day, 8 * 60, 18 * 60) for day in sorted(draw.sample(range(6), 4))]
            build_work.worker(home=home, windows=windows, mode=draw.choice(["walk", "bike"]))
        for _ in range(size.bookings):
            customer = build.customer(
                address=build.address(where=where, x=draw.randrange(3000), y=draw.randrange(3000))
            )
            build.lot(customer, hours=30)
            day = datetime(2026, 11, 9, tzinfo=UTC) + timedelta(days=draw.randrange(6))
            starts = [day + timedelta(hours=draw.randrange(8, 13)) for _ in range(2)]
            build.booking(
                customer,
                starts=sorted(set(starts)),
                minutes=draw.choice([120, 150, 180]),
                crew=draw.choice([1, 1, 1, 2]),
            )
        plan = planning.ask(where.pk, monday=MONDAY, seconds=size.seconds, seed=1, by=by, at=NOON)
        ids.append(plan.pk)
    return ids


def _night(database: str, stack: Stack, ids: list[int], sick: Visit) -> Seen:
    """Look on until every plan is made, or nothing happens any more."""
    seen, began = Seen(), monotonic()
    left, heard = len(ids), began
    repair: Repair | None = None
    asked, doubtful = 0.0, dict[int, datetime | None]()
    while left and monotonic() - began < NIGHT and monotonic() - heard < SILENCE:
        busy = Plan.objects.filter(pk__in=ids, state__in=Plan.BUSY)
        searching = {
            plan.neighbourhood_id: plan.seen_at
            for plan in busy.filter(state=Plan.State.RUNNING).exclude(progress={})
        }
        _look(database, seen, is_searching=bool(searching))
        # who is refused while a draft is being written waits a moment; a later sign of life says that it was a search
        seen.refused += sum(searching.get(where, at) != at for where, at in doubtful.items())
        doubtful = {where: at for where, at in searching.items() if not _knock(where, seen)}
        now_left = busy.count()
        if now_left != left:
            left, heard = now_left, monotonic()
        if repair is None and left <= len(ids) // 2 + 1:
            (repair,), asked = (
                replanning.ask_for_visits("short", [sick.pk], by=build.user(), at=clock.now()),
                monotonic(),
            )
        if repair and seen.repair is None and _is_answered(repair):
            seen.repair, seen.waited = monotonic() - asked, busy.filter(state=Plan.State.ASKED).count()
        sleep(LOOK_EACH)
    seen.wall = monotonic() - began
    seen.megabytes = max((_megabytes(pid) for pid in stack.processes("planner@localhost")), default=0)
    return seen


def _is_answered(repair: Repair) -> bool:
    return Repair.objects.filter(pk=repair.pk, state=Repair.State.READY).exists()


def _look(database: str, seen: Seen, *, is_searching: bool) -> None:
    """Ask the server how long each transaction of the programs is open, and which one of them does nothing."""
    seen.looks += 1
    seen.searching += int(is_searching)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    with embedded.as_superuser() as server:
        rows = server.execute(
            "SELECT state, extract(epoch FROM clock_timestamp() - xact_start), query FROM pg_stat_activity "
            "WHERE datname = %s AND pid NOT IN (%s, pg_backend_pid()) AND xact_start IS NOT NULL",
            [database, own],
        ).fetchall()
    for state, age, query in rows:
        if float(str(age)) > seen.longest:
            seen.longest, seen.last = float(str(age)), " ".join(str(query).split())[:90]
        if str(state).startswith("idle in transaction"):
            seen.idle = max(seen.idle, float(str(age)))


def _megabytes(pid: int) -> int:
    """Return the most memory that a process had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def _knock(neighbourhood: int, seen: Seen) -> bool:
    """Lock all that another act would lock in a neighbourhood that is being planned; at once or not at all."""
    seen.knocks += 1
    try:
        with transaction.atomic():
            for rows in (
                Neighbourhood.objects.filter(pk=neighbourhood),
                Booking.objects.filter(neighbourhood=neighbourhood).order_by("pk"),
                Worker.objects.filter(neighbourhood=neighbourhood).order_by("pk"),
            ):
                list(rows.select_for_update(no_key=True, nowait=True).values_list("pk"))
            transaction.set_rollback(True)
    except OperationalError:
        return False
    return True


def _judge(size: Size, settled: float, seen: Seen) -> int:
    made = [plan for plan in Plan.objects.filter(monday=MONDAY, state=Plan.State.DRAFT) if plan.figures]
    asked, unserved = (
        sum(plan.figures[name] for plan in made) for name in ("asked_minutes", "unserved_minutes")
    )
    busy = size.neighbourhoods * size.seconds
    print(
        f"night: {len(made)} of {size.neighbourhoods} neighbourhoods planned by the product's own programs ({PROCESSES} planning "
        f"processes) in {seen.wall:.0f} s, {size.workers} workers, {size.bookings} bookings and {size.seconds} s of search "
        f"each (made ready in {settled:.0f} s; load {os.getloadavg()[0]:.1f})\n"
        f"  50 of these take       {seen.wall * 50 / max(1, len(made)) / 60:.0f} minutes; a night has {NIGHT // 60}\n"
        f"  unserved               {unserved:,} of {asked:,} minutes\n"
        f"  searching              {busy} s of {seen.wall * PROCESSES:.0f} s that two processes had; the rest is to start, read, "
        f"write and wait\n"
        f"  open transactions      looked {seen.looks} times, {seen.searching} during a search: the longest {seen.longest * 1000:.0f} "
        f"ms (its last word: {seen.last}), the longest that did nothing {seen.idle * 1000:.0f} ms\n"
        f"  another client         locked the neighbourhood, its bookings and its workers {seen.knocks} times during a "
        f"search: refused {seen.refused} times\n"
        f"  a sick call            {_said(seen)}\n"
        f"  memory                 {seen.megabytes} MB at most in a process"
    )
    missed = {
        "a plan was not made": len(made) < size.neighbourhoods,
        "the night was too short": seen.wall >= NIGHT,
        "a lock was in the way of another client": seen.refused > 0,
        "nobody knocked": seen.knocks == 0,
        f"a transaction took more than {LONGEST_LOCK} s": seen.longest > LONGEST_LOCK,
        f"a sick call waited more than {LONGEST_REPAIR} s": seen.repair is None or seen.repair > LONGEST_REPAIR,
    }  # fmt: skip
    for what in (what for what, is_so in missed.items() if is_so):
        print(f"MISSED  {what}")
    return int(any(missed.values()))


def _said(seen: Seen) -> str:
    if seen.repair is None:
        return "was not answered before the last plan"
    return f"half-way answered in {seen.repair:.1f} s, while {seen.waited} plans waited"


if __name__ == "__main__":
    sys.exit(main())
