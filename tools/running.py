"""Find, end and count the processes of a site by a mark in their environment, whoever started them."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MARK = "SITE_PROGRAM"


def of(folder: Path) -> dict[int, str]:
    """Return the processes that belong to the site in a folder, with their command lines."""
    mark = f"{MARK}={folder}".encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # gone meanwhile, or somebody else's
            continue
    return {pid: command for pid, command in found.items() if command}


def end(folder: Path, *, first: int | None, patience_seconds: float = 25) -> None:
    """End all of a site: its supervisor asks politely, whatever is left after the patience is killed."""
    if first in of(folder):
        _send(first, signal.SIGTERM)
        _until(lambda: first not in of(folder), patience_seconds)
    for pid in of(folder):
        _send(pid, signal.SIGTERM)
    _until(lambda: not of(folder), 5)
    kill(folder)


def kill(folder: Path) -> None:
    """Kill all of a site at once, as a power cut does, and wait until it is gone."""
    until = time.monotonic() + 15
    while (left := of(folder)) and time.monotonic() < until:
        for pid in left:
            _send(pid, signal.SIGKILL)
        time.sleep(0.05)


def _send(pid: int | None, how: signal.Signals) -> None:
    if pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, how)


def _until(gone: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not gone() and time.monotonic() < until:
        time.sleep(0.05)
