"""Start and stop everything together: web, worker, beat, relay, and in the sandbox the stand-ins.

`python -m tools.site up | down | status`. supervisord keeps each program alive; all of them die with it.
"""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import redis
import requests
from psycopg import sql

from config.trial import PROJECT, valkey_socket
from tools import embedded, leashed, ports, running, supervised

RUN = PROJECT / ".run"
SANDBOX_IBAN = "NL74OEFN0000000001"  # valid, at a bank that does not exist
LISTENERS = ("web", "stripe", "bank", "bureau", "inbox")
PATIENCE_SECONDS = 90
BROKERS = range(
    8, 126, 2
)  # a broker and its cache use two databases of Valkey; lower ones may be asked for by number


class NotStarted(RuntimeError):
    """The site does not run; the message names the log, or who holds it."""


@dataclass
class Stack:
    """All programs of one site, on ports of their own, over one database of the built-in server.

    Several may run at once: each has a folder (logs, ports, state of the stand-ins), a database and a broker.
    """

    folder: Path = RUN / "site"
    database: str = "wijkcheque"
    broker_db: int | None = None
    sandbox: bool = True
    more_environment: dict[str, str] = field(default_factory=dict)
    _supervisor: "subprocess.Popen[bytes] | None" = None
    _lock: int | None = None

    @property
    def ports(self) -> dict[str, int]:
        """The ports of this site, by the name of the program that listens."""
        known = ports.remembered(self.folder / "ports.json")
        return {name: known[name] for name in LISTENERS if name in known}

    def url(self, name: str = "web") -> str:
        """Return the address of one of the programs that listen."""
        return f"http://127.0.0.1:{self.ports[name]}"

    @property
    def environment(self) -> dict[str, str]:
        """What the programs and commands of this site are started with; needs the ports to be chosen."""
        made = {
            **os.environ,
            "SANDBOX": "1" if self.sandbox else "0",
            "TRIAL_DATABASE": self.database,
            "BROKER_DB": str(self._broker()),
            "RUN_DIR": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(PROJECT),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        made.setdefault("SITE_URL", self.url())
        if self.sandbox:
            made = {name: value for name, value in made.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
            made |= {
                "SITE_URL": self.url(),
                "STRIPE_API_BASE": self.url("stripe"),
                "STRIPE_SECRET_KEY": "sk_test_sandbox",
                "STRIPE_WEBHOOK_SECRETS": self._secret(),
                "BANK_URL": self.url("bank"),
                "BUREAU_URL": self.url("bureau"),
                "INBOX_URL": self.url("inbox"),
            }
        return made | self.more_environment

    def start(self) -> None:
        """Start all of it, in place of what an earlier start left behind, and wait until it answers.

        :raises NotStarted: a program did not answer, or another process has this site running.
        """
        self.take()
        embedded.ensure()
        self.choose_ports()
        config = self.folder / "supervisord.conf"
        config.write_text(supervised.configuration(self.folder, self._programs()))
        with (self.folder / "log" / "supervisord.out").open("ab") as out:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "tools.leashed", sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(config)],
                cwd=PROJECT, env={**self.environment, running.MARK: str(self.folder), leashed.PARENT: str(os.getpid())}, stdin=subprocess.DEVNULL,
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        (self.folder / "supervisord.pid").write_text(str(self._supervisor.pid))
        self._wait()

    def take(self) -> None:
        """Be the one process that runs this site, and end what an earlier one left behind when it was killed.

        :raises NotStarted: another process has it running.
        """
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        self._hold()
        running.end(self.folder, first=self._supervisor_pid())

    def stop(self) -> None:
        """Stop everything of this site, also what an earlier start left behind."""
        running.end(self.folder, first=self._supervisor_pid())
        (self.folder / "supervisord.pid").unlink(missing_ok=True)
        if self._supervisor:
            self._supervisor.wait(timeout=20)
            self._supervisor = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def kill(self) -> None:
        """Kill every program of this site at once, as a power cut does."""
        running.kill(self.folder)

    def processes(self, word: str = "") -> list[int]:
        """Return the numbers of this site's processes whose command line has a word in it."""
        return [pid for pid, command in running.of(self.folder).items() if word in command]

    def forget(self) -> None:
        """Stop, and remove database, queue, files and state of this site."""
        self.stop()
        embedded.ensure()
        with embedded.as_superuser() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.database))
            )
        for number in (self._broker(), self._broker() + 1):
            with redis.Redis(unix_socket_path=str(valkey_socket()), db=number) as queue:
                queue.flushdb()
        if (self.folder / "broker.json").exists():
            self.broker_db = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self) -> bool:
        """Tell whether every program that listens is well."""
        names = LISTENERS if self.sandbox else ("web",)
        return bool(self.ports) and all(
            _is_well(f"{self.url(name)}/health", self._host(name)) for name in names
        )

    def _host(self, name: str) -> str:
        """Return the name a program is reached by: the web may answer only to the one the world knows."""
        return urlsplit(self.environment["SITE_URL"] if name == "web" else self.url(name)).netloc

    def choose_ports(self) -> None:
        """Keep the ports of last time, or take free ones."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ports.choose(self.folder / "ports.json", LISTENERS)

    def command(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a management command in this site."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=self.environment, check=check,
            capture_output=True, text=True,
        )  # fmt: skip

    def _hold(self) -> None:
        """Two processes that run one site would stop each other's programs; the second is told so."""
        if self._lock is not None:
            return
        lock = os.open(self.folder / "holder", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = (self.folder / "holder").read_text()
            os.close(lock)
            raise NotStarted(f"This site runs already, at {self.url()}, held by process {holder}.") from None
        os.truncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        self._lock = lock

    def holder(self) -> int | None:
        """Return the process that has this site running, if there is one."""
        try:
            with (self.folder / "holder").open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return int((self.folder / "holder").read_text() or 0) or None
        return None

    def _supervisor_pid(self) -> int | None:
        with suppress(OSError, ValueError):
            return int((self.folder / "supervisord.pid").read_text())
        return None

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            ended = self._supervisor is not None and self._supervisor.poll() is not None
            if ended or time.monotonic() > until:
                self.stop()
                raise NotStarted(f"The site did not start: see {self.folder / 'log'}.")
            time.sleep(0.1)

    def _broker(self) -> int:
        """Return the database of Valkey that is this site's broker; the next one is its cache."""
        if self.broker_db is None:
            file = self.folder / "broker.json"
            self.folder.mkdir(parents=True, exist_ok=True)
            known = ports.remembered(file)
            self.broker_db = known.get("broker") or ports.claim(file, RUN, BROKERS)
        return self.broker_db

    def _secret(self) -> str:
        file = self.folder / "webhook.secret"
        if not file.exists():
            file.write_text(f"whsec_{secrets.token_hex(16)}")
            file.chmod(0o600)
        return file.read_text()

    def _programs(self) -> dict[str, list[str]]:
        programs = {
            "web": supervised.web(self.ports["web"]),
            "worker": supervised.worker(),
            "planner": supervised.planner(),
            "repairer": supervised.repairer(),
            "beat": supervised.beat(self.folder),
            "relay": supervised.relay(),
        }
        return programs | (self._stand_ins() if self.sandbox else {})

    def _stand_ins(self) -> dict[str, list[str]]:
        outside, port = self.folder / "outside", self.ports
        return {
            "stripe": supervised.stand_in(
                "stripe_server", port["stripe"], outside / "stripe",
                "--webhook-url", f"{self.url()}/api/stripe/webhook", "--webhook-secret", self._secret(),
                "--secret-key", "sk_test_sandbox", "--bank-url", self.url("bank"), "--bank-iban", SANDBOX_IBAN,
                "--available-days", "0",
            ),
            "bank": supervised.stand_in(
                "bank", port["bank"], outside / "bank", "--account", f"{SANDBOX_IBAN};Werk aan de Wijk;0",
                "--overdraft-cents", "50000000",
            ),
            "bureau": supervised.stand_in("bureau", port["bureau"], outside / "bureau"),
            "inbox": supervised.stand_in("inbox", port["inbox"], outside / "inbox"),
        }  # fmt: skip


def _is_well(address: str, host: str) -> bool:
    try:
        return requests.get(address, headers={"Host": host}, timeout=2, allow_redirects=False).ok
    except requests.RequestException:
        return False


def main(verb: str) -> int:
    """Start a site and stay with it, stop it, or say whether it runs."""
    stack = Stack(sandbox=os.environ.get("SANDBOX") == "1", broker_db=0)
    if verb == "up":
        return _serve(stack)
    if verb == "down":
        return _down(stack)
    well = stack.answers()
    sys.stdout.write(f"up at {stack.url()}\n" if well else "down\n")
    return 0 if well else 1


def _down(stack: Stack) -> int:
    holder = stack.holder()
    if holder:
        with suppress(ProcessLookupError):
            os.kill(holder, signal.SIGTERM)
        until = time.monotonic() + 40
        while stack.holder() and time.monotonic() < until:
            time.sleep(0.1)
    stack.stop()
    return 0


def _serve(stack: Stack) -> int:
    started = embedded.ensure()
    stack.take()
    stack.choose_ports()
    wait_for = {signal.SIGINT, signal.SIGTERM}
    stack.command("migrate", "-v0")
    if os.environ.get("DATABASE_URL"):
        stack.command("collectstatic", "--noinput", "-v0")
    stack.start()
    try:
        sys.stdout.write(stack.command("first_step", check=False).stdout)
        sys.stdout.write(f"The site runs at {stack.url()} - Ctrl-C stops it.\n")
        sys.stdout.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, wait_for)
        signal.sigwait(wait_for)
    finally:
        stack.stop()
        if started:
            embedded.release()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "status"))
    except (NotStarted, embedded.CannotStart) as refused:
        sys.exit(str(refused))
    except subprocess.CalledProcessError as failed:
        sys.exit(f"{' '.join(failed.cmd[1:])} failed:\n{failed.stderr}")
