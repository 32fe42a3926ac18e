"""Where the servers of a trial stand: PostgreSQL and Valkey of our own, on Unix sockets of this checkout.

Only addresses live here; the launcher that starts the servers is a tool and not part of the product.
"""

import hashlib
import os
from pathlib import Path

SLUG = "wijkcheque"
PROJECT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 107  # what sockaddr_un holds on Linux, less the closing zero


def fingerprint(project: Path = PROJECT) -> str:
    """Return ten hexadecimal digits that tell this checkout from any other on the machine."""
    return hashlib.sha256(os.fsencode(project)).hexdigest()[:10]


def socket_folder(project: Path = PROJECT) -> Path:
    """Return the folder of the two sockets.

    It stands in /tmp rather than in the checkout because the path of a socket may not be long.
    """
    name = f"{SLUG}-{os.getuid()}-{fingerprint(project)}"
    roof = Path("/tmp") if os.access("/tmp", os.W_OK) else Path(os.environ.get("XDG_RUNTIME_DIR", "/tmp"))  # noqa: S108 - 0700, owner checked
    return roof / name


def postgres_port_file(folder: Path) -> Path:
    """Return the socket file PostgreSQL makes in a folder for its usual port."""
    return folder / ".s.PGSQL.5432"


def valkey_socket(project: Path = PROJECT) -> Path:
    """Return the socket file of Valkey."""
    return socket_folder(project) / "valkey.sock"
