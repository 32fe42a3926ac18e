"""Find a Chromium for the tests, or unpack the one that npm brought; no root, no system library."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.trial import PROJECT, SLUG
from tools.node import node

PACKAGE = PROJECT / "node_modules" / "@sparticuz" / "chromium"
SHELF = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / SLUG
UNPACK = """
import {createReadStream, createWriteStream} from 'node:fs'; import {createBrotliDecompress} from 'node:zlib';
import {pipeline} from 'node:stream/promises';
await pipeline(createReadStream(process.argv[1]), createBrotliDecompress(), createWriteStream(process.argv[2]));
"""


def find() -> tuple[str, dict[str, str]]:
    """Return a browser's path and what its environment needs.

    :raises FileNotFoundError: there is none, and npm did not bring one.
    """
    for name in (os.environ.get("E2E_CHROMIUM"), "chromium", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found, {}
    folder = _unpacked()
    return str(folder / "chromium"), {
        "LD_LIBRARY_PATH": str(folder / "lib"),
        "FONTCONFIG_FILE": str(folder / "own.conf"),
    }


def _unpacked() -> Path:
    if not (PACKAGE / "bin" / "chromium.br").exists():
        raise FileNotFoundError(
            "There is no browser: run `make test`, which brings one, or set E2E_CHROMIUM."
        )
    version = (PACKAGE / "package.json").read_text().split('"version": "')[1].split('"')[0]
    folder = SHELF / f"chromium-{version}"
    if not folder.exists():
        half = SHELF / f"chromium-{version}.{os.getpid()}"
        half.mkdir(parents=True)
        _unbrotli("chromium.br", half / "chromium")
        (half / "chromium").chmod(0o755)
        for name in ("al2023.tar.br", "fonts.tar.br"):
            archive = half / name.removesuffix(".br")
            _unbrotli(name, archive)
            subprocess.run(["tar", "--no-same-owner", "-xf", archive, "-C", half], check=True)
            archive.unlink()
        if (half / "al2023" / "lib").exists():
            (half / "al2023" / "lib").rename(half / "lib")
        (half / "own.conf").write_text(
            f"<fontconfig><dir>/usr/share/fonts</dir><dir>{folder / 'fonts'}</dir>"
            '<cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n'
        )
        try:
            half.rename(folder)
        except OSError:  # another copy was first
            shutil.rmtree(half)
    return folder


def _unbrotli(name: str, out: Path) -> None:
    command = [node(), "--input-type=module", "-e", UNPACK, str(PACKAGE / "bin" / name), str(out)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.stdout.write(f"{find()[0]}\n")
