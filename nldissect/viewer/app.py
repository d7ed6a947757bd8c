"""The application: one screen of panes over one capture, and what links them."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input

from nldissect.errors import FilterError, NldissectError

from . import asking, loading, together
from .acting import Acting
from .bytes import BytesPane
from .capturing import Capturing
from .columns import TIMES, Clock
from .completing import Offer, Values, offers
from .filterbar import FilterBar
from .filtering import Filtering
from .items import items_of
from .keys import ASKING, bindings
from .look import Look
from .marks import Marks
from .packets import PacketList
from .pane import Pane
from .prompt import Prompt
from .settings import TIMES as TIMES_BY_NAME
from .settings import Settings
from .state import State
from .statusline import StatusLine
from .store import Entry, Store
from .table import TableScreen
from .tree import TreePane
from .views import VIEWS, Scene
from .worker import Worker

if TYPE_CHECKING:
    from .live import Live

REPAINT = 0.1
"""Seconds between repaints of what comes by itself."""
WIDE = 150
"""Columns from which on tree and bytes stand side by side."""


class Viewer(Acting):
    """`store` is what is looked at, `worker` where its index and its filter are worked on."""

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
    """
    BINDINGS = bindings("app")
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        store: Store,
        *,
        filter: str = "",
        time: str | None = None,
        secrets: bool = False,
        live: Live | None = None,
        reopen: Callable[[str, int], Store] | None = None,
        settings: Settings | None = None,
        state: State | None = None,
    ) -> None:
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)  # no shades of grey in place of colours
        self.theme = "ansi-dark"
        self.store = store
        self.look = Look(not self.no_color)
        self.settings = settings or Settings()
        self.state = state or State(None)
        self.marks = Marks()
        self.clock = Clock(time or TIMES_BY_NAME[self.settings.time])
        self.secrets = secrets
        self.worker = Worker(self._failed)
        self.filtering = Filtering(store, self.worker)
        self.capturing = Capturing(self, live, reopen or _no_other)
        self._first_filter = filter
        self.packets = PacketList(self.look, store, self.clock, self.marks)
        self.details = TreePane(self.look)
        self.hexdump = BytesPane(self.look)
        self.values = Values(store, self._look_up)
        self.bar = FilterBar(self.look, self._offers, lambda: self.state.history)
        self.prompt = Prompt()
        self.status = StatusLine(self.look)
        self._due = False
        self._painted = 0.0
        self._shown: tuple[int, int, int] | None = None
        self.packets.follow = live is not None

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
        self.packets.focus()
        self.take_settings()
        self.worker.put("index", self._take_in())
        self.worker.put("tables", loading.load())
        self.worker.start()
        if self._first_filter:
            self.bar.value = self._first_filter
        self.refresh_all()

    def on_unmount(self) -> None:
        self.worker.stop()

    def on_resize(self) -> None:
        self.screen_stack[0].set_class(self.size.width >= WIDE, "wide")

    # What comes from the other thread

    def _take_in(self) -> Iterator[bool]:
        """The index, block by block, and then what the file grows by."""
        capture, first = self.store.capture, True
        while True:
            new = capture.refresh(1)
            if self.capturing.look() or new or first:
                self.told()
            if first and not capture.behind and self.capturing.live is None:
                for cut in capture.cut:
                    self.in_screen(partial(self.status.tell, cut))
            first = first and capture.behind
            yield capture.behind

    def in_screen(self, call: Callable[[], object]) -> None:
        """Call something in the screen's thread; from any other."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(partial(self.call_later, call))

    def told(self) -> None:
        """There is more to show; called in any thread, as often as it likes."""
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
        """Show what went wrong; a fault of ours ends the application."""
        if not isinstance(error, NldissectError):
            raise error
        self.status.tell(str(error).splitlines()[0], "error")

    def refresh_all(self) -> None:
        """Show what is there now."""
        if not gc.isenabled():  # see start.py
            gc.freeze()
            gc.enable()
        self._due, self._painted = False, time.monotonic()
        if self._shown != self.filtering.version:
            self._shown = self.filtering.version
            self.packets.show(*self.filtering.shown())
        self.say_status()

    def say_status(self) -> None:
        store, sieve = self.store, self.filtering.active
        count = store.count - store.skip
        text = f" {store.name}  {len(self.packets.shown):,} messages"
        if sieve is not None:
            text = f" {store.name}  {len(sieve.rows()):,} of {count:,} messages"
            if not sieve.complete:
                text += f", {100 * sieve.seen // max(store.count, 1)}% looked at"
        if store.capture.behind:
            text += f", reading {store.progress:.0%}"
        elif store.let_go:
            text += f", {store.let_go:,} let go"
        elif not count:
            text += ": no netlink message in it yet"
        right = "follow  " if self.packets.follow else ""
        self.status.say([("", text)], [*self.capturing.pieces, ("", f" {right}time {self.clock.mode}  ? help ")])
        if self.bar.state != "bad":
            known = self.filtering.sieve
            self.bar.say("" if known is None else "good" if known.complete else "busy", not self.filtering.on)

    # The list, the tree and the bytes

    @on(PacketList.Chosen)
    def _choose(self, event: PacketList.Chosen) -> None:
        if event.row == self.packets.row:  # else it was overtaken
            self.show_message(event.row)
            self.say_status()

    def show_message(self, row: int) -> None:
        """Tree and bytes of a message."""
        try:
            with loading.turn():
                entry = self.store.entry(row)
                text = self.clock.text(entry.record, entry.first, entry.before)
                items = items_of(entry, text, self.secrets)
        except NldissectError as error:
            self.say_error(error)
            return
        self.hexdump.show(entry, self.secrets)
        self.details.show(items)

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
        try:
            self.filtering.set(event.value.strip(), self.anchor, self.told)
        except FilterError as error:
            self.bar.say("bad")
            self.say_error(error)
            return
        self.bar.say("")
        self.status.clear()
        if self.filtering.sieve is None:
            self.refresh_all()
        else:
            self.say_status()

    @property
    def anchor(self) -> int:
        """The message to begin with: the last one where the list follows, else the first that is on the screen."""
        shown = self.packets.shown
        if self.packets.follow or not len(shown):
            return max(self.store.count - 1, 0)
        return shown[min(self.packets.top, len(shown) - 1)]

    def _offers(self, text: str) -> list[Offer]:
        """How a filter may go on."""
        with loading.turn():
            return offers(text, self.values)

    def _look_up(self, field: str) -> None:
        """Values of a field are asked for: the menu shows them when they are there."""
        self.worker.put("values", self.values.job(field, partial(self.in_screen, self.bar.offer)), 2)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that ask for text are letters where text is written, and do nothing where there are no panes."""
        if action in ASKING:
            here = self.screen is self.screen_stack[0] or isinstance(self.screen, TableScreen)
            return here and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        self.action_messages()
        self.screen_stack[0].set_focus(self.bar)  # at once: what is typed next must not be taken for keys

    @on(Input.Submitted, "#filter")
    def _entered(self) -> None:
        self.state.used(self.filtering.text)
        self.packets.focus()

    @on(FilterBar.Left)
    def _left(self) -> None:
        if self.bar.state == "bad":
            self.bar.value = self.filtering.text
        self.packets.focus()

    def action_switch_filter(self) -> None:
        self.filtering.switch()
        self.refresh_all()

    def action_highlight(self) -> None:
        self.filtering.switch_hiding()
        self.refresh_all()

    def action_take(self) -> None:
        self._take(self._under_cursor(), lambda before, text: text)

    def action_also(self) -> None:
        self._take(self._under_cursor(), asking.both)

    def action_without(self) -> None:
        self._take(self._under_cursor(), asking.without)

    def action_take_type(self) -> None:
        self._take_entry(asking.of_type)

    def action_take_port(self) -> None:
        self._take_entry(lambda entry: asking.of_port(entry, self.store))

    def action_take_interface(self) -> None:
        self._take_entry(lambda entry: asking.of_interface(entry, self.store))

    def action_take_exchange(self) -> None:
        self._follow("exchange.id")

    def action_take_process(self) -> None:
        self._follow("process.pid")

    def _follow(self, field: str) -> None:
        entry = self.packets.entry
        if entry is not None:

            def found(text: str | None) -> None:
                self.in_screen(partial(self._take, text, lambda before, text: text))

            self.worker.put("follow", together.follow(entry, field, found), 1)

    def action_fold(self) -> None:
        self.action_messages()
        self.bar.value = together.folded(self.filtering.text if self.filtering.on else "")

    def _take_entry(self, make: Callable[[Entry], str | None]) -> None:
        entry = self.packets.entry
        self._take(make(entry) if entry is not None else None, lambda before, text: text)

    def _under_cursor(self) -> str | None:
        """A filter on what the cursor stands on."""
        if isinstance(self.screen, TableScreen):
            return self.screen.line.filter if self.screen.line is not None else None
        entry, item = self.packets.entry, self.details.item
        if entry is None:
            return None
        if (self.details.has_focus or self.hexdump.has_focus) and item is not None:
            return asking.of_item(item, entry)
        return asking.of_field(self.packets.columns[self.packets.column].name, entry)

    def _take(self, text: str | None, join: Callable[[str, str], str]) -> None:
        if text is None:
            self.status.tell("nothing here that a filter can ask about")
            return
        self.action_messages()
        self.bar.value = join(self.filtering.text if self.filtering.on else "", text)

    # The rest of the keys

    def scene(self) -> Scene:
        """What further views look at: the messages the list shows."""
        shown, _ = self.filtering.shown()
        active = self.filtering.active
        rows = shown.rows if shown.ordered or shown.rows is None else np.sort(shown.rows)
        return Scene(self.store, rows, active.text if active is not None and self.filtering.hiding else "")

    def action_view(self, name: str) -> None:
        """Another view of the same messages."""
        self.action_messages()
        self.push_screen(TableScreen(next(view for view in VIEWS if view.name == name)))

    def action_messages(self) -> None:
        """Back to the list."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_jump(self) -> None:
        """From a line of a table to its message; from one that stands for many to a filter on them."""
        if isinstance(self.screen, TableScreen) and self.screen.line is not None:
            line = self.screen.line
            if line.row is None:
                self._take(line.filter, lambda before, text: text)
                return
            self.action_messages()
            self.packets.aim(line.row)

    def action_go(self) -> None:
        self.action_messages()
        self.prompt.ask("frame", self._go)

    def _go(self, text: str) -> None:
        row = self.store.row_of_frame(int(text)) if text.isdecimal() else None
        if row is None:
            self.status.tell(f"no frame {text}")
            return
        self.packets.aim(row)

    def action_time(self) -> None:
        self.clock.mode = TIMES[(TIMES.index(self.clock.mode) + 1) % len(TIMES)]
        self.packets.forget()
        self.state.change(
            self.settings, "time", next(name for name, one in TIMES_BY_NAME.items() if one == self.clock.mode)
        )
        self.say_status()

    def action_follow(self) -> None:
        if self.packets.follow:
            self.packets.follow = False
        else:
            self.packets.action_last()
        self.say_status()

    def action_zoom(self) -> None:
        pane = self.focused
        screen = self.screen_stack[0]
        zoomed = screen.has_class("zoom")
        for name in ("list", "tree", "bytes"):
            screen.set_class(not zoomed and isinstance(pane, Pane) and pane.id == name, f"zoom-{name}")
        screen.set_class(not zoomed and isinstance(pane, Pane), "zoom")

    def action_capture(self) -> None:
        self.capturing.switch()

    def action_restart(self) -> None:
        self.capturing.restart()

    def open(self, store: Store) -> None:
        """Look at another capture."""
        before, self.store = self.store, store
        for job in ("index", "filter", "view", "save"):
            self.worker.drop(job)
        self.worker.put("close", _closing(before), 9)
        self.values = Values(store, self._look_up)
        filter, self.filtering = self.filtering, Filtering(store, self.worker)
        self.packets.open(store)
        self.forget_capture()
        self.worker.put("index", self._take_in())
        if filter.text:
            self.filtering.set(filter.text, 0, self.told)
        self.refresh_all()

    def action_leave(self) -> None:
        self.capturing.settle(lambda: self.exit(0))


def _closing(store: Store) -> Iterator[bool]:
    """Let go of a capture when nobody reads it any more."""
    store.close()
    return
    yield False


def _no_other(path: str, hidden: int) -> Store:
    raise AssertionError("a file has no successor")
