"""The application: one screen of panes over one capture, and the events between them."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container

from nldissect.errors import NldissectError

from .actions import Actions
from .actions.key_queue import HELD
from .config.settings import TIMES as TIMES_BY_NAME
from .config.settings import Settings
from .config.state import RememberedState
from .jobs.list_filter import ListFilter
from .jobs.value_completion import ValueIndex
from .jobs.worker import Worker
from .keys import bindings
from .live.session import LiveSession
from .model import table_loading
from .model.capture_model import CaptureModel
from .model.marks import Marks
from .panes.detail_tree import TreePane
from .panes.filter_bar import FilterBar
from .panes.hex_pane import BytesPane
from .panes.list_columns import ListClock
from .panes.packet_list import PacketList
from .panes.prompt import Prompt
from .panes.status_bar import StatusLine
from .panes.theme import Theme
from .startup.typed_ahead import driver

if TYPE_CHECKING:
    from .live.control import CaptureControl
    from .live.spool import Spool

REPAINT = 0.1
"""Seconds between repaints for new messages or matches."""
WIDE = 150
"""Width of the screen from which on tree and hex pane are side by side."""


class Viewer(Actions):
    """The application; `store` is the capture viewed, `worker` the thread that indexes and filters it.

    light   the terminal has a light background
    typed   bytes of keys that were typed before the application started
    """

    TITLE = "nldissect"
    CSS = """
    Screen { layers: base above; }
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
    .many FilterBar.good { background: #87d787; color: #000000; }
    .many FilterBar.bad { background: #af0000; color: #ffffff; }
    .many FilterBar.busy { background: #ffd75f; color: #000000; }
    .many Chooser OptionList > .option-list--option-highlighted { background: #005faf; color: #ffffff; }
    """
    BINDINGS = bindings("app")
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        store: CaptureModel,
        *,
        filter: str = "",
        time: str | None = None,
        secrets: bool = False,
        live: CaptureControl | None = None,
        spool: Spool | None = None,
        reopen: Callable[[str, int], CaptureModel] | None = None,
        settings: Settings | None = None,
        state: RememberedState | None = None,
        light: bool = False,
        typed: bytes = b"",
    ) -> None:
        super().__init__(
            ansi_color=True if "NO_COLOR" in os.environ else None,  # no shades of grey in place of colours
            driver_class=driver(typed) if typed else None,
        )
        self.theme = "ansi-light" if light else "ansi-dark"
        self.store = store
        self.look = Theme(not self.no_color, os.environ.get("TERM") == "linux")
        self.settings = settings or Settings()
        self.state = state or RememberedState(None)
        self.marks = Marks()
        self.clock = ListClock(time or TIMES_BY_NAME[self.settings.time])
        self.secrets = secrets
        self.worker = Worker(self._failed)
        self.filtering = ListFilter(store, self.worker)
        self.capturing = LiveSession(self, live, reopen or _no_other, spool)
        self._first_filter = filter
        self.packets = PacketList(self.look, store, self.clock, self.marks)
        self.details = TreePane(self.look)
        self.hexdump = BytesPane(self.look)
        self.values = ValueIndex(store, self._look_up)
        self.bar = FilterBar(self.look, self._offers, lambda: self.state.history)
        self.prompt = Prompt()
        self.status = StatusLine(self.look)
        self._due = False
        self._painted = 0.0
        self._shown: tuple[int, int, int] | None = None
        self.packets.follow = live is not None
        self.farewell = ""
        """Notice printed after the screen was closed."""
        self.packets.lacks = self._lacks
        self.packets.folded = lambda row: self.filtering.folding.said(row)

    def compose(self) -> ComposeResult:
        yield self.bar
        yield self.bar.menu
        yield self.packets
        with Container(id="below"):
            yield self.details
            yield self.hexdump
        yield self.status
        yield self.prompt

    def on_mount(self) -> None:
        self.screen.set_focus(self.packets)  # at once: keys may wait already
        self.set_timer(HELD, self.let_keys_go)
        self.take_settings()
        self.worker.put("index", self._take_in())
        self.worker.put("tables", table_loading.load())
        self.worker.start()
        if self._first_filter:
            self.bar.value = self._first_filter
        self.refresh_all()

    def on_unmount(self) -> None:
        self.worker.stop()

    def on_resize(self) -> None:
        self.screen_stack[0].set_class(self.size.width >= WIDE, "wide")

    def _take_in(self) -> Iterator[bool]:
        """Index the capture block by block, and then the blocks by which it grows."""
        capture, first = self.store.capture, True
        while True:
            new = capture.refresh(1)
            if self.capturing.look() or new or first:
                self.request_repaint()
            if first and not capture.behind and self.capturing.live is None and self.capturing.piped is None:
                for cut in capture.cut:
                    self.in_screen(partial(self.status.show, cut))
            first = first and capture.behind
            yield capture.behind

    def in_screen(self, call: Callable[[], object]) -> None:
        """Call a function in the screen's thread; for use in any other."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(partial(self.call_later, call))

    def request_repaint(self) -> None:
        """Request a repaint; for use in any thread, as often as it likes."""
        if not self._due and self._loop is not None:
            self._due = True
            self._loop.call_soon_threadsafe(self._soon)

    def _soon(self) -> None:
        wait = self._painted + REPAINT - time.monotonic()
        if wait > 0 and self._loop is not None:
            self._loop.call_later(wait, partial(self.call_later, self.refresh_all))
        else:
            self.call_later(self.refresh_all)

    def _failed(self, error: Exception) -> None:
        self.in_screen(partial(self.say_error, error))

    def say_error(self, error: Exception) -> None:
        """Show an error of the user or the input; raise any other, which is a defect and ends the application."""
        if not isinstance(error, NldissectError):
            raise error
        self.status.show(str(error).splitlines()[0], "error")

    def refresh_all(self) -> None:
        """Repaint the list and the status line."""
        if not gc.isenabled():  # switched off in command.py while modules were loaded
            gc.freeze()
            gc.enable()
        self._due, self._painted = False, time.monotonic()
        if self._shown != self.filtering.version:
            self._shown = self.filtering.version
            self.packets.show(*self.filtering.shown())
        if self.packets.count or not self.store.capture.behind:
            self.let_keys_go()
        self.say_status()

    def action_capture(self) -> None:
        self.capturing.switch()

    def action_restart(self) -> None:
        self.capturing.restart()

    def open(self, store: CaptureModel) -> None:
        """View another capture."""
        before, self.store = self.store, store
        for job in ("index", "filter", "fold", "view", "save"):
            self.worker.drop(job)
        self.worker.put("close", _closing(before), 9)
        self.values = ValueIndex(store, self._look_up)
        filter, self.filtering = self.filtering, ListFilter(store, self.worker)
        self.packets.open(store)
        self.forget_capture()
        self.worker.put("index", self._take_in())
        if filter.text:
            self.filtering.set(filter.text, lambda: self.packets.place, self.request_repaint)
        if filter.folding.on:
            self.filtering.fold(self.request_repaint)
        self.refresh_all()

    def action_leave(self) -> None:
        self.capturing.settle(lambda: self.exit(0))


def _closing(store: CaptureModel) -> Iterator[bool]:
    """Close a capture when no other job reads it: a job."""
    store.close()
    return
    yield False


def _no_other(path: str, hidden: int) -> CaptureModel:
    raise AssertionError("a file has no successor")
