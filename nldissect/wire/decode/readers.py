"""Readers: rows compiled into closures on first use, one for each kind and byte order.

A reader takes the bytes of exactly its kind and returns a node. Bytes that no row describes become a node of kind
Undecoded and an expert note, so that no byte is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..addresses import Addr
from ..attr_set import AttrSet, TableVersion, split_attrs
from ..containers import Nest, Struct, Structs
from ..key_masks import is_far, sealed, undecoded_row
from ..kind import Kind
from ..numbers import Scalar
from ..opaque import UndecodedKey
from ..packets.payload import MAX_DEPTH, unknown_row
from ..protocol import NETLINK, NLM_F
from ..secrets import holds_secrets, is_keyed_protocol, may_grow
from ..selectors import (
    fixed_prefix,
    header_scope,
    header_selectors,
    is_plain_number,
    item_scopes,
    set_scope,
    trailing_selectors,
)
from .nodes import LEFTOVER, Node, Note


@dataclass(slots=True)
class DecodeState:
    """Results of decoding one message, besides its nodes.

    notes     expert notes
    cut       offset where the capture cut the message, None if it is whole
    keyed     the message may carry keys
    damaged   the message has lengths that can't be right
    """

    notes: list[Note] = field(default_factory=list)
    cut: int | None = None
    keyed: bool = False
    damaged: bool = False


TOO_DEEP = f"nested more than {MAX_DEPTH} deep", "nested too deep"
new = tuple.__new__
Read = Callable[[bytes, int, int, Mapping[str, Any], DecodeState, int], Node]
ReadSet = Callable[[bytes, int, int, Mapping[str, Any], DecodeState, int], list[Node]]
_readers: dict[tuple[int, str], tuple[Kind, Read]] = {}
_sets: dict[tuple[type[AttrSet], str], ReadSet] = {}
_version = 0


def reader(kind: Kind, order: str) -> Read:
    """Return the closure that decodes a kind; cached by byte order until tables change."""
    global _version
    if TableVersion.version != _version:
        _readers.clear()
        _sets.clear()
        _version = TableVersion.version
    key = (id(kind), order)
    found = _readers.get(key)
    if found is None:
        found = _readers[key] = (kind, _compile(kind, order))
    return found[1]


def _compile(kind: Kind, order: str) -> Read:
    if kind.bindings:
        return _bound(kind, order)
    if kind.shape == "message":
        return _echo(kind, order)
    if isinstance(kind, Nest):
        return _nest(kind, order)
    if isinstance(kind, Structs):
        return _list(kind, order)
    if isinstance(kind, Struct):
        return _struct(kind, order)
    return _leaf(kind, order)


def _leaf(kind: Kind, order: str) -> Read:
    decode, size, number, fits = kind.decoder(order), kind.size, kind.number, kind.fits

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int) -> Node:
        if end - start == size or (size is None and fits(end - start)):
            return new(Node, (kind, start, end, decode(data, start, end), number))
        return other_length(data, start, end, state)

    def read_number(
        data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int
    ) -> Node:
        if end - start == size:
            return new(Node, (kind, start, end, unpack(data, start)[0], number))
        return other_length(data, start, end, state)

    def other_length(data: bytes, start: int, end: int, state: DecodeState) -> Node:
        if not fits(end - start):
            return undecodable(kind, data, start, end, state)
        _note_surplus(kind, start, end, state)
        return Node(kind, start, end, decode(data, start, end), number)

    if isinstance(kind, Scalar) and is_plain_number(kind):
        unpack = kind.codec(order).unpack_from
        return read_number
    return read


def _note_surplus(kind: Kind, start: int, end: int, state: DecodeState) -> None:
    """Add the note about an attribute that is longer than its number, see `Scalar.may_be_longer`."""
    size = kind.size or 0
    read = f"the first {size}" if size > 1 else "the first"
    text = f"{kind.name}: {end - start} bytes, not {size}; a kernel that does not refuse it reads {read}"
    state.notes.append(Note("warning", "wrong length", text, start + size, end - start - size))
    state.damaged = True


def undecodable(
    kind: Kind, data: bytes, start: int, end: int, state: DecodeState, why: str = "", what: str = "wrong length"
) -> Node:
    """Return a node with the bytes of a row that do not fit its kind, unchanged, under its name; add an expert note.

    why    text of the note instead of the wrong length
    what   kind of the note
    """
    expected = f", not {kind.size}" if kind.size is not None else ""
    if start < end or not (isinstance(kind, Addr) and kind.empty):
        text = f"{kind.name}: {why or f'{end - start} bytes{expected}'}"
        state.notes.append(Note("warning", what, text, start, end - start))
    if what != "unknown content":
        state.damaged = True
    if holds_secrets(kind):
        row: Kind = UndecodedKey().named(kind.name, kind.number)
        row.set, row.many = kind.set, kind.many
    else:
        row = undecoded_row(kind, end - start, state.keyed)
    return Node(row, start, end, data[start:end], kind.number)


def _bound(kind: Kind, order: str) -> Read:
    plain = kind.named(kind.name, kind.number)
    plain.bindings, plain.set = {}, kind.set
    known = not isinstance(kind, Nest) or kind.known
    default = _compile(plain, order) if known else None
    names = list(kind.bindings)

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int) -> Node:
        target = kind.resolve(scope)
        if target is not kind:
            return reader(target, order)(data, start, end, scope, state, depth)
        if default is not None:
            return default(data, start, end, scope, state, depth)
        seen = ", ".join(f"{name} = {scope[name]}" for group in names for name in group if name in scope)
        return undecodable(kind, data, start, end, state, f"not known for {seen or 'this message'}", "unknown content")

    return read


def _nest(kind: Nest, order: str) -> Read:
    if not kind.known:
        return _bound(kind, order)
    number = kind.number
    inner: list[ReadSet] = []

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int) -> Node:
        if depth > MAX_DEPTH:
            return undecodable(kind, data, start, end, state, *TOO_DEEP)
        if not inner:
            inner.append(set_reader(kind.inner, order))
        return Node(kind, start, end, inner[0](data, start, end, scope, state, depth + 1), number)

    return read


def set_reader(rows: type[AttrSet], order: str) -> ReadSet:
    """Return the closure that decodes the attributes of a set: it splits them first, and decodes payloads second."""
    found = _sets.get((rows, order))
    if found is None:
        found = _sets[rows, order] = _compile_set(rows, order)
    return found


def _compile_set(rows: type[AttrSet], order: str) -> ReadSet:
    header = rows.header
    mask = header.mask
    readers: dict[int, Read] = {}
    choosy, sequence = bool(rows.selectors(TableVersion.version)), rows.sequence

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int) -> list[Node]:
        items, stop = split_attrs(data, start, end, order, header)
        if choosy and not sequence:
            scope = set_scope(rows, items, data, order, scope)
        scopes = item_scopes(rows, items, data, order, scope) if sequence else None
        nodes = []
        for raw, at, finish, following in items:
            number = raw & mask
            if scopes is not None:
                scope = next(scopes)
            if finish < following and any(data[finish:following]):
                state.notes.append(Note("note", "padding", "padding is not zero", finish, following - finish))
            one = readers.get(number)
            if one is None:
                row = rows.row(number)
                if row is None:
                    nodes.append(_unknown(rows, number, data, at, finish, state))
                    continue
                one = readers[number] = reader(row, order)
            nodes.append(one(data, at, finish, scope, state, depth))
        if len({item[0] & mask for item in items}) != len(items) and not rows.indexed and not sequence:
            _note_repeats(nodes, state)
        if stop < end:
            nodes.append(_leftover(data, stop, end, state, "attributes"))
        return nodes

    return read


def _unknown(rows: type[AttrSet], number: int, data: bytes, start: int, end: int, state: DecodeState) -> Node:
    if rows.prefix:
        text = f"{rows.prefix} has no attribute {number}"
        state.notes.append(Note("note", "unknown attribute", text, start, end - start))
    state.damaged |= is_far(rows, number)
    row = undecoded_row(unknown_row(rows, number), end - start, state.keyed)
    return Node(row, start, end, data[start:end], number)


def _note_repeats(nodes: list[Node], state: DecodeState) -> None:
    seen = set()
    for node in nodes:
        if node.number in seen and not node.kind.many and not node.kind.hidden:
            text = f"{node.name} repeats"
            state.notes.append(Note("note", "repeated attribute", text, node.start, node.end - node.start))
        seen.add(node.number)


def _leftover(data: bytes, start: int, end: int, state: DecodeState, after: str) -> Node:
    """Return a node of the bytes after the last whole element; in a cut message they are no fault of the sender."""
    if state.cut is None:
        text = f"{end - start} bytes left over after {after}"
        state.notes.append(Note("warning", "leftover bytes", text, start, end - start))
        state.damaged = True
    return Node(undecoded_row(LEFTOVER, end - start, state.keyed), start, end, data[start:end])


def _struct(kind: Struct, order: str) -> Read:
    message, number = kind.message, kind.number
    codec, spans = fixed_prefix(message, order, TableVersion.version)
    unpack, fixed = codec.unpack_from, codec.size
    fields = [one.kind for one in message.fields_desc]
    later = fields[len(spans) :]
    bound = [place for place, span in enumerate(spans) if span[0].bindings]
    choosy = bool(
        header_selectors(message, order, TableVersion.version) or trailing_selectors(message, TableVersion.version)
    )
    readers: list[Read] = []

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int) -> Node:
        if depth > MAX_DEPTH:
            return undecodable(kind, data, start, end, state, *TOO_DEEP)
        if not readers:
            readers.extend(reader(one, order) for one in fields)
        if choosy:
            scope = header_scope(message, data, start, end, order, scope)
        nodes: list[Node] = []
        at = start
        some, openers = fields, readers
        if start + fixed <= end:
            nodes = [
                new(Node, (one, start + first, start + last, value, None))
                for (one, first, last), value in zip(spans, unpack(data, start), strict=True)
            ]
            for place in bound:
                nodes[place] = nodes[place]._replace(kind=nodes[place].kind.resolve(scope))
            at += fixed
            some, openers = later, readers[len(spans) :]
        values: dict[str, Any] = {**scope, **{node[0].name: node[3] for node in nodes}} if some else {}
        top = depth == 0 and state.cut is not None and end == state.cut
        grown = False
        for one, open_field in zip(some, openers, strict=True):
            size = one.extent(values, data, at, end, order)
            if at + size > end:
                break
            if top and isinstance(one, Nest):
                nodes.append(_cut_attributes(one, order, data, at, end, scope, state))
                at = end
                break
            node = open_field(data, at, at + size, scope, state, depth)
            values[one.name] = node.value
            nodes.append(node)
            at += size
        else:
            if at < end:
                text = f"{kind.name}: longer than known by {end - at} bytes"
                state.notes.append(Note("note", "leftover bytes", text, at, end - at))
                grown = may_grow(kind)
        if at < end:
            if top:
                state.cut = at
            else:
                state.damaged |= not grown
                secret = holds_secrets(kind)
                rest = UndecodedKey().named("leftover") if secret else undecoded_row(LEFTOVER, end - at, state.keyed)
                nodes.append(Node(rest, at, end, data[at:end]))
        return Node(kind, start, end, nodes, number)

    return read


def _cut_attributes(
    kind: Nest, order: str, data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState
) -> Node:
    """Return a node of the whole attributes of a message that the capture cut; set `state.cut` to their end."""
    target = kind.resolve(scope)
    kind = target if isinstance(target, Nest) else kind
    _, stop = split_attrs(data, start, end, order, kind.inner.header)
    nodes = set_reader(kind.inner, order)(data, start, stop, scope, state, 1)
    state.cut = stop
    return Node(kind, start, stop, nodes)


def _list(kind: Structs, order: str) -> Read:
    element = Struct(None, kind.message).named(kind.name)
    one = _struct(element, order)
    number = kind.number

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int) -> Node:
        pieces, stop = kind.pieces(data, start, end, order)
        nodes = [one(data, at, finish, scope, state, depth) for at, finish, _ in pieces]
        if stop < end:
            nodes.append(_leftover(data, stop, end, state, "records"))
        return Node(kind, start, end, nodes, number)

    return read


def _echo(kind: Kind, order: str) -> Read:
    """Return the closure that decodes the request inside an acknowledgement: a message of the same protocol."""
    from .walk import walk_message

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: DecodeState, depth: int) -> Node:
        if end - start < 16:
            return undecodable(kind, data, start, end, state)
        length = int.from_bytes(data[start : start + 4], "little" if order == "<" else "big")
        stop = min(start + max(length, 16), end)
        protocol, context = scope["protocol"], scope["context"]
        request = walk_message(data, start, stop, protocol, order, context, echoed=True)
        if stop == start + 16:
            request.cut_at = None
            request.layers, request.notes, request.undecoded_span = [], [], (stop, stop)
        if end - stop > 3 or any(data[stop:end]):
            request.undecoded_span = (request.undecoded_span[0] if request.undecoded_span[1] == stop else stop, end)
        unknown = request.message is None or (protocol == NETLINK.GENERIC and request.family is None)
        if unknown and is_keyed_protocol(protocol) and stop > start + 16:
            request.keyed = True  # an unknown message that the kernel did not write may hold anything
            request.suspect = not request.flags & NLM_F.REQUEST or request.length > stop - start
            request.layers = sealed(request.layers, data)
        state.notes.extend(request.notes)
        state.damaged |= request.damaged
        return Node(kind, start, end, request)

    return read
