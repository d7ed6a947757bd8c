"""The help screen: all keys, from the key map after the user's own settings."""

from __future__ import annotations

from textwrap import wrap

from textual.app import ComposeResult
from textual.keys import format_key
from textual.screen import Screen

from nldissect.terminal.colors import Piece

from ..config.settings import Settings, config_file, shown_path
from ..keys import KEYS, bindings
from .base import Pane
from .status_bar import StatusLine
from .theme import Theme

PLACES = {
    "app": "everywhere", "pane": "in every list", "list": "in the list of messages", "tree": "in the tree",
    "bytes": "in the bytes", "table": "in statistics and other views", "compare": "in a comparison",
    "filter": "on the filter line",
}  # fmt: skip


def key_names(keys: str) -> str:
    """Return keys as shown to the user."""
    return "  ".join(format_key(one.strip()) for one in keys.split(","))


def lines_of(settings: Settings, width: int = 120) -> list[list[Piece]]:
    """Return the lines of the help: problems in the settings, then for each place a heading and its actions.

    The text of an action that is too long for `width` columns is wrapped.
    """
    out: list[list[Piece]] = [
        [("error", line)] for problem in settings.problems for line in wrap(problem, max(width, 20))
    ]
    shown = {key: key_names(",".join(settings.keys.get(key.id, (key.keys,)))) for key in KEYS}
    widest = max(map(len, shown.values()))
    for place, title in PLACES.items():
        mine = [key for key in KEYS if key.place == place]
        if not mine:
            continue
        if out:
            out.append([])
        out.append([("title", title)])
        for key in mine:
            room = max(width - widest - 4, 20)
            said = [*wrap(key.says, room), ""]
            if len(said[-2]) + len(key.id) + 2 <= room:
                said.pop()
            for part, text in enumerate(said):
                name = key.id if part == len(said) - 1 else ""
                keys = f"  {'' if part else shown[key]:<{widest}}  "
                out.append([("name", keys), ("", f"{text:<{room - len(name)}}"), ("dim", name)])
    where = shown_path(config_file())
    last = f"ctrl+p: the same as commands, and themes. The names at the right are for [keys] in {where}"
    return [*out, [], *([("dim", line)] for line in wrap(last, max(width, 20)))]


class HelpPane(Pane):
    """The scrollable lines of the help."""

    BINDINGS = bindings("help")

    def __init__(self, look: Theme, settings: Settings) -> None:
        super().__init__(look, "help")
        self.settings = settings
        self.lines = lines_of(settings)

    @property
    def count(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> list[Piece]:
        return self.lines[index]

    def on_resize(self) -> None:
        self.lines = lines_of(self.settings, self.room)
        super().on_resize()

    def title(self) -> list[Piece]:
        return [("", "Keys")]


class HelpScreen(Screen[None]):
    """The screen of the help; escape returns to the list."""

    def __init__(self, look: Theme, settings: Settings) -> None:
        super().__init__()
        self.pane, self.status = HelpPane(look, settings), StatusLine(look)

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.status

    def on_mount(self) -> None:
        self.status.say([("", " keys")], [("", " escape: back ")])
