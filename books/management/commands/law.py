"""Print what of the lawbook must be checked before go-live, and what runs out soon; exit 1 when something runs out."""

import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from identity import clock
from lawbook import index

SOON_DAYS = 60


class Command(BaseCommand):
    help = "List the rows of the lawbook that nobody verified, and those that end within 60 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", type=date.fromisoformat, default=None, help="as seen on this day (YYYY-MM-DD)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        day = options["day"] or timezone.localdate(clock.now())
        unverified, ending = index.unverified(day), index.ending_within(day, SOON_DAYS)
        table = Table(
            "rule", "from", "until", "confidence", "source", title=f"To verify before go-live, on {day}"
        )
        for entry in unverified:
            row = entry.row
            table.add_row(entry.key, str(row.day), str(row.until or ""), row.confidence, row.source)
        soon = Table(
            "rule", "ends on", "what it says", title=f"Ends within {SOON_DAYS} days, nothing follows"
        )
        for entry in ending:
            soon.add_row(entry.key, str(entry.row.until), entry.rule.nl)
        console = Console(width=160)
        console.print(table)
        console.print(soon)
        self.stdout.write(f"{len(unverified)} rows to verify, {len(ending)} end within {SOON_DAYS} days")
        if ending:
            sys.exit(1)
