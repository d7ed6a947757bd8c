"""Colours of styled text: each piece of text has a role, roles have styles; on a pipe there is plain text."""

from __future__ import annotations

import os
from typing import Protocol, TextIO

STYLES = {
    "frame": "bold",
    "title": "bold",
    "kernel": "cyan",
    "user": "green",
    "notification": "magenta",
    "name": "cyan",
    "dim": "color(243)",  # on black and on white; Solarized's bright black is its background
    "text": "green",
    "secret": "magenta",
    "error": "bold red",
    "warning": "yellow",
    "good": "green",
}

Piece = tuple[str, str]
"""Role and text; the role "" is plain."""


class Painter(Protocol):
    """A function that makes one printed line of (role, text) pieces."""

    def __call__(self, pieces: list[Piece]) -> str: ...


def plain(pieces: list[Piece]) -> str:
    """Return the text of the pieces, without colours."""
    return "".join([text for _, text in pieces])


def painter_for(stream: TextIO, wanted: bool = True) -> Painter:
    """Return a painter with colours for a terminal that has them; else `plain`, also if NO_COLOR is set.

    wanted   colours are allowed
    """
    if not wanted or os.environ.get("NO_COLOR") or not stream.isatty():
        return plain
    from rich.console import Console
    from rich.style import Style

    console = Console(file=stream)
    system = console._color_system
    if system is None:
        return plain
    codes = {role: Style.parse(style).render("\0", color_system=system).split("\0") for role, style in STYLES.items()}

    def paint(pieces: list[Piece]) -> str:
        return "".join(text if not role else text.join(codes[role]) for role, text in pieces if text)

    return paint


def takes_arrows(encoding: str | None, more: str = "") -> bool:
    """Return whether arrows, and the signs in `more`, can be printed in an encoding."""
    try:
        f"→←↔{more}".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
