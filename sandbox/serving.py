"""How each stand-in is started: only inside the sandbox, only on this machine, by gunicorn."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

THREADS = 8


def options(name: str) -> argparse.ArgumentParser:
    """Return the parser with what every stand-in takes: a port and a folder for its state."""
    parser = argparse.ArgumentParser(prog=f"python -m sandbox.{name}")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps what was answered")
    return parser


def refuse_outside_the_sandbox(what: str, instead: str) -> None:
    """End the program with a sentence unless SANDBOX=1: a stand-in must never pass for the real one."""
    if os.environ.get("SANDBOX") != "1":
        print(
            f"The stand-in for {what} starts only when SANDBOX=1 is set. Outside the sandbox, {instead}.",
            file=sys.stderr,
        )
        raise SystemExit(1)


def serve(make_app: Callable[[], Flask], port: int) -> None:
    """Serve an app on 127.0.0.1 until the process is stopped.

    One process, so that a lock in memory holds for all; several threads, so that a request that hangs on
    purpose keeps nobody else waiting. The app is made inside the worker: its connection and its threads
    must not cross a fork.
    """
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped,unused-ignore]

    class StandIn(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": f"127.0.0.1:{port}",
                "workers": 1,
                "threads": THREADS,
                "worker_class": "gthread",
                "timeout": 120,
                "graceful_timeout": 2,
                "keepalive": 15,
                "loglevel": "warning",
                "control_socket_disable": True,
                "proc_name": "wijkcheque-stand-in",
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return make_app()

    StandIn().run()
