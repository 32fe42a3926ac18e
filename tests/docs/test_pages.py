"""What the pages for readers say is there, is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOUR = re.findall(r"^\| \d+ \|.*\| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)


def functions(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("step", TOUR)
def test_each_step_of_the_tour_names_a_function_that_is_there(step):
    parts = re.findall(r"`([\w/]+\.py|[a-z_]+)`", step)
    assert any(part.endswith(".py") for part in parts)
    file = ROOT
    for part in parts:
        if part.endswith(".py"):
            file = ROOT / part
            assert file.is_file(), part
        else:
            assert part in functions(file), f"{part} in {file.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_files_are_there(page):
    text = page.read_text()
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / link).exists(), link
    for file in re.findall(r"`([a-z_]+/[\w/.]+\.py)`", text):
        assert (ROOT / file).exists(), file


def test_the_table_of_settings_is_whole():
    told = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "docs" / "operations.md").read_text()))
    source = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "celery.py"))
    read = set(re.findall(r'(?:environ\.get|environ|wanted|many|switch)[\[(]\s*"([A-Z_]+)"', source))

    assert read - told == set()
    assert "DATABASE_URL" in read
