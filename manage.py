#!/usr/bin/env python3
"""The door to every command of the product."""

import atexit
import os
import sys


def main() -> None:
    """Run a management command; in a trial the servers are started first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "--help" not in sys.argv and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        from tools import embedded

        try:
            if embedded.ensure():
                atexit.register(
                    embedded.release
                )  # whoever starts them stops them, unless others use them by then
        except embedded.CannotStart as refused:
            sys.exit(str(refused))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
