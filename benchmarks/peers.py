"""The shared peers, run as they are on the same core: another way to plan the same weeks.

They need packages that the product does not, so they get an environment of their own under `.run`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.judging import ROOT, SHARED, Figures, figures

HOME = ROOT / ".run" / "peers"
SCRIPT = SHARED / "peers" / "cpsat_lns.py"
NEEDS = "ortools"


class NoPeer(RuntimeError):
    """Why no peer can be run, in a sentence."""


def python() -> Path:
    """Return the interpreter of the peers, with what they need installed.

    :raises NoPeer: when the shared folder is not there, or the packages cannot be had.
    """
    if not SCRIPT.is_file():
        raise NoPeer("The shared folder with the peers is not here, so no peer is run.")
    there = HOME / "bin" / "python"
    if not there.exists():
        try:
            _make()
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(HOME, ignore_errors=True)
            raise NoPeer(
                f"The package {NEEDS} could not be installed, so no peer is run: {error}."
            ) from error
    return there


def _make() -> None:
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(HOME)], check=True)
    subprocess.run([*uv, "pip", "install", "-q", "--python", str(HOME / "bin" / "python"), NEEDS], check=True)


def cpsat(checker: Any, week: Path, seconds: int, *, seed: int) -> dict[int, Figures]:
    """Plan the week with the CP-SAT neighbourhood search for so many seconds of processor time, start included.

    Return where it stood after some of the seconds, and at the end; slots are known of the end alone.

    :raises NoPeer: when it ends without a plan.
    """
    out = ROOT / ".run" / "bench-peer.json"
    command = [
        str(python()),
        str(SCRIPT),
        str(week),
        str(out),
        "--seconds",
        str(seconds),
        "--seed",
        str(seed),
    ]
    done = subprocess.run([*command, "--cpu", "--log"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoPeer(f"The CP-SAT peer ended with an error on {week.name}: {done.stderr.strip()[-200:]}")
    said = json.loads(done.stdout.strip().splitlines()[-1])
    stood = {at: Figures(unserved, 0, soft, 0, broken) for at, unserved, soft, broken in said["trace"]}
    return {**stood, seconds: figures(checker.check(checker.load(week), json.loads(out.read_text())))}
