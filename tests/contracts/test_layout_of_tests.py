"""Tests lie as the package does: a folder a subject, what they share in helpers/, and no test imports a test."""

from __future__ import annotations

import ast

from tests.helpers.paths import PACKAGE, TESTS

OF_NO_PACKAGE = {
    "contracts": "what holds everywhere",
    "peers": "other programs on the same traffic",
    "helpers": "what tests share",
    "bench": "figures, no tests",
    "fuzz": "campaigns, no tests",
    "truth": "random operations in a real kernel",
    "logs": "captures and logs that tests read",
}


def test_each_folder_is_a_package_or_says_what_it_is() -> None:
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set() == folders - packages - set(OF_NO_PACKAGE)


def test_nothing_lies_above_the_folders() -> None:
    assert {"__init__.py", "conftest.py"} == {path.name for path in TESTS.glob("*.py")}


def test_no_test_is_imported() -> None:
    found = []
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            whole = [f"{node.module}.{name}" for name in names] if isinstance(node, ast.ImportFrom) else names
            found += [f"{path.name}: {name}" for name in whole if ".test_" in f".{name}"]
    assert [] == found


def test_helpers_hold_no_test_but_that_of_the_kernel() -> None:
    assert ["test_uml_kernel.py"] == [path.name for path in (TESTS / "helpers").glob("test_*.py")]
