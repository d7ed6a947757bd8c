"""Text of the status line, and of the list while it is empty."""

from __future__ import annotations

from ..config.settings import TIMES
from .base import ViewerBase


class StatusActions(ViewerBase):
    """Number of messages, number of those shown, and work in progress."""

    _counted: tuple[object, int, int] = (None, 0, 0)

    def _counts(self) -> tuple[int, int]:
        """Return the number of messages that match the filter, and of all messages that can be shown."""
        version = self.store, self.filtering.version
        if version != self._counted[0]:
            found, count = self.filtering.found(), len(self.store.every())
            self._counted = version, count if found is None else len(found), count
        return self._counted[1:]

    def say_status(self) -> None:
        store, sieve = self.store, self.filtering.active
        found, count = self._counts()
        text = f"{count:,} message{'s' * (count != 1)}"
        if sieve is not None:
            text = f"{found:,} of {text}" + ("" if self.filtering.hiding else ", the others dimmed")
            if not sieve.complete:
                text += f", {100 * sieve.seen // max(store.count, 1)}% looked at"
        elif self.filtering.sieve is not None:
            text += ", filter off"
        if self.filtering.folding.on:
            text += f", dumps folded: {len(self.packets.shown):,} lines"
        if store.capture.behind:
            text = f"{text}, reading {store.progress:.0%}" if count else "reading"
        elif store.let_go:
            text += f", {store.let_go:,} let go"
        if hidden := store.count - store.let_go - count:
            text += f", {hidden:,} own hidden"
        if self.marks:
            text += f", {len(self.marks):,} marked"
        time = next(name for name, mode in TIMES.items() if mode == self.clock.mode)
        right = [("", " follow ")] if self.packets.follow else []
        right += [("", " ? help "), ("", f" time {time} ")]
        self.status.say([("", text)], [*self.capturing.pieces, *right], store.name)
        self.packets.say_nothing(self._why_nothing(count))
        if self.bar.state != "bad":
            known = self.filtering.sieve
            self.bar.say("" if known is None else "good" if known.complete else "busy", not self.filtering.on)

    def _why_nothing(self, count: int) -> str:
        sieve = self.filtering.active
        if self.store.capture.behind:
            return "..."
        if sieve is not None and not sieve.complete:
            return f"none yet in {sieve.seen:,} messages looked at"
        if sieve is not None and count:
            return "no message fits the filter; / changes it, \\ switches it off"
        if self.capturing.live is not None:
            return "no message yet; they come by themselves"
        return "no netlink message is in it yet"
