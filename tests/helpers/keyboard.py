"""A running viewer, keys typed into it, and what they are seen to do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from nldissect.store.capture import Capture
from nldissect.viewer.app import Viewer
from nldissect.viewer.config.settings import Settings
from nldissect.viewer.keys import KEYS
from nldissect.viewer.model.capture_model import CaptureModel
from tests.helpers.paths import CAPTURES

PATIENCE = 120.0


class Keyboard:
    """A running viewer; `done` are the actions whose keys were seen to do what they should."""

    def __init__(self, app: Viewer, pilot: Pilot[Any], clipboard: list[str]) -> None:
        self.app, self.pilot, self.clipboard = app, pilot, clipboard
        self.done: set[str] = set()

    async def until(self, holds: Callable[[], object], why: object = "") -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, (why, self.app.filtering.text, self.frame, self.app.status.note)
            await self.pilot.pause(0.01)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def does(self, name: str, holds: Callable[[], object], back: Callable[[], object] | None = None) -> None:
        """Each key of an action makes something true; `back` undoes it in between."""
        key = next(key for key in KEYS if f"{key.place}.{key.name}" == name)
        for one in key.keys.split(","):
            if back is not None:
                back()
                await self.pilot.pause()
            assert not holds(), (name, one, "is so before")
            await self.press(one)
            await self.until(holds, (name, one))
        self.done.add(name)

    @property
    def frame(self) -> int:
        entry = self.app.packets.entry
        return 0 if entry is None else entry.number

    def to(self, frame: int) -> Callable[[], None]:
        """Goes to a frame."""

        def go() -> None:
            row = self.app.store.row_of_frame(frame)
            assert row is not None
            self.app.packets.aim(row)

        return go


def run(
    steps: Callable[[Keyboard], Any], capture: str = "errors.pcap", settings: Settings | None = None, **options: Any
) -> None:
    async def whole() -> None:
        app = Viewer(
            CaptureModel(Capture([str(CAPTURES / capture)], {}, None, read=False)),
            settings=settings or Settings(),
            **options,
        )
        clipboard: list[str] = []
        app.copy_to_clipboard = clipboard.append  # type: ignore[method-assign]
        async with app.run_test(size=(100, 30)) as pilot:
            keyboard = Keyboard(app, pilot, clipboard)
            await keyboard.until(lambda: not app.store.capture.behind and app.packets.count == app.store.count)
            await keyboard.until(lambda: app.details.count)
            await steps(keyboard)
        app.store.close()

    asyncio.run(whole())
