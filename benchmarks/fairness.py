"""`make bench-fairness`: thirteen weeks of drawn neighbourhoods, planned without and with a memory of earlier weeks.

Both plans see the same people and the same jobs. There is less work than people want, clients like the faces they know,
some clients are not at home (the worker is paid and so it counts as worked), and somebody new comes after five weeks. The
spread is the standard deviation of what people worked as a part of what they wanted, in percent points.
NEIGHBOURHOODS=5, SHORT=1 (2 of them, shorter searches). Exit 1 when the spread is not smaller with the memory, or when
more goes unserved because of it.
"""

import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from rich.console import Console
from rich.table import Table

from scheduling import fairness
from scheduling.engine.day import paid_minutes, weeks
from scheduling.engine.model import DAY, Client, Job, Plan, Problem, Rules, Worker
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations

WEEKS, PEOPLE, COMES_IN, WORK_THERE_IS = 13, 20, 5, 0.8
NOT_AT_HOME = 0.04
RULES = Rules(speed={"walk": 75, "bike": 200}, travel_is_work=True)
MOST_MORE_UNSERVED = 0.01
"""What may go unserved more, as a part of what is asked: the search is short, so that two runs differ by luck."""

History = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Year:
    """What became of thirteen weeks: minutes (worked, wanted) by worker, the first week first; minutes unserved and asked."""

    shares: History
    unserved: int
    asked: int

    def parts(self, latest: int) -> list[float]:
        """What each worker got of what they wanted over the latest weeks, in percent."""
        sums = [
            [sum(column) for column in zip(*weeks[-latest:], strict=True)] for weeks in self.shares.values()
        ]
        return [100 * worked / wanted for worked, wanted in sums if wanted]

    def spread(self, latest: int) -> float:
        return statistics.pstdev(self.parts(latest))


def main() -> int:
    """Simulate, print before and after, and judge."""
    short = os.environ.get("SHORT", "0") == "1"
    number = int(os.environ.get("NEIGHBOURHOODS", "2" if short else "5"))
    steps = 4_000 if short else 30_000
    table = Table(
        "neighbourhood", "memory", "spread of 13 weeks", "of the last 4", "shortest", "most", "newcomer", "unserved"
    )  # fmt: skip
    years: dict[bool, list[Year]] = {False: [], True: []}
    for seed in range(1, number + 1):
        for with_memory in (False, True):
            year = simulate(seed, with_memory=with_memory, steps=steps)
            years[with_memory].append(year)
            _row(table, seed, year, with_memory=with_memory)
        table.add_section()
    Console(width=120).print(table)
    return _judge(years)


def simulate(seed: int, *, with_memory: bool, steps: int) -> Year:
    """Plan week after week, each with what the weeks before it left short, or without."""
    draw = Random(seed)
    people, clients = _people(draw), _clients(draw)
    shares: dict[str, list[tuple[int, int]]] = {worker.id: [] for worker in people}
    faces: dict[str, set[str]] = defaultdict(set)
    unserved = asked = 0
    for week in range(WEEKS):
        there = people if week >= COMES_IN else people[:-1]
        jobs = _jobs(draw, clients, faces, sum(worker.wanted for worker in there))
        absent_clients = {job.id for job in jobs if draw.random() < NOT_AT_HOME}
        if with_memory:
            weeks_before = _remembered(there, shares, week)
            there = tuple(replace(worker, history=weeks_before[worker.id]) for worker in there)
        problem = Problem(there, clients, jobs, RULES, name=f"neighbourhood {seed}, week {week + 1}")
        found = solve(problem, stop=Iterations(steps), seed=seed)
        _remember(problem, found.plan, shares, faces, absent_clients)
        unserved += found.score.unserved_minutes
        asked += sum(job.team * job.minutes for job in jobs)
    return Year(shares, unserved, asked)


def _remember(
    problem: Problem,
    plan: Plan,
    shares: dict[str, list[tuple[int, int]]],
    faces: dict[str, set[str]],
    absent_clients: set[str],
) -> None:
    """Note who worked how long, and whom the clients saw. Nobody was seen where nobody was at home; it was paid."""
    paid = weeks(problem, plan)
    for worker in problem.workers:
        shares[worker.id].append((paid_minutes(paid.get(worker.id, {})), worker.wanted))
    for visit in plan.visits:
        if visit.job not in absent_clients:
            faces[problem.job[visit.job].client] |= set(visit.workers)


def _remembered(
    people: Sequence[Worker], shares: Mapping[str, list[tuple[int, int]]], week: int
) -> dict[str, tuple[tuple[int, int], ...]]:
    """The weeks before of everybody, the latest first; those before somebody came as their colleagues had them."""
    aligned: dict[str, list[tuple[int, int]]] = {}
    for worker in people:
        own = list(reversed(shares[worker.id]))
        older = range(week - len(own) - 1, -1, -1)
        seeded = [
            fairness.as_colleagues(worker.wanted, [past[at] for past in shares.values() if len(past) == week])
            for at in older
        ]
        aligned[worker.id] = [*own, *seeded][: fairness.WEEKS]
    return fairness.beside_colleagues(aligned)


def _people(draw: Random) -> tuple[Worker, ...]:
    """Some walk and some ride, some live far off, some can seldom work: what makes a plan unfair by itself."""
    found = []
    for number in range(PEOPLE):
        days = sorted(draw.sample(range(6), draw.choice([3, 4, 5])))
        opens = draw.choice([8, 8, 9, 12])
        wanted = draw.choice([10, 14, 18, 22]) * 60
        found.append(
            Worker(
                f"w{number}", draw.randrange(3000), draw.randrange(3000), draw.choice(["walk", "bike", "bike"]),
                wanted + 8 * 60, wanted,
                tuple((day * DAY + opens * 60, day * DAY + (opens + 8) * 60) for day in days), frozenset({"nl"}),
                {"cleaning": "qualified"},
            )
        )  # fmt: skip
    return tuple(found)


def _clients(draw: Random) -> tuple[Client, ...]:
    del draw
    return tuple(Client(f"c{number}") for number in range(90))


def _jobs(
    draw: Random, clients: Sequence[Client], faces: Mapping[str, set[str]], wanted: int
) -> tuple[Job, ...]:
    """Work for a part of the hours that people want, at clients who come back and like whom they know."""
    found: list[Job] = []
    left = round(wanted * WORK_THERE_IS * draw.uniform(0.85, 1.1))
    for client in draw.sample(list(clients), len(clients)):
        if left <= 0:
            break
        place = Random(client.id)
        start = draw.randrange(6) * DAY + draw.choice([9, 10, 13, 14]) * 60
        minutes = draw.choice([120, 150, 180, 240])
        found.append(
            Job(
                f"j{len(found)}", client.id, place.randrange(3000), place.randrange(3000), "cleaning", 1, minutes,
                (start, start + 60), regulars=tuple(sorted(faces.get(client.id, ()))),
            )
        )  # fmt: skip
        left -= minutes
    return tuple(found)


def _row(table: Table, seed: int, year: Year, *, with_memory: bool) -> None:
    parts = year.parts(WEEKS)
    newcomer = sum(worked for worked, _ in year.shares[f"w{PEOPLE - 1}"])
    wanted = sum(wanted for _, wanted in year.shares[f"w{PEOPLE - 1}"])
    table.add_row(
        str(seed), "with" if with_memory else "without", f"{year.spread(WEEKS):.1f}", f"{year.spread(fairness.SHORT_WEEKS):.1f}",
        f"{min(parts):.0f}%", f"{max(parts):.0f}%", f"{100 * worked_part(newcomer, wanted):.0f}%",
        f"{100 * year.unserved / year.asked:.1f}%",
    )  # fmt: skip


def worked_part(worked: int, wanted: int) -> float:
    """Return the part of what was wanted that was worked."""
    return worked / wanted if wanted else 0.0


def _judge(years: Mapping[bool, Sequence[Year]]) -> int:
    before, after = (
        statistics.mean(year.spread(WEEKS) for year in years[memory]) for memory in (False, True)
    )
    lost, more = (sum(year.unserved for year in years[memory]) for memory in (False, True))
    asked = sum(year.asked for year in years[True])
    print(f"spread over {WEEKS} weeks: before {before:.2f}, after {after:.2f} percent points")
    print(f"unserved: before {100 * lost / asked:.2f}%, after {100 * more / asked:.2f}% of what was asked")
    if after >= before:
        print("MISSED  hours are not shared more fairly")
    if more - lost > MOST_MORE_UNSERVED * asked:
        print("MISSED  fairness costs help")
    return int(after >= before or more - lost > MOST_MORE_UNSERVED * asked)


if __name__ == "__main__":
    sys.exit(main())
