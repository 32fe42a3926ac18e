"""`make bench-engine`: the engine on the public weeks, each plan through the independent checker; exit 1 when missed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "scheduling"
MOST_UNSERVED = {30: 0.06, 100: 0.09, 300: 0.13}  # of the asked minutes, by the number of workers


def main() -> int:
    """Plan every week for SECONDS on one core and print one table."""
    folder = Path(os.environ.get("WEEKS", SHARED / "weeks"))
    seconds = os.environ.get("SECONDS", "60")
    files = sorted(folder.glob("week-*.json*"))
    if not files:
        sys.stderr.write(f"There are no weeks in {folder}: set WEEKS to a folder with week/1 files.\n")
        return 1
    table = Table("week", "seconds", "unserved", "of", "%", "at most %", "soft cost", "violations", "steps")
    missed = False
    for week in files:
        said, found = _plan(week, seconds)
        share = found["unserved_minutes"] / found["minutes"]
        most = next((bound for size, bound in MOST_UNSERVED.items() if f"-{size}-" in week.name), 0.13)
        missed = missed or bool(found["violations"]) or share > most
        table.add_row(
            week.name.split(".")[0], seconds, str(found["unserved_minutes"]), str(found["minutes"]), f"{share:.1%}",
            f"{most:.0%}", str(found["soft_cost"]), str(len(found["violations"])), str(said["iterations"]),
        )  # fmt: skip
    Console(width=120).print(table)
    return 1 if missed else 0


def _plan(week: Path, seconds: str) -> tuple[dict[str, Any], dict[str, Any]]:
    out = ROOT / ".run" / "bench-plan.json"
    out.parent.mkdir(exist_ok=True)
    done = subprocess.run(
        ["taskset", "-c", "0", sys.executable, "-m", "scheduling.engine", str(week), "--out", str(out), "--seconds", seconds,
         "--seed", "1", "--json"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    judged = subprocess.run(
        [sys.executable, str(SHARED / "check_week.py"), str(week), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout), json.loads(judged.stdout)


if __name__ == "__main__":
    sys.exit(main())
