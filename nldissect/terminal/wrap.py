"""Long lines on a terminal, broken between words and indented after the first. A pipe gets them whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TextIO

from .colors import Piece

LEAST, USUAL = 24, 80


def terminal_width(out: TextIO) -> int:
    """Return the columns of the terminal that a stream goes to; the usual 80 where it is unknown."""
    try:
        return os.get_terminal_size(out.fileno()).columns or USUAL
    except (OSError, ValueError):
        return USUAL


def wrapped(pieces: list[Piece], width: int, indent: int) -> Iterator[list[Piece]]:
    """Yield the lines that pieces make at this width; those after the first begin after `indent` spaces."""
    if sum(len(text) for _, text in pieces) <= width or width < LEAST + indent:
        yield pieces
        return
    line: list[Piece] = []
    used = 0
    for role, text in pieces:
        part = ""
        for word in _words(text):
            bare = len(word.rstrip(" "))
            if used + bare > width and used > indent:
                yield _ended([*line, (role, part)])
                line, part, used = [("", " " * indent)], "", indent
            while used + bare > width:  # one word longer than a line
                room = width - used
                yield [*line, (role, part + word[:room])]
                line, part, used = [("", " " * indent)], "", indent
                word, bare = word[room:], bare - room
            part += word
            used += len(word)
        line.append((role, part))
    yield line


def _ended(line: list[Piece]) -> list[Piece]:
    """Return a line without the spaces at its end: beyond the width, they would begin a line of their own."""
    while line and not line[-1][1].rstrip(" "):
        line = line[:-1]
    return [*line[:-1], (line[-1][0], line[-1][1].rstrip(" "))] if line else line


def _words(text: str) -> Iterator[str]:
    """Yield words with the spaces after them."""
    start = 0
    while start < len(text):
        end = text.find(" ", start)
        end = len(text) if end < 0 else end
        while end < len(text) and text[end] == " ":
            end += 1
        yield text[start:end]
        start = end
