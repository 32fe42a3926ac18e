"""`make bench-night`: every neighbourhood's week planned in one night by two processes, on a real PostgreSQL.

Each process does what a planning worker does: take a plan that was asked for and run its task. The length of every
transaction is measured where it begins and ends, which bounds how long any lock is held; what is open while the engine
searches is counted; and beside it another client locks what is being planned, again and again, and must never be refused.
NEIGHBOURHOODS=50 SECONDS=8 SHORT=1 (6 small ones of a second). Exit 1 when a plan failed, or a lock was in the way.
"""

import multiprocessing
import os
import resource
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing.queues import Queue
from random import Random
from time import monotonic, sleep
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection, connections, transaction

from benchmarks import ground
from identity import clock
from identity.models import Neighbourhood
from marketplace.models import Booking
from scheduling import planning, tasks
from scheduling.engine.model import Problem
from scheduling.engine.solve import Solution, solve
from scheduling.models import Plan
from tests import build, build_work
from tests.build import NOON
from workers_pool.models import Worker

PROCESSES = 2
MONDAY = date(2026, 11, 9)
LONGEST_LOCK, LONGEST_BEAT = 2.0, 1.0
"""Seconds: writing a draft may take the first, a sign of life during a search the second."""
PROBE_EACH = 0.1


@dataclass(frozen=True)
class Size:
    """What is planned."""

    neighbourhoods: int
    workers: int
    bookings: int
    seconds: int


@dataclass
class Seen:
    """What one process saw: seconds of its longest transactions, and how often one was open when a search began."""

    plans: int = 0
    longest: float = 0.0
    longest_searching: float = 0.0
    open_at_search: int = 0
    searched: float = 0.0
    working: float = 0.0
    megabytes: int = 0


@dataclass
class Meter:
    """Measures the transactions of this process, by whether a search is under way."""

    seen: Seen = field(default_factory=Seen)
    searching: bool = False
    began: float | None = None

    def watch(self) -> None:
        """Listen to where a transaction of the connection begins and ends."""
        connection.ensure_connection()
        before = connection.set_autocommit

        def heard(autocommit: bool, *args: Any, **kwargs: Any) -> None:
            before(autocommit, *args, **kwargs)
            if not autocommit:
                self.began = monotonic()
            elif self.began is not None:
                self.note(monotonic() - self.began)
                self.began = None

        connection.set_autocommit = heard  # type: ignore[method-assign]

        def asked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            """A statement outside a transaction is one of its own."""
            began = monotonic()
            found = execute(sql, params, many, context)
            if self.began is None:
                self.note(monotonic() - began)
            return found

        connection.execute_wrappers.append(asked)

    def note(self, seconds: float) -> None:
        """Note how long something was open."""
        self.seen.longest = max(self.seen.longest, seconds)
        if self.searching:
            self.seen.longest_searching = max(self.seen.longest_searching, seconds)


def main() -> int:
    """Plan the night and print what was seen."""
    short = os.environ.get("SHORT", "0") == "1"
    size = Size(
        int(os.environ.get("NEIGHBOURHOODS", "6" if short else "50")), *((8, 16) if short else (24, 60)),
        int(os.environ.get("SECONDS", "1" if short else "8")),
    )  # fmt: skip
    with ground.own_database("night"):
        clock.shift_to(NOON)
        began = monotonic()
        ids = _settle(size)
        settled = monotonic() - began
        return _judge(size, settled, *_night(ids))


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
    connections.close_all()
    return ids


def _night(ids: list[int]) -> tuple[float, list[Seen], dict[str, int]]:
    """Let the processes plan, and knock on the door of what they plan meanwhile."""
    fork = multiprocessing.get_context("fork")
    waiting, said = fork.Queue(), fork.Queue()
    busy = fork.Array("q", PROCESSES)  # the neighbourhood that each process searches for; 0 for none
    for one in [*ids, *[None] * PROCESSES]:
        waiting.put(one)
    began = monotonic()
    makers = [fork.Process(target=_make, args=(number, waiting, said, busy)) for number in range(PROCESSES)]
    for maker in makers:
        maker.start()
    knocks = {"knocks": 0, "refused": 0}
    while any(maker.is_alive() for maker in makers):
        for neighbourhood in busy[:]:
            if neighbourhood:
                _knock(neighbourhood, knocks)
        sleep(PROBE_EACH)
    wall = monotonic() - began
    return wall, [said.get(timeout=5) for maker in makers if maker.exitcode == 0], knocks


def _make(number: int, waiting: "Queue[int | None]", said: "Queue[Seen]", busy: Any) -> None:
    """What a planning worker does, until there is nothing left."""
    meter, search = Meter(), solve
    meter.watch()

    def watched(week: Problem, **how: Any) -> Solution:
        meter.seen.open_at_search += int(connection.in_atomic_block or meter.began is not None)
        meter.searching, began = True, monotonic()
        busy[number] = where
        try:
            return search(week, **how)
        finally:
            busy[number], meter.searching = 0, False
            meter.seen.searched += monotonic() - began

    began = monotonic()
    with patch.object(planning, "solve", watched):
        while (plan_id := waiting.get()) is not None:
            where = Plan.objects.values_list("neighbourhood_id", flat=True).get(pk=plan_id)
            tasks.make_plan(plan_id=plan_id)
            meter.seen.plans += 1
    meter.seen.working = monotonic() - began
    meter.seen.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    connections.close_all()
    said.put(meter.seen)


def _knock(neighbourhood: int, knocks: dict[str, int]) -> None:
    """Lock all that another act would lock in a neighbourhood that is being planned; at once or not at all."""
    knocks["knocks"] += 1
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
        knocks["refused"] += 1


def _judge(size: Size, settled: float, wall: float, seen: list[Seen], knocks: dict[str, int]) -> int:
    plans = list(Plan.objects.order_by("pk"))
    made = [plan for plan in plans if plan.state == Plan.State.DRAFT]
    asked, unserved = (
        sum(plan.figures[name] for plan in made) for name in ("asked_minutes", "unserved_minutes")
    )
    longest = max((one.longest for one in seen), default=0.0)
    beat = max((one.longest_searching for one in seen), default=0.0)
    opened, searched = sum(one.open_at_search for one in seen), sum(one.searched for one in seen)
    working = sum(one.working for one in seen)
    print(
        f"night: {len(made)} of {size.neighbourhoods} neighbourhoods planned by {PROCESSES} processes in {wall:.0f} s by the "
        f"clock, {size.workers} workers, {size.bookings} bookings and {size.seconds} s of search each "
        f"(made ready in {settled:.0f} s; load {os.getloadavg()[0]:.1f})\n"
        f"  unserved               {unserved:,} of {asked:,} minutes\n"
        f"  searching              {searched:.0f} s of {working:.0f} s of work: {working - searched:.0f} s to read and write\n"
        f"  longest transaction    {longest * 1000:.0f} ms; none of its locks was held longer\n"
        f"  while searching        {opened} transactions open when a search began; the longest one during a search, the sign of "
        f"life, {beat * 1000:.0f} ms\n"
        f"  another client         locked the neighbourhood, its bookings and its workers {knocks['knocks']} times during a "
        f"search: refused {knocks['refused']} times\n"
        f"  memory                 {max((one.megabytes for one in seen), default=0)} MB at most in a process"
    )
    missed = {
        "a process died": len(seen) < PROCESSES, "a plan was not made": len(made) < size.neighbourhoods,
        "a search began inside a transaction": opened > 0, "a lock was in the way of another client": knocks["refused"] > 0,
        "nobody knocked": knocks["knocks"] == 0,
        f"a transaction took more than {LONGEST_LOCK} s": longest > LONGEST_LOCK,
        f"something was open for more than {LONGEST_BEAT} s during a search": beat > LONGEST_BEAT,
    }  # fmt: skip
    for what in (what for what, is_so in missed.items() if is_so):
        print(f"MISSED  {what}")
    return int(any(missed.values()))


if __name__ == "__main__":
    sys.exit(main())
