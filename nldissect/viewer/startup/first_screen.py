"""The first screen of a file, drawn before anything else is loaded: its first messages, placed like the panes.

It imports no more than `nldissect read` needs, and takes a third of the time that NumPy and Textual do. Keys pressed
meanwhile stay in the terminal's queue for the application.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator

from nldissect.capfile.byte_source import one_line
from nldissect.errors import NldissectError
from nldissect.escapes import visible
from nldissect.render.hexdump import hex_lines
from nldissect.render.list_line import ListFormatter
from nldissect.render.times import Clock
from nldissect.render.trees.tree import frame_tree
from nldissect.stream.frames import FrameStream, visible_part, wire_length
from nldissect.terminal.colors import STYLES, Piece

SGR = {
    "bold": "1", "red": "31", "green": "32", "yellow": "33", "magenta": "35", "cyan": "36",
    "color(243)": "38;5;243" if "256" in os.environ.get("TERM", "") or os.environ.get("COLORTERM") else "90",
}  # fmt: skip
"""SGR parameters of the terminal for the words of STYLES."""
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J", "\x1b[?7h\x1b[?1049l\x1b[?25h"
"""Nothing is drawn on the next line: wide characters take more room than is counted here."""


def draw_first_screen(path: str, time: str, families: dict[int, str], order: str | None, own: bool) -> bool:
    """Draw the first screen on standard error; return False, with nothing written, if there is nothing to draw.

    Errors in the file are not reported here: the application reports them when it opens the file.

    time    time format: a letter, as `read -t` takes it
    own     include frames that the capture itself has sent
    """
    try:
        size = os.get_terminal_size(2)
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        lines = list(_lines(path, time, families, order, own, size.lines))
    except (OSError, NldissectError):
        return False
    if len(lines) < 3:
        return False
    sys.stderr.write(ENTER)
    for number, line in enumerate(lines, 1):
        sys.stderr.write(f"\x1b[{number};1H" + "".join(_painted(line, size.columns)))
    sys.stderr.write("\x1b[?7h")
    sys.stderr.flush()
    return True


def erase() -> None:
    """Erase the first screen and restore the terminal, when no application follows."""
    sys.stderr.write(LEAVE)
    sys.stderr.flush()


def _lines(
    path: str, time: str, families: dict[int, str], order: str | None, own: bool, height: int
) -> Iterator[list[Piece]]:
    """Yield the lines of the screen: as much of each pane as `height` lines have room for."""
    room = height - 2
    rows = room * 5 // 11
    below = room - rows
    tree_rows = below * 3 // 5
    capture = FrameStream(path, families, order)
    lines, clock = ListFormatter(), Clock(time)
    listed: list[list[Piece]] = []
    tree: list[list[Piece]] = []
    dump: list[str] = []
    for seen in capture.frames():
        text = clock.text(seen.record)
        if (shown := visible_part(seen, own)) is None:
            continue
        seen = shown
        if not tree:
            tree = list(frame_tree(seen, text))
            dump = list(hex_lines(seen.frame.data))
        if not seen.frame.messages:
            about = seen.frame, wire_length(seen), seen.record.comments
            listed.append(lines.empty(seen.number, text, *about))
        for _, walked, asked in seen.messages():
            listed.append(lines.pieces(seen.number, text, walked, asked))
        if len(listed) >= rows - 1:
            break
    capture.reader.close()
    if not listed:
        return
    yield [("dim", " reading ...")]
    yield [("title", " No.     Time   Protocol")]
    yield from _filled(listed, rows - 1)
    yield [("title", "Tree")]
    yield from _filled(tree, tree_rows - 1)
    yield [("title", "Bytes")]
    yield from _filled([[("", line)] for line in dump], below - tree_rows - 1)
    yield [("dim", f" {one_line(path)}")]


def _filled(lines: list[list[Piece]], count: int) -> list[list[Piece]]:
    return [*lines[:count], *([[]] * (count - len(lines)))]


def _painted(line: list[Piece], width: int) -> Iterator[str]:
    """Yield the parts of a line with SGR codes, cut to `width` columns; rich would take long to load."""
    for role, text in ((role, visible(text)) for role, text in line):
        if width <= 0:
            return
        code = "" if os.environ.get("NO_COLOR") else ";".join(SGR[word] for word in STYLES.get(role, "").split())
        yield f"\x1b[{code}m{text[:width]}\x1b[m" if code else text[:width]
        width -= len(text)
