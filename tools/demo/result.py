"""The table at the end: what was asked, worked, paid, and whether it all adds up."""

from dataclasses import dataclass

import requests
from rich.console import Console
from rich.table import Table

from tools.demo.journal import Journal, act_key
from tools.demo.runner import SETTLED
from tools.site import Stack


@dataclass(frozen=True)
class Outcome:
    """What is wrong; nothing when the week is proved."""

    faults: list[str]

    @property
    def exit_code(self) -> int:
        """What the run ends with: 0 when nothing is wrong, else 1."""
        return 1 if self.faults else 0


def show(stack: Stack, journal: Journal, console: Console) -> Outcome:
    """Print the result of the week and return what does not add up."""
    from bank.matching import open_lines
    from books.proof_of_money import in_transit_cents
    from books.prove import invariants
    from tools.demo.money_table import covered, money

    console.print(_hours())
    console.print(money())
    console.print(covered())
    rows = invariants()
    broken = [row for row in rows if not row.holds]
    unmatched = open_lines().count()
    faults = [f"{row.code}: {row.left_name} {row.left} / {row.right_name} {row.right}" for row in broken]
    faults += [f"{unmatched} bank lines are unmatched"] if unmatched else []
    faults += _underway(in_transit_cents())
    faults += _against_stripe(stack)
    faults += promises_kept(journal)
    faults += _matched_by_rule(console)
    console.print(f"unmatched lines: {unmatched}; invariants: {len(rows)}, broken: {len(broken)}")
    outcome = Outcome([])
    add(outcome, faults, console)
    return outcome


def add(outcome: Outcome, faults: list[str], console: Console) -> None:
    """Note what is wrong, and say it."""
    outcome.faults.extend(faults)
    for fault in faults:
        console.print(fault, style="bold red", markup=False)


def _underway(cents: int) -> list[str]:
    """Nothing is in transit any more: the balance was pulled after the last payment."""
    return [f"{cents} cents are still in transit between us and the payment service"] if cents else []


def _matched_by_rule(console: Console) -> list[str]:
    """How much of the bank, and of what met on three sides, needed no person."""
    from books import reconciling
    from kernel.money import percentage

    rule, parts = reconciling.lines_by_rule()
    matches = reconciling.matches(on=SETTLED.date())
    shares = {"bank lines": (rule, parts), **{one.code: (one.by_rule, one.met) for one in matches}}
    table = Table("matched", "by rule", "of", "%", title=f"Matched by rule (goal {reconciling.GOAL}%)")
    for name, (found, whole) in shares.items():
        table.add_row(name, f"{found:,}", f"{whole:,}", str(percentage(found, whole)) if whole else "-")
    console.print(table)
    return [
        f"rules matched {found} of {whole} {name}"
        for name, (found, whole) in shares.items()
        if whole and percentage(found, whole) < reconciling.GOAL
    ]


def _hours() -> Table:
    from django.db.models import Sum

    from books.proof_of_hours import hours_between
    from cheques.models import Lot
    from payroll.models import PaidPiece, WageLine
    from scheduling.models import Assignment, Travel

    between = hours_between()
    rows = {
        "sold": Lot.objects.aggregate(total=Sum("minutes"))["total"] or 0,
        "recorded": Assignment.objects.aggregate(total=Sum("recorded_minutes"))["total"] or 0,
        **between,
        "travel, paid": Travel.objects.aggregate(total=Sum("minutes"))["total"] or 0,
        "in wage lines": PaidPiece.objects.filter(line__kind__in=WageLine.OF_WORK).aggregate(
            total=Sum("minutes")
        )["total"]
        or 0,
    }
    table = Table("hours", "minutes", "in hours", title="The hours of the week")
    for name, minutes in rows.items():
        table.add_row(name, f"{minutes:,}", f"{minutes / 60:,.1f}")
    return table


def _against_stripe(stack: Stack) -> list[str]:
    """The payment service's own sums, beside ours, to the cent."""
    from django.db.models import Sum

    from cheques.models import StripeLine

    totals = requests.get(f"{stack.url('stripe')}/_sandbox/totals", timeout=20).json()
    ours = StripeLine.objects.aggregate(net=Sum("net_cents"), fees=Sum("fee_cents"))
    there = totals["charges_cents"] - totals["fees_cents"] - totals["refunds_cents"] - totals["payouts_cents"]
    faults = []
    if (ours["net"] or 0) != totals["balance_cents"] or totals["balance_cents"] != there:
        faults.append(f"the payment service has {totals['balance_cents']}, mirrored are {ours['net']}")
    if (ours["fees"] or 0) != totals["fees_cents"]:
        faults.append(f"fees there {totals['fees_cents']}, ours {ours['fees']}")
    return faults


def promises_kept(journal: Journal) -> list[str]:
    """Everything that was acknowledged is there, exactly once."""
    from cheques.models import Lot, Order
    from marketplace.models import Booking

    faults = []
    for key in journal.keys("order:"):
        found = Order.objects.filter(form_key=act_key(key), state="paid")
        if found.count() != 1 or Lot.objects.filter(order__in=found).count() != 1:
            faults.append(f"{key} was promised and is not there once")
    faults += [
        f"{key} was promised and is not there once"
        for key in journal.keys("booking:")
        if Booking.objects.filter(form_key=act_key(key)).count() != 1
    ]
    if Order.objects.count() != len(journal.keys("order:")):
        faults.append("there are orders that were never acknowledged")
    return faults
