"""Print the link for the first administrator, while there is none."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from identity import clock, first_start


class Command(BaseCommand):
    help = "Print a link, for one use, with which the first administrator makes their account."

    def handle(self, *_args: Any, **_options: Any) -> None:
        token = first_start.make_link(at=clock.now())
        if token is None:
            self.stdout.write("There is an administrator already: no link is needed.")
        else:
            self.stdout.write(f"{settings.SITE_URL}/begin/{token}/")
