"""Read settings from the environment, and say in plain words what is missing or wrong."""

import base64
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def wanted(name: str, why: str) -> str:
    """Return a variable that must be there.

    :raises ImproperlyConfigured: with a sentence that says what it is for.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {why}.")
    return value


def switch(name: str) -> bool:
    """Return whether a variable says 1.

    :raises ImproperlyConfigured: it says something else than 0, 1 or nothing.
    """
    value = os.environ.get(name, "0") or "0"
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def many(name: str) -> list[str]:
    """Return a variable that lists things with commas between them."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def kept_secret(folder: Path, name: str) -> str:
    """Return a secret of this trial: made once, kept in a file that only its owner reads."""
    file = folder / f"{name}.secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _when_written(file)
    with os.fdopen(descriptor, "w") as out:
        out.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    return file.read_text()


def _when_written(file: Path) -> str:
    """Another process may have made the file a moment ago and not filled it yet."""
    import time

    for _ in range(100):
        if text := file.read_text():
            return text
        time.sleep(0.02)
    raise ImproperlyConfigured(f"{file} is empty: remove it and start again.")


def database(url: str, name: str) -> dict[str, object]:
    """Return Django's settings for a PostgreSQL address.

    :raises ImproperlyConfigured: the address is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://role:password@host:5432/database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }
