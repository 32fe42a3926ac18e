"""The built-in servers come up in any folder, once, and again after every kind of accident."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from config import trial
from tests.databases import ROOT
from tests.standins import eventually

NEEDED = [
    "config/__init__.py",
    "config/trial.py",
    "tools/__init__.py",
    "tools/embedded.py",
    "tools/binaries.py",
]


@dataclass
class Checkout:
    """A checkout of only the launcher, with servers of its own."""

    folder: Path

    @property
    def sockets(self) -> Path:
        return trial.socket_folder(self.folder)

    def launch(self, verb: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tools.embedded", verb], cwd=self.folder, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
        )  # fmt: skip

    def say(self, verb: str) -> str:
        said, _none = self.launch(verb).communicate(timeout=90)
        return str(said)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(
            host=str(self.sockets), user="owner", dbname=trial.SLUG, autocommit=True
        ) as line:
            asked = line.execute(statement)
            return asked.fetchall() if asked.description else []

    def servers(self) -> list[int]:
        """Return the two servers' processes, found by the folder of their sockets."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(self.sockets) in command and "launcher" not in command:
                found.append(int(process.name))
        return found


def made(folder: Path) -> Checkout:
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return Checkout(folder.resolve())


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Iterator[Checkout]:
    checkout = made(tmp_path_factory.mktemp("kloon met spaties é") / ("lang" * 20) / "x")
    assert checkout.say("up") == "PostgreSQL: up\nValkey: up\n"
    yield checkout
    checkout.say("forget")


def test_four_at_once_start_one_server(checkout):
    checkout.say("down")
    launched = [checkout.launch("up") for _ in range(4)]
    assert [one.communicate(timeout=90)[0] for one in launched] == ["PostgreSQL: up\nValkey: up\n"] * 4
    assert len(checkout.servers()) == 2


def test_two_checkouts_have_servers_of_their_own(checkout, tmp_path):
    other = made(tmp_path / "tweede")
    try:
        assert other.say("up") == "PostgreSQL: up\nValkey: up\n"
        other.ask("CREATE TABLE only_here (n int)")
        assert checkout.ask("SELECT to_regclass('only_here')") == [(None,)]
    finally:
        other.say("forget")
    assert not other.sockets.exists()


def test_makes_a_role_that_owns_nothing(checkout):
    assert checkout.ask(
        "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname IN ('app', 'owner') ORDER BY 1"
    ) == [
        ("app", False, False),
        ("owner", False, False),
    ]


def test_listens_on_no_port(checkout):
    assert checkout.ask("SHOW listen_addresses") == [("",)]
    assert checkout.sockets.stat().st_mode & 0o077 == 0


def test_keeps_every_acknowledged_row_when_all_is_killed(checkout):
    checkout.ask("CREATE TABLE IF NOT EXISTS kept (n int)")
    before = len(checkout.ask("SELECT n FROM kept"))
    for number in range(50):
        checkout.ask(f"INSERT INTO kept VALUES ({number})")
    for pid in checkout.servers():
        os.kill(pid, signal.SIGKILL)

    assert checkout.say("up") == "PostgreSQL: up\nValkey: up\n"
    assert len(checkout.ask("SELECT n FROM kept")) == before + 50


def test_comes_back_when_its_sockets_were_swept_away(checkout):
    shutil.rmtree(checkout.sockets)
    assert checkout.say("up") == "PostgreSQL: up\nValkey: up\n"
    assert len(checkout.servers()) == 2


def test_refuses_sockets_that_others_could_reach(checkout):
    checkout.say("down")
    checkout.sockets.chmod(0o777)
    try:
        assert "remove it, or ask its owner" in checkout.say("up")
    finally:
        checkout.sockets.chmod(0o700)
    assert checkout.say("up") == "PostgreSQL: up\nValkey: up\n"


def test_makes_its_data_again_when_the_first_making_was_killed(tmp_path):
    checkout = made(tmp_path / "half")
    try:
        launcher = checkout.launch("up")
        log = checkout.folder / ".run" / "log" / "initdb.log"
        eventually(lambda: log.exists() and log.read_text(), seconds=20)
        launcher.kill()
        launcher.wait()
        assert checkout.say("up") == "PostgreSQL: up\nValkey: up\n"
    finally:
        checkout.say("forget")


def test_does_not_stop_under_a_users_feet(checkout):
    use = "import sys; from tools import embedded; embedded.ensure(); print(embedded.release() if sys.argv[1:] else 'held', flush=True); sys.stdin.read()"
    user = subprocess.Popen(
        [sys.executable, "-c", use],
        cwd=checkout.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "held\n"
    said = subprocess.run(
        [sys.executable, "-c", use, "release"],
        cwd=checkout.folder,
        input="",
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "False\n"
    user.communicate("")
    said = subprocess.run(
        [sys.executable, "-c", use, "release"],
        cwd=checkout.folder,
        input="",
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "True\n"
    assert checkout.servers() == []
