"""The application: one screen of panes over one capture, and what links them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.widgets import Input

from nldissect.errors import FilterError, NldissectError

from .bytes import BytesPane
from .columns import TIMES, Clock
from .filterbar import FilterBar
from .items import items_of
from .keys import bindings
from .look import Look
from .packets import PacketList
from .pane import Pane
from .shown import Shown
from .sieve import Sieve
from .statusline import StatusLine
from .store import Store
from .tree import TreePane
from .worker import Worker

REPAINT = 0.1
"""Seconds between repaints of what comes by itself."""
WIDE = 150
"""Columns from which on tree and bytes stand side by side."""


class Viewer(App[int]):
    """`store` is what is looked at, `worker` where its index and its filter are worked on."""

    TITLE = "nldissect"
    CSS = """
    #list { height: 5fr; }
    #below { height: 6fr; }
    #tree { height: 3fr; }
    #bytes { height: 2fr; }
    .wide #below { layout: horizontal; }
    .wide #tree { width: 1fr; height: 100%; }
    .wide #bytes { width: 78; height: 100%; }
    .zoom #list, .zoom #below, .zoom #tree, .zoom #bytes { display: none; }
    .zoom-list #list { display: block; }
    .zoom-tree #below, .zoom-tree #tree { display: block; }
    .zoom-bytes #below, .zoom-bytes #bytes { display: block; }
    """
    BINDINGS = bindings("app")
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, store: Store, *, filter: str = "", time: str = "r", secrets: bool = False) -> None:
        super().__init__()
        self.theme = "ansi-dark"
        self.store = store
        self.look = Look(not self.no_color)
        self.clock = Clock(time)
        self.secrets = secrets
        self.sieve: Sieve | None = None
        self.filter_on = True
        self.hiding = True
        """Whether what the filter does not hold for is hidden, or dimmed."""
        self._first_filter = filter
        self.worker = Worker(self._failed)
        self.packets = PacketList(self.look, store, self.clock)
        self.details = TreePane(self.look)
        self.hexdump = BytesPane(self.look)
        self.bar = FilterBar()
        self.status = StatusLine(self.look)
        self._due = False
        self._painted = 0.0
        self._version = (-1, -1)

    def compose(self) -> ComposeResult:
        yield self.bar
        yield self.packets
        with Container(id="below"):
            yield self.details
            yield self.hexdump
        yield self.status

    def on_mount(self) -> None:
        self.packets.focus()
        self.worker.put("index", self._take_in())
        self.worker.start()
        if self._first_filter:
            self.bar.value = self._first_filter
        self.refresh_all()

    def on_unmount(self) -> None:
        self.worker.stop()

    def on_resize(self) -> None:
        self.screen.set_class(self.size.width >= WIDE, "wide")

    # What comes from the other thread

    def _take_in(self) -> Iterator[bool]:
        """The index, block by block, and then what the file grows by."""
        capture = self.store.capture
        while True:
            new = capture.refresh(1)
            if new or not capture.behind:
                self.told()
            if not capture.behind:
                yield False
            yield True

    def told(self) -> None:
        """Something changed; called in any thread, as often as it likes."""
        if not self._due and self._loop is not None:
            self._due = True
            self._loop.call_soon_threadsafe(self._soon)

    def _soon(self) -> None:
        wait = self._painted + REPAINT - time.monotonic()
        if wait > 0:
            assert self._loop is not None
            self._loop.call_later(wait, partial(self.call_later, self.refresh_all))
        else:
            self.call_later(self.refresh_all)

    def _failed(self, error: Exception) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(partial(self.call_later, self._say_error, error))

    def _say_error(self, error: Exception) -> None:
        if not isinstance(error, NldissectError):
            raise error
        self.status.tell(str(error), "error")

    def refresh_all(self) -> None:
        """Show what is there now."""
        self._due, self._painted = False, time.monotonic()
        sieve = self.sieve if self.filter_on else None
        version = (self.store.capture.version, sieve.version if sieve is not None else -1)
        if version != self._version:
            self._version = version
            count = self.store.count
            found = None if sieve is None else sieve.rows()
            if found is None:
                self.packets.show(Shown(count))
            elif self.hiding:
                self.packets.show(Shown(len(found), found))
            else:
                self.packets.show(Shown(count), Shown(len(found), found))
        self._say_status()

    def _say_status(self) -> None:
        store, sieve = self.store, self.sieve if self.filter_on else None
        count = store.count
        text = f" {store.name}  {count:,} messages"
        if sieve is not None:
            text = f" {store.name}  {len(sieve.rows()):,} of {count:,} messages"
            if not sieve.complete:
                text += f", {100 * sieve.seen // max(count, 1)}% looked at"
        if store.capture.behind:
            text += f", reading {store.progress:.0%}"
        elif not count:
            text += ": no netlink message in it yet"
        right = " follow " if self.packets.follow else ""
        self.status.say([("", text)], [("", f"{right} time {self.clock.mode}  ? help ")])
        if self.bar.state != "bad":
            self.bar.say("" if self.sieve is None else "good" if self.sieve.complete else "busy", not self.filter_on)

    # The list, the tree and the bytes

    @on(PacketList.Chosen)
    def _choose(self, event: PacketList.Chosen) -> None:
        if event.row != self.packets.row:
            return  # overtaken
        try:
            entry = self.store.entry(event.row)
        except NldissectError as error:
            self._say_error(error)
            return
        text = self.clock.text(entry.record, entry.first, entry.before)
        self.hexdump.show(entry, self.secrets)
        self.details.show(items_of(entry, text, self.secrets))

    @on(PacketList.Entered)
    def _enter(self) -> None:
        self.details.focus()

    @on(TreePane.Chosen)
    def _light(self, event: TreePane.Chosen) -> None:
        self.hexdump.light(event.item.start, event.item.end, follow=not self.hexdump.has_focus)

    @on(BytesPane.Chosen)
    def _find(self, event: BytesPane.Chosen) -> None:
        self.details.choose_byte(event.at)

    def action_step(self, lines: int) -> None:
        """To another message, from any pane."""
        self.packets.go(self.packets.cursor + lines)

    # The filter

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        self.set_filter(event.value)

    def set_filter(self, text: str) -> bool:
        """Apply a filter, or none; what can't be understood leaves the one before in place."""
        text = text.strip()
        if not text:
            self.sieve = None
            self.worker.drop("filter")
        else:
            try:
                sieve = Sieve(self.store, text)
            except FilterError as error:
                self.bar.say("bad")
                self.status.tell(str(error).splitlines()[0], "error")
                return False
            self.sieve, self.filter_on = sieve, True
            self.worker.put("filter", sieve.job(self.anchor, self.told), 1)
        self.bar.say("")
        self.status.clear()
        self._version = (-1, -1)
        if self.sieve is None:
            self.refresh_all()
        else:
            self._say_status()
        return True

    @property
    def anchor(self) -> int:
        """The message to begin with: the last one where the list follows, else the first that is on the screen."""
        if self.packets.follow:
            return max(self.store.count - 1, 0)
        shown = self.packets.shown
        return shown[min(self.packets.top, len(shown) - 1)] if len(shown) else 0

    def action_filter(self) -> None:
        self.bar.focus()

    @on(Input.Submitted, "#filter")
    def _entered(self) -> None:
        self.packets.focus()

    @on(FilterBar.Left)
    def _left(self) -> None:
        if self.bar.state == "bad":
            self.bar.value = self.sieve.text if self.sieve is not None else ""
        self.packets.focus()

    def action_switch_filter(self) -> None:
        self.filter_on = not self.filter_on
        self._version = (-1, -1)
        self.refresh_all()

    def action_highlight(self) -> None:
        self.hiding = not self.hiding
        self._version = (-1, -1)
        self.refresh_all()

    # The rest of the keys

    def action_time(self) -> None:
        self.clock.mode = TIMES[(TIMES.index(self.clock.mode) + 1) % len(TIMES)]
        self.packets.forget()
        self._say_status()

    def action_follow(self) -> None:
        self.packets.follow = not self.packets.follow
        if self.packets.follow:
            self.packets.action_last()
        self._say_status()

    def action_zoom(self) -> None:
        pane = self.focused
        zoomed = self.screen.has_class("zoom")
        for name in ("list", "tree", "bytes"):
            self.screen.set_class(not zoomed and isinstance(pane, Pane) and pane.id == name, f"zoom-{name}")
        self.screen.set_class(not zoomed and isinstance(pane, Pane), "zoom")

    def action_leave(self) -> None:
        self.exit(0)
