"""Coverage of a capture by the tables: bytes after nlmsghdr that are decoded, opaque, secret, or unknown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.message_type import MessageType
from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire import Context, walk
from nldissect.wire.decode.nodes import DecodedMessage, Node, inner_nodes
from nldissect.wire.decode.walk import walk_message
from nldissect.wire.kind import Kind

from .counts import CountedMessages, family_name

KINDS = ("decoded", "opaque", "secret", "undecoded", "structure", "cut")
DECODED, OPAQUE, SECRET, UNDECODED, STRUCTURE, CUT = range(len(KINDS))
ROOM = 16 << 20
"""Bytes of messages that are remembered."""
NAMELESS = ("attrs", "generic", "sealed")
"""Kinds with a name less specific than that of their holder."""


@dataclass(slots=True)
class CoverageRow:
    """Bytes of one protocol, or generic family.

    decoded     values of header fields and attributes
    opaque      bytes that a table declares to have no inner form for netlink
    secret      key material, and what may be such
    undecoded   bytes that no table describes, or that differ from the table
    structure   attribute headers and padding
    cut         bytes after the last whole attribute of a message that a snap length cut
    names       undecoded bytes by the name of what holds them
    """

    protocol: int
    family: str | None
    messages: int = 0
    decoded: int = 0
    opaque: int = 0
    secret: int = 0
    undecoded: int = 0
    structure: int = 0
    cut: int = 0
    names: Counter[str] = field(default_factory=Counter)


class ByteTally(NamedTuple):
    """Bytes of one message, counted as in KINDS; undecoded ones also by name."""

    counts: list[int]
    names: list[tuple[str, int]]


class Coverage:
    """Bytes of messages by how they decode; equal messages are decoded once while there is room to remember them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._rows: dict[tuple[int, str | None], CoverageRow] = {}
        self._known: dict[tuple[Any, ...], ByteTally] = {}
        self._room = ROOM

    def add(self, chosen: CountedMessages) -> None:
        block, rows = chosen.block, chosen.rows
        columns = (
            block.headers.message_type,
            block.messages.start,
            block.messages.end,
            block.headers.length,
            block.headers.flags,
        )
        places = zip(*(column[rows].tolist() for column in columns), strict=True)
        big = block.frames.big_endian[chosen.frame].tolist()
        for row, order, (meaning, at, end, length, flags) in zip(rows.tolist(), big, places, strict=True):
            what = block.message_types[meaning]
            if not what.skip:
                self._count(what, _tally(_datagram(block, row, self.context), what))
                continue
            key = meaning, order, length, flags, bytes(block.buffer.buffer[at + NLMSG_HDRLEN : end])
            tally = self._known.get(key)
            if tally is None:
                data = bytes(block.buffer.buffer[at:end])
                sign = ">" if order else "<"
                walked = walk_message(data, 0, end - at, what.protocol, sign, self.context, direction=what.direction)
                tally = _tally(walked, what)
                self._room -= end - at
                if self._room < 0:
                    self._known.clear()
                    self._room = ROOM - (end - at)
                self._known[key] = tally
            self._count(what, tally)

    def _count(self, meaning: MessageType, tally: ByteTally) -> None:
        key = meaning.protocol, family_name(meaning)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = CoverageRow(*key)
        row.messages += 1
        for place, name in enumerate(KINDS):
            setattr(row, name, getattr(row, name) + tally.counts[place])
        for name, size in tally.names:
            row.names[name] += size

    def take(self, other: Coverage) -> None:
        """Add the counts of another file."""
        for key, found in other._rows.items():
            row = self._rows.setdefault(key, CoverageRow(*key))
            for name in ("messages", *KINDS):
                setattr(row, name, getattr(row, name) + getattr(found, name))
            row.names.update(found.names)

    def result(self) -> list[CoverageRow]:
        """Return the rows, those with the most bytes first."""
        return sorted(self._rows.values(), key=lambda row: -sum(getattr(row, name) for name in KINDS))


def _datagram(block: Block, row: int, context: Context) -> DecodedMessage:
    frame = int(block.messages.frame[row])
    return walk(block.frame_bytes(frame), context, wire_length=int(block.frames.wire_length[frame])).messages[0]


def _tally(walked: DecodedMessage, meaning: MessageType) -> ByteTally:
    tally = ByteTally([0] * len(KINDS), [])
    _add_message(tally, walked, meaning.called or "datagram")
    size = walked.end - walked.start - (NLMSG_HDRLEN if walked.has_header else 0)
    tally.counts[STRUCTURE] += size - sum(tally.counts)
    return tally


def _add_message(tally: ByteTally, walked: DecodedMessage, name: str) -> None:
    start, end = walked.undecoded_span
    if start < end:
        tally.counts[UNDECODED] += end - start
        tally.names.append((name, end - start))
    if walked.cut_at is not None:
        tally.counts[CUT] += walked.end - walked.cut_at
    for layer in walked.layers:
        _add(tally, walked, layer, name)


def _add(tally: ByteTally, walked: DecodedMessage, node: Node, holder: str) -> None:
    """Count a node's own bytes, or those of the nodes in it."""
    kind, value = node.kind, node.value
    if inside := inner_nodes(node):
        for inner in inside:
            _add(tally, walked, inner, holder if kind.name in NAMELESS else kind.name)
    elif isinstance(value, DecodedMessage):
        _add_message(tally, value, f"repeated {value.family or value.type_name}")
    elif not kind.hidden or any(value):  # padding that is not zero carries data
        what = UNDECODED if kind.hidden else _what(kind, value)
        if (rest := walked.surplus(node)) is not None:
            _add(tally, walked, rest, kind.name)
        tally.counts[what] += node.value_end - node.start
        if what == UNDECODED and node.start < node.end:
            tally.names.append((_called(kind, holder), node.end - node.start))


def _what(kind: Kind, value: Any) -> int:
    if kind.secret:
        return UNDECODED if kind.name.isdigit() else SECRET  # masked because no table describes it
    if kind.opaque:
        return OPAQUE
    shown = kind.json(value) if isinstance(value, bytes) else None
    return UNDECODED if isinstance(shown, dict) and "undecoded" in shown else DECODED


def _called(kind: Kind, holder: str) -> str:
    """Return the name of a row: a number with its set, left-over bytes with the name of what holds them."""
    if kind.name.isdigit():
        return f"{(kind.set.prefix if kind.set is not None else '') or holder} attribute {kind.name}"
    return f"{holder} {kind.name}" if kind.number is None else kind.name
