"""A queue of keys, each handled after the one before, also if many arrive at once: at the start, over a slow line."""

from __future__ import annotations

from collections import deque
from typing import Any

from textual.dom import DOMNode
from textual.events import Event, Key
from textual.widgets import Input

from .base import ViewerBase

HELD = 2.0
"""Seconds after which the first keys are handled even without messages."""
PATIENCE = 10.0
"""Seconds after which the next key is handled if one gets lost."""
ROUNDS = 3
"""Passes through the queues: the key itself, from its widget up to the application; twice more, events that follow."""


class KeyQueue(ViewerBase):
    """A queue in front of those of the widgets, which is released one key at a time.

    Each widget has a queue of its own: without this a letter would overtake the Enter before it, and be written on the
    line that Enter leaves. The first keys wait until there are messages to which they apply.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._waiting: deque[Key] = deque()
        self._under_way: Key | None = None
        self._held = True

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way is not None or self._held:
            self._waiting.append(event)
        else:
            await self._begin(event)

    def let_keys_go(self) -> None:
        """Release the first keys: the first messages are shown, or there are none."""
        if self._held:
            self._held = False
            self.call_next(self._go_on)

    async def _begin(self, key: Key) -> None:
        if isinstance(self.focused, Input) and key.is_printable:  # letters on one line keep their order anyway
            await super().on_event(key)
            return
        self._under_way = key
        self.set_timer(PATIENCE, lambda: self._next(key))
        start = self.focused or self.screen
        await super().on_event(key)
        await self._climb(key, start, ROUNDS)

    async def _climb(self, key: Key, node: DOMNode | None, rounds: int) -> None:
        """Pass through the queues up to the application, each time after the events already in it."""
        if node is not None:
            if not node.call_later(self._climb, key, node.parent, rounds):
                await self._next(key)
        elif rounds > 1:
            await self._climb(key, self.focused or self.screen, rounds - 1)
        else:
            await self._next(key)

    async def _next(self, key: Key) -> None:
        if self._under_way is key:
            self._under_way = None
            await self._go_on()

    async def _go_on(self) -> None:
        while self._waiting and self._under_way is None:
            await self._begin(self._waiting.popleft())
