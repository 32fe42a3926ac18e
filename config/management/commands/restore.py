"""Fill an empty database from a backup, and prove the books."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import backing_up


class Command(BaseCommand):
    help = "Fill an empty database from a backup, bring it up to date, and prove the books; exit 1 when they do not hold."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            found = backing_up.restore(options["file"])
        except (backing_up.CannotRestore, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{sum(found.rows.values())} rows of {len(found.rows)} tables, as they were at {found.made_at}"
        )
        call_command("migrate", verbosity=0, interactive=False)
        call_command("prove", stdout=self.stdout)
