"""A run of the tests says what it did not run, and does not let the shared folder be skipped."""

import subprocess
import sys

import pytest

from tests.conftest import SHARED
from tests.databases import ROOT

PLANTED = """
import pytest

def test_that_runs(): pass

@pytest.mark.skipif(True, reason={reason!r})
def test_that_does_not(): pass
"""


def run(folder, reason: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_planted.py").write_text(PLANTED.format(reason=reason))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.conftest", "-c", "pyproject.toml", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_says_what_was_skipped_and_why(tmp_path):
    done = run(tmp_path, "no wheel for this machine")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_that_does_not: Skipped: no wheel for this machine" in done.stdout


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_fails_when_the_shared_folder_is_there_and_skipped(tmp_path):
    done = run(tmp_path, "../shared is absent")
    assert done.returncode == 1
    assert "skipped although ../shared is there" in done.stdout
