"""Lists and JSON of one large file by the native core, block by block; what it leaves is walked."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from nldissect.escaping import escaped
from nldissect.index.block import NO_TIME, Block
from nldissect.index.meaning import Case, Meaning
from nldissect.index.priors import NO_REQUEST
from nldissect.index.raw import Array, alike
from nldissect.index.timeline import GENL
from nldissect.native.catalog import Body, Catalog
from nldissect.native.core import Core
from nldissect.native.described import body_of
from nldissect.native.loader import (
    ARRAY,
    DONE,
    LINES,
    LIST,
    Message,
)
from nldissect.native.program import REFERRED, Program
from nldissect.wire.flags import NLMSG_ERROR

from .blocks import Blocks
from .frametimes import times_since
from .heads import Around, Heads, around_line
from .jsontext import encode_alone
from .listblocks import Listing
from .nativejson import ahead_json, around_json
from .objectblocks import Objects

Finish = Callable[[str, int], str]
"""What is printed of a message that was walked: its text and index."""


class NativeMessages(Heads):
    """The core, and what it is told of a block's messages.

    around    gives texts of a head (HEAD), all but `ahead`
    secrets   key material is shown: such messages are left to the caller
    """

    def __init__(self, path: str, blocks: Blocks, output: int, around: Around, secrets: bool) -> None:
        super().__init__(Core(path, output, Program(encode_alone), secrets), Catalog(), around, secrets)
        self.blocks = blocks
        self._news = False

    def regular(self, block: Block) -> Array:
        """Return which messages the core may make: whole ones with nlmsghdr that nothing else is said of; a mask."""
        walked = self.blocks.messages
        whole = ~block.bare & (block.end - block.at == block.length)
        cut = (block.frame_wire > block.frame_end - block.frame_at)[block.frame]
        rests = [place for place, about in enumerate(block.meanings) if self._may_be_rest(described(about))]
        rest = (block.place > 1) & np.isin(block.meaning, rests)
        found: Array = whole & ~cut & ~rest & ~walked.padded_oddly(block) & ~walked.commented(block)
        return found if len({one.space for one in block.interfaces}) == 1 else np.zeros(len(block), bool)

    def columns(self, block: Block, mine: Array, ahead: Callable[[Case[Body], bool], str] | dict[int, str]) -> Array:
        """Return what the core is told of messages (Message), but for its texts; `ahead`: what stands before the body
        of those of a meaning."""
        messages = np.zeros(len(mine), np.dtype(Message))
        messages["at"], messages["size"] = block.at[mine], block.length[mine]
        messages["seq"], messages["pid"] = block.seq[mine], block.pid[mine]
        key = (block.meaning[mine].astype(np.int64) << 20) | (block.flags[mine].astype(np.int64) << 4)
        key |= (block.told[mine].astype(np.int64) << 1) | block.frame_big[block.frame[mine]]
        for case, some in alike(key):
            meaning, told = case >> 20, bool(case >> 1 & 1)
            about = described(block.meanings[meaning])
            text = ahead[meaning] if isinstance(ahead, dict) else ahead(about, told)
            flags, big = case >> 4 & 0xFFFF, bool(case & 1)
            alone = about, flags, big, told, text
            messages["head"][some] = self.core.head(alone, partial(self.head, *alone))
        return messages

    def ask(self, block: Block, mine: Array, messages: Array, texts: bytearray) -> None:
        """Tell the names of the requests that messages acknowledge."""
        known = self.blocks.priors.requests[mine] != NO_REQUEST
        some = ((block.type[mine] == NLMSG_ERROR) & known).nonzero()[0]
        if len(some):
            asked = self.blocks.messages.requests_called(mine[some])
            add_some(messages, texts, "asked", dict(zip(some.tolist(), asked, strict=True)))

    def texts(
        self, block: Block, mine: Array, messages: Array, regular: Array, texts: bytearray, finish: Finish
    ) -> bytes:
        """Return what is printed of messages, those that the core leaves walked."""
        whole = regular.nonzero()[0]
        some = messages[whole]
        self._turn_to(block)
        names, echoed = partial(self._names, block), partial(self.echoed, partial(self._family, block))
        self.core.render(block.raw.buffer, some, len(some), bytes(texts), names, self.leaf, echoed)
        messages[whole] = some
        done = np.zeros(len(mine), bool)
        done[whole] = some["status"] == DONE
        out = memoryview(self.core.out)
        begins, ends = messages["out"], messages["out"] + messages["out_size"]
        breaks = (~done[1:] | ~done[:-1] | (begins[1:] != ends[:-1])).nonzero()[0] + 1
        pieces: list[bytes | memoryview] = []
        for start, stop in zip([0, *breaks.tolist()], [*breaks.tolist(), len(mine)], strict=True):
            if start < stop and done[start]:
                pieces.append(out[int(begins[start]) : int(ends[stop - 1])])
            elif start < stop:
                index = int(mine[start])
                pieces.append(finish(self.blocks.messages.walked_text(index), index).encode())
        return b"".join(pieces)

    def _turn_to(self, block: Block) -> None:
        """Forget the names where some change, or did in the block before."""
        changing = [what for what in (*REFERRED, GENL) if len(block) and self.blocks.names.changing(what)]
        if changing or self._news:
            self.core.forget_names()
        self.core.turn_to(GENL in changing)
        self._news = bool(changing)

    def _names(self, block: Block, what: int, number: int, space: int) -> list[tuple[int, str | None]]:
        kind = REFERRED[what - 1]
        before = self.blocks.names.before(block.interfaces[0].space).name(kind, number)
        later = self.blocks.names.changing(kind).get(number, [])
        found = [(0, before), *((max(at - block.offset, 0), name) for at, name in later)]
        return [(at, escaped(name) if name else None) for at, name in found]

    def _family(self, block: Block, number: int, at: int) -> str | None:
        return self.blocks.names.timeline.name(GENL, number, at + block.offset)


def described(about: Meaning) -> Case[Body]:
    """Return a case with the description of its message class."""
    return about._replace(message=None if about.message is None else body_of(about.message))  # type: ignore[arg-type, return-value]


def add(texts: bytearray, text: str) -> tuple[int, int]:
    """Append a text; return where it stands, and its size."""
    at, raw = len(texts), text.encode()
    texts += raw
    return at, len(raw)


def add_some(messages: Array, texts: bytearray, field: str, some: dict[int, str]) -> None:
    """Append what some messages are told (`field`), by their places."""
    raw = [text.encode() for text in some.values()]
    places = list(some)
    sizes = np.array(list(map(len, raw)), np.int64)
    messages[field][places], messages[f"{field}_size"][places] = np.cumsum(sizes) - sizes + len(texts), sizes
    texts += b"".join(raw)


def add_all(messages: Array, texts: bytearray, before: list[str], which: Array) -> None:
    """Append what stands before messages, `which` of these texts for each."""
    raw = [text.encode() for text in before]
    sizes = np.array(list(map(len, raw)), np.int64)
    starts = np.cumsum(sizes) - sizes + len(texts)
    texts += b"".join(raw)
    messages["before"], messages["before_size"] = starts[which], sizes[which]


class NativeObjects:
    """Messages as JSON: lines, or an array with a separator before each."""

    stand_ins: Sequence[tuple[bytes, bytes]] = ()

    def __init__(self, options: argparse.Namespace, path: str) -> None:
        self.objects = Objects(options)
        self.blocks = self.objects.blocks
        output = ARRAY if self.objects.array else LINES
        self.ahead, self.behind = (",\n", "") if self.objects.array else ("", "\n")
        self.native = NativeMessages(path, self.blocks, output, around_json, secrets=self.objects.secrets)

    def meet(self, block: Block) -> None:
        """Take note of a block that is printed elsewhere."""

    def pass_over(self, block: Block) -> None:
        """Take note of a block of which nothing is printed."""

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]:
        """What to write of a block; one with frames without messages is as without the core."""
        if not block.frame_count[frames].all():
            yield from self.objects.texts(block, mask, frames)
            return
        self.objects.block, self.objects.times = block, times_since(block)
        self.blocks.messages.turn_to(block, self.objects.times)
        mine = mask.nonzero()[0]
        frame, place = block.frame[mine], block.place[mine]
        messages, texts = self.native.columns(block, mine, ahead_json), bytearray()
        times = map(self.objects.times.__getitem__, frame.tolist())
        rows = zip(block.frame_number[frame].tolist(), place.tolist(), times, strict=True)
        names = [f',"interface":{encode_alone(one.name)}' if one.name else "" for one in block.interfaces]
        before = list(map(f'{self.ahead}{{"frame":%d,"message":%d,"time":"%s"'.__mod__, rows))
        if any(names):
            owners = block.frame_interface[frame].tolist()
            before = [text + names[owner] for text, owner in zip(before, owners, strict=True)]
        add_all(messages, texts, before, np.arange(len(mine)))
        self.native.ask(block, mine, messages, texts)
        regular = self.native.regular(block)[mine] & (block.frame_time[frame] != NO_TIME)
        self._add_rests(block, mine, messages, regular, texts)
        yield self.native.texts(
            block, mine, messages, regular, texts, lambda text, _: f"{self.ahead}{text}{self.behind}"
        )

    def _add_rests(self, block: Block, mine: Array, messages: Array, regular: Array, texts: bytearray) -> None:
        """Tell what trails the frames of messages; where that is not zero they are irregular."""
        frame = block.frame[mine]
        trails = (block.frame_rest < block.frame_end)[frame] & (block.place[mine] == block.frame_count[frame])
        for at in trails.nonzero()[0].tolist():
            start, end = int(block.frame_rest[frame[at]]), int(block.frame_end[frame[at]])
            if any(block.raw.buffer[start:end]):
                regular[at] = False
            else:
                rest = f',"trailing":{{"zeros":{end - start}}}'
                messages["behind"][at], messages["behind_size"][at] = add(texts, rest)


class NativeListing(Listing):
    """The lines of messages in UTF-8."""

    def __init__(self, options: argparse.Namespace, unicode: bool, encoding: str, path: str) -> None:
        super().__init__(options, unicode, encoding)
        self.native = NativeMessages(path, self.blocks, LIST, around_line, secrets=self.secrets)

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]:
        """What to write of a block; one of which comments tell something is as without the core."""
        mine = mask.nonzero()[0]
        self._look(block, mine)
        if self._whose or not block.frame_count[frames].all():
            yield from self._texts(block, mask, frames)
            return
        self.block = block
        self.times = times = self.clocks.times(block)
        self.blocks.messages.turn_to(block, [])
        widths = self._widths(block, times, mine)
        turns = (widths[1:] != widths[:-1]).any(axis=1).nonzero()[0] + 1
        regular = self.native.regular(block)
        for start, stop in zip([0, *turns.tolist()], [*turns.tolist(), len(mine)], strict=True):
            if start < stop:
                yield self._lines(block, mine[start:stop], regular, widths[start].tolist())

    def _lines(self, block: Block, mine: Array, regular: Array, widths: list[int]) -> bytes:
        """Lines whose columns are equally wide."""
        frame = block.frame[mine]
        first, last = int(frame[0]), int(frame[-1]) + 1
        rows = zip(block.frame_number[first:last].tolist(), self.times.texts()[first:last], strict=True)
        numbered = list(map(f"%{widths[0]}d %{widths[1]}s ".__mod__, rows))
        heads = {meaning: self._head(meaning, widths) for meaning in np.unique(block.meaning[mine]).tolist()}
        messages, texts = self.native.columns(block, mine, heads), bytearray()
        add_all(messages, texts, numbered, frame - first)
        self.native.ask(block, mine, messages, texts)

        def finish(text: str, index: int) -> str:
            before = numbered[int(block.frame[index]) - first] + heads[int(block.meaning[index])]
            return (before + text).rstrip(" \n") + "\n"

        return self.native.texts(block, mine, messages, regular[mine], texts, finish)
