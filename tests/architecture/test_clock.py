"""Time is an argument below the edges: only the edges read a clock."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import RIVER, ROOT, calls, modules, short, tree

EDGES = {"web", "api", "config", "notifications"}
READS_A_CLOCK = (
    "timezone.now",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
)
NOW_WHEN_EMPTY = ("localdate", "localtime")  # with a moment as argument these only translate it
# the one clock of the edges, and the relay, which lives in real time
EXCEPT = {"identity/clock.py", "events/relay.py"}


def readings(source: ast.AST) -> list[int]:
    """Return the lines on which a clock is read or a column is filled by one."""
    found = [node.lineno for name, node in calls(source) if name.endswith(READS_A_CLOCK)]
    found += [node.lineno for name, node in calls(source) if name.endswith(NOW_WHEN_EMPTY) and not node.args]
    given = [
        node
        for _name, call in calls(source)
        for node in call.keywords
        if node.arg in {"auto_now", "auto_now_add"}
    ]
    return found + [node.value.lineno for node in given]


def below_the_edges() -> list[Path]:
    packages = [package for package in RIVER if package not in EDGES]
    return [file for file in modules(*packages) if short(file) not in EXCEPT and "commands" not in file.parts]


def test_no_clock_is_read_below_the_edges():
    assert len(below_the_edges()) > 100
    assert [f"{short(file)}:{line}" for file in below_the_edges() for line in readings(tree(file))] == []


@pytest.mark.parametrize(
    "planted",
    [
        "from django.utils import timezone\nhold.at = timezone.now()",
        "import datetime\nday = datetime.date.today()",
        "from django.utils.timezone import localdate\nday = localdate()",
        "at = models.DateTimeField(auto_now_add=True)",
    ],
)
def test_sees_a_planted_reading(planted):
    assert readings(ast.parse(planted)) != []


def test_the_exceptions_are_still_there():
    assert [name for name in EXCEPT if not (ROOT / name).exists()] == []
