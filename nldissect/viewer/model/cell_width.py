"""Text fitted to a width in terminal cells: a wide character takes two cells, a combining character none."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

MORE = "…"
"""Mark of a text that was cut."""


def fitted(text: str, width: int, right: bool = False) -> str:
    """Return a text of exactly `width` cells: padded with spaces, or cut and marked with MORE."""
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + MORE if width > 0 else ""
    space = " " * (width - size)
    return space + text if right else text + space


def column_at(x: int, widths: Sequence[int], gap: int) -> int:
    """Return the index of the column at offset `x`; one of width 0, and the last one, take the rest of the line."""
    for place, width in enumerate(widths):
        if x < width + gap or not width:
            return place
        x -= width + gap
    return len(widths) - 1


def from_right(text: str, width: int) -> str:
    """Return the end of a text, such as the name of a file, in at most `width` cells."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) >= width:
        text = text[1:]
    return MORE + text if width > 0 else ""


def narrowed(widths: list[int], room: int, giving: list[int], least: int) -> list[int]:
    """Return widths that sum to at most `room` if possible: the widest column in `giving` shrinks, to `least`."""
    out = [*widths]
    over = sum(out) - room
    while over > 0 and giving:
        widest = max(giving, key=out.__getitem__)
        if out[widest] <= least:
            break
        out[widest] -= 1
        over -= 1
    return out
