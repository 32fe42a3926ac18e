"""`make bench-payroll`: the months of a town, from accepted hours to claims and matched bank lines; exit 1 when too slow.

A run with a tenth of the workers goes first, in a process of its own: a worker must cost as much in a town as in a
neighbourhood. WORKERS=1000 MONTHS=12 SLIPS=20 (payslips set in type, to tell what one takes).
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import mean
from time import monotonic

from django.utils import timezone

from benchmarks import ground, town
from books import reconciling
from kernel.periods import add_months, month_of
from payroll import bureau, pay_run, payslip_pdf, sepa, settlement
from payroll.models import Payment, PaymentFile, PayRun, Payslip
from sandbox.bureau import gross, net
from subsidies import claim_pack, claims, remittances
from subsidies.models import Claim
from tests import build
from tests.build_books import statement

MOST_SECONDS, MOST_MEGABYTES, MOST_GROWTH = 60.0, 600.0, 1.25
STEPS = ("pay run", "fix", "bureau", "payments", "claim", "pack", "bank")


@dataclass
class Month:
    """What the steps of one month took, in seconds, and what came out."""

    on: date
    seconds: dict[str, float] = field(default_factory=dict)
    wage_cents: int = 0
    claim_cents: int = 0
    open_lines: int = 0

    @property
    def total(self) -> float:
        return sum(self.seconds.values())

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = monotonic()
        yield
        self.seconds[name] = monotonic() - begun


def close(on: date) -> Month:
    """Pay, claim and reconcile a month."""
    month, at = Month(on), _after(on)
    maker, second = build.member("payroll"), build.member("treasurer")
    with month.step("pay run"):
        run = pay_run.make(on, by=maker, at=at)
    with month.step("fix"):
        run = pay_run.fix(run.pk, by=second, at=at)
    with month.step("bureau"):
        answer = net.as_csv(net.net_lines(gross.read(bureau.export(run.pk)))).encode()
        bureau.take_net(run.pk, answer, by=maker, at=at)
    with month.step("payments"):
        file = sepa.make_file(run.pk, by=maker, at=at)
        sepa.approve(file.pk, by=second, at=at)
        PaymentFile.objects.filter(pk=file.pk).update(state=PaymentFile.State.SENT)
    with month.step("claim"):
        claim = claims.make(build.municipality().pk, month=on, by=maker, at=at)
        claims.send(claim.pk, by=maker, at=at)
    with month.step("pack"):
        claim_pack.pack(claim.pk)
    with month.step("bank"):
        _reconcile(file, claim, at=at)
    month.wage_cents = sum(run.payslips.values_list("gross_cents", flat=True))
    month.claim_cents = claims.total_cents(claim)
    month.open_lines = Payment.objects.filter(file=file).exclude(state=Payment.State.BOOKED).count()
    month.open_lines += Claim.objects.filter(pk=claim.pk).exclude(state=Claim.State.SETTLED).count()
    return month


def _reconcile(file: PaymentFile, claim: Claim, *, at: datetime) -> None:
    """Let the bank tell of every payment and of the subsidy, and match it by rule."""
    went = [(-one.cents, "Loon", one.end_to_end_id) for one in Payment.objects.filter(file=file)]
    statement([(claims.total_cents(claim), f"LKS {claim.ref}", ""), *went], name=f"{claim.month:%Y%m}")
    settlement.match_open_lines(at=at)
    remittances.match_open_lines(at=at)


def _after(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(month_of(on).end, datetime.min.time())) + timedelta(days=5)


def slip_seconds(count: int) -> float:
    """Return what one payslip takes to be set in type."""
    taken = []
    for slip in Payslip.objects.order_by("pk")[:count]:
        begun = monotonic()
        payslip_pdf.render(slip.pk)
        taken.append(monotonic() - begun)
    return mean(taken) if taken else 0.0


def run(workers: int, months: int, slips: int) -> int:
    """Load a town, close its months one by one, print a line for each; return how many goals are missed."""
    with ground.own_database("payroll") as database:
        begun = monotonic()
        minutes = town.work(database, town.settle(workers), months)
        sys.stdout.write(
            f"{workers:,} workers, {minutes / 60:,.0f} hours in {months} months, laid down in {monotonic() - begun:.0f} s\n"
        )
        sys.stdout.write(
            f"{'month':<9}"
            + "".join(f"{name:>10}" for name in STEPS)
            + f"{'all':>9}{'wages':>16}{'claim':>15}{'open':>6}\n"
        )
        done = []
        for number in range(months):
            month = close(add_months(town.YEAR, number))
            done.append(month)
            parts = "".join(f"{month.seconds[name]:>10.1f}" for name in STEPS)
            sys.stdout.write(
                f"{month.on:%Y-%m}  {parts}{month.total:>9.1f}{month.wage_cents / 100:>16,.2f}{month.claim_cents / 100:>15,.2f}{month.open_lines:>6}\n"
            )
            sys.stdout.flush()
        fixed = PayRun.objects.exclude(state=PayRun.State.DRAFT).count()
        each = slip_seconds(slips)
        rule, whole = reconciling.lines_by_rule()
        shares = {
            one.code: one.share for one in reconciling.matches(on=_after(done[-1].on).date()) if one.met
        }
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    slowest = max(month.total for month in done)
    per_worker = mean(month.total for month in done) / workers * 1000
    sys.stdout.write(
        f"payslips as PDF: {each * 1000:.0f} ms each, {each * workers:.0f} s for all of a month\n"
    )
    sys.stdout.write(
        f"slowest month {slowest:.1f} s, {per_worker:.1f} ms a worker and month, memory {megabytes:.0f} MB\n"
    )
    by_rule = 100 * rule / whole if whole else 0.0
    met = ", ".join(f"{name} {share}%" for name, share in shares.items())
    sys.stdout.write(f"matched by rule: {rule:,} of {whole:,} parts of bank lines, {by_rule:.1f}%; {met}\n")
    missed = [
        name
        for name, wrong in (
            (f"a month within {MOST_SECONDS:.0f} s", slowest > MOST_SECONDS),
            (f"memory within {MOST_MEGABYTES:.0f} MB", megabytes > MOST_MEGABYTES),
            ("every payment and claim matched by rule", any(month.open_lines for month in done)),
            ("every month paid", fixed != months),
            (f"{reconciling.GOAL}% of the bank by rule", by_rule < reconciling.GOAL),
        )
        if wrong
    ]
    sys.stdout.writelines(f"missed: {name}\n" for name in missed)
    sys.stdout.write(f"per-worker {per_worker:.3f}\n")
    return len(missed)


def main() -> int:
    """Run a tenth of the town and then the town, each in a process of its own, and compare."""
    workers, months = int(os.environ.get("WORKERS", "1000")), int(os.environ.get("MONTHS", "12"))
    if os.environ.get("ALONE"):
        return 1 if run(workers, months, int(os.environ.get("SLIPS", "20"))) else 0
    missed, costs = 0, []
    for size in (max(workers // 10, 1), workers):
        environment = {**os.environ, "ALONE": "1", "WORKERS": str(size)}
        told = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.payroll"], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert told.stdout is not None, "it is a pipe"
        for line in told.stdout:
            if line.startswith("per-worker "):
                costs.append(float(line.split()[1]))
            else:
                sys.stdout.write(line)
                sys.stdout.flush()
        missed += told.wait() != 0
    growth = costs[1] / costs[0] if len(costs) == 2 else float("inf")
    sys.stdout.write(
        f"a worker costs {growth:.2f} times as much with ten times the workers (at most {MOST_GROWTH})\n"
    )
    return 1 if missed or growth > MOST_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
