"""Print the three matches and how much of the bank rules matched; exit 1 when it is less than the goal."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from books import reconciling
from identity import clock
from kernel.money import percentage


class Command(BaseCommand):
    help = "Lay bank, books and files side by side, and say what waits."

    def handle(self, *_args: Any, **_options: Any) -> None:
        on = timezone.localdate(clock.now())
        table = Table("match", "sides", "by rule", "by hand", "waiting", "oldest, days")
        for match in reconciling.matches(on=on):
            oldest = max((item.days for item in match.waiting), default=0)
            table.add_row(
                match.name, " - ".join(match.sides), f"{match.by_rule:,}", f"{match.by_hand:,}", f"{len(match.waiting):,}", str(oldest)
            )  # fmt: skip
        Console(width=150).print(table)
        rule, parts = reconciling.lines_by_rule()
        self.stdout.write(f"{len(reconciling.unmatched(on=on))} bank lines that nobody knows")
        if not parts:
            self.stdout.write("nothing was matched yet")
            return
        share = percentage(rule, parts)
        self.stdout.write(
            f"{rule} of {parts} parts of bank lines matched by a rule: {share}% (goal {reconciling.GOAL}%)"
        )
        if share < reconciling.GOAL:
            sys.exit(1)
