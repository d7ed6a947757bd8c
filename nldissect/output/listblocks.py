"""The list of one large file, block by block."""

from __future__ import annotations

import argparse
from codecs import lookup
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from nldissect.index.block import Block
from nldissect.index.raw import Array
from nldissect.wire import Walked, walk
from nldissect.wire.acks import Asked
from nldissect.wire.flags import NLMSG_DONE, NLMSG_ERROR

from .batches import Strings
from .blocks import PIECE, Blocks
from .explained import explanation
from .frametimes import Clocks, Times, digits
from .line import Lines, said
from .listcolumns import ARROWS, WIDEST, protocol_shown, type_shown
from .messages import IN_LINE
from .paint import plain
from .slots import LIST
from .walking import request_of, walked_at
from .watchedfile import is_watched
from .whose import Whose

STAND_INS = {arrow: chr(number) for number, (arrow, _) in enumerate(ARROWS.values(), 1) if not arrow.isascii()}
"""Control characters, which are in no line, for arrows: one arrow would make all of a line twice as large."""

ENCODED = [(stand_in.encode(), arrow.encode()) for arrow, stand_in in STAND_INS.items()]


class Narrow(Lines):
    """Lines with stand-ins for arrows."""

    def arrow(self, way: str | None) -> str:
        arrow = super().arrow(way)
        return STAND_INS.get(arrow, arrow)


class Listing:
    """The lines of messages. In UTF-8 arrows are put in when a text is encoded."""

    def __init__(self, options: argparse.Namespace, unicode: bool, encoding: str, explains: bool = False) -> None:
        self.explains = explains
        self.blocks = Blocks(options, LIST, self._slow, explains)
        self.clocks = Clocks(options.time)
        self.secrets: bool = options.secrets
        narrow = unicode and lookup(encoding).name == "utf-8"
        self.lines = Narrow(unicode) if narrow else Lines(unicode)
        self.stand_ins: Sequence[tuple[bytes, bytes]] = ENCODED if narrow else ()
        self.whose = Whose()
        self.watched = is_watched(options.files[0])
        self._whose: dict[int, str] = {}
        self._numbered: Array = np.zeros(0, object)
        self.block: Block
        self.times: Times

    def meet(self, block: Block) -> None:
        """Take note of a block that is printed elsewhere: its times, and how wide its columns become."""
        times = self.clocks.times(block)
        self._widths(block, times, np.arange(len(block)))
        self._look(block, np.arange(len(block)))
        for frame in (block.frame_count == 0).nonzero()[0].tolist():
            self._empty(block, frame, times.texts()[frame])

    def pass_over(self, block: Block) -> None:
        """Take note of a block of which nothing is printed."""
        self.clocks.meet(block)

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]:
        """What to write of a block."""
        self._look(block, mask.nonzero()[0])
        yield from self._texts(block, mask, frames)

    def _texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]:
        """The same, of messages that were looked at."""
        self.block = block
        self.times = times = self.clocks.times(block)
        messages = self.blocks.messages
        if self.explains or not block.frame_count[frames].all():
            messages.line = None
            yield self._one_by_one(messages.texts(block, [], mask), frames.tolist())
            return
        mine = mask.nonzero()[0]
        widths = self._widths(block, times, mine)
        turns = (widths[1:] != widths[:-1]).any(axis=1).nonzero()[0] + 1
        messages.line = None if turns.size else partial(self._line, widths[0].tolist())
        if not turns.size:
            self._numbered = np.array(times.numbered(block.frame_number, *widths[0, :2].tolist()), object)
        found = messages.texts(block, [], mask)
        start = 0
        for stop in sorted({*turns.tolist(), *range(PIECE, len(mine), PIECE), len(mine)}):
            some = mine[start:stop]
            texts = [found[index] for index in some.tolist()] if len(mine) < len(found) else found[start:stop]
            yield self._widening(some, texts, widths[start].tolist()) if turns.size else "".join(texts)
            start = stop

    def _look(self, block: Block, mine: Array) -> None:
        """Learn whose these messages are, if the file knows."""
        if self.watched:
            self._whose = self.whose.of_block(block, mine.tolist())
        else:
            self._whose = self.whose.of_comments(block, mine) if block.comments else {}

    def _of(self, mine: Array) -> list[str]:
        return [self._whose.get(index, "") for index in mine.tolist()]

    def _widths(self, block: Block, times: Times, mine: Array) -> Array:
        """How wide each column is in the lines of these messages, one row where none becomes wider; the lines to come
        know it."""
        before = np.array([*self.lines.widths.values()])
        if not len(mine):
            return before[None]
        protocols: Array = np.zeros(len(block.meanings), np.int64)
        names: Array = np.zeros(len(block.meanings), np.int64)
        for number in np.bincount(block.meaning[mine]).nonzero()[0].tolist():
            protocols[number] = len(protocol_shown(block.meanings[number].protocol))
            names[number] = len(type_shown(self._name(block, number)))
        longest = len(str(int(block.frame_number.max()))), times.longest(), protocols.max(), names.max()
        if (np.minimum(longest, WIDEST) <= before).all():
            return before[None]
        frames, meaning = block.frame[mine], block.meaning[mine]
        columns = [digits(block.frame_number)[frames], times.lengths()[frames], protocols[meaning], names[meaning]]
        widths: Array = np.minimum(np.stack(columns, axis=1), WIDEST)
        widths[0] = np.maximum(widths[0], before)
        np.maximum.accumulate(widths, axis=0, out=widths)
        self.lines.widths = dict(zip(self.lines.widths, widths[-1].tolist(), strict=True))
        return widths

    def _name(self, block: Block, meaning: int) -> str:
        return self.blocks.messages.called(block, meaning)

    def _line(self, widths: list[int], name: str, mine: Array) -> Strings:
        """What stands before the summaries of messages of one meaning, column by column."""
        if name == "numbered":
            return self._numbered[self.block.frame[mine]].tolist()  # type: ignore[no-any-return]
        if name == "whose":
            return self._of(mine) if self._whose else ""
        return self._head(int(self.block.meaning[mine[0]]), widths)

    def _head(self, meaning: int, widths: list[int]) -> str:
        """Direction, protocol and type."""
        about = self.block.meanings[meaning]
        shown = type_shown(self._name(self.block, meaning))
        _, _, protocol, name = widths
        return f"{self.lines.arrow(about.direction)} {protocol_shown(about.protocol):<{protocol}} {shown:<{name}} "

    def _widening(self, mine: Array, texts: list[str], widths: list[int]) -> str:
        """Lines whose columns are equally wide, in a block in which some are wider."""
        number, time, _, _ = widths
        frames, meanings = self.block.frame[mine], self.block.meaning[mine]
        heads = {meaning: self._head(meaning, widths) for meaning in np.unique(meanings).tolist()}
        rows = zip(
            self.block.frame_number[frames].tolist(), map(self.times.texts().__getitem__, frames.tolist()),
            self._of(mine), map(heads.__getitem__, meanings.tolist()), texts, strict=True,
        )  # fmt: skip
        lines = map(f"%{number}d %{time}s %s%s%s".__mod__, rows)
        return "".join([line.rstrip(" \n") + "\n" for line in lines])

    def _one_by_one(self, texts: list[str], frames: list[int]) -> str:
        """Where frames without messages have lines too."""
        block, lines, times = self.block, [], self.times.texts()
        for frame in frames:
            number, protocol = int(block.frame_number[frame]), int(block.frame_protocol[frame])
            first = int(block.frame_first[frame])
            for index in range(first, first + int(block.frame_count[frame])):
                if texts[index] is not None:
                    name = self._name(block, int(block.meaning[index]))
                    way = block.meanings[int(block.meaning[index])].direction
                    head, *rest = self.lines.columns(number, times[frame], way, protocol, name)
                    whose = "", self._whose.get(index, "")
                    lines.append(plain([head, whose, *rest]) + texts[index])
                    lines += self._explained(index) if self.explains else []
            if not block.frame_count[frame]:
                lines.append(self._empty(block, frame, times[frame]))
        return "".join([line.rstrip(" \n") + "\n" for line in lines])

    def _explained(self, index: int) -> list[str]:
        """What stands below the line of a refusal."""
        if self.block.type[index] not in (NLMSG_ERROR, NLMSG_DONE) or self.block.bare[index]:
            return []
        context = self.blocks.names.as_of(index)
        walked = walked_at(self.block, index, context)
        asked = request_of(self.block, self.blocks.priors, index, context)
        return [plain(line) for line in explanation(walked, asked, self.secrets)]

    def _empty(self, block: Block, frame: int, time: str) -> str:
        """The line of a frame without messages."""
        wire = int(block.frame_wire[frame])
        walked = walk(block.frame_bytes(frame), wire_length=wire)
        comments = block.comments.get(int(block.frame_at[frame]), ())
        return plain(self.lines.empty(int(block.frame_number[frame]), time, walked, wire, comments))

    def _slow(self, index: int, walked: Walked, asked: Asked | None) -> str:
        line = self.blocks.messages.line
        columns = [] if line is None else [line(name, np.array([index])) for name in IN_LINE]
        texts = [column if isinstance(column, str) else column[0] for column in columns]
        return ("".join(texts) + plain(said(walked, asked))).rstrip(" ") + "\n"
