"""`make demo`: set up, run the week with progress, print the result, serve the site.

SERVE=0 ends after the result; FRESH=1 forgets an earlier week first.
"""

import logging
import os
import re
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.trial import PROJECT
from tools import embedded
from tools.demo import week_file
from tools.demo.journal import Journal
from tools.demo.week_file import BadFile
from tools.site import RUN, NotStarted, Stack

if TYPE_CHECKING:
    from scheduling.engine.model import Problem
    from tools.demo.neighbourhood import Cast

SEED = 2026
CHECKER = PROJECT.parent / "shared" / "scheduling" / "check_week.py"


def _name(week: str) -> str:
    """Return the name of the database and folder: each week file has its own."""
    return re.sub(r"\W", "_", Path(week).name.split(".")[0]).lower() if week else "demo"


# a second week beside it has a database, broker and folder of its own
NAME = os.environ.get("DEMO_NAME") or _name(os.environ.get("WEEK", ""))


def main() -> int:
    """Run or continue the week; return 0 when everything adds up, 1 when not, 2 when the file is no week."""
    began = time.monotonic()
    try:
        week = _asked_week(os.environ.get("WEEK", ""))
    except BadFile as bad:
        sys.stderr.write(f"{bad}\n")
        return 2
    console = Console(width=120)
    started = embedded.ensure()
    stack = Stack(folder=RUN / NAME, database=NAME)
    stack.take()
    if os.environ.get("FRESH") == "1":
        stack.forget()
        stack.take()
    _prepare(stack)
    stack.start()
    try:
        return _run(stack, console, began, week)
    finally:
        stack.stop()
        if started:
            embedded.release()


def _prepare(stack: Stack) -> None:
    """Make the database when it is not there, and bring it up to date."""
    stack.choose_ports()
    with embedded.as_superuser() as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f'CREATE DATABASE "{NAME}" OWNER owner')
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=PROJECT, env=stack.environment, check=True
    )


def _asked_week(file: str) -> "Problem | None":
    """Read the file of `WEEK=` before anything starts; None without one."""
    return week_file.read(Path(file)) if file else None


def _run(stack: Stack, console: Console, began: float, week: "Problem | None") -> int:
    os.environ.update(stack.environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    _log_into(stack.folder / "log" / "demo.log")
    from tools.demo import result
    from tools.demo.week import Week

    journal = Journal(stack.folder / "journal.jsonl")
    random = Random(SEED)
    console.print("A week of the neighbourhood, through the front doors.")
    after_sign_up = None
    if week:
        from tools.demo import from_week

        console.print(f"People, jobs and rules come from {os.environ['WEEK']}; {from_week.SEEDED}.")
        from_week.found(week, random)
        cast, after_sign_up = from_week.ask(week), partial(from_week.agree, week)
    else:
        cast = _own(random)
    columns = (TextColumn("{task.description:22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        Week(stack, cast, journal, progress, seed=SEED, after_sign_up=after_sign_up).run()
    outcome = result.show(stack, journal, console)
    if week:
        from tools.demo.judging import Judge

        result.add(outcome, Judge(Path(os.environ["WEEK"]), journal, stack.folder, CHECKER).judge(), console)
    console.print(f"The week took {time.monotonic() - began:.0f} s.")
    if os.environ.get("SERVE", "1") == "0":
        return outcome.exit_code
    return _serve(stack, console, cast)


def _log_into(file: Path) -> None:
    """Keep what the program says to its log off the screen: the screen is for people."""
    file.parent.mkdir(parents=True, exist_ok=True)
    stream = file.open("a")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(stream)


def _own(random: Random) -> "Cast":
    from tools.demo import neighbourhood

    neighbourhood.found(random, workers=_number("WORKERS", 100))
    return neighbourhood.ask(
        Random(SEED + 1),
        residents=_number("RESIDENTS", 250),
        firms=_number("FIRMS", 4),
        visits=_number("VISITS", 600),
    )


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name, usual))


def _serve(stack: Stack, console: Console, cast: "Cast") -> int:
    console.print(
        f"\nThe site runs at {stack.url()} - Ctrl-C stops it. Sign in with a code from {stack.url('inbox')}:"
    )
    for email in sign_ins(cast):
        console.print(f"  {email}")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0


def sign_ins(cast: "Cast") -> list[str]:
    """Return an address for each role: customers of each kind who are there this week, and the staff."""
    customers = {asker.kind: asker.email for asker in reversed(cast.askers)}
    staff = ("desk", "payroll", "treasurer", "qa", "municipality", "auditor", "admin")
    return [
        *(customers[kind] for kind in ("resident", "firm") if kind in customers),
        "w1@wijk.example",
        next(iter(cast.quarters.values())),
        *(f"{role}@wijk.example" for role in staff),
    ]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (NotStarted, embedded.CannotStart) as refused:
        sys.exit(str(refused))
