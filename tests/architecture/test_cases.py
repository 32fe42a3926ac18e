"""The worked cases of the domain, T1 to T33: each has a test that carries its number."""

import ast
import re

from tests.architecture.sources import modules, tree

CASES = range(1, 34)
NUMBER = re.compile(r"(?<![a-z0-9])t(\d\d?)(?![a-z0-9])")


def numbers(name: str) -> set[int]:
    """Return the cases that the name of a test carries: 'test_t06_t07_measured' has 6 and 7."""
    return {int(found) for found in NUMBER.findall(name.replace("_", "-"))}


def test_every_worked_case_has_a_test_by_its_number():
    carried = {
        number
        for file in modules("tests")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for number in numbers(node.name)
    }
    assert [f"T{number}" for number in CASES if number not in carried] == []


def test_a_number_is_found_as_a_word_only():
    assert numbers("test_t06_t07_measured") == {6, 7}
    assert numbers("test_sent06_at_t100") == set()
