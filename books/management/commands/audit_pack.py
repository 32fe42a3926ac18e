"""Write the auditor's pack of a period; the same period gives the same bytes."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from books import audit_pack
from kernel.periods import Period


class Command(BaseCommand):
    help = "Write the auditor's pack of a period: journal, lots, hours, payslips, claims, files and hashes (a zip)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", type=date.fromisoformat, help="first day, 2026-01-01")
        parser.add_argument("until", type=date.fromisoformat, help="day after the last, 2026-07-01")
        parser.add_argument("--out", default="", help="file to write; else audit-<start>-<until>.zip")

    def handle(self, *_args: Any, start: date, until: date, out: str, **_options: Any) -> None:
        try:
            days = Period(start, until)
        except ValueError as error:
            raise CommandError(str(error)) from error
        body = audit_pack.pack(days)
        file = Path(out or f"audit-{start}-{until}.zip")
        file.write_bytes(body)
        self.stdout.write(f"{hashlib.sha256(body).hexdigest()}  {file}")
