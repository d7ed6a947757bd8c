"""Walk: one datagram to nested values with offsets, without packet objects.

The same rows as the Scapy packets, compiled into closures on first use, one for each kind and byte order. Every byte of
a datagram is in some node, in a header, or in padding; what no row describes is a node of kind Undecoded and a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from struct import Struct as Codec
from typing import Any, NamedTuple

from .attrs import AttrSet, Tables, split
from .context import Context
from .frame import COOKED, frame_order, has_header, messages_in
from .kinds import Kind, Undecoded
from .layer import MAX_DEPTH, fixed_part, header_scope, header_selectors, is_plain_number, set_scope, unknown_row
from .message import (
    DATAGRAMS,
    NETLINK,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_MIN_TYPE,
    TO_KERNEL,
    Message,
    bindings_of,
    choose,
    commands_of,
    direction_of,
    family_of,
    generic,
    genlmsghdr,
    name_of,
    teach,
)
from .names import Enum
from .opaque import Secret
from .scalars import U8, Scalar
from .secrets import holds_secrets
from .shapes import Nest, Struct, Structs
from .texts import KeyValues, Text

_HEADER = {"<": Codec("<IHHII"), ">": Codec(">IHHII")}


class Node(NamedTuple):
    """One decoded thing.

    kind     the row or field (its `name` is what users know)
    start    offset of its payload in the datagram's bytes; an attribute's header stands before it
    end      end of its payload
    value    plain value, or list of nodes for attributes, structs and arrays of them
    number   attribute number, None for a field
    """

    kind: Kind
    start: int
    end: int
    value: Any
    number: int | None = None

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def whole(self) -> int:
        """Where the node starts with its attribute header."""
        return self.start if self.number is None or self.kind.set is None else self.start - self.kind.set.header.size


class Note(NamedTuple):
    """Something a reader should know: offset and length count in the datagram's bytes."""

    severity: str
    text: str
    offset: int
    length: int


@dataclass(slots=True)
class State:
    """What one message's walk gathers."""

    notes: list[Note] = field(default_factory=list)
    cut: int | None = None


new = tuple.__new__
Read = Callable[[bytes, int, int, Mapping[str, Any], State, int], Node]
ReadSet = Callable[[bytes, int, int, Mapping[str, Any], State, int], list[Node]]


@dataclass(slots=True)
class Walked:
    """One message.

    start, end        offsets in the datagram's bytes; `end` is where the captured part stops
    direction         inferred unless `direction_known`
    length ... pid    of nlmsghdr (`number` is its type); None (and `has_header` false) where a protocol has none
    type_name         the type by name, or its number as text
    layers            nodes of headers and body, in order
    payload           bytes no layer describes: (start, end), empty if all were decoded
    cut               where decoding stopped because the capture did; None if the message is whole
    """

    data: bytes
    start: int
    end: int
    protocol: int
    order: str
    direction: str | None = None
    direction_known: bool = False
    has_header: bool = False
    length: int = 0
    number: int = 0
    flags: int = 0
    seq: int = 0
    pid: int = 0
    type_name: str = ""
    message: type[Message] | None = None
    layers: list[Node] = field(default_factory=list)
    payload: tuple[int, int] = (0, 0)
    cut: int | None = None
    notes: list[Note] = field(default_factory=list)
    context: Context | None = None

    def secret_spans(self) -> Iterator[tuple[int, int]]:
        """Where key material is, or may be: secret rows, and what was cut off a message that has such."""
        for node, _ in nodes_of(self):
            if node.kind.secret:
                yield node.start, node.end
            elif isinstance(node.value, Walked):
                yield from node.value.secret_spans()
        if self.cut is not None and self.may_hold_secrets:
            yield self.cut, self.end

    @property
    def may_hold_secrets(self) -> bool:
        """Whether this kind of message can carry keys."""
        return self.message is not None and holds_secrets(layer_kind(self.message))

    def find(self, name: str) -> Node | None:
        """The first node of that name, outer before inner; `A.B` is a B somewhere inside an A."""
        return find(self.layers, name)


@dataclass(slots=True)
class Frame:
    """One datagram as walked: cooked header, messages, and bytes after the last of them."""

    data: bytes
    packet_type: int
    hardware: int
    protocol: int
    order: str
    messages: list[Walked]
    trailing: tuple[int, int]


def find(nodes: list[Node], name: str) -> Node | None:
    """The first node of that name, outer before inner; `A.B` is a B somewhere inside an A; aliases count."""
    first, _, rest = name.partition(".")
    level = nodes
    while level:
        for node in level:
            if node.kind.called(first):
                found = _inside(node, rest) if rest else node
                if found is not None:
                    return found
        level = [inner for node in level for inner in inner_nodes(node)]
    return None


def inner_nodes(node: Node) -> list[Node]:
    """The nodes a node holds."""
    value = node.value
    return value if isinstance(value, list) and value and isinstance(value[0], Node) else []


def _inside(node: Node, path: str) -> Node | None:
    """What a path names below a node."""
    if isinstance(node.kind, KeyValues) and isinstance(node.value, list):
        texts = (text for key, text in node.value if key == path)
        return next((Node(Text().named(path), node.start, node.end, text) for text in texts), None)
    return find(inner_nodes(node), path)


def walk(data: bytes, context: Context | None = None, *, wire_length: int | None = None) -> Frame:
    """Decode one frame (cooked header included); never raises on any bytes, never loses one.

    wire_length   length of the frame before a snap length cut it
    """
    context = Context() if context is None else context
    if len(data) < COOKED:
        return Frame(data, 0, 0, -1, context.order, [], (0, len(data)))
    packet_type, hardware, protocol = (int.from_bytes(data[at : at + 2], "big") for at in (0, 2, 14))
    end = len(data)
    room = max(wire_length or 0, end) - COOKED
    order = frame_order(context, protocol, data, COOKED, room)
    frame = Frame(data, packet_type, hardware, protocol, order, [], (end, end))
    if end == COOKED:
        return frame
    if not has_header(protocol, data, COOKED, end, order, room):
        frame.messages.append(_bare(data, end, protocol, order, packet_type, context))
        return frame
    found, stop = messages_in(data, COOKED, end, order)
    for start, finish, following in found:
        walked = walk_message(data, start, finish, protocol, order, context, packet_type)
        if finish < following and any(data[finish:following]):
            walked.notes.append(Note("note", "padding is not zero", finish, following - finish))
        frame.messages.append(walked)
    frame.trailing = (stop, end)
    return frame


def walk_message(
    data: bytes,
    start: int,
    end: int,
    protocol: int,
    order: str,
    context: Context,
    packet_type: int = 4,
    echoed: bool = False,
) -> Walked:
    """Decode the message at [start, end), whose header is there; `echoed` if it stands in an acknowledgement."""
    length, number, flags, seq, pid = _HEADER[order].unpack_from(data, start)
    direction, known = direction_of(protocol, number, flags, seq, pid, packet_type)
    walked = Walked(data, start, end, protocol, order, direction, known, True, length, number, flags, seq, pid)
    walked.context = context
    state = State()
    if start + length > end:
        state.cut = end
    scope = {
        "nlmsg_type": number,
        "nlmsg_flags": flags,
        "to": "kernel" if direction == TO_KERNEL else "user",
        "protocol": protocol,
        "context": context,
    }
    body = start + 16
    bindings = bindings_of(protocol, number)
    chosen = choose(bindings, direction, data[body : body + 1], start + length - body, flags)
    walked.type_name = name_of(bindings, chosen, direction) or str(number)
    if protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE:
        _generic(walked, data, body, end, scope, state, context)
    elif chosen is not None and not (echoed and number in (NLMSG_ERROR, NLMSG_DONE)):
        _layer(walked, chosen.message, data, body, end, scope, state)
    else:
        walked.payload = (body, end)
    walked.notes = state.notes
    if start + length > end:
        walked.cut = state.cut
    return walked


def _generic(
    walked: Walked, data: bytes, at: int, end: int, scope: dict[str, Any], state: State, context: Context
) -> None:
    family = family_of(context, walked.number)
    walked.type_name = family or str(walked.number)
    if end - at < genlmsghdr.size_of:
        walked.payload = (at, end)
        return
    command = data[at]
    after = at + genlmsghdr.size_of
    bindings = commands_of(family, command) if family is not None else []
    chosen = choose(bindings, walked.direction, data[after : after + 1], walked.start + walked.length - after)
    name = name_of(bindings, chosen, walked.direction)
    header = _header_node(data, at, walked.order, name, family, scope, state)
    walked.layers.append(header)
    inner = {**scope, "cmd": command}
    _layer(walked, chosen.message if chosen is not None else generic, data, after, end, inner, state)


def _header_node(
    data: bytes, at: int, order: str, name: str | None, family: str | None, scope: Mapping[str, Any], state: State
) -> Node:
    """genlmsghdr, its command by name, and the family's name, which has no bytes of its own."""
    node = reader(layer_kind(genlmsghdr), order)(data, at, at + genlmsghdr.size_of, scope, state, 0)
    fields = list(node.value)
    if name is not None:
        fields[0] = fields[0]._replace(kind=_command(name, fields[0].value))
    if family is not None:
        fields.append(Node(FAMILY, at, at, family))
    return node._replace(value=fields)


FAMILY = Text(None).named("family")
_commands: dict[tuple[str, int], Kind] = {}


def _command(name: str, number: int) -> Kind:
    """The kind of a genlmsghdr's cmd where the family gives it a name."""
    kind = _commands.get((name, number))
    if kind is None:
        names: type[Enum] = type("cmd", (Enum,), {})
        names.names, names.numbers = {number: name}, {name: number}
        kind = _commands[name, number] = U8(None, names).named("cmd")
    return kind


def _layer(
    walked: Walked, message: type[Message], data: bytes, at: int, end: int, scope: Mapping[str, Any], state: State
) -> None:
    walked.message = message
    if at >= end:
        return
    node = reader(layer_kind(message), walked.order)(data, at, end, scope, state, 0)
    walked.layers.append(node)
    if message.teaches is not None:
        values = node.value
        teach(walked.context, message, walked.direction, lambda name: _value(values, name))


def _value(nodes: list[Node], name: str) -> Any:
    """A field of a header, or an attribute directly behind it."""
    for node in nodes:
        if node.name == name:
            return node.value
        if node.name == "attrs":
            found = next((inner.value for inner in node.value if inner.name == name), None)
            if found is not None:
                return found
    return None


def _bare(data: bytes, end: int, protocol: int, order: str, packet_type: int, context: Context) -> Walked:
    """A datagram without nlmsghdr as one message."""
    direction, known = direction_of(protocol, 0, 0, 0, 0, packet_type)
    walked = Walked(data, COOKED, end, protocol, order, direction, known, payload=(COOKED, end), context=context)
    body = data[COOKED:]
    whole = next((message for message in DATAGRAMS.get(protocol, ()) if message.matches(body)), None)
    if whole is not None:
        walked.payload = (0, 0)
        state = State()
        _layer(walked, whole, data, COOKED, end, {}, state)
        walked.notes = state.notes
    return walked


_layer_kinds: dict[type[Message], Struct] = {}


def layer_kind(message: type[Message]) -> Struct:
    """The kind of a message's own layer, called after its class."""
    kind = _layer_kinds.get(message)
    if kind is None:
        kind = _layer_kinds[message] = Struct(None, message).named(message.__name__)
    return kind


_readers: dict[tuple[int, str], tuple[Kind, Read]] = {}
_sets: dict[tuple[type[AttrSet], str], ReadSet] = {}
_version = 0


def reader(kind: Kind, order: str) -> Read:
    """The closure that reads a kind; made once for each byte order, anew after tables changed."""
    global _version
    if Tables.version != _version:
        _readers.clear()
        _sets.clear()
        _version = Tables.version
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

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> Node:
        if end - start == size or (size is None and fits(end - start)):
            return new(Node, (kind, start, end, decode(data, start, end), number))
        return misfit(kind, data, start, end, state)

    def read_number(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> Node:
        if end - start == size:
            return new(Node, (kind, start, end, unpack(data, start)[0], number))
        return misfit(kind, data, start, end, state)

    if isinstance(kind, Scalar) and is_plain_number(kind):
        unpack = kind.codec(order).unpack_from
        return read_number
    return read


def misfit(kind: Kind, data: bytes, start: int, end: int, state: State, why: str = "") -> Node:
    """A row whose bytes are not its kind: kept as they are, under its name."""
    expected = f", not {kind.size}" if kind.size is not None else ""
    state.notes.append(Note("warning", f"{kind.name}: {why or f'{end - start} bytes{expected}'}", start, end - start))
    row = (Secret() if holds_secrets(kind) else Undecoded("")).named(kind.name, kind.number)
    row.set, row.many = kind.set, kind.many
    return Node(row, start, end, data[start:end], kind.number)


def _bound(kind: Kind, order: str) -> Read:
    plain = kind.named(kind.name, kind.number)
    plain.bindings, plain.set = {}, kind.set
    known = not isinstance(kind, Nest) or kind.known
    default = _compile(plain, order) if known else None
    names = list(kind.bindings)

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> Node:
        target = kind.resolve(scope)
        if target is not kind:
            return reader(target, order)(data, start, end, scope, state, depth)
        if default is not None:
            return default(data, start, end, scope, state, depth)
        seen = ", ".join(f"{name} = {scope[name]}" for group in names for name in group if name in scope)
        return misfit(kind, data, start, end, state, f"not known for {seen or 'this message'}")

    return read


def _nest(kind: Nest, order: str) -> Read:
    if not kind.known:
        return _bound(kind, order)
    number = kind.number
    inner: list[ReadSet] = []

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> Node:
        if depth > MAX_DEPTH:
            return misfit(kind, data, start, end, state, f"nested more than {MAX_DEPTH} deep")
        if not inner:
            inner.append(set_reader(kind.inner, order))
        return Node(kind, start, end, inner[0](data, start, end, scope, state, depth + 1), number)

    return read


def set_reader(rows: type[AttrSet], order: str) -> ReadSet:
    """The closure that reads the attributes of a set: split first, payloads second."""
    found = _sets.get((rows, order))
    if found is None:
        found = _sets[rows, order] = _compile_set(rows, order)
    return found


def _compile_set(rows: type[AttrSet], order: str) -> ReadSet:
    header = rows.header
    mask = header.mask
    readers: dict[int, Read] = {}
    choosy = bool(rows.selectors(Tables.version))

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> list[Node]:
        items, stop = split(data, start, end, order, header)
        if choosy:
            scope = set_scope(rows, items, data, order, scope)
        nodes = []
        for raw, at, finish, following in items:
            number = raw & mask
            if finish < following and any(data[finish:following]):
                state.notes.append(Note("note", "padding is not zero", finish, following - finish))
            one = readers.get(number)
            if one is None:
                row = rows.row(number)
                if row is None:
                    nodes.append(_unknown(rows, number, data, at, finish, state))
                    continue
                one = readers[number] = reader(row, order)
            nodes.append(one(data, at, finish, scope, state, depth))
        if len({item[0] & mask for item in items}) != len(items) and not rows.indexed:
            _note_repeats(nodes, state)
        if stop < end:
            nodes.append(_leftover(data, stop, end, state, "attributes"))
        return nodes

    return read


def _unknown(rows: type[AttrSet], number: int, data: bytes, start: int, end: int, state: State) -> Node:
    where = f"{rows.prefix} has no" if rows.prefix else "unknown family:"
    state.notes.append(Note("note", f"{where} attribute {number}", start, end - start))
    return Node(unknown_row(rows, number), start, end, data[start:end], number)


def _note_repeats(nodes: list[Node], state: State) -> None:
    seen = set()
    for node in nodes:
        if node.number in seen and not node.kind.many and not node.kind.hidden:
            state.notes.append(Note("note", f"{node.name} repeats", node.start, node.end - node.start))
        seen.add(node.number)


def _leftover(data: bytes, start: int, end: int, state: State, after: str) -> Node:
    """Bytes behind the last whole thing; where the capture was cut they are no fault of the sender."""
    if state.cut is None:
        state.notes.append(Note("warning", f"{end - start} bytes left over after {after}", start, end - start))
    return Node(Undecoded("leftover"), start, end, data[start:end])


def _struct(kind: Struct, order: str) -> Read:
    message, number = kind.message, kind.number
    codec, spans = fixed_part(message, order, Tables.version)
    unpack, fixed = codec.unpack_from, codec.size
    fields = [one.kind for one in message.fields_desc]
    later = fields[len(spans) :]
    choosy = bool(header_selectors(message, order, Tables.version))
    readers: list[Read] = []

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> Node:
        if depth > MAX_DEPTH:
            return misfit(kind, data, start, end, state, f"nested more than {MAX_DEPTH} deep")
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
            at += fixed
            some, openers = later, readers[len(spans) :]
        values: dict[str, Any] = {**scope, **{node[0].name: node[3] for node in nodes}} if some else {}
        top = depth == 0 and state.cut is not None and end == state.cut
        for one, open_field in zip(some, openers, strict=True):
            size = one.extent(values, data, at, end)
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
                state.notes.append(Note("note", f"{kind.name}: longer than known by {end - at} bytes", at, end - at))
        if at < end:
            if top:
                state.cut = at
            else:
                rest = (Secret() if holds_secrets(kind) else Undecoded("")).named("leftover")
                nodes.append(Node(rest, at, end, data[at:end]))
        return Node(kind, start, end, nodes, number)

    return read


def _cut_attributes(
    kind: Nest, order: str, data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State
) -> Node:
    """The whole attributes of a message that the capture cut; `state.cut` becomes where they stop."""
    target = kind.resolve(scope)
    kind = target if isinstance(target, Nest) else kind
    _, stop = split(data, start, end, order, kind.inner.header)
    nodes = set_reader(kind.inner, order)(data, start, stop, scope, state, 1)
    state.cut = stop
    return Node(kind, start, stop, nodes)


def _list(kind: Structs, order: str) -> Read:
    element = Struct(None, kind.message).named(kind.name)
    one = _struct(element, order)
    number = kind.number

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> Node:
        pieces, stop = kind.pieces(data, start, end, order)
        nodes = [one(data, at, finish, scope, state, depth) for at, finish, _ in pieces]
        if stop < end:
            nodes.append(_leftover(data, stop, end, state, "records"))
        return Node(kind, start, end, nodes, number)

    return read


def _echo(kind: Kind, order: str) -> Read:
    """The request inside an acknowledgement: a message of the same protocol."""

    def read(data: bytes, start: int, end: int, scope: Mapping[str, Any], state: State, depth: int) -> Node:
        if end - start < 16:
            return misfit(kind, data, start, end, state)
        length = _HEADER[order].unpack_from(data, start)[0]
        stop = min(start + max(length, 16), end)
        protocol, context = scope["protocol"], scope["context"]
        request = walk_message(data, start, stop, protocol, order, context, echoed=True)
        if stop == start + 16:
            request.cut = None
            request.layers, request.notes, request.payload = [], [], (stop, stop)
        if end - stop > 3 or any(data[stop:end]):
            request.payload = (request.payload[0] if request.payload[1] == stop else stop, end)
        state.notes.extend(request.notes)
        return Node(kind, start, end, request)

    return read


def nodes_of(walked: Walked) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, in wire order."""

    def down(nodes: list[Node], depth: int) -> Iterator[tuple[Node, int]]:
        for node in nodes:
            yield node, depth
            if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
                yield from down(node.value, depth + 1)

    yield from down(walked.layers, 0)
