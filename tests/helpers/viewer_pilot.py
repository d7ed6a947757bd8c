"""The viewer driven by Textual's pilot: what its screen shows as text, and waiting until it does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from nldissect.store.capture import Capture
from nldissect.viewer.app import Viewer
from nldissect.viewer.model.capture_model import CaptureModel
from nldissect.viewer.panes.base import Pane

PATIENCE = 60.0


class Screen:
    """A running viewer."""

    def __init__(self, app: Viewer, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def text(self) -> list[str]:
        """The lines of the screen."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips(self.app.size)]

    def lines(self, pane: Pane, last: int = 1 << 30) -> list[str]:
        """The last lines of a pane, also those that are not on the screen."""
        indexes = range(max(pane.count - last, 0), pane.count)
        return ["".join(text for _, text in pane.line(index)).rstrip() for index in indexes]

    @property
    def frames(self) -> list[int]:
        """Numbers of the frames in the list."""
        shown = self.app.packets.shown
        return [self.app.store.frame_number(shown[index]) for index in range(len(shown))]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def write(self, text: str) -> None:
        """Put a text on the filter line, and go back to the list."""
        await self.pilot.press("slash")
        self.app.bar.value = text
        await self.pilot.press("enter")

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self.text
            await self.pilot.pause(0.01)


def run(
    path: Path, steps: Callable[[Screen], Awaitable[None]], size: tuple[int, int] = (120, 40), **options: Any
) -> None:
    """Look at a capture, and do the steps once all of it was taken in."""

    async def whole() -> None:
        app = Viewer(CaptureModel(Capture([path], {}, None, read=False)), **options)
        async with app.run_test(size=size) as pilot:
            screen = Screen(app, pilot)
            await screen.until(lambda: not app.store.capture.behind)
            await screen.until(lambda: len(app.packets.shown) == len(app.store.every()))
            await screen.until(lambda: not app.store.count or app.details.count)
            await steps(screen)
        app.store.close()

    asyncio.run(whole())
