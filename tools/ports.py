"""Ports of a site on the loopback: chosen once, remembered, chosen again when somebody else took one."""

import fcntl
import json
import socket
from collections.abc import Iterable
from pathlib import Path
from random import SystemRandom

# below the range from which systems take ports for outgoing connections
LOWEST, HIGHEST = 18_000, 31_999


def remembered(file: Path) -> dict[str, int]:
    """Return what was chosen before."""
    try:
        ports: dict[str, int] = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return ports


def choose(file: Path, names: Iterable[str]) -> dict[str, int]:
    """Return a free port for each name, the ones of last time where they are free, and remember them."""
    ports = remembered(file)
    taken = set(ports.values())
    for name in names:
        if name not in ports or not is_free(ports[name]):
            ports[name] = _free(taken)
            taken.add(ports[name])
    half = file.with_suffix(".half")
    half.write_text(json.dumps(ports))
    half.replace(file)
    return ports


def _free(taken: set[int]) -> int:
    for _ in range(500):
        port = SystemRandom().randint(LOWEST, HIGHEST)
        if port not in taken and is_free(port):
            return port
    raise RuntimeError(f"No port between {LOWEST} and {HIGHEST} is free on 127.0.0.1.")


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def claim(file: Path, folder: Path, numbers: Iterable[int]) -> int:
    """Return a broker number that no other site under a folder has, and remember it in the file."""
    folder.mkdir(exist_ok=True)
    with (folder / "brokers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        taken = {remembered(other).get("broker") for other in folder.glob("**/broker.json")}
        number = next((number for number in numbers if number not in taken), None)
        if number is None:
            raise RuntimeError(
                f"Every broker is taken by a site under {folder}: `make clean-run` forgets them."
            )
        file.write_text(json.dumps({"broker": number}))
        return number
