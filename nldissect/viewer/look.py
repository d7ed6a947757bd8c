"""Colours of the screen: the roles of `output.paint`, and some more, as styles.

All are of the 16 colours that a terminal names itself, so they follow its own theme, dark or light.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nldissect.output.paint import STYLES, Piece

MORE = {
    "cursor": "bright_white on blue",
    "cursor-away": "black on white",
    "header": "bold reverse cyan",
    "header-away": "black on white",
    "marked": "bold underline",
    "mark": "bold bright_magenta",
    "match": "reverse yellow",
    "byte": "reverse green",
    "faded": "bright_black",
    "status": "black on white",
    "menu": "reverse cyan",
}
"""Roles of the screen alone. What is reversed is written in the terminal's own background, which may be light."""
PLAIN = {
    "cursor": "reverse",
    "cursor-away": "underline",
    "header": "bold reverse",
    "header-away": "underline",
    "match": "underline",
    "byte": "reverse",
    "faded": "dim",
    "status": "reverse",
    "menu": "reverse",
    "error": "bold",
}
"""What takes their place where there are no colours."""


NONE = Style()


class Look:
    """Styles by role.

    colours   False for a terminal without, or NO_COLOR
    """

    def __init__(self, colours: bool = True) -> None:
        self.colours = colours
        self._styles = {
            role: Style.parse(style)
            for role, style in (STYLES | MORE if colours else dict.fromkeys(STYLES, "") | MORE | PLAIN).items()
        }

    def style(self, role: str) -> Style:
        """A role may also be a style as rich writes them, like "bold red"; "" is plain. (Never None: where there are no
        colours, Textual looks into every style.)
        """
        if not role:
            return NONE
        found = self._styles.get(role)
        if found is None:
            found = self._styles[role] = self._made(role)
        return found

    def _made(self, words: str) -> Style:
        """Of roles and words as rich has them."""
        rest = " ".join(word for word in words.split() if word not in self._styles)
        style = Style.parse(rest)
        found = style if self.colours else style.without_color
        for role in words.split():
            found = self._styles.get(role, NONE) + found
        return found

    def strip(self, pieces: Iterable[Piece], over: str = "", left: int = 0, width: int = 0) -> Strip:
        """A line, from a column on, as wide as the pane; `over` is a role for all of it."""
        top = self.style(over)
        style = self.style
        if over.startswith("header"):
            line = Strip([Segment(text, top + style(role)) for role, text in pieces if text])
        elif over:
            line = Strip([Segment("".join(text for _, text in pieces), top)])
        else:
            line = Strip([Segment(text, style(role)) for role, text in pieces if text])
        return line.crop_extend(left, left + width, top)
