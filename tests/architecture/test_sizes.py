"""A module is read in one sitting."""

from pathlib import Path

import pytest

from tests.architecture.sources import AROUND, RIVER, modules, short

MOST_LINES = 400
COMPILED = {"scheduling/engine/kernels.py"}
"""One function of a kernel calls the next on the same tables: the limit does not hold there."""


def too_long(files: list[Path]) -> list[str]:
    """Return the modules that are longer than a sitting, with their length."""
    lengths = {file: file.read_text(encoding="utf-8").count("\n") for file in files}
    return [f"{file}: {length}" for file, length in lengths.items() if length > MOST_LINES]


def test_no_module_is_longer_than_four_hundred_lines():
    assert too_long([file for file in modules(*RIVER, *AROUND) if short(file) not in COMPILED]) == []


@pytest.mark.parametrize(("lines", "refused"), [(400, False), (401, True)])
def test_sees_a_planted_long_module(tmp_path, lines, refused):
    (tmp_path / "long.py").write_text("pass\n" * lines)
    assert bool(too_long([tmp_path / "long.py"])) is refused


def test_reads_every_package():
    assert {short(file).split("/")[0] for file in modules(*RIVER)} == set(RIVER)
