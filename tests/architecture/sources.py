"""The product's own source, parsed, for the tests that hold the rules of the house."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RIVER = [
    "kernel", "lawbook", "ledger", "events", "documents", "identity", "bank", "workers_pool", "cheques", "marketplace",
    "scheduling", "payroll", "subsidies", "quality", "opening", "books", "notifications", "web", "api", "config",
]  # fmt: skip
AROUND = ["sandbox", "tools", "tests", "benchmarks"]


def modules(*packages: str) -> Iterator[Path]:
    """Yield each module of the packages, migrations left out."""
    for package in packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in file.parts and "__pycache__" not in file.parts:
                yield file


def short(file: Path) -> str:
    """Return the path as a reader of the project knows it."""
    return str(file.relative_to(ROOT))


@cache
def tree(file: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(file.read_text(encoding="utf-8"))


def dotted(node: ast.expr) -> str:
    """Return 'a.b.c' of a name with attributes, or '' of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def calls(source: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call with the dotted name of what is called."""
    for node in ast.walk(source):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node
