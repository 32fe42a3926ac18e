"""`make bench-ledger`: redemptions a second beside the floor of this machine and two peers; exit 1 when a goal is missed.

The floor is the same row writes, locks and commits through psycopg, without triggers, checks and keys between tables.
The peers are django-hordak and gift cards as pretix keeps them (signed rows, added up under a lock). All are on one
PostgreSQL with its own settings of durability, in the same run, one after the other, so often (RUNS=5) that medians
say something. One wallet holds half of the entries: the hot one. SHORT=1 shows in a few minutes that it works.
"""

import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from django.conf import settings

from benchmarks import ground, ledger_ground, ledger_spenders
from cheques import lots
from config.trial import socket_folder
from tests import databases
from tests.build import NOON
from tools import embedded

SHORT = os.environ.get("SHORT") == "1"
RUNS = int(os.environ.get("RUNS", "2" if SHORT else "5"))
SECONDS = float(os.environ.get("EACH", "1" if SHORT else "3"))
SIZES = (2_000, 20_000) if SHORT else (10_000, 1_000_000)
HOLDS = 60_000 if SHORT else 200_000
CASES = [(case, writers) for case in ("spread", "hot") for writers in (1, 16)]
HOWS = ("floor", "product", "gift card", "hordak")
OF_THE_FLOOR, SLOWER, BALANCE_MS = 0.60, 0.15, 2.0
HORDAK = str(Path(__file__).with_name("ledger_hordak.py"))
Key = tuple[int, str, int, str]  # size, case, writers, who


@dataclass
class Stand:
    """A filled database of each kind, and how far the holds of the product and of the floor are used."""

    size: int
    ground: ledger_ground.Ground
    hordak: str
    used: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def measure(self, case: str, writers: int, how: str) -> float:
        if how == "hordak":
            return _hordak("spend", self.hordak, case, str(writers), str(SECONDS))
        databases.use(self.ground.database)
        holds = self.ground.holds[case][self.used[case, how] :]
        rate, used = ledger_spenders.per_second(
            how, self.ground.database, holds, writers=writers, seconds=SECONDS
        )
        self.used[case, how] += used
        return rate

    def balance_ms(self) -> float:
        """Return the milliseconds that the figures of the hot wallet take."""
        databases.use(self.ground.database)
        times = []
        for _ in range(51):
            began = monotonic()
            lots.figures(self.ground.hot, at=NOON)
            times.append((monotonic() - began) * 1000)
        return statistics.median(times)


def _hordak(what: str, database: str, *more: str) -> float:
    place = [sys.executable, HORDAK, what, str(socket_folder()), database, *more]
    told = subprocess.run(place, check=True, capture_output=True, text=True).stdout
    return float(told or 0)


@contextmanager
def stand(size: int) -> Iterator[Stand]:
    """Fill both databases of a size, for as long as the block lasts."""
    peer = f"test_hordak{size}_{os.getpid()}"
    with ground.own_database(f"ledger{size}") as name:
        with embedded.as_superuser() as connection:
            connection.execute(
                f'ALTER DATABASE "{name}" RESET synchronous_commit'.encode()
            )  # tests go without it
            connection.execute(f'CREATE DATABASE "{peer}" OWNER owner'.encode())
        databases.use(name)
        began = monotonic()
        try:
            _hordak("fill", peer, str(size))
            made = Stand(size, ledger_ground.fill(name, size, HOLDS), peer)
            _say(f"{size:,} entries are there after {monotonic() - began:.0f} s")
            yield made
        finally:
            databases.drop(peer)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def durability() -> str:
    """Return what the server says of its own durability."""
    with embedded.as_superuser(settings.DATABASES["default"]["NAME"]) as connection:
        said = [
            f"{name}={connection.execute(f'SHOW {name}'.encode()).fetchone()[0]}"  # type: ignore[index]
            for name in ("fsync", "synchronous_commit", "full_page_writes", "server_version")
        ]
    return ", ".join(said)


def share_of(found: dict[Key, list[float]], one: Key, other: Key) -> float:
    """Return the median of one against the other, run by run: what slows a run slows both."""
    return statistics.median(ours / theirs for ours, theirs in zip(found[one], found[other], strict=True))


def missed(found: dict[Key, list[float]], balances: dict[int, float]) -> Iterator[str]:
    """Yield the goals that are not met, in words."""
    for size in SIZES:
        for case, writers in CASES:
            yield from _missed_beside(found, size, case, writers)
        if balances[size] >= BALANCE_MS:
            yield f"{size:,}: the balance of a wallet takes {balances[size]:.2f} ms, not under {BALANCE_MS} ms"
    for case, writers in CASES:
        share = share_of(found, (SIZES[1], case, writers, "product"), (SIZES[0], case, writers, "product"))
        if share < 1 - SLOWER:
            yield f"{case} {writers}: {1 - share:.0%} slower at {SIZES[1]:,} entries than at {SIZES[0]:,}"


def _missed_beside(found: dict[Key, list[float]], size: int, case: str, writers: int) -> Iterator[str]:
    ours = (size, case, writers, "product")
    share = share_of(found, ours, (size, case, writers, "floor"))
    if share < OF_THE_FLOOR:
        yield f"{size:,} {case} {writers}: {share:.0%} of the floor, not {OF_THE_FLOOR:.0%}"
    for peer in ("gift card", "hordak") if case == "hot" else ():
        if share_of(found, ours, (size, case, writers, peer)) <= 1:
            yield f"{size:,} hot {writers}: behind {peer}"


def table(found: dict[Key, list[float]]) -> Iterator[str]:
    """Yield a line for each size and case: medians, with the lowest and highest run."""
    heads = " ".join(f"{how:>24}" for how in HOWS)
    yield f"{'entries':>9} {'wallets':<7} {'writers':>7} {heads} {'of the floor':>13}"
    for size in SIZES:
        for case, writers in CASES:
            told = []
            for how in HOWS:
                rates = found[size, case, writers, how]
                told.append(
                    f"{statistics.median(rates):,.0f} ({min(rates):,.0f}-{max(rates):,.0f})".rjust(24)
                )
            share = share_of(found, (size, case, writers, "product"), (size, case, writers, "floor"))
            yield f"{size:>9,} {case:<7} {writers:>7} {' '.join(told)} {share:>13.0%}"


def main() -> int:
    """Measure everything in turns, print a table, and say what is missed."""
    found: dict[Key, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        stands = [stack.enter_context(stand(size)) for size in SIZES]
        databases.use(stands[0].ground.database)
        _say(f"bench-ledger: {durability()}; {RUNS} runs of {SECONDS:g} s each, redemptions a second")
        turns = [(case, writers, one, how) for case, writers in CASES for one in stands for how in HOWS]
        for case, writers, one, how in turns * RUNS:
            found[one.size, case, writers, how].append(one.measure(case, writers, how))
        balances = {one.size: one.balance_ms() for one in stands}
        peers = {one.size: _hordak("balance", one.hordak) for one in stands}
    for line in table(found):
        _say(line)
    for size in SIZES:
        _say(
            f"balance of the hot wallet at {size:,} entries: {balances[size]:.2f} ms (hordak {peers[size]:.2f} ms)"
        )
    wrong = list(missed(found, balances))
    for line in wrong:
        _say(f"missed: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
