"""The stand-ins are the outside world: they know nothing of the product."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAND_INS = ("stripe_server", "bank", "bureau", "inbox")
PRODUCT = {folder.name for folder in ROOT.iterdir() if (folder / "__init__.py").exists()} - {
    "sandbox",
    "tests",
}


@pytest.mark.parametrize("name", STAND_INS)
def test_a_stand_in_imports_no_product_package(name: str):
    modules = [
        *(ROOT / "sandbox" / name).rglob("*.py"),
        ROOT / "sandbox/keeping.py",
        ROOT / "sandbox/serving.py",
    ]
    assert len(modules) > 2
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text())):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                imported = [node.module or ""]
            roots = {name.split(".")[0] for name in imported}
            assert not roots & PRODUCT, f"{module.name} imports {roots & PRODUCT}"
            assert not any(
                name.startswith("sandbox.") and name.split(".")[1] in STAND_INS for name in imported
            )
