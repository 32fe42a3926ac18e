"""What must stand alone does."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.sources import RIVER, ROOT, modules, short, tree

WITHOUT = """
import sys
for name in ("django", "rest_framework", "celery", "stripe", "redis", "psycopg"):
    sys.modules[name] = None  # importing it now raises
import importlib
importlib.import_module({package!r})
assert not [name for name in sys.modules if name.split(".")[0] in {others!r}], "imports a package of ours"
"""


@pytest.mark.parametrize("package", ["scheduling.engine", "lawbook", "kernel"])
def test_imports_without_django(package):
    others = set(RIVER) - {"scheduling", "kernel", "lawbook"}
    code = WITHOUT.format(package=package, others=others)
    tried = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr[-800:]


def test_would_see_a_package_that_needs_django():
    code = WITHOUT.format(package="cheques.models", others=set())
    tried = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "No module named 'django" in tried.stderr


def listens(source: ast.AST) -> bool:
    """Tell whether a module acts behind the back of the one who saves a row."""
    return any(
        isinstance(node, ast.ImportFrom) and node.module in {"django.db.models.signals", "django.dispatch"}
        for node in ast.walk(source)
    )


def test_no_package_acts_on_a_signal():
    # the database role is looked at when Django says that it has connected
    assert [short(file) for file in modules(*RIVER) if listens(tree(file))] == ["config/roles.py"]
    assert listens(ast.parse("from django.db.models.signals import post_save"))
