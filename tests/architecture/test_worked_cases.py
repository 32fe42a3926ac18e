"""The worked cases of the law: every one is a test that carries its number."""

import ast
import re

from tests.architecture.sources import ROOT

CASES = range(1, 34)
NUMBER = re.compile(r"_t(\d\d)(?=_)")


def numbers() -> set[int]:
    """Return the numbers that names of tests carry, like `test_t06_t07_measured`."""
    found: set[int] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_t"):
                found |= {int(number) for number in NUMBER.findall(node.name)}
    return found


def test_every_worked_case_is_a_test_by_its_number():
    assert sorted(set(CASES) - numbers()) == []
