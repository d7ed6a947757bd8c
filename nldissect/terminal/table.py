"""Aligned tables of text: each column as wide as its widest cell; a narrow terminal drops the least important ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from .colors import Painter, Piece, takes_arrows
from .wrap import LEAST, USUAL, terminal_width, wrapped

GAP = "  "
SHALLOW = 4
BARS = "█▏"


@dataclass(slots=True)
class TableColumn:
    """A column of cells.

    right   numbers are aligned to the right
    spare   the column may be left out where there is no room
    """

    title: str
    right: bool = False
    spare: bool = False
    cells: list[Piece] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max(len(self.title), *(len(text) for _, text in self.cells), 0)


class Page:
    """A writer of painted lines and tables to one stream, within a terminal's width; a pipe gets whole lines."""

    def __init__(self, out: TextIO, paint: Painter) -> None:
        self.out, self.paint = out, paint
        self.terminal = out.isatty()
        self.unicode = takes_arrows(out.encoding, BARS)

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""
        return terminal_width(self.out) if self.terminal else USUAL

    def line(self, *pieces: Piece, indent: int = 0) -> None:
        lines: Iterator[list[Piece]] = iter([list(pieces)])
        if self.terminal:
            width = self.width
            lines = wrapped(list(pieces), width, indent if width >= indent + LEAST else SHALLOW)
        for line in lines:
            while line and not line[-1][1].strip(" "):
                line = line[:-1]
            self.out.write(self.paint(line).rstrip(" ") + "\n")

    def table(self, columns: list[TableColumn], ends: Sequence[list[Piece]] = ()) -> None:
        """Print titles, then rows, each with the pieces in `ends` after it; a long last cell continues below itself."""
        columns = self._fitting(columns)
        widths = [column.width for column in columns]
        indent = sum(widths[:-1]) + len(GAP) * (len(widths) - 1)
        self.line(*self._row([("dim", column.title) for column in columns], columns, widths))
        for place, cells in enumerate(zip(*(column.cells for column in columns), strict=True)):
            end: list[Piece] = [("", GAP), *ends[place]] if ends else []
            self.line(*self._row(list(cells), columns, widths), *end, indent=indent)

    def _fitting(self, columns: list[TableColumn]) -> list[TableColumn]:
        spare = [column for column in columns if column.spare]
        while self.terminal and spare and sum(column.width + len(GAP) for column in columns) - len(GAP) > self.width:
            columns = [column for column in columns if column is not spare[-1]]
            spare.pop()
        return columns

    def _row(self, cells: list[Piece], columns: list[TableColumn], widths: list[int]) -> Iterator[Piece]:
        for place, ((role, text), column, width) in enumerate(zip(cells, columns, widths, strict=True)):
            last = place == len(cells) - 1
            space = " " * (width - len(text))
            if column.right:
                yield "", space
            yield role, text
            yield "", ("" if column.right else space) + ("" if last else GAP)
