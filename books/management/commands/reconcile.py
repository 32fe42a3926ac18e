"""Print the three matches and the part that rules did by themselves; exit 1 when that is under the goal."""

import sys
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from books import reconciling
from identity import clock
from kernel.periods import local_day

LONGEST = 3  # of each match, the ones that wait longest


class Command(BaseCommand):
    help = "Reconcile: Stripe, wages and claims with the bank; which part rules matched, and what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="as it stands on this day; else today")

    def handle(self, *_args: Any, on: date | None = None, **_options: Any) -> None:
        found = reconciling.figures(on=on or local_day(clock.now()))
        table = Table("match", "by rule", "by hand", "waits", "euro that waits", "the longest, in days")
        for one in found.matches:
            longest = sorted(one.waiting, key=lambda item: -item.days)[:LONGEST]
            table.add_row(
                one.name, str(one.by_rule), str(one.by_hand), str(len(one.waiting)),
                f"{sum(abs(item.cents) for item in one.waiting) / 100:,.2f}",
                "\n".join(f"{item.days} {item.name}: {item.stage}" for item in longest),
            )  # fmt: skip
        Console(width=160).print(table)
        met = sum(one.met for one in found.matches)
        by_rule = sum(one.by_rule for one in found.matches)
        lines, matches = _percent(found.share_of_lines), _percent(found.share_of_matches)
        self.stdout.write(f"{found.rule} of {found.parts} parts of bank lines by rule: {lines}")
        self.stdout.write(f"{by_rule} of {met} met by rule: {matches}; the goal is {reconciling.GOAL}%")
        if not found.reaches_the_goal:
            sys.exit(1)


def _percent(share: Decimal | None) -> str:
    return "nothing yet" if share is None else f"{share:.0f}%" if share == int(share) else f"{share}%"
