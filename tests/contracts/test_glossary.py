"""Names in the source: a class stands for one thing, replaced words name nothing, folders can be scanned."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.helpers.paths import PACKAGE

TABLES = ("families",)
"""Packages whose names are the kernel's."""
MANY_MODULES = 25
LARGE_FOLDERS = {"wire"}
"""Folders that may hold more modules: `wire` is flat, because every family imports it."""
REPLACED = {
    "Again", "All", "Asked", "Chosen", "Each", "Explained", "Found", "Gathered", "Given", "Held", "Joined", "Kept",
    "Known", "Later", "Learnt", "Made", "Met", "Mine",
    "Nobody", "Noted", "One", "Only", "Opened", "Own", "Said", "Seen",
    "Some", "Taught", "Thing", "Things", "Told", "Walked", "Wanted", "Whole", "Whose",
}  # fmt: skip
"""Participles, pronouns and adverbs: as names of classes they say nothing of what an object is."""


def engine_modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).with_suffix("").as_posix()
        if not name.startswith(TABLES):
            yield name, ast.parse(path.read_text())


def public_classes() -> dict[str, list[str]]:
    """Names of public classes, and the modules that define one of the name."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, tree in engine_modules():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(name)
    return found


def test_a_class_name_stands_for_one_class() -> None:
    classes = public_classes()
    assert len(classes) > 500
    assert {} == {name: modules for name, modules in classes.items() if len(modules) > 1}


def test_classes_are_nouns() -> None:
    assert set() == REPLACED & set(public_classes())


def test_docstrings_open_with_what_is_described() -> None:
    """A verb or a noun, never a question."""
    questions = {"What", "Which", "Whose", "Where", "How", "Who", "When", "Whether", "Why"}
    wrong = [
        f"{name}:{getattr(node, 'lineno', 1)}"
        for name, tree in engine_modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if (text := ast.get_docstring(node)) is not None and text.split()[0] in questions
    ]
    assert [] == wrong


def test_a_folder_can_be_scanned() -> None:
    folders = [PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir())]
    counts = {path.relative_to(PACKAGE).as_posix(): len(list(path.glob("*.py"))) for path in folders}
    large = {name for name, count in counts.items() if count > MANY_MODULES and not name.startswith(TABLES)}
    assert large == LARGE_FOLDERS
