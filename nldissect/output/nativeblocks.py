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
from nldissect.index.timeline import GENL, INTERFACE
from nldissect.native.core import Core
from nldissect.native.loader import (
    ARRAY,
    FORM_ECHO,
    FORM_ECHO_BRIEF,
    FORM_ECHO_FLAGS,
    FORM_ECHO_TYPE,
    FORM_JSON,
    FORM_PART,
    FORM_TREE,
    DONE,
    Head,
    LINES,
    LIST,
    Message,
)
from nldissect.wire import Context, Node
from nldissect.wire.bindings import NLMSG_MIN_TYPE, bindings_of, choose, name_of
from nldissect.wire.flags import NETLINK, NLM_F, NLMSG_ERROR, TO_KERNEL, flag_names
from nldissect.wire.frame import ECHO, HEADER
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
from .tree import flags_and_number, type_and_number
from .values import shown

DUMP = 0x301
"""NLM_F_REQUEST and NLM_F_DUMP."""
ECHOES = (FORM_ECHO, FORM_ECHO_BRIEF, FORM_ECHO_TYPE, FORM_ECHO_FLAGS)
"""Forms of an echoed header."""

Finish = Callable[[str, int], str]
"""What is printed of a message that was walked: its text and index."""
Around = Callable[[Meaning, int, bool], dict[str, str]]
"""What stands around the bodies of messages of a meaning, with these flags, of a direction that was told or not."""


class NativeMessages:
    """The core, and what it is told of a block's messages.

    around    gives texts of a head (HEAD), all but `ahead`
    secrets   key material is shown: such messages are left to the caller
    """

    def __init__(self, path: str, blocks: Blocks, output: int, around: Around, secrets: bool) -> None:
        self.core = Core(path, output, encode_alone)
        self.blocks, self.around, self.secrets = blocks, around, secrets
        self._news = False

    @classmethod
    def of_core(cls, core: Core, around: Around, secrets: bool) -> NativeMessages:
        """Return what tells a core heads and leaves alone."""
        made = cls.__new__(cls)
        made.core, made.around, made.secrets = core, around, secrets
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
        """Return what the core is told of messages (Message), but for its texts; `ahead`: what stands before the body
        of those of a meaning."""
        messages = np.zeros(len(mine), np.dtype(Message))
        messages["at"], messages["size"] = block.at[mine], block.length[mine]
        messages["seq"], messages["pid"] = block.seq[mine], block.pid[mine]
        key = (block.meaning[mine].astype(np.int64) << 20) | (block.flags[mine].astype(np.int64) << 4)
        key |= (block.told[mine].astype(np.int64) << 1) | block.frame_big[block.frame[mine]]
        for case, some in alike(key):
            meaning, told = case >> 20, bool(case >> 1 & 1)
            about = block.meanings[meaning]
            text = ahead[meaning] if isinstance(ahead, dict) else ahead(about, told)
            flags, big = case >> 4 & 0xFFFF, bool(case & 1)
            alone = about, flags, big, told, text
            messages["head"][some] = self.core.head(alone, partial(self._head, *alone))
        return messages

    def _head(self, about: Meaning, flags: int, big: bool, told: bool, ahead: str) -> Head:
        program, message = self.core.program, about.message
        is_dump = flags & DUMP == DUMP and "NLM_F_MATCH" in flag_names(about.called, flags, about.number)
        is_unknown = message in (generic, sealed)
        fields: dict[str, Any] = {
            "selectors": (about.number, -1 if about.command is None else about.command, about.protocol, flags),
            "skip": about.skip, "to_kernel": about.direction == TO_KERNEL, "dump": is_dump, "big": big,
            "interrupted": bool(flags & NLM_F.DUMP_INTR), "odd": self.secrets,
            "unknown": (2 if about.family is None else 1) if is_unknown else 0,
            "keyed": may_carry_keys(about.protocol, about.number, about.family, message),
        }  # fmt: skip
        if message is not None and not self.secrets:
            fields["layer"] = program.row(layer_kind(message))
            fields["template"] = program.templates.template(message, message.template)
        texts = {"ahead": ahead, "name": about.type_name, **self.around(about, flags, told)}
        for name, text in texts.items():
            fields[name], fields[f"{name}_size"] = program.pool.text(text)
        return Head(**fields)

    def ask(self, block: Block, mine: Array, messages: Array, texts: bytearray) -> None:
        """Tell the names of the requests that messages acknowledge."""
        acks = block.type[mine] == NLMSG_ERROR
        known = self.blocks.priors.requests[mine] != NO_REQUEST
        some = (acks & known).nonzero()[0]
        if len(some):
            asked = self.blocks.messages.requests_called(mine[some])
            add_some(messages, texts, "asked", dict(zip(some.tolist(), asked, strict=True)))
        acks &= (block.frame_protocol[block.frame[mine]] == NETLINK.GENERIC) & (block.length[mine] >= ECHO + HEADER)
        some = acks.nonzero()[0]
        if len(some):
            self._tell_families(block, mine[some], messages, some, texts)

    def _tell_families(self, block: Block, mine: Array, messages: Array, places: Array, texts: bytearray) -> None:
        """Tell the families of generic requests that acknowledgements repeat: names that the capture gives."""
        at, big = block.at[mine] + ECHO, block.frame_big[block.frame[mine]]
        numbers, flags = (block.raw.take("u2", at + skip, big).tolist() for skip in (4, 6))
        rows = zip(places.tolist(), mine.tolist(), numbers, flags, messages["asked_size"][places].tolist(), strict=True)
        types: dict[int, str] = {}
        names: dict[int, str] = {}
        for place, index, number, bits, is_asked in rows:
            family = self.blocks.names.as_of(index).name(GENL, number)
            if told := generic_echo(number, bits, family):
                types[place] = told[0]
                if not is_asked:
                    names[place] = told[1]
        add_some(messages, texts, "echoed", types)
        add_some(messages, texts, "asked", names)

    def texts(
        self, block: Block, mine: Array, messages: Array, regular: Array, texts: bytearray, finish: Finish
    ) -> bytes:
        """Return what is printed of messages, those that the core leaves walked."""
        whole = regular.nonzero()[0]
        some = messages[whole]
        self._turn_to(block)
        self.core.render(block.raw.buffer, some, len(some), bytes(texts), partial(self._names, block), self._leaf)
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
        if form in ECHOES:
            return _echo(row, form, order, raw)
        part, row = (row >> 16, row & 0xFFFF) if form == FORM_PART else (0, row)
        kind = self.core.program.kinds[row]
        if not kind.fits(len(raw)):
            return None
        value = kind.decoder(order)(raw, 0, len(raw))
        if form == FORM_TREE:
            text = shown(Node(kind, 0, len(raw), value, kind.number), None)[1]
            return f": {text}" if text else ""
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


def untold(about: Meaning) -> str:
    """Return the note that no table describes a command; "" where one does."""
    if about.command is None or about.command_name is not None or about.message is None:
        return ""
    return untold_words(about.family, about.number, about.command, about.message)


def generic_echo(number: int, flags: int, family: str | None) -> tuple[str, str] | None:
    """Return the type, as a tree shows it, and the name of a generic request that an acknowledgement repeats; None
    where its flags depend on the name of its family."""
    type_name = name_of(bindings_of(NETLINK.GENERIC, number), None, TO_KERNEL) or str(number)
    alike = flag_names(family, flags, number) == flag_names(type_name, flags, number)
    if number < NLMSG_MIN_TYPE or not flags & NLM_F.REQUEST or not alike:
        return None
    return type_and_number(type_name, number, family), escaped(family or type_name)


def _echo(protocol: int, form: int, order: str, raw: bytes) -> str | None:
    """What stands of an echoed header's type, `raw` being its length, type and flags."""
    length, number, flags = Codec(f"{order}IHH").unpack(raw)
    is_generic = protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE
    if not flags & NLM_F.REQUEST or (is_generic and form in (FORM_ECHO_BRIEF, FORM_ECHO_TYPE)):
        return None  # another direction; a name that the capture gave
    bindings = bindings_of(protocol, number)
    chosen = choose(bindings, TO_KERNEL, b"", length - HEADER, flags)
    type_name = name_of(bindings, chosen, TO_KERNEL) or str(number)
    called = (chosen.title if chosen is not None else "") or type_name
    if form == FORM_ECHO_BRIEF:
        return escaped(called)
    name = number if type_name == str(number) else type_name
    names = flag_names(called, flags, number)
    if form == FORM_ECHO_TYPE:
        return type_and_number(type_name, number)
    if form == FORM_ECHO_FLAGS:
        return flags_and_number(names, flags)
    return f',"nlmsg_type":{encode_alone(name)},"nlmsg_flags":{encode_alone(names)},"nlmsg_seq":'


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


def around_line(about: Meaning, flags: int, told: bool) -> dict[str, str]:
    """What stands around the summary of a list's line: nothing."""
    return {}


def around_json(about: Meaning, flags: int, told: bool) -> dict[str, str]:
    """The JSON around the numbers of messages, `ahead` left out."""
    names = encode_alone(flag_names(about.called, flags, about.number))
    type_name = encode_alone(about.number if about.type_name == str(about.number) else about.type_name)
    command = encode_alone(about.command_name or about.command)
    words = untold(about)
    note = f',"notes":[{{"severity":"note","text":{encode_alone(words)},"offset":{HEADER},"length":'
    return {
        "type": f',"nlmsg_type":{type_name},"nlmsg_flags":{names},"nlmsg_seq":',
        "generic": f'"genlmsghdr":{{"cmd":{command},"version":' if about.command is not None else "",
        "family": "}" if about.family is None else f',"family":{encode_alone(about.family)}}}',
        "note": note if words else "",
    }


def ahead_json(about: Meaning, told: bool) -> str:
    """The JSON from the protocol to the length of messages."""
    known = ',"direction_known":true' if told else ""
    protocol = encode_alone(protocol_name(about.protocol) or about.protocol)
    return f',"protocol":{protocol},"direction":{encode_alone(about.direction)}{known},"nlmsg_len":'


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
