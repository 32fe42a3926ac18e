"""Print every invariant with its two sides; exit 1 at any difference."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from books import prove


class Command(BaseCommand):
    help = "Prove the books: every promise as two figures that must be equal."

    def handle(self, *_args: Any, **_options: Any) -> None:
        table = Table("promise", "left", "", "right", "", "unit", "holds")
        rows = prove.invariants()
        for row in rows:
            word = "yes" if row.holds else "[bold red]NO[/]"
            table.add_row(
                row.name_en, row.left_name, f"{row.left:,}", row.right_name, f"{row.right:,}", row.unit, word
            )
        Console(width=160).print(table)
        broken = [row.code for row in rows if not row.holds]
        self.stdout.write(
            f"{len(rows)} invariants, {len(broken)} broken" + (f": {', '.join(broken)}" if broken else "")
        )
        if broken:
            sys.exit(1)
