"""What was promised, kept outside the database: a line a promise, written when the site acknowledged it."""

import json
import os
import threading
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

SPACE = UUID("8d6b4b8e-6f2b-4c1e-9f7a-2f9d0e0c1a55")


class Journal:
    """Acknowledged acts by their key; a restart reads it and goes on behind the last one."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        self.entries: dict[str, Any] = {}
        if file.exists():
            for line in file.read_text().splitlines():
                try:
                    key, value = json.loads(line)
                except ValueError:  # the line that was being written when the power went
                    continue
                self.entries[key] = value

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __getitem__(self, key: str) -> Any:
        return self.entries[key]

    def write(self, key: str, value: Any = True) -> Any:
        """Keep that something was acknowledged, on disk, before anything else happens."""
        with self._lock:
            self.entries[key] = value
            with self._file.open("a") as out:
                out.write(json.dumps([key, value]) + "\n")
                out.flush()
                os.fsync(out.fileno())
        return value

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin so, in the order they were written."""
        return [key for key in self.entries if key.startswith(prefix)]


def act_key(name: str) -> str:
    """Return the same idempotency key for the same act of the same week."""
    return str(uuid5(SPACE, name))
