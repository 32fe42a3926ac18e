#!/usr/bin/env python3
"""The door to every command of the product."""

import os
import sys


def main() -> None:
    """Run a management command; in a trial the servers are started first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not os.environ.get("DATABASE_URL") and "--help" not in sys.argv:
        from tools import embedded

        embedded.ensure()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
