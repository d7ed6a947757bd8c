"""Text as wide as the screen shows it: a wide character takes two cells, a combining one none."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

MORE = "…"
"""Stands where something was cut off."""


def fitted(text: str, width: int, right: bool = False) -> str:
    """As wide as that: filled up, or cut with a sign that it was."""
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + MORE if width > 0 else ""
    space = " " * (width - size)
    return space + text if right else text + space


def column_at(x: int, widths: Sequence[int], gap: int) -> int:
    """Which of columns of these widths stands there; one of width 0, and the last one, have the rest of the line."""
    for place, width in enumerate(widths):
        if x < width + gap or not width:
            return place
        x -= width + gap
    return len(widths) - 1


def from_right(text: str, width: int) -> str:
    """The end of a text, such as the name of a file, in no more cells than that."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) >= width:
        text = text[1:]
    return MORE + text if width > 0 else ""


def narrowed(widths: list[int], room: int, giving: list[int], least: int) -> list[int]:
    """Widths of columns that together have that room, if it can be: of those that give way the widest does first."""
    out = [*widths]
    over = sum(out) - room
    while over > 0 and giving:
        widest = max(giving, key=out.__getitem__)
        if out[widest] <= least:
            break
        out[widest] -= 1
        over -= 1
    return out
