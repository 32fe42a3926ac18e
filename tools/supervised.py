"""What supervisord is told: each program of a site, how it is kept alive, and how it ends."""

import os
import sys
from pathlib import Path

KEEP = (
    "autorestart=true\nstartsecs=1\nstartretries=100000\nkillasgroup=true\nstopwaitsecs=15\n"
    "redirect_stderr=true\nstdout_logfile_maxbytes=20MB\nstdout_logfile_backups=1\n"
)


def configuration(folder: Path, programs: dict[str, list[str]]) -> str:
    """Return supervisord's configuration; every program is leashed, so that it dies with supervisord."""
    log = folder / "log"
    own = f"pidfile={_path(folder / 'supervisord.own.pid')}\nlogfile={_path(log / 'supervisord.log')}\nloglevel=warn\n"
    me = "user=root\n" if os.getuid() == 0 else ""
    # one group: supervisord stops the programs of a group at the same time, and groups one after the other
    blocks = [f"[supervisord]\nsilent=true\n{me}{own}", f"[group:site]\nprograms={','.join(programs)}\n"]
    for name, command in programs.items():
        words = " ".join(_word(word) for word in (sys.executable, "-m", "tools.leashed", *command))
        blocks.append(
            f"[program:{name}]\ncommand={words}\nstdout_logfile={_path(log / name)}.log\n{_stop(name)}{KEEP}"
        )
    return "\n".join(blocks)


def _stop(name: str) -> str:
    # Celery hands unfinished tasks back to the broker on QUIT; on TERM it would wait for them as long as they last
    return "stopsignal=QUIT\n" if name in {"worker", "planner", "repairer"} else "stopasgroup=true\n"


def _word(text: str) -> str:
    """Quote a word for supervisord, which splits like a shell and expands %."""
    return '"' + text.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"') + '"'


def _path(path: Path) -> str:
    return str(path).replace("%", "%%")


def web(port: int) -> list[str]:
    """Return the command of the web server."""
    memory = Path("/dev/shm")
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--threads", "4", "--timeout", "60", "--graceful-timeout", "10", "--log-level", "warning",
        *(["--worker-tmp-dir", str(memory)] if memory.is_dir() else []),
    ]  # fmt: skip


def worker() -> list[str]:
    """Return the command of the Celery worker: everything that is soon done."""
    return _celery_worker("worker", "celery", processes=2)


def planner() -> list[str]:
    """Return the command of the Celery worker that makes whole plans, of two neighbourhoods at a time."""
    return _celery_worker("planner", "plans", processes=2)


def repairer() -> list[str]:
    """Return the command of the Celery worker that mends a disturbed week: nightly plans do not keep it waiting."""
    return _celery_worker("repairer", "repairs", processes=1)


def _celery_worker(name: str, queues: str, *, processes: int) -> list[str]:
    return [
        sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency", str(processes), "--queues", queues,
        "--hostname", f"{name}@localhost", "--loglevel", "INFO", "--without-mingle", "--without-gossip",
    ]  # fmt: skip


def beat(folder: Path) -> list[str]:
    """Return the command of the one beat."""
    return [
        sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--schedule", str(folder / "beat"), "--pidfile=",
        "--loglevel", "WARNING",
    ]  # fmt: skip


def relay() -> list[str]:
    """Return the command of the outbox relay."""
    return [sys.executable, "manage.py", "relay"]


def stand_in(module: str, port: int, state: Path, *more: str) -> list[str]:
    """Return the command of one of the sandbox's servers."""
    return [sys.executable, "-m", f"sandbox.{module}", "--port", str(port), "--state", str(state), *more]
