"""Write the auditor's pack of a period; the same period gives the same bytes, also after late answers."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from books import kept_packs
from identity import clock
from kernel.errors import Refused
from kernel.periods import Period


class Command(BaseCommand):
    help = "Write the auditor's pack of a period: journal, lots, hours, payslips, claims, files and hashes (a zip)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", type=date.fromisoformat, help="first day, 2026-01-01")
        parser.add_argument("until", type=date.fromisoformat, help="day after the last, 2026-07-01")
        parser.add_argument("--out", default="", help="file to write; else audit-<start>-<until>.zip")
        parser.add_argument("--anew", action="store_true", help="as the books are now, under the next number")

    def handle(self, *_args: Any, start: date, until: date, out: str, anew: bool, **_options: Any) -> None:
        try:
            pack = kept_packs.hand_over(Period(start, until), by=None, at=clock.now(), anew=anew)
        except (ValueError, Refused) as error:
            raise CommandError(str(error)) from error
        file = Path(out or f"audit-{start}-{until}.zip")
        file.write_bytes(bytes(pack.body))
        self.stdout.write(f"{pack.digest}  {file}")
        self.stdout.write(f"number {pack.number}, as the books were at {pack.made_at:%Y-%m-%d %H:%M} UTC")
        for change in kept_packs.changes(pack):
            self.stdout.write(
                f"since then {change.name}: {change.gone} lines went, {change.come} came (--anew takes them)"
            )
