"""Write the whole database into one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import backing_up
from identity import clock


class Command(BaseCommand):
    help = "Write the whole database into one file that did not exist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = backing_up.back_up(options["file"], at=clock.now())
        except (backing_up.CannotBackUp, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{sum(made.rows.values())} rows of {len(made.rows)} tables in {options['file']}")
        self.stdout.write(
            "Keep FIELD_KEYS and HASH_KEY in another place: without them sealed numbers cannot be read."
        )
