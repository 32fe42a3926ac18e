"""`make hammer`: one hot wallet, 16 writers, 50,000 tries to spend, every visit tried twice; exit 1 on any double.

A try keeps a quarter of an hour aside and uses it for a visit. Two writers try each visit at about the same time, and
there are cheques for a sixth of them only: the rest must hear that there are too few, and nothing else.
"""

import multiprocessing
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from time import monotonic

from django.db import connections, transaction
from django.db.models import Count, Sum

from benchmarks import ground
from books import proof_of_value
from cheques import holds, lots, redemption
from cheques.models import Lot, Redemption
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.build import NOON

PROCESSES, THREADS, QUARTER_CENTS = 4, 4, 2_50
VISIT_AT = NOON + timedelta(days=7)


@dataclass
class Found:
    """What a run left behind."""

    seconds: float
    outcomes: Counter[str]
    doubles: int
    drift: list[str]
    said: set[str] = field(default_factory=set)

    @property
    def errors(self) -> int:
        return sum(count for name, count in self.outcomes.items() if name.startswith("error"))

    @property
    def is_whole(self) -> bool:
        return not (self.doubles or self.drift or self.errors)


def run(tries: int) -> Found:
    """Hammer a wallet in a database that is there for it."""
    customer = build.customer()
    hours = max(1, tries // 6 // 4)
    for _ in range(4):
        build.lot(customer, hours=-(-hours // 4))
    connections.close_all()
    began, outcomes = monotonic(), Counter[str]()
    shares = [(customer.pk, worker, tries // PROCESSES) for worker in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("fork")) as pool:
        for counted in pool.map(_writers, shares):
            outcomes += counted
    return _judge(customer.pk, monotonic() - began, outcomes)


def _writers(share: tuple[int, int, int]) -> Counter[str]:
    customer_id, worker, tries = share
    outcomes: Counter[str] = Counter()
    with ThreadPoolExecutor(THREADS) as threads:
        parts = [(customer_id, worker * THREADS + spot, tries // THREADS) for spot in range(THREADS)]
        for counted in threads.map(_writer, parts):
            outcomes += counted
    return outcomes


def _writer(part: tuple[int, int, int]) -> Counter[str]:
    customer_id, writer, tries = part
    outcomes: Counter[str] = Counter()
    for number in range(tries):
        outcomes[_spend(customer_id, visit=f"{writer // 2}:{number}", key=f"{writer}:{number}")] += 1
    connections.close_all()
    return outcomes


def _spend(customer_id: int, *, visit: str, key: str) -> str:
    try:
        with transaction.atomic():
            hold = holds.place(customer_id, minutes=15, start_at=VISIT_AT, key=key, at=NOON)
            redemption.redeem(
                hold.pk, minutes=15, key=f"visit:{visit}", vat_rate=Decimal("0.09"), used_on=VISIT_AT.date(),
                start_at=VISIT_AT, at=VISIT_AT,
            )  # fmt: skip
    except holds.NotEnoughCheques:
        return "too few cheques"
    except redemption.AlreadyRedeemed:
        return "already paid"
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is counted
        return f"error: {type(fault).__name__}: {str(fault).splitlines()[0][:80]}"
    return "spent"


def _judge(customer_id: int, seconds: float, outcomes: Counter[str]) -> Found:
    doubles = Redemption.objects.values("key").annotate(times=Count("pk")).filter(times__gt=1).count()
    spent, figures = outcomes["spent"], lots.figures(customer_id, at=NOON)
    sold = Lot.objects.aggregate(total=Sum("minutes"))["total"]
    drift = [found.name_en for found in proof_of_value.all_of() if not found.holds]
    for what, right in {
        "used minutes are the tries that were told so": figures.used == 15 * spent,
        "used and free are what was sold": figures.used + figures.free == sold,
        "revenue is what was used": -balance(Account.REVENUE) == QUARTER_CENTS * spent,
        "the liability is what is left": -balance(Account.CHEQUES) == QUARTER_CENTS * figures.free // 15,
    }.items():
        drift += [] if right else [what]
    return Found(seconds, outcomes, doubles, drift)


def main() -> int:
    """Run once and print what was found."""
    tries = int(os.environ.get("TRIES", "50000"))
    with ground.own_database("hammer"):
        found = run(tries)
    total = sum(found.outcomes.values())
    sys.stdout.write(
        f"hammer: {total:,} tries by {PROCESSES * THREADS} writers on one wallet in {found.seconds:.0f} s"
        f" ({total / found.seconds:,.0f} a second)\n"
    )
    for name, number in found.outcomes.most_common():
        sys.stdout.write(f"  {name:<40} {number:>8,}\n")
    sys.stdout.write(f"doubles {found.doubles}, drift {len(found.drift)}, internal errors {found.errors}\n")
    sys.stdout.writelines(f"  does not hold: {what}\n" for what in found.drift)
    return 0 if found.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
