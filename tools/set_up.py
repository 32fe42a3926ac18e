"""Set this checkout up: packages, stylesheet, translations, browser, planning engine. Run by the system's Python, which
needs nothing.

`python3 tools/set_up.py base|dev [pages] [browser] [kernels]`. Each step leaves a stamp of what it was made from, so
that a second run does nothing, and one that was killed is done again. Two runs at once wait for each other.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "set-up.json"
UV = "uv==0.13.9"
OLDEST = (3, 11)
QUIET = ["-q", "--disable-pip-version-check"]


def main(wanted: list[str]) -> int:
    """Do the steps that are not done yet."""
    if sys.version_info < OLDEST:
        sys.exit(f"This needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}.")
    (PROJECT / ".run").mkdir(exist_ok=True)
    with (PROJECT / ".run" / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in wanted:
            STEPS[name]()
    return 0


def packages(which: str) -> None:
    """Install the locked packages into .venv, by uv or, where uv cannot, by pip."""
    names = ["base"] if which == "base" else ["base", "dev"]
    wanted = {name: _digest([PROJECT / "requirements" / f"{name}.txt"]) for name in names}
    if wanted.items() <= _stamps().items() and _runs():
        return
    with _told(f"packages ({which})"):
        if not _runs():
            shutil.rmtree(VENV, ignore_errors=True)
            _do([sys.executable, "-m", "venv", VENV])
        _stamp(base="", dev="")
        if subprocess.run([PYTHON, "-c", "import uv"], capture_output=True, check=False).returncode:
            _do([PYTHON, "-m", "pip", "install", *QUIET, UV])
        locked = PROJECT / "requirements" / f"{which}.txt"
        # uv reads neither pip's settings nor, unless told, the system's certificates
        by_uv: list[str | Path] = [
            PYTHON,
            "-m",
            "uv",
            "pip",
            "sync",
            "-q",
            "--python",
            PYTHON,
            "--require-hashes",
            locked,
        ]
        environment = {**os.environ, "UV_SYSTEM_CERTS": "1"}
        if subprocess.run(by_uv, env=environment, cwd=PROJECT, check=False).returncode:
            print("uv could not; pip tries, which takes some minutes", flush=True)
            _do([PYTHON, "-m", "pip", "install", *QUIET, "--require-hashes", "--no-deps", "-r", locked])
        _stamp(**wanted)


def pages() -> None:
    """Build the stylesheet from npm packages, and compile the translations."""
    lock = _digest([PROJECT / "package.json", PROJECT / "package-lock.json"])
    if _stamps().get("npm") != lock or not (PROJECT / "node_modules").is_dir():
        with _told("npm packages"):
            _do([PYTHON, "-m", "tools.node", "npm", "ci", "--no-audit", "--no-fund", "--silent"])
            _stamp(npm=lock, styles="")
    styles = _digest([PROJECT / "tools" / "build_css.mjs", *_all(PROJECT / "web" / "styles")])
    if _stamps().get("styles") != styles or not (PROJECT / "web" / "built").is_dir():
        with _told("stylesheet"):
            _do([PYTHON, "-m", "tools.node", "npm", "run", "--silent", "build"])
            _stamp(styles=styles)
    sentences = sorted((PROJECT / "locale").rglob("*.po"))
    made = [file.with_suffix(".mo") for file in sentences]
    if _stamps().get("words") != _digest(sentences) or not all(file.exists() for file in made):
        with _told("translations"):
            _do([PYTHON, "-m", "tools.messages", "compile"])
            _stamp(words=_digest(sentences))


def browser() -> None:
    """Unpack the browser of the tests, where the machine has none."""
    _do([PYTHON, "-m", "tools.browser"], quiet=True)


def kernels() -> None:
    """Compile the planning engine, once for all checkouts of this user."""
    source = _digest([PROJECT / "scheduling" / "engine" / "kernels.py"])
    if _stamps().get("kernels") != source:
        with _told("planning engine"):
            _do([PYTHON, "-m", "scheduling.engine.warm"])
            _stamp(kernels=source)


STEPS: dict[str, Callable[[], None]] = {
    "base": lambda: packages("base"),
    "dev": lambda: packages("dev"),
    "pages": pages,
    "browser": browser,
    "kernels": kernels,
}


class _told:  # noqa: N801 - reads as a word in a with-statement
    """Say what is done, and how long it took."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began = time.monotonic()
        print(f"set up: {self.what} ...", flush=True)

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            print(f"set up: {self.what} in {time.monotonic() - self.began:.0f} s", flush=True)


def _runs() -> bool:
    """Tell whether the virtual environment works: not when its making was killed, or its Python is gone."""
    if not PYTHON.exists():
        return False
    return not subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode


def _do(command: Iterable[str | Path], *, quiet: bool = False) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=PROJECT, check=False, stdout=subprocess.DEVNULL if quiet else None)
    if done.returncode:
        sys.exit(f"Setting up stopped: {' '.join(words)} ended with {done.returncode}.")


def _digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.name.encode() + file.read_bytes())
    return whole.hexdigest()


def _all(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _stamps() -> dict[str, str]:
    """Return what each step was made from, the last time it was finished."""
    try:
        stamps: dict[str, str] = json.loads(STAMPS.read_text())
    except (OSError, ValueError):
        return {}
    return stamps


def _stamp(**made: str) -> None:
    STAMPS.write_text(json.dumps(_stamps() | made))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
