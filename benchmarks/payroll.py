"""`make bench-payroll`: a year of a town is worked, paid, claimed and reconciled; exit 1 when a goal is missed.

WORKERS=1000 MONTHS=12 (a short run: WORKERS=100 MONTHS=1). First a town of a tenth of the workers closes one month, so
that the cost per worker can be compared. The bureau's and the bank's answers are written by the bench itself, so that
no figure is theirs. Payslips as PDF are set in type for SLIPS=50 workers of the last month.
"""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from django.db import connection
from rich.console import Console
from rich.table import Table

from bank import importing
from benchmarks import ground, town
from books import proof_of_subsidies, proof_of_wages, reconciling
from identity.models import User
from kernel.periods import add_months
from payroll import bureau, pay_run, payslip_pdf, sepa, settlement
from payroll.bureau_format import ANSWER
from payroll.models import PaymentFile, PayRun
from subsidies import claim_pack, claims, remittances
from subsidies.models import Claim
from tests import build, build_pay
from tests.bank.statement import details, entry, file, statement

FIRST = date(2026, 1, 1)
MOST_SECONDS, MOST_MEGABYTES, MOST_GROWTH = 60.0, 600, 1.5
FULL_TOWN = 1_000


@dataclass
class Month:
    """The seconds of each step of a month's close."""

    month: date
    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = perf_counter()
        yield
        self.steps[name] = self.steps.get(name, 0) + perf_counter() - began

    @property
    def close_seconds(self) -> float:
        return sum(seconds for name, seconds in self.steps.items() if name != "load")


@dataclass
class Books:
    """Who closes months, and what the bank account holds."""

    officer: User
    second: User
    balance_cents: int = 0


def year(workers: int, months: int) -> list[Month]:
    """Work, pay, claim and reconcile so many months of a town."""
    people, books = town.make(workers), Books(build.member("payroll"), build.member("treasurer"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [_month(people, books, add_months(FIRST, number)) for number in range(months)]


def _month(people: town.Town, books: Books, first: date) -> Month:
    month, at = (
        Month(first),
        datetime.combine(add_months(first, 1), datetime.min.time(), tzinfo=UTC) + timedelta(days=1),
    )
    with month.step("load"):
        town.work(people, first)
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE scheduling_assignment, scheduling_visit, marketplace_booking, payroll_paidpiece"
            )
    with month.step("pay run"):
        run = pay_run.make(first, by=books.officer, at=at)
        pay_run.fix(run.pk, by=books.second, at=at)
    with month.step("net"):
        bureau.take_net(run.pk, _net(run), by=books.officer, at=at)
    with month.step("SEPA"):
        paid = sepa.make_file(run.pk, by=books.officer, at=at)
        sepa.approve(paid.pk, by=books.second, at=at)
        PaymentFile.objects.filter(pk=paid.pk).update(state=PaymentFile.State.SENT)
    with month.step("claim pack"):
        claim = claims.make(build.municipality().pk, month=first, by=books.officer, at=at)
        claim_pack.pack(claim.pk)
        claims.send(claim.pk, by=books.officer, at=at)
    with month.step("reconciliation"):
        importing.import_file(
            _statement(books, paid, claim), own_iban=build_pay.ORGANISATION, by_id=None, at=at
        )
        settlement.match_open_lines(at=at)
        remittances.match_open_lines(at=at)
        on = max(at.date(), date(2026, 11, 26))
        assert all(not match.waiting for match in reconciling.matches(on=on)), "every wage and claim is met"
    return month


def _net(run: PayRun) -> bytes:
    rows = [";".join(ANSWER)]
    for slip in run.payslips.select_related("worker"):
        tax = slip.gross_cents // 10
        rows.append(f"{run.ref};{slip.worker.ref};{slip.gross_cents};{tax};0;{slip.gross_cents - tax}")
    return "\n".join(rows).encode()


def _statement(books: Books, paid: PaymentFile, claim: Claim) -> bytes:
    wages = sum(paid.payments.values_list("cents", flat=True))
    asked = sum(line.subsidy_cents + line.compensation_cents for line in claim.lines.all())
    entries = [
        entry(-wages, ref=f"W{paid.pk}", details=details(wages, words=paid.message_id)),
        entry(asked, ref=f"C{claim.pk}", details=details(asked, words=claim.ref)),
    ]
    opening, books.balance_cents = books.balance_cents, books.balance_cents + asked - wages
    return file(statement(
        *entries, opening=opening, closing=books.balance_cents, name=f"S{claim.pk}", iban=build_pay.ORGANISATION
    ))  # fmt: skip


def slips(most: int) -> tuple[int, float]:
    """Set payslips of the last month in type; return how many, and the seconds."""
    run = PayRun.objects.order_by("month").last()
    assert run is not None
    began, made = perf_counter(), list(run.payslips.values_list("pk", flat=True)[:most])
    for pk in made:
        payslip_pdf.render(pk)
    return len(made), perf_counter() - began


def megabytes() -> int:
    """Return the most memory that this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def broken() -> list[str]:
    """Return the sums of wages and subsidies that do not hold."""
    return [row.code for row in (*proof_of_wages.all_of(), *proof_of_subsidies.all_of()) if not row.holds]


def main() -> int:
    """Print the tables; return 1 when a goal is missed."""
    workers, months = int(os.environ.get("WORKERS", "1000")), int(os.environ.get("MONTHS", "12"))
    console = Console(width=150)
    with ground.own_database("payroll_small"):
        few = max(10, workers // 10)
        small = year(few, 1)[0].close_seconds / few
    with ground.own_database("payroll"):
        found = year(workers, months)
        count, seconds = slips(int(os.environ.get("SLIPS", "50")))
        wrong = broken()
    _print(console, found, workers)
    worst = max(month.close_seconds for month in found)
    growth = found[0].close_seconds / workers / small
    console.print(
        f"{workers} workers, {workers * months * town.VISITS_A_MONTH * 3} hours in {months} months. Slowest close {worst:.1f} s "
        f"without PDFs (goal for {FULL_TOWN}: {MOST_SECONDS:.0f} s). Per worker {1000 * small:.1f} ms with {few}, "
        f"{1000 * found[0].close_seconds / workers:.1f} ms with {workers}: {growth:.2f} times (goal {MOST_GROWTH}). "
        f"Payslips as PDF: {count} in {seconds:.1f} s, {1000 * seconds / count:.0f} ms each. "
        f"Memory {megabytes()} MB (goal {MOST_MEGABYTES})."
    )  # fmt: skip
    missed = [f"broken: {name}" for name in wrong]
    if worst > MOST_SECONDS * max(1.0, workers / FULL_TOWN):
        missed.append(f"a close took {worst:.1f} s")
    if megabytes() > MOST_MEGABYTES:
        missed.append(f"memory was {megabytes()} MB")
    if growth > MOST_GROWTH:
        missed.append(f"a worker costs {growth:.2f} times as much in the larger town")
    for sentence in missed:
        console.print(f"MISSED  {sentence}")
    return 1 if missed else 0


def _print(console: Console, found: list[Month], workers: int) -> None:
    names = list(found[0].steps)
    table = Table("month", *names, "close", "ms per worker", title=f"Seconds of {workers} workers")
    for month in found:
        table.add_row(
            f"{month.month:%Y-%m}", *(f"{month.steps[name]:.1f}" for name in names), f"{month.close_seconds:.1f}",
            f"{1000 * month.close_seconds / workers:.1f}",
        )  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
