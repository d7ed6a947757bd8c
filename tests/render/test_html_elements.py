"""HTML by construction: text is escaped where elements are made, and markup is made nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nldissect.render.report.bar_chart import bar_chart, legend
from nldissect.render.report.document import document, paragraph
from nldissect.render.report.element import Unquoted, element, fragment
from nldissect.render.report.sequence_diagram import Arrow, sequence_diagram
from nldissect.render.report.table import table
from tests.helpers.imports import PACKAGE, called

ELEMENT = PACKAGE / "render/report/element.py"
HOSTILE = "<script>'\"&\x1b</script>"
SEEN = "&lt;script&gt;&#x27;&quot;&amp;\\x1b&lt;/script&gt;"
LONG = "body br div fig[a-z]+ h[1-6r] head html img line link marker meta path pre rect script section span style svg "
LONG += "t[dhr] table tbody text thead title"
TAG = re.compile(rf"</|<!doctype|<[abgip][\s/>]|(?<!\?P)<({'|'.join(LONG.split())})(?![\w-])", re.IGNORECASE)
"""Begins of tags; "<i" alone is a format of struct, "(?P<text>" a group of a regular expression."""


def test_text_and_attributes_are_escaped() -> None:
    assert f'<p title="{SEEN}">{SEEN}</p>' == element("p", HOSTILE, title=HOSTILE).text
    assert f"{SEEN}<p>a</p>{SEEN}" == fragment(HOSTILE, element("p", "a"), HOSTILE).text


def test_markup_stays_as_it_is() -> None:
    assert "<p><b>&lt;b&gt;</b></p>" == element("p", element("b", "<b>")).text


def test_the_forms_of_attributes() -> None:
    made = element("g", class_="a b", x=1, y=0.5, text_anchor=Unquoted("end"), id=None, name="n")
    assert '<g class="a b" x=1 y=0.5 text-anchor=end name="n"></g>' == made.text


@pytest.mark.parametrize("text", ["", "a b", 'a"', "a>", "a=b", "`"])
def test_a_value_that_needs_quotes_is_no_word(text: str) -> None:
    with pytest.raises(ValueError, match="needs quotes"):
        Unquoted(text)


def test_elements_that_hold_nothing() -> None:
    assert '<meta charset="utf-8">' == element("meta", charset="utf-8").text
    assert "<rect width=1 />" == element("rect", width=1).text
    assert "<rect><title>t</title></rect>" == element("rect", element("title", "t")).text
    assert "<td></td>" == element("td").text


def test_a_style_sheet_is_raw_text() -> None:
    """Browsers read no character reference there: what would need one is refused."""
    assert '<style>a > b { content: "&" }\n</style>' == element("style", 'a > b { content: "&" }\n').text
    for inside in ("</style>", element("b", "x")):
        with pytest.raises(ValueError, match="raw text"):
            element("style", inside)


def test_every_piece_of_the_page_escapes_what_it_is_given() -> None:
    arrow = Arrow(HOSTILE, HOSTILE, "kernel", HOSTILE, HOSTILE, HOSTILE)
    pieces = [
        paragraph(HOSTILE),
        table([HOSTILE, f">{HOSTILE}"], [[HOSTILE, (HOSTILE, HOSTILE)]]),
        bar_chart([[1]], [HOSTILE], (HOSTILE, HOSTILE), HOSTILE),
        legend([(HOSTILE, HOSTILE)]),
        sequence_diagram([arrow], [HOSTILE], "kernel", [HOSTILE]),
    ]
    for piece in [*pieces, document(HOSTILE, HOSTILE, [(HOSTILE, fragment(*pieces))])]:
        assert "&lt;script" in piece.text
        assert "<script" not in piece.text and HOSTILE not in piece.text and "\x1b" not in piece.text


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Place and text of every string literal of a module, its docstrings left out."""
    tree = ast.parse(path.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.value


def test_tags_are_written_by_the_module_of_elements_alone() -> None:
    modules = {*PACKAGE.rglob("*.py")} - {ELEMENT}
    assert [] == [place for path in modules for place, text in texts(path) if TAG.search(text)]
    report = {*ELEMENT.parent.glob("*.py")} - {ELEMENT}
    assert [] == [place for path in report for place, text in texts(path) if "<" in text]
    assert [text for _, text in texts(ELEMENT) if "<" in text]


def test_markup_is_made_by_the_module_of_elements_alone() -> None:
    assert [] == [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in {*PACKAGE.rglob("*.py")} - {ELEMENT}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and called(node) == "Markup"
    ]
