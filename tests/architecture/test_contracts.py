"""Each import contract is seen to break on a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import RIVER, ROOT

PLANTED = [
    ("cheques/holds.py", "import scheduling.visits", "Imports flow one way"),
    ("workers_pool/hiring.py", "import cheques.lots", "Imports flow one way"),
    ("kernel/money.py", "import django", "plain Python"),
    ("scheduling/engine/__init__.py", "import identity.models", "The engine imports no package of ours"),
    ("scheduling/visits.py", "import cheques.tasks", "Operations never import tasks"),
    ("cheques/refunds.py", "import stripe", "Only the gateway speaks with Stripe"),
    ("web/access.py", "import sandbox.bank", "No product package imports the sandbox"),
    ("config/settings.py", "from tools import embedded", "No product package imports the sandbox"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in [*RIVER, "sandbox", "tools"]:
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("*.pyc", "static", "built", "templates"),
        )
    return folder


def broken(folder: Path) -> list[str]:
    """Return the contracts that import-linter calls broken."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command(['--no-cache']))"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "Contracts:" in said.stdout, said.stdout + said.stderr
    assert (said.returncode != 0) == (" BROKEN" in said.stdout)
    return [line.partition(" BROKEN")[0] for line in said.stdout.splitlines() if " BROKEN" in line]


def test_all_contracts_are_kept(copy):
    assert broken(copy) == []


@pytest.mark.parametrize(("module", "line", "contract"), PLANTED)
def test_breaks_on_a_planted_import(copy, module, line, contract):
    file = copy / module
    before = file.read_text()
    file.write_text(f"{before}\n{line}\n")
    try:
        assert any(contract in name for name in broken(copy))
    finally:
        file.write_text(before)
