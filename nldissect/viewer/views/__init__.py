"""Statistics views of the messages in the packet list, one module each: types, ports, ...

A view is a table that is computed in the background. To add one, write a module in this package, with

    HEADINGS = [Heading("Port", right=True), Heading("Messages", right=True), Heading("Share", bar=True)]

    def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
        for chosen in scene.blocks():              # the messages the list shows, some thousand at a time
            ...
            yield [TableLine(cells, row, "nlmsg_pid == 7") ...]   # the whole table as it is now

and name it in VIEWS. `rows` is a generator: it yields the table as often as it likes, say after each block, and may be
dropped at each yield. The last table it yields stays; it runs again when the list shows other messages or more.
A table of very many lines is a `LazyTable`, whose lines are made when they are shown.
Columns of the kept index need no bytes: `scene.rows()`, `scene.store.capture.header(rows)`.
Enter goes to a line's message, = filters on its filter, escape returns. A module is imported when its view opens.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.terminal.colors import Piece

from ..model.capture_model import CaptureModel
from ..model.row_set import places

Cell = str | Piece
"""Text, or role and text; in a column of bars a number from 0 to 1, as text."""


class Heading(NamedTuple):
    """A column of the table.

    right   its cells are aligned to the right
    bar     its cells are drawn as bars
    tail    a cell that is too long shows its end
    """

    title: str
    right: bool = False
    bar: bool = False
    tail: bool = False


class TableLine(NamedTuple):
    """A line of the table.

    cells    one for each heading
    row      row of the message that Enter goes to
    filter   filter that = applies
    """

    cells: Sequence[Cell]
    row: int | None = None
    filter: str | None = None


class LazyTable(Sequence[TableLine]):
    """A table whose lines are made on access, from the screen's thread only."""

    @abstractmethod
    def keys(self, column: int) -> Array | None:
        """Return sort keys of the lines for a column, float64, NaN: comes last; None if it can't be sorted."""

    @abstractmethod
    def find(self, line: TableLine) -> int | None:
        """Return the index of the line with the same filter and message now; None if there is none."""


class SelectedRows(NamedTuple):
    """A block and its messages that a view counts.

    rows   rows of the block's messages in the capture
    mask   bool, one per message of the block: it is shown; None: all are
    """

    block: Block
    rows: Array
    mask: Array | None


@dataclass
class ViewInput:
    """The messages that the list shows: input of a view.

    shown    their rows, ascending; None for all
    filter   filter that chose them, "" for none
    """

    store: CaptureModel
    shown: Array | None = None
    filter: str = ""
    _count: int = field(default=-1, repr=False)

    def __post_init__(self) -> None:
        self._count = self.store.count

    def rows(self) -> Array:
        """Return the rows of all messages shown."""
        return np.arange(self.store.skip, self._count) if self.shown is None else self.shown

    def blocks(self) -> Iterator[SelectedRows]:
        """Yield the messages shown, block by block; a block is valid until the next one is requested."""
        pieces, skip = self.store.pieces, self.store.skip
        for span in pieces.spans():
            span = span._replace(stop=min(span.stop, self._count))
            if span.start >= span.stop or not pieces.available(span):
                continue
            rows, mask = pieces.rows(span), None
            if self.shown is not None:
                _, mask = places(rows, self.shown)
            elif span.start < skip:
                mask = rows >= skip
            if mask is not None and not mask.any():
                continue
            yield SelectedRows(pieces.block(span), rows, mask)


class TableView(NamedTuple):
    """The declaration of a view.

    name     its name on the screen and in the palette
    key      key that opens it
    module   module with its HEADINGS and `rows`
    says     text in the help
    """

    name: str
    key: str
    module: str
    says: str

    @property
    def headings(self) -> Sequence[Heading]:
        found: Sequence[Heading] = import_module(self.module).HEADINGS
        return found

    @property
    def rows(self) -> Callable[[ViewInput], Iterator[Sequence[TableLine]]]:
        found: Callable[[ViewInput], Iterator[Sequence[TableLine]]] = import_module(self.module).rows
        return found


VIEWS: list[TableView] = [
    TableView("Types", "2", f"{__name__}.types", "statistics: types of messages"),
    TableView("Families", "3", f"{__name__}.families", "statistics: protocols and generic families"),
    TableView("Errors", "4", f"{__name__}.errors", "statistics: errors and warnings, and what the kernel says"),
    TableView("Rate", "5", f"{__name__}.rate", "statistics: messages over time"),
    TableView("Ports", "6", f"{__name__}.ports", "ports: who speaks, how much, with how many errors"),
    TableView("Processes", "7", f"{__name__}.processes", "processes: who asks and is refused, and how sure that is"),
    TableView("Changes", "8", f"{__name__}.changes", "changes: what each notification changed, old and new"),
    TableView(
        "Exchanges", "9", f"{__name__}.exchanges", "exchanges: who asked for what, how it ended, how long it took"
    ),
    TableView("Notes", "0", f"{__name__}.notes", "notes: what to look at, by severity and how often"),
]
"""Every view, in the order of the help."""
