"""Tables of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .element import Markup, Unquoted, element

Cell = str | tuple[str, str]
"""Text, or class and text; of the class "bar" a share of 1."""


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """Return a table; headings that begin with ">" stand above columns of numbers."""
    right = [name.startswith(">") for name in headings]
    head = element("tr", *map(_heading, headings, right))
    return element("figure", element("table", head, *(element("tr", *map(_cell, row, right)) for row in rows)))


def _heading(name: str, right: bool) -> Markup:
    return element("th", name.lstrip(">"), class_=Unquoted("right") if right else None)


def _cell(cell: Cell, right: bool) -> Markup:
    if isinstance(cell, str):
        return element("td", cell, class_=Unquoted("right") if right else None)
    role, text = cell
    if role == "bar":
        return element("td", element("span", class_=Unquoted("bar"), style=f"width:{120 * float(text):.0f}px"))
    return element("td", text, class_=f"{role} right" if right else role)
