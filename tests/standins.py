"""The stand-ins as real processes on free ports."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tools import leashed

ROOT = Path(__file__).parents[1]
KEY = "sk_test_sandbox"
WEBHOOK_SECRET = "whsec_for_the_tests"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def eventually(claim: Callable[[], Any], *, seconds: float = 10) -> Any:
    """Return the first truthy answer of a claim; fail when it stays untrue."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := claim():
            return answer
        time.sleep(0.03)
    raise AssertionError("what was waited for did not happen")


@dataclass
class Running:
    """A stand-in in its own process group."""

    module: str
    state: Path
    arguments: list[str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Running":
        leash = [sys.executable, "-m", "tools.leashed"]  # a killed test run leaves no stand-in behind
        command = [sys.executable, "-m", f"sandbox.{self.module}", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*leash, *command, "--state", str(self.state), *self.arguments],
            cwd=ROOT,
            env={**os.environ, "SANDBOX": "1", leashed.PARENT: str(os.getpid())},
            start_new_session=True,
        )
        eventually(self._healthy, seconds=60)
        return self

    def _healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"{self.module} ended at once"
        try:
            return requests.get(f"{self.url}/health", timeout=1).ok
        except requests.RequestException:  # also when it takes long to say so, on a busy machine
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.wait(timeout=15)

    def post(self, path: str, **body: Any) -> Any:
        answer = requests.post(f"{self.url}{path}", json=body, timeout=40)
        assert answer.ok, answer.text
        return answer.json()

    def get(self, path: str, **query: Any) -> Any:
        answer = requests.get(f"{self.url}{path}", params=query, timeout=10)
        assert answer.ok, answer.text
        return answer.json()
