"""Move business time, in the sandbox."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import is_naive, make_aware

from identity import clock


class Command(BaseCommand):
    help = "Move business time to a moment (ISO, local time)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("moment")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            moment = datetime.fromisoformat(options["moment"])
            seconds = clock.shift_to(make_aware(moment) if is_naive(moment) else moment)
        except (ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{clock.now().isoformat()} ({seconds} s ahead)")
