"""A name says what a thing does in the trade, so that a reader finds it."""

import ast
import re

import pytest

from tests.architecture.sources import AROUND, RIVER, ROOT, modules, short, tree

SAY_NOTHING = {
    "service",
    "services",
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "manager",
    "managers",
    "misc",
}
SAY_NOTHING_ALONE = SAY_NOTHING | {"process", "handle", "data", "core", "base", "lib"}
# in the catalogue a service is what a customer books
IN_A_CLASS = SAY_NOTHING - {"service", "services"}
# Django calls a command by `handle`; a builder of the tests makes a service of the catalogue
ALONE = SAY_NOTHING_ALONE - {"handle", "service"}


def words(name: str) -> set[str]:
    """Return the words of a snake_case or CamelCase name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def empty_module_names(paths: list[str]) -> list[str]:
    """Return the paths in which a folder or module has a name that says nothing."""
    return [
        path
        for path in paths
        if any(
            words(part) & SAY_NOTHING or part in SAY_NOTHING_ALONE
            for part in path.removesuffix(".py").split("/")
        )
    ]


def empty_definitions(source: ast.AST) -> list[str]:
    """Return the classes that say nothing in their name, and functions that are called nothing else."""
    found = []
    for node in ast.walk(source):
        if isinstance(node, ast.ClassDef) and words(node.name) & IN_A_CLASS:
            found.append(node.name)
        if isinstance(node, ast.FunctionDef) and node.name.strip("_") in ALONE:
            found.append(node.name)
    return found


def test_no_module_is_called_nothing():
    assert empty_module_names([short(file) for file in modules(*RIVER, *AROUND)]) == []
    assert (
        empty_module_names(
            [f"{file.name}/x.py" for file in ROOT.iterdir() if (file / "__init__.py").exists()]
        )
        == []
    )


def test_no_class_or_function_is_called_nothing():
    assert [
        f"{short(file)}: {name}"
        for file in modules(*RIVER, *AROUND)
        for name in empty_definitions(tree(file))
    ] == []


@pytest.mark.parametrize(
    "planted", ["cheques/services.py", "web/utils/dates.py", "bank/date_helpers.py", "books/data.py"]
)
def test_sees_a_planted_module(planted):
    assert empty_module_names([planted, "cheques/holds.py", "kernel/database.py"]) == [planted]


@pytest.mark.parametrize(
    "planted", ["class LotManager: ...", "def process(lot): ...", "class DateUtils: ..."]
)
def test_sees_a_planted_definition(planted):
    assert empty_definitions(ast.parse(planted)) != []
