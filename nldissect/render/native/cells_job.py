"""`-T fields` and `-T csv` of one capture by the native core, window by window."""

from __future__ import annotations

import argparse
import ctypes
from collections.abc import Generator, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from nldissect.escapes import escaped
from nldissect.native.cells import (
    HIT,
    HITS,
    LEFT,
    LOOKED_INTO,
    NOT_LOOKED_INTO,
    READ_WHOLE,
    SHOWN,
    CellsStruct,
    WordsStruct,
)
from nldissect.native.loader import CELLS, address, pointer
from nldissect.native.scanner import ItemStruct
from nldissect.native.selector import OF_HEAD, OF_NODES
from nldissect.native.tables import ECHO, OP_AT, ROW
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire.errno import ERRNO
from nldissect.wire.protocol import NETLINK, flag_names

from ..field_cells import flat
from .cell_program import ANSWERED, WHOLE, CellProgram
from .header_fields import NUMBERED
from .read_job import ERRORS, NativeRead
from .scan_windows import LATEST

if TYPE_CHECKING:
    from nldissect.terminal.progress import Progress

    from ..field_rows import Extractor
    from .heads import DescribedType
    from .read_job import RequestedFilter

WORDS = ctypes.sizeof(WordsStruct)


def native_read(
    options: argparse.Namespace, wanted: RequestedFilter | None, library: str, cells: CellProgram | None
) -> NativeRead:
    """Return what reads a capture for the formats `fields` and `csv`, see render/formats."""
    assert cells is not None
    return NativeCellsRead(options, wanted, library, cells)


class NativeCellsRead(NativeRead):
    """The job of printing fields of one capture's messages, a line each.

    first   time of the first frame that has one, in nanoseconds since 1970, once that was read
    """

    def __init__(
        self, options: argparse.Namespace, wanted: RequestedFilter | None, library: str, wished: CellProgram
    ) -> None:
        self.wished = wished
        self.first: int | None = None
        self._texts_of: dict[str, WordsStruct] = {}
        self._pool = bytearray()
        self._looks, self._fixed, self._observed = bytearray(), bytearray(), set[int]()
        super().__init__(options, wanted, library, CELLS, self._around, wished.file)
        layout, self._arrays = wished.layout, wished.arrays
        names = [ERRNO.names.get(number, "") for number in range(max(ERRNO.names) + 1)]
        self._errors = b"".join(bytes(self._text(flat(name) if name else "")) for name in names)
        reached = self.core.reach([*wished.of_row, *wished.answers])
        self._needed = bytearray(reached[: wished.row_count])
        for row in wished.of_row:
            self._needed[row] = SHOWN
        self._hits = bytearray(HITS * HIT.size)
        self._told: dict[str, Any] = {name: pointer(data) for name, data in self._arrays.items()}
        self._told |= {
            "needed": address(self._needed), "errors": pointer(self._errors), "error_count": len(names),
            "hits": address(self._hits), "hit_room": HITS, "column_count": len(wished.names),
            "row_count": wished.row_count, "separator": self._text(layout.separator),
            "aggregator": self._text(layout.aggregator), "occurrence": ord(layout.occurrence),
            "quote": ord(layout.quote) if layout.quote else 0, "is_csv": layout.csv,
        }  # fmt: skip

    @cached_property
    def _shows_requests(self) -> bool:
        """True if some field can hold the request that an acknowledgement repeats."""
        rows = self.wished.file.stored.arrays["rows"]
        ops = bytes(rows[OP_AT :: ROW.size])
        holds = self.core.reach(row for row, op in enumerate(ops) if op == ECHO)
        return any(holds[row] for row in self.wished.of_row)

    def _around(self, about: DescribedType, flags: int, told: bool, words: str) -> dict[str, str]:
        """Return the texts around the bodies of requests that acknowledgements repeat, if these are shown as JSON."""
        if not self._shows_requests:
            return {}
        from .json_job import around_json

        return around_json(about, flags, told, words)

    def pieces(self, progress: Progress) -> Generator[bytes | memoryview]:
        layout = self.wished.layout
        if layout.header:
            yield layout.line(map(layout.quoted, self.wished.names)).encode(errors=ERRORS)
        yield from super().pieces(progress)

    def _text(self, text: str) -> WordsStruct:
        """Return the offset and size of a text in the pool; add the text if it is new."""
        if text not in self._texts_of:
            raw = text.encode(errors=ERRORS)
            self._texts_of[text] = WordsStruct(len(self._pool), len(raw))
            self._pool += raw
        return self._texts_of[text]

    def _head(self, about: DescribedType, flags: int, big: bool, told: bool) -> int:
        number = super()._head(about, flags, big, told)
        if number in self._observed:
            return number
        self._observed.add(number)
        width = WORDS * len(self.wished.names)
        if number >= len(self._looks):
            more = number + 1 - len(self._looks) + 256
            self._looks += bytes([LEFT]) * more
            self._fixed += bytes(more * width)
        self._looks[number] = self._look(about)
        texts = [
            _text_of_head(name.lower(), about, flags) if what == OF_HEAD else ""
            for name, (what, _) in zip(self.wished.names, self.wished.sources, strict=True)
        ]
        self._fixed[number * width : (number + 1) * width] = b"".join(bytes(self._text(one)) for one in texts)
        return number

    def _look(self, about: DescribedType) -> int:
        """Return how the core looks at bodies of a message type: enum look."""
        message, has = about.message, self.wished.has
        known = message is not None and message.name not in NUMBERED
        if known and message is not None and message.layer is None and has(OF_NODES, *ANSWERED):
            return LEFT
        if has(*WHOLE):
            return READ_WHOLE
        if message is None or not known or message.layer is None:
            return NOT_LOOKED_INTO
        answers = about.number in (NLMSG_ERROR, NLMSG_DONE) and has(*ANSWERED)
        return LOOKED_INTO if answers or self._needed[message.layer[0]] else NOT_LOOKED_INTO

    def _texts(self, first: int, stop: int, count: int) -> Iterator[bytes | memoryview]:
        if self.first is None:
            self.first = next((now for now in map(self.time, range(first, stop)) if now is not None), None)
        return super()._texts(first, stop, count)

    def _turn_to(self, first: int) -> None:
        self.core.cells = partial(self._cells, first)

    def _cells(self, first: int) -> CellsStruct:
        """Return the core's input for the items from `first` on."""
        scanner, sight = self.scanner, self.sight
        late = self.first is not None and abs(self.first) >= LATEST
        interfaces = self.reader.interfaces
        names = [*(one.name for one in interfaces), *(one.netns for one in interfaces)]
        self._interfaces = b"".join(bytes(self._text(escaped(name) if name else "")) for name in names)
        return CellsStruct(
            items=ctypes.addressof(scanner.items) + first * ctypes.sizeof(ItemStruct),
            frames=ctypes.addressof(scanner.frames), sources=ctypes.addressof(sight.frames.sources),
            looks=address(self._looks), head_count=len(self._looks), fixed=address(self._fixed),
            interfaces=pointer(self._interfaces), source_count=len(interfaces), texts=address(self._pool),
            is_timed=sight.timed and not late, has_first=self.first is not None,
            first_time=0 if self.first is None or late else self.first, **self._told,
        )  # fmt: skip

    @cached_property
    def _row_engine(self) -> Extractor:
        """The message engine, for lines of single decoded messages; imports Scapy and tables."""
        from ..field_rows import Extractor

        return Extractor(self.wished.names, self.wished.layout, self.secrets)

    def _walked_text(self, index: int, before: bytes) -> bytes:
        from .walked_messages import situation_of

        return self._row_engine.line(situation_of(self, index, self.first)).encode(errors=ERRORS)


def _text_of_head(name: str, about: DescribedType, flags: int) -> str:
    """Return the cell of a field in messages with a head."""
    has_header, command = bool(about.skip), about.command
    match name:
        case "nlmsg_type":
            return about.type_name if has_header else ""
        case "nlmsg_flags":
            return ("|".join(flag_names(about.called, flags, about.number)) or "0") if has_header else ""
        case "genlmsghdr.cmd":
            return "" if command is None else flat(about.command_name or command)
        case "genlmsghdr.family":
            return "" if command is None or about.family is None else flat(about.family)
        case "protocol":
            return "" if about.protocol < 0 else flat(NETLINK.names.get(about.protocol, about.protocol))
        case _:
            return "" if about.direction is None else flat(about.direction)
