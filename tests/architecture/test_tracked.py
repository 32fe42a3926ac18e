"""Nothing in the project tells on which machine, or how, it was made."""

import re
import subprocess

import pytest

from tests.architecture.sources import ROOT

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(work|home|Users)/[a-z]"),
    "a registry": re.compile(r"py[p]i\.org|python[h]osted\.org|registry\.[n]pmjs|arti[f]actory"),
    "an issue number": re.compile(r"\b[Ii]ssue #?\d|\(#\d+\)"),
    "a key": re.compile(r"sk_live_[A-Za-z0-9]{8}|-----BEGIN [A-Z ]*PRIVATE KEY"),
}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".json",
    ".po",
    ".yml",
    ".conf",
    "",
}


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of tracked files")
    return listed.stdout.splitlines()


def breaches(text: str) -> list[str]:
    """Return what a text tells that it should not."""
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_tracked_file_tells_of_its_maker():
    found = {}
    for name in tracked():
        file = ROOT / name
        if file.suffix in TEXT and file.is_file() and name != "tests/architecture/test_tracked.py":
            told = breaches(file.read_text(errors="replace"))
            if told:
                found[name] = told

    assert found == {}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("see /home/ans/project", "a path of one machine"),
        ("https://" + "py" + "pi.org/simple", "a registry"),
        ("as issue 12 asks", "an issue number"),
        ("sk_live_abcdefgh1", "a key"),
    ],
)
def test_a_breach_is_seen(text, what):
    assert breaches(text) == [what]
