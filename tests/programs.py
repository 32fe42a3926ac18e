"""The programs of a site as real processes over the database of a test: the relay, and workers that take its tasks."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools import embedded, leashed, running
from tools.site import RUN, Stack


@contextmanager
def programs(database: str, commands: Sequence[list[str]], **environment: str) -> Iterator[Stack]:
    """Run some programs of a site on a database that is there already; they end with the block, or with us.

    What they say is in `log` in the folder of the stack. The folder and the queues are removed with the database.
    """
    embedded.ensure()
    stack = Stack(folder=RUN / database, database=database, more_environment=environment)
    (stack.folder / "log").mkdir(parents=True, exist_ok=True)
    stack.choose_ports()
    marked = {
        **stack.environment,
        running.MARK: str(stack.folder),
        leashed.PARENT: str(os.getpid()),
    }
    started = []
    try:
        for number, command in enumerate(commands):
            with (stack.folder / "log" / f"{number}.log").open("ab") as out:
                started.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "tools.leashed", *command], cwd=RUN.parent, env=marked,
                        stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                    )
                )  # fmt: skip
        yield stack
    finally:
        running.kill(stack.folder)
        for one in started:
            one.wait(timeout=20)
        stack.forget()
