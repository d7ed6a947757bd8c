"""The detail tree: every field and attribute of the message under the cursor. Open and closed nodes stay so."""

from __future__ import annotations

from textual import events
from textual.message import Message

from nldissect.terminal.colors import Piece

from ..keys import bindings
from ..model.tree_lines import LARGE, TreeItem
from .base import TITLE, Pane
from .theme import Theme

OPEN, CLOSED, LEAF = "▾ ", "▸ ", "  "
HEADER = ("nlmsghdr",)
SHORT = (("frame",), HEADER)
"""Paths closed at first: the list shows their important fields."""


class TreePane(Pane):
    """The tree of `items`, without those inside closed nodes."""

    BINDINGS = bindings("tree")

    class Chosen(Message):
        """The event that the cursor moved to another line."""

        def __init__(self, item: TreeItem) -> None:
            super().__init__()
            self.item = item

    def __init__(self, look: Theme) -> None:
        super().__init__(look, "tree")
        self.items: list[TreeItem] = []
        self.raw = False
        """Values are shown as in the message, without names."""
        self._ends: list[int] = []
        """For each item, index after its last descendant."""
        self._visible: list[int] = []
        self._open: dict[tuple[str, ...], bool] = {}

    @property
    def count(self) -> int:
        return len(self._visible)

    @property
    def item(self) -> TreeItem | None:
        return self.items[self._visible[self.cursor]] if self._visible else None

    def show(self, items: list[TreeItem]) -> None:
        """Show another message; the cursor stays on the line with the same path, if there is one."""
        before = self.item
        self.items = items
        self._ends = _ends(items)
        self._arrange()
        wanted = before.path if before is not None else ("message",)
        found = next((place for place, index in enumerate(self._visible) if items[index].path == wanted), None)
        if found is None:
            found = next((place for place, index in enumerate(self._visible) if items[index].path == ("message",)), 0)
        self.cursor = found
        self.changed()
        if not self.top <= found < self.top + self.page:
            self.show_from(found - self.page // 3)
        self.moved()

    def is_open(self, index: int) -> bool:
        """Return whether the lines inside an item are shown."""
        item = self.items[index]
        small = item.depth < 2 or self._ends[index] - index - 1 <= LARGE
        return self._open.get(item.path, small and item.path not in SHORT)

    def holds(self, index: int) -> bool:
        """Return whether an item has lines inside it."""
        return self._ends[index] > index + 1

    def _arrange(self) -> None:
        self._visible = []
        index = 0
        while index < len(self.items):
            self._visible.append(index)
            index = index + 1 if self.is_open(index) else self._ends[index]

    def choose_byte(self, at: int) -> None:
        """Move the cursor to the innermost line that describes a byte, opening the nodes around it."""
        found = None
        for index, item in enumerate(self.items):
            if item.start <= at < item.end and (found is None or item.depth >= self.items[found].depth):
                found = index
        if found is not None:
            self.choose(found)

    def choose_start(self, at: int) -> None:
        """Move the cursor to the attribute that begins at a byte, else to the field that does."""
        found = [
            index for index, item in enumerate(self.items) if item.node is not None and item.start == at < item.end
        ]
        attributes = [index for index in found if _is_attribute(self.items[index])]
        if found:
            self.choose((attributes or found)[0], middle=True)

    @property
    def place(self) -> int:
        """Index of the item under the cursor."""
        return self._visible[self.cursor] if self._visible else 0

    def choose(self, found: int, *, middle: bool = False) -> None:
        """Move the cursor to an item, opening the nodes around it."""
        for index in range(found):
            if self._ends[index] > found and not self.is_open(index):
                self._open[self.items[index].path] = True
        self._arrange()
        self.changed()
        before, place = self.cursor, self._visible.index(found)
        self.go(place, middle=middle)
        if place == before:
            self.moved()

    def moved(self) -> None:
        self.refresh_lines(0)
        if self.item is not None:
            self.post_message(self.Chosen(self.item))

    def line(self, index: int) -> list[Piece]:
        place = self._visible[index]
        item = self.items[place]
        mark = (OPEN if self.is_open(place) else CLOSED) if self.holds(place) else LEAF
        return [("dim", "  " * item.depth + mark), *item.pieces, *self._in_short(place)]

    def _in_short(self, place: int) -> list[Piece]:
        """Return the text after the name of a closed nlmsghdr: the lines inside it, joined; empty for other items."""
        if self.items[place].path != HEADER or self.is_open(place):
            return []
        held = self.items[place + 1 : self._ends[place]]
        return [("dim", "  " + ", ".join("".join(text for _, text in item.pieces) for item in held))]

    def title(self) -> list[Piece]:
        name = "Tree, raw values" if self.raw else "Tree"
        item = self.item
        if item is None:
            return [("", name)]
        base = next((one.start for one in self.items if one.path == ("message",)), 0)
        size = item.end - item.start
        if not size:
            return [("", f"{name}  {'.'.join(item.path)}")]
        where = f"bytes {item.start - base}-{item.end - base - 1}" if item.start >= base else "cooked header"
        return [("", f"{name}  {item.name}  {where}, {size} byte{'s' * (size != 1)}")]

    def switch(self, place: int, opened: bool | None = None) -> None:
        """Open or close a line."""
        index = self._visible[place]
        if not self.holds(index):
            return
        self._open[self.items[index].path] = not self.is_open(index) if opened is None else opened
        self._arrange()
        self.changed()
        self.go(place)

    def action_switch(self) -> None:
        if self.count:
            self.switch(self.cursor)

    def action_left(self) -> None:
        """Close the node; if it is closed or has no lines inside, go to its parent."""
        if not self.count:
            return
        index = self._visible[self.cursor]
        if self.holds(index) and self.is_open(index):
            self.switch(self.cursor, False)
            return
        depth = self.items[index].depth
        for place in range(self.cursor - 1, -1, -1):
            if self.items[self._visible[place]].depth < depth:
                self.go(place)
                return

    def action_right(self) -> None:
        """Open the node; if it is open, go to the first line inside it."""
        if not self.count:
            return
        index = self._visible[self.cursor]
        if self.holds(index) and not self.is_open(index):
            self.switch(self.cursor, True)
        elif self.holds(index):
            self.go(self.cursor + 1)

    def action_open_all(self) -> None:
        self._open_to(None)

    def action_close_all(self) -> None:
        self._open_to(1)

    def _open_to(self, depth: int | None) -> None:
        """Open every node of less than this depth, close the others; None: open all."""
        item = self.item
        for index, one in enumerate(self.items):
            if self.holds(index):
                self._open[one.path] = depth is None or one.depth < depth
        self._arrange()
        self.changed()
        around = [place for place, index in enumerate(self._visible) if item and self.items[index].start <= item.start]
        if item is not None:
            same = [place for place, index in enumerate(self._visible) if self.items[index] is item]
            self.go((same or around or [0])[-1])

    def on_click(self, event: events.Click) -> None:
        place = self.top + event.y - TITLE
        if event.y >= TITLE and place < self.count:
            item = self.items[self._visible[place]]
            self.go(place)
            if event.x in range(2 * item.depth, 2 * item.depth + 2):
                self.switch(place)


def _is_attribute(item: TreeItem) -> bool:
    return item.node is not None and item.node.number is not None


def _ends(items: list[TreeItem]) -> list[int]:
    """Return for each item the index after its last descendant."""
    ends = [len(items)] * len(items)
    above: list[int] = []
    for index, item in enumerate(items):
        while above and items[above[-1]].depth >= item.depth:
            ends[above.pop()] = index
        above.append(index)
    return ends
