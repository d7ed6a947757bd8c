"""Lists and JSON of one large file by the native core, block by block; what it leaves is walked."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from struct import Struct as Codec
from typing import Any

import numpy as np

from nldissect.escaping import escaped
from nldissect.index.block import NO_TIME, Block
from nldissect.index.meaning import Meaning
from nldissect.index.priors import NO_REQUEST
from nldissect.index.raw import Array, alike
from nldissect.index.timeline import INTERFACE
from nldissect.native.core import Core, is_done
from nldissect.native.loader import ARRAY, FORM_ECHO, FORM_ECHO_BRIEF, FORM_JSON, FORM_PART, LINES, LIST, MESSAGE
from nldissect.wire import Context, Node
from nldissect.wire.bindings import NLMSG_MIN_TYPE, bindings_of, choose, name_of
from nldissect.wire.flags import NETLINK, NLM_F, NLMSG_ERROR, TO_KERNEL, flag_names
from nldissect.wire.frame import HEADER
from nldissect.wire.message import generic, sealed
from nldissect.wire.nodes import find
from nldissect.wire.policy import untold_words
from nldissect.wire.secrets import is_keyed_protocol, may_carry_keys
from nldissect.wire.shapes import layer_kind
from nldissect.wire.summary import brief

from .blocks import Blocks
from .frametimes import times_since
from .jsontext import encode_alone
from .listblocks import Listing
from .naming import protocol_name
from .objectblocks import Objects
from .objects import value_of

DUMP = 0x301
"""NLM_F_REQUEST and NLM_F_DUMP."""

Finish = Callable[[str, int], str]
"""What is printed of a message that was walked: its text and index."""


class NativeMessages:
    """The core, and what it is told of a block's messages.

    secrets   key material is shown: such messages are left to the caller
    """

    def __init__(self, path: str, blocks: Blocks, output: int, secrets: bool) -> None:
        self.core = Core(path, output, encode_alone)
        self.blocks, self.secrets = blocks, secrets
        self._news = False

    @classmethod
    def of_core(cls, core: Core, secrets: bool) -> NativeMessages:
        """Return what tells a core heads and leaves alone."""
        made = cls.__new__(cls)
        made.core, made.secrets = core, secrets
        return made

    def regular(self, block: Block) -> Array:
        """Return which messages the core may make: whole ones with nlmsghdr that nothing else is said of; a mask."""
        walked = self.blocks.messages
        whole = ~block.bare & (block.end - block.at == block.length)
        cut = (block.frame_wire > block.frame_end - block.frame_at)[block.frame]
        rests = [place for place, about in enumerate(block.meanings) if _may_be_rest(about)]
        rest = (block.place > 1) & np.isin(block.meaning, rests)
        found: Array = whole & ~cut & ~rest & ~walked.padded_oddly(block) & ~walked.commented(block)
        return found if len({one.space for one in block.interfaces}) == 1 else np.zeros(len(block), bool)

    def columns(self, block: Block, mine: Array, ahead: Callable[[Meaning, bool], str] | dict[int, str]) -> Array:
        """Return what the core is told of messages (MESSAGE), but for its texts; `ahead`: what stands before the body
        of those of a meaning."""
        messages = np.zeros(len(mine), MESSAGE)
        messages["at"], messages["size"] = block.at[mine], block.length[mine]
        messages["seq"], messages["pid"] = block.seq[mine], block.pid[mine]
        key = (block.meaning[mine].astype(np.int64) << 20) | (block.flags[mine].astype(np.int64) << 4)
        key |= (block.told[mine].astype(np.int64) << 1) | block.frame_big[block.frame[mine]]
        for case, some in alike(key):
            meaning, told = case >> 20, bool(case >> 1 & 1)
            about = block.meanings[meaning]
            text = ahead[meaning] if isinstance(ahead, dict) else ahead(about, told)
            flags, big = case >> 4 & 0xFFFF, bool(case & 1)
            make = partial(self._head, about, flags, big, text)
            messages["head"][some] = self.core.head((about, flags, big, text), make)
        return messages

    def _head(self, about: Meaning, flags: int, big: bool, ahead: str) -> tuple[Any, ...]:
        program, text = self.core.program, self.core.program.pool.text
        number, message, family = about.number, about.message, about.family
        names = flag_names(about.called, flags, number)
        type_name = number if about.type_name == str(number) else about.type_name
        kind = f',"nlmsg_type":{encode_alone(type_name)},"nlmsg_flags":{encode_alone(names)},"nlmsg_seq":'
        command = encode_alone(about.command_name or about.command)
        layer = f'"genlmsghdr":{{"cmd":{command},"version":' if about.command is not None else ""
        row = template = 0
        if message is not None and not self.secrets:
            row = program.row(layer_kind(message))
            template = program.templates.template(message, message.template)
        unknown = message in (generic, sealed)
        return (
            *text(ahead), *text(kind), *text(layer), row, template, *text(about.type_name),
            *text("}" if family is None else f',"family":{encode_alone(family)}}}'), *text(_note(about)),
            (number, -1 if about.command is None else about.command, about.protocol, flags),
            about.skip, about.direction == TO_KERNEL, flags & DUMP == DUMP and "NLM_F_MATCH" in names,
            bool(flags & NLM_F.DUMP_INTR), self.secrets, big, (2 if family is None else 1) if unknown else 0,
            may_carry_keys(about.protocol, number, family, message),
        )  # fmt: skip

    def ask(self, block: Block, mine: Array, messages: Array, texts: bytearray) -> None:
        """Tell the names of the requests that messages acknowledge."""
        some = ((block.type[mine] == NLMSG_ERROR) & (self.blocks.priors.requests[mine] != NO_REQUEST)).nonzero()[0]
        if not len(some):
            return
        for place, name in zip(some.tolist(), self.blocks.messages.requests_called(mine[some]), strict=True):
            messages["asked"][place], messages["asked_size"][place] = add(texts, name)

    def texts(
        self, block: Block, mine: Array, messages: Array, regular: Array, texts: bytearray, finish: Finish
    ) -> bytes:
        """Return what is printed of messages, those that the core leaves walked."""
        whole = regular.nonzero()[0]
        some = messages[whole]
        self._turn_to(block)
        self.core.render(memoryview(block.raw.buffer), some, bytes(texts), partial(self._names, block), self._leaf)
        messages[whole] = some
        done = np.zeros(len(mine), bool)
        done[whole] = is_done(some)
        out = memoryview(self.core.out)  # type: ignore[arg-type]
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
        """Forget the names of interfaces where some change, or did in the block before."""
        news = bool(len(block) and self.blocks.names.changing(INTERFACE))
        if news or self._news:
            self.core.forget_names()
        self._news = news

    def _names(self, block: Block, number: int) -> list[tuple[int, str | None]]:
        before = self.blocks.names.before(block.interfaces[0].space).name(INTERFACE, number)
        later = self.blocks.names.changing(INTERFACE).get(number, [])
        found = [(0, before), *((max(at - block.offset, 0), name) for at, name in later)]
        return [(at, escaped(name) if name else None) for at, name in found]

    def _leaf(self, row: int, form: int, order: str, raw: bytes) -> str | None:
        """The text of a value in a form; that of an echoed header in an acknowledgement, whose protocol is `row`."""
        if form in (FORM_ECHO, FORM_ECHO_BRIEF):
            return _echo(row, form, order, raw)
        part, row = (row >> 16, row & 0xFFFF) if form == FORM_PART else (0, row)
        kind = self.core.program.kinds[row]
        if not kind.fits(len(raw)):
            return None
        value = kind.decoder(order)(raw, 0, len(raw))
        if form == FORM_JSON:
            return encode_alone(value_of(Node(kind, 0, len(raw), value, kind.number), secrets=False))
        if part:
            found = find([Node(kind, 0, len(raw), value)], f"{kind.name}.{self.core.program.name(part)}")
            return "" if found is None else brief(found.kind, found.value, Context())
        return brief(kind, value, Context())


def _may_be_rest(about: Meaning) -> bool:
    """Whether a message behind another may be the rest of that, so that its bytes may be a key (see walk_place)."""
    unknown = about.family is None if about.protocol == NETLINK.GENERIC else about.message is None
    return unknown and is_keyed_protocol(about.protocol)


def _note(about: Meaning) -> str:
    """The JSON of the note that no table describes a command, up to its length; "" where one does."""
    if about.command is None or about.command_name is not None or about.message is None:
        return ""
    words = untold_words(about.family, about.number, about.command, about.message)
    told = f',"notes":[{{"severity":"note","text":{encode_alone(words)},"offset":{HEADER},"length":'
    return told if words else ""


def _echo(protocol: int, form: int, order: str, raw: bytes) -> str | None:
    """What stands of an echoed header's type, `raw` being its length, type and flags."""
    length, number, flags = Codec(f"{order}IHH").unpack(raw)
    is_generic = protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE
    if not flags & NLM_F.REQUEST or (is_generic and form == FORM_ECHO_BRIEF):
        return None  # another direction; a name that the capture gave
    bindings = bindings_of(protocol, number)
    chosen = choose(bindings, TO_KERNEL, b"", length - HEADER, flags)
    type_name = name_of(bindings, chosen, TO_KERNEL) or str(number)
    called = (chosen.title if chosen is not None else "") or type_name
    if form == FORM_ECHO_BRIEF:
        return escaped(called)
    name = number if type_name == str(number) else type_name
    names = flag_names(called, flags, number)
    return f',"nlmsg_type":{encode_alone(name)},"nlmsg_flags":{encode_alone(names)},"nlmsg_seq":'


def add(texts: bytearray, text: str) -> tuple[int, int]:
    """Append a text; return where it stands, and its size."""
    at, raw = len(texts), text.encode()
    texts += raw
    return at, len(raw)


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
        self.native = NativeMessages(path, self.blocks, output=output, secrets=self.objects.secrets)

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
        messages, texts = self.native.columns(block, mine, _ahead), bytearray()
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


def _ahead(about: Meaning, told: bool) -> str:
    """The JSON from the protocol to the length of messages."""
    known = ',"direction_known":true' if told else ""
    protocol = encode_alone(protocol_name(about.protocol) or about.protocol)
    return f',"protocol":{protocol},"direction":{encode_alone(about.direction)}{known},"nlmsg_len":'


class NativeListing(Listing):
    """The lines of messages in UTF-8."""

    def __init__(self, options: argparse.Namespace, unicode: bool, encoding: str, path: str) -> None:
        super().__init__(options, unicode, encoding)
        self.native = NativeMessages(path, self.blocks, output=LIST, secrets=self.secrets)

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
