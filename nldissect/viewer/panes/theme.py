"""Colours of the screen: styles for the roles of `terminal.colors` and for further roles of the viewer.

There are two sets, each for a dark and for a light screen. Terminals with 256 colours or more get colours that are
the same on all of them, chosen for contrast: at least 4.5 to 1 for text, 3 to 1 for dim and faded text. Terminals with
16, whose colours differ from one to the next, get those of them that can be read on most.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nldissect.escapes import visible
from nldissect.terminal.colors import Piece

MANY = {
    #                dark                            light
    "frame":        ("bold",                         "bold"),
    "title":        ("bold",                         "bold"),
    "kernel":       ("color(80)",                    "color(24)"),
    "user":         ("color(114)",                   "color(22)"),
    "notification": ("color(183)",                   "color(90)"),
    "name":         ("color(80)",                    "color(24)"),
    "dim":          ("color(247)",                   "color(241)"),
    "text":         ("color(114)",                   "color(22)"),
    "secret":       ("color(183)",                   "color(90)"),
    "error":        ("bold color(210)",              "bold color(124)"),
    "warning":      ("color(221)",                   "color(94)"),
    "good":         ("color(114)",                   "color(22)"),
    "cursor":       ("color(231) on color(25)",      "color(231) on color(25)"),
    "cursor-away":  ("color(231) on color(240)",     "color(16) on color(153)"),
    "header":       ("bold color(16) on color(80)",  "bold color(231) on color(24)"),
    "header-away":  ("color(254) on color(237)",     "color(16) on color(252)"),
    "marked":       ("bold underline",               "bold underline"),
    "mark":         ("bold color(212)",              "bold color(161)"),
    "match":        ("color(16) on color(221)",      "color(16) on color(221)"),
    "byte":         ("color(16) on color(114)",      "color(16) on color(114)"),
    "faded":        ("color(244)",                   "color(244)"),
    "status":       ("color(254) on color(237)",     "color(16) on color(252)"),
    "menu":         ("color(231) on color(24)",      "color(16) on color(153)"),
}  # fmt: skip
FEW = {
    #                dark                            light
    "frame":        ("bold",                         "bold"),
    "title":        ("bold",                         "bold"),
    "kernel":       ("cyan",                         "blue"),
    "user":         ("green",                        ""),
    "notification": ("bright_magenta",               "magenta"),
    "name":         ("cyan",                         "blue"),
    "dim":          ("white",                        "bright_black"),
    "text":         ("green",                        ""),
    "secret":       ("bright_magenta",               "magenta"),
    "error":        ("bright_red",                   "bold red"),
    "warning":      ("bright_yellow",                "black on yellow"),
    "good":         ("green",                        "black on green"),
    "cursor":       ("bright_white on blue",         "bright_white on blue"),
    "cursor-away":  ("black on white",               "black on white"),
    "header":       ("black on cyan",                "black on cyan"),
    "header-away":  ("black on white",               "black on white"),
    "marked":       ("reverse",                      "reverse"),
    "mark":         ("bright_magenta",               "magenta"),
    "match":        ("bright_white on magenta",      "bright_white on magenta"),
    "byte":         ("black on green",               "black on green"),
    "faded":        ("bright_blue",                  "bright_black"),
    "status":       ("black on white",               "black on white"),
    "menu":         ("black on cyan",                "black on cyan"),
}  # fmt: skip
"""Styles by role for terminals with 16 colours."""
PLAIN = {
    "frame": "bold",
    "title": "bold",
    "cursor": "reverse",
    "cursor-away": "underline",
    "header": "bold reverse",
    "header-away": "underline",
    "marked": "bold underline",
    "mark": "bold",
    "match": "underline",
    "byte": "reverse",
    "faded": "dim",
    "status": "reverse",
    "menu": "reverse",
    "error": "bold",
}
"""Styles by role for terminals without colours."""


CONSOLE = str.maketrans("▾▸●…▏▎▍▋▊▉", "▼►•~▌▌▌███")
"""Replacements for signs that the font of the Linux console lacks."""


NONE = Style()


class Theme:
    """Styles by role, at first for a dark screen with many colours.

    colours   False for a terminal without colours, or with NO_COLOR
    console   for the Linux console, whose font has few signs
    """

    def __init__(self, colours: bool = True, console: bool = False) -> None:
        self.colours, self.console = colours, console
        self._styles: dict[str, Style] = {}
        self.apply()

    def apply(self, dark: bool = True, many: bool = True) -> None:
        """Set the styles for a dark or light screen, of a terminal with many colours or with 16."""
        table = MANY if many else FEW
        styles = {role: said[not dark] if self.colours else PLAIN.get(role, "") for role, said in table.items()}
        self._styles = {role: Style.parse(style) if style else NONE for role, style in styles.items()}

    def style(self, role: str) -> Style:
        """Return the style of a role, or of words as rich parses them, like "bold red"; "" is plain.

        (Never None: where there are no colours, Textual looks into every style.)
        """
        if not role:
            return NONE
        found = self._styles.get(role)
        if found is None:
            found = self._styles[role] = self._made(role)
        return found

    def _made(self, words: str) -> Style:
        """Return the style that combines the roles and rich words of a text."""
        rest = " ".join(word for word in words.split() if word not in self._styles)
        style = Style.parse(rest)
        found = style if self.colours else style.without_color
        for role in words.split():
            found = self._styles.get(role, NONE) + found
        return found

    def strip(self, pieces: Iterable[Piece], over: str = "", left: int = 0, width: int = 0) -> Strip:
        """Return a line from column `left` on, `width` columns wide; `over` is a role for all of it.

        All panes draw their text with this method: nothing that comes from a capture acts on the terminal.
        """
        pieces = [(role, visible(text)) for role, text in pieces]
        if self.console:
            pieces = [(role, text.translate(CONSOLE)) for role, text in pieces]
        top = self.style(over)
        style = self.style
        if over.startswith("header"):
            line = Strip([Segment(text, top + style(role)) for role, text in pieces if text])
        elif over:
            line = Strip([Segment("".join(text for _, text in pieces), top)])
        else:
            line = Strip([Segment(text, style(role)) for role, text in pieces if text])
        return line.crop_extend(left, left + width, top)
