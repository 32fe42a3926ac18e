"""A small week of a neighbourhood, run as `make demo` runs it, killed on the way and continued."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.demo.client import Person
from tools.demo.journal import Journal
from tools.site import Stack

ROOT = Path(__file__).resolve().parents[2]
NAME = f"journey_{os.getpid()}"
FOLDER = ROOT / ".run" / NAME
SMALL = {
    "RESIDENTS": "14",
    "FIRMS": "2",
    "WORKERS": "36",
    "VISITS": "40",
    "SERVE": "0",
    "DEMO_NAME": NAME,
    "SANDBOX": "1",
}


@dataclass
class Ran:
    """The finished week: what was acknowledged at each kill, what it printed, and its site, which runs again."""

    kills: list[list[str]]
    output: str
    returncode: int
    stack: Stack

    def person(self, email: str) -> Person:
        """Return somebody who is signed in."""
        someone = Person(self.stack.url(), self.stack.url("inbox"), email)
        someone.sign_in()
        return someone


def start() -> "subprocess.Popen[str]":
    environment = {**os.environ, **SMALL}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "tools.demo"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )  # fmt: skip


def kill_everything(runner: "subprocess.Popen[str]") -> None:
    """Kill the runner and every program of its site at once, as a power cut does."""
    with suppress(ProcessLookupError):
        os.kill(runner.pid, signal.SIGKILL)  # at once: to look for the others takes a while
    mine = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if str(FOLDER).encode() in (folder / "environ").read_bytes():
                mine.append(int(folder.name))
        except OSError:
            continue
    for pid in mine:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    runner.wait(timeout=30)


def run_until(word: str) -> list[str]:
    """Run, or go on, until the journal has a word; kill everything; return what was acknowledged by then."""
    runner = start()
    journal, until = FOLDER / "journal.jsonl", time.monotonic() + 300
    while time.monotonic() < until and runner.poll() is None:
        if journal.exists() and word in journal.read_text():
            break
        time.sleep(0.1)
    kill_everything(runner)
    return list(Journal(journal).entries)


@pytest.fixture(scope="session")
def week(template) -> Iterator[Ran]:
    """Run a week; kill all of it amid the bookings, and again amid the visits; run it to its end; serve its site."""
    kills = [run_until('"booking:'), run_until('"in:')]
    again = start()
    output, _none = again.communicate(timeout=500)
    stack = Stack(folder=FOLDER, database=NAME)
    stack.start()
    yield Ran(kills, output, again.returncode, stack)
    stack.forget()
