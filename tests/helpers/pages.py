"""README and the pages of `nldissect help`, and the examples in them."""

from __future__ import annotations

import ast
import re

from tests.helpers.paths import ROOT

HELP = ROOT / "nldissect" / "help"
PAGES = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "README.md", *sorted(HELP.glob("*.md")))}


def page(name: str) -> str:
    """Return the text of one page of the help, like `filters`."""
    return (HELP / f"{name}.md").read_text()


def section(text: str, heading: str) -> str:
    """Return the part of a page below a heading of the second level."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def sections(text: str) -> list[str]:
    """Return the parts of a page, each up to the next heading of the second level."""
    return re.split(r"^## ", text, flags=re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks in one language; "" for those without."""
    found = re.findall(r"^```(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)
    return [code for name, code in found if name == language]


def python_of(text: str) -> str:
    """Return the Python of a text, all blocks as one program."""
    return "\n".join(blocks(text, "python"))


def printing(source: str) -> tuple[str, list[str]]:
    """Return a program that prints each value its comments name, and those values."""
    lines, values = [], []
    for line in source.splitlines():
        code, comment, value = line.partition("  # ")
        try:
            ast.parse(code, mode="eval")
        except SyntaxError:
            comment = ""
        lines.append(f"print({code})" if comment else line)
        values += [value] if comment else []
    return "\n".join(lines), values


def anchors(text: str) -> set[str]:
    """Return the anchors that the forge gives to the headings of a page."""
    plain = re.sub(r"^```.*\n(?:.*\n)*?```$", "", text, flags=re.MULTILINE)
    titles = re.findall(r"^#+ (.+)$", plain, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
