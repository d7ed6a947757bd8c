"""Makes the pictures of the viewer in screens/: what it draws on shipped captures, as SVG.

    python captures/screens.py                all
    python captures/screens.py list diff      these

tests/viewer/test_screenshots.py compares their text with what the viewer draws now.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from rich._export_format import CONSOLE_SVG_FORMAT  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.terminal_theme import TerminalTheme  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from nldissect.store.capture import Capture  # noqa: E402
from nldissect.viewer.app import Viewer  # noqa: E402
from nldissect.viewer.config.settings import Settings  # noqa: E402
from nldissect.viewer.config.state import RememberedState  # noqa: E402
from nldissect.viewer.model.capture_model import CaptureModel  # noqa: E402

DARK = TerminalTheme(
    (24, 26, 31), (208, 211, 217),
    [(24, 26, 31), (224, 86, 96), (128, 190, 110), (214, 170, 92), (90, 150, 230), (190, 120, 210), (80, 185, 190),
     (190, 195, 203)],
    [(118, 126, 140), (255, 120, 128), (160, 220, 140), (245, 205, 120), (125, 180, 255), (222, 155, 240),
     (120, 215, 220), (255, 255, 255)],
)  # fmt: skip
LIGHT = TerminalTheme(
    (252, 252, 250), (40, 42, 48),
    [(40, 42, 48), (190, 30, 45), (30, 135, 50), (150, 100, 0), (35, 100, 195), (145, 60, 165), (0, 130, 140),
     (215, 216, 218)],
    [(118, 122, 130), (215, 40, 55), (45, 145, 45), (165, 115, 0), (45, 110, 215), (160, 65, 175), (0, 135, 145),
     (255, 255, 255)],
)  # fmt: skip
"""The 16 colours of two terminals, and their background."""

Steps = Callable[["Drawn"], Any]
PATIENCE = 60.0


class Picture(NamedTuple):
    """One picture: what was typed before it was taken.

    theme   colours of the terminal
    look    theme of the viewer; "" follows the terminal
    """

    steps: Steps
    capture: str = "errors.pcap"
    size: tuple[int, int] = (104, 30)
    theme: TerminalTheme = DARK
    colours: bool = True
    look: str = ""


class Drawn:
    """A running viewer."""

    def __init__(self, app: Viewer, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    async def until(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self.lines()
            await self.pilot.pause(0.01)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def go(self, frame: int) -> None:
        """To a frame, until its tree is there."""
        await self.press("colon", *str(frame), "enter")
        await self.until(lambda: self.app.details.items and self.app.details.items[0].pieces[0][1] == f"Frame {frame}")

    async def field(self, name: str) -> None:
        """To a line of the tree."""
        tree = self.app.details
        tree.focus()
        tree.choose(next(place for place, item in enumerate(tree.items) if item.name == name))
        await self.pilot.pause()

    async def filter(self, text: str) -> None:
        """Write a filter, and wait for what it leaves."""
        self.app.bar.value = text
        await self.until(lambda: self.app.filtering.text == text and self.app.filtering.sieve.complete)
        await self.until(lambda: self.app.packets.count == len(self.app.filtering.sieve.rows()))

    async def table(self, key: str) -> None:
        """Open a view, and wait for its lines."""
        await self.press(key)
        await self.until(lambda: len(self.app.screen_stack) > 1 and self.app.screen.line is not None)
        await self.until(lambda: "so far" not in self.app.screen.status.left[0][1])

    def lines(self) -> list[str]:
        """The text on the screen."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return [strip.text.rstrip() for strip in strips]

    def svg(self, name: str, theme: TerminalTheme) -> str:
        width, height = self.app.size
        console = Console(
            width=width, height=height, file=io.StringIO(), force_terminal=True, color_system="truecolor", record=True,
            legacy_windows=False, safe_box=False,
        )  # fmt: skip
        stack = self.app._background_screens
        console.print(self.app.screen._compositor.render_update(full=True, screen_stack=stack, simplify=True))
        made = console.export_svg(title=f"nldissect view: {name}", theme=theme, code_format=FORMAT, unique_id=name)
        return "".join(line.rstrip() + "\n" for line in made.splitlines() if line.strip())


FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code, monospace", "DejaVu Sans Mono, Menlo, Consolas, monospace"
)


async def _panes(at: Drawn) -> None:
    await at.go(3)
    await at.field("IFLA_VLAN_ID")


async def _refused(at: Drawn) -> None:
    await at.filter("error")
    await at.go(12)
    await at.field("request")


async def _completion(at: Drawn) -> None:
    await at.press("slash", *"error == EN")
    await at.until(lambda: any("ENETUNREACH  " in line for line in at.lines()))


async def _types(at: Drawn) -> None:
    await at.table("2")


async def _errors(at: Drawn) -> None:
    await at.table("4")


async def _exchanges(at: Drawn) -> None:
    """The slowest first, with the cursor on a refusal."""
    await at.table("9")
    table = at.app.screen.table
    table.column = 6
    await at.press("o", "o")
    await at.until(lambda: table.sorted == (6, True))


async def _notes(at: Drawn) -> None:
    await at.table("0")


async def _culprit(at: Drawn) -> None:
    """From the refusal in frame 42 to what the kernel points at; dumps are folded."""
    await at.go(42)
    await at.press("D")
    await at.until(lambda: at.app.packets.count < at.app.store.count)
    await at.press("r")
    await at.until(lambda: at.app.details.item.name == "TCA_FLOWER_KEY_CT_STATE_MASK")


async def _rate(at: Drawn) -> None:
    await at.table("5")


async def _diff(at: Drawn) -> None:
    await at.go(3)
    await at.press("m")
    await at.go(7)
    await at.press("m", "d")
    await at.until(lambda: len(at.app.screen_stack) > 1)


async def _help(at: Drawn) -> None:
    await at.press("question_mark")
    await at.until(lambda: len(at.app.screen_stack) > 1)


async def _copy(at: Drawn) -> None:
    await _panes(at)
    await at.press("y")
    await at.until(lambda: len(at.app.screen_stack) > 1)


async def _columns(at: Drawn) -> None:
    at.app._columns(
        "frame.number, direction, nlmsg_type, IFLA_MTU as MTU width 6, ifi_flags as Flags width 24, summary"
    )
    await at.press("m", "j", "j", "m")
    at.app.packets.column = 3
    await at.press("o")
    await at.until(lambda: at.app.packets.sorted is not None)
    at.app.status.clear()


PICTURES = {
    "list": Picture(_panes),
    "error": Picture(_refused),
    "completion": Picture(_completion),
    "types": Picture(_types, "tour.pcap"),
    "errors": Picture(_errors),
    "rate": Picture(_rate),
    "exchanges": Picture(_exchanges, size=(104, 30)),
    "notes": Picture(_notes, "refusals.pcap"),
    "culprit": Picture(_culprit, "refusals.pcap", size=(104, 30)),
    "diff": Picture(_diff, "vlan_add.pcap"),
    "help": Picture(_help, size=(104, 40)),
    "copy": Picture(_copy),
    "columns": Picture(_columns, "link_dump.pcap"),
    "light": Picture(_refused, look="textual-light"),
    "light-terminal": Picture(_refused, theme=LIGHT),
    "small": Picture(_panes, size=(80, 24)),
    "no-colour": Picture(_panes, size=(80, 24), colours=False),
}


async def _taken(name: str, picture: Picture) -> tuple[list[str], str]:
    os.chdir(FOLDER.parent)
    store = CaptureModel(Capture([f"captures/{picture.capture}"], {}, None, read=False))
    app = Viewer(
        store, settings=Settings(theme=picture.look), state=RememberedState(None), light=picture.theme is LIGHT
    )
    async with app.run_test(size=picture.size) as pilot:
        at = Drawn(app, pilot)
        await at.until(lambda: not store.capture.behind and app.packets.count == store.count and app.details.count)
        await at.until(lambda: app.packets.rules is not None)
        await picture.steps(at)
        before: list[str] = []
        while before != at.lines():
            before = at.lines()
            await pilot.pause(0.25)
        made = before, at.svg(name, picture.theme)
    store.close()
    return made


def taken(name: str) -> tuple[list[str], str]:
    """The text of a picture, and the picture."""
    picture = PICTURES[name]
    said = {"TZ": "UTC", "HOME": "/home/you", "XDG_CONFIG_HOME": None, "NO_COLOR": None if picture.colours else "1"}
    said |= {"TERM": "xterm-256color", "COLORTERM": None, "COLUMNS": None, "LINES": None}
    before = {key: os.environ.get(key) for key in said}
    _set(said)
    here = os.getcwd()
    try:
        return asyncio.run(_taken(name, picture))
    finally:
        os.chdir(here)
        _set(before)


def _set(environment: dict[str, str | None]) -> None:
    for key, value in environment.items():
        if value is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = value
    time.tzset()


def main() -> None:
    for name in sys.argv[1:] or PICTURES:
        (FOLDER / "screens" / f"{name}.svg").write_text(taken(name)[1])


if __name__ == "__main__":
    main()
