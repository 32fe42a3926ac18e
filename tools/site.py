"""Start and stop everything together: web, worker, beat, relay, and in the sandbox the stand-ins.

`python -m tools.site up | down | status`. supervisord keeps each program alive; all of them die with it.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import requests

from config.trial import PROJECT
from tools import embedded
from tools.leashed import leash

RUN = PROJECT / ".run"
SANDBOX_IBAN = "NL74OEFN0000000001"  # valid, at a bank that does not exist
PROGRAMS = ("web", "stripe", "bank", "bureau", "inbox")
PATIENCE_SECONDS = 60


@dataclass
class Stack:
    """All programs of one site, on ports of their own, over one database of the built-in server."""

    folder: Path = RUN / "site"
    database: str = "wijkcheque"
    broker_db: int = 0
    sandbox: bool = True
    more_environment: dict[str, str] = field(default_factory=dict)
    _supervisor: "subprocess.Popen[bytes] | None" = None

    @property
    def ports(self) -> dict[str, int]:
        """The ports of this site; chosen once, chosen again when somebody else took one."""
        file = self.folder / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        return {name: ports[name] for name in PROGRAMS if name in ports}

    def url(self, name: str = "web") -> str:
        """Return the address of one of the programs that listen."""
        return f"http://127.0.0.1:{self.ports[name]}"

    @property
    def environment(self) -> dict[str, str]:
        """What the programs and commands of this site are started with."""
        made = {
            **os.environ,
            "SANDBOX": "1" if self.sandbox else "0",
            "TRIAL_DATABASE": self.database,
            "BROKER_DB": str(self.broker_db),
            "RUN_DIR": str(self.folder),
            "SITE_URL": self.url(),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(PROJECT),
            **self.more_environment,
        }
        made.pop("DATABASE_URL", None)
        if self.sandbox:
            made |= {
                "STRIPE_API_BASE": self.url("stripe"),
                "STRIPE_SECRET_KEY": "sk_test_sandbox",
                "STRIPE_WEBHOOK_SECRETS": self._secret(),
                "BANK_URL": self.url("bank"),
                "BUREAU_URL": self.url("bureau"),
                "INBOX_URL": self.url("inbox"),
            }
        return made

    def start(self) -> None:
        """Start what does not run, and wait until all of it answers.

        :raises RuntimeError: a program did not answer; the message names its log.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "log").mkdir(exist_ok=True)
        embedded.ensure()
        self.stop()
        self.choose_ports()
        config = self.folder / "supervisord.conf"
        config.write_text(self._config())
        self._supervisor = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(config)],
            cwd=PROJECT, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=(self.folder / "log" / "supervisord.out").open("ab"), stderr=subprocess.STDOUT,
            preexec_fn=leash, start_new_session=True,  # noqa: PLW1509 - the caller starts no threads before this
        )  # fmt: skip
        (self.folder / "supervisord.pid").write_text(str(self._supervisor.pid))
        self._wait()

    def stop(self) -> None:
        """Stop everything of this site, also what an earlier start left behind."""
        file = self.folder / "supervisord.pid"
        with suppress(OSError, ValueError):
            pid = int(file.read_text())
            if str(self.folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGTERM)
                _wait_gone(pid)
        file.unlink(missing_ok=True)
        if self._supervisor:
            with suppress(subprocess.TimeoutExpired):
                self._supervisor.wait(timeout=20)

    def answers(self) -> bool:
        """Tell whether every program that listens is well."""
        return all(_is_well(f"{self.url(name)}/health") for name in self._listening)

    @property
    def _listening(self) -> tuple[str, ...]:
        return PROGRAMS if self.sandbox else ("web",)

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if time.monotonic() > until:
                raise RuntimeError(f"The site did not start: see {self.folder / 'log'}.")
            time.sleep(0.1)

    def _secret(self) -> str:
        file = self.folder / "webhook.secret"
        if not file.exists():
            file.write_text(f"whsec_{secrets.token_hex(16)}")
            file.chmod(0o600)
        return file.read_text()

    def choose_ports(self) -> None:
        """Keep the ports of last time, or take free ones."""
        ports = self.ports
        for name in PROGRAMS:
            if name not in ports or not _is_free(ports[name]):
                ports[name] = _free_port()
        (self.folder / "ports.json").write_text(json.dumps(ports))

    def _config(self) -> str:
        blocks = [
            f"[supervisord]\npidfile={_quoted(self.folder / 'supervisor.own.pid')}\nlogfile={_quoted(self.folder / 'log' / 'supervisord.log')}\nloglevel=warn\n"
        ]
        for name, command in self._commands().items():
            parts = " ".join(_argument(part) for part in (sys.executable, "-m", "tools.leashed", *command))
            blocks.append(
                f"[program:{name}]\ncommand={parts}\nautorestart=true\nstartretries=100\nstartsecs=0\n"
                f"stopasgroup=true\nkillasgroup=true\nstopwaitsecs=12\n"
                f"redirect_stderr=true\nstdout_logfile={_quoted(self.folder / 'log' / name)}.log\n"
                "stdout_logfile_maxbytes=20MB\nstdout_logfile_backups=1\n"
            )
        return "\n".join(blocks)

    def _commands(self) -> dict[str, list[str]]:
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "config.celery"]
        commands = {
            "web": [
                python, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.ports['web']}", "--workers", "2",
                "--threads", "4", "--timeout", "60", "--log-level", "warning", "--worker-tmp-dir", "/dev/shm",
            ],
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle", "--without-gossip"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "beat"), "--pidfile=", "--loglevel", "WARNING"],
            "relay": [python, "manage.py", "relay"],
        }  # fmt: skip
        return commands | (self._stand_ins() if self.sandbox else {})

    def _stand_ins(self) -> dict[str, list[str]]:
        def serve(name: str, *more: str) -> list[str]:
            module = {"stripe": "stripe_server"}.get(name, name)
            state = str(self.folder / "outside" / name)
            return [
                sys.executable,
                "-m",
                f"sandbox.{module}",
                "--port",
                str(self.ports[name]),
                "--state",
                state,
                *more,
            ]

        return {
            "stripe": serve(
                "stripe", "--webhook-url", f"{self.url()}/api/stripe/webhook", "--webhook-secret", self._secret(),
                "--secret-key", "sk_test_sandbox", "--bank-url", self.url("bank"), "--bank-iban", SANDBOX_IBAN,
                "--available-days", "0",
            ),
            "bank": serve("bank", "--account", f"{SANDBOX_IBAN};Werk aan de Wijk;0", "--overdraft-cents", "50000000"),
            "bureau": serve("bureau"),
            "inbox": serve("inbox"),
        }  # fmt: skip


def _argument(part: str) -> str:
    """Quote a word of a command for supervisord, which splits like a shell and expands %."""
    return '"' + part.replace("%", "%%").replace('"', '\\"') + '"'


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%%")


def _is_well(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).ok
    except requests.RequestException:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _wait_gone(pid: int) -> None:
    until = time.monotonic() + 25
    while time.monotonic() < until:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)


def main(verb: str) -> int:
    """Start a site and stay with it, stop it, or say whether it runs."""
    stack = Stack(sandbox=os.environ.get("SANDBOX") == "1")
    if verb == "up":
        return _serve(stack)
    if verb == "down":
        stack.stop()
        return 0
    running = bool(stack.ports) and stack.answers()
    sys.stdout.write(f"{'up' if running else 'down'}\n")
    return 0 if running else 1


def _serve(stack: Stack) -> int:
    stack.folder.mkdir(parents=True, exist_ok=True)
    stack.choose_ports()
    embedded.ensure()
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=PROJECT, env=stack.environment, check=True
    )
    stack.start()
    first = subprocess.run(
        [sys.executable, "manage.py", "first_step"], cwd=PROJECT, env=stack.environment, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    sys.stdout.write(f"{first.stdout}The site runs at {stack.url()} - Ctrl-C stops it.\n")
    sys.stdout.flush()
    try:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        stack.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "status"))
