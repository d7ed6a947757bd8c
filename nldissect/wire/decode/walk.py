"""Walk: decoding of one datagram to nested values with offsets, without packet objects.

It uses the same rows as the Scapy packets, compiled into closures on first use, one for each kind and byte order. Every
byte of a datagram is in some node, in a header, or in padding; bytes that no row describes are a node of kind Undecoded
with an expert note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

from nldissect.request_tracker import RequestHeader
from nldissect.uapi import (
    GENL_ID_CTRL,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    NLMSG_MIN_TYPE,
    SLL_HDR_LEN,
    STRUCT_NLMSGHDR_BY_ORDER,
)

from ..binding import choose, name_of
from ..containers import layer_kind
from ..context import POLICY, Context
from ..enums import Enum
from ..key_masks import is_odd, sealed
from ..kind import Kind
from ..name_plans import may_teach
from ..numbers import U8
from ..packets.bindings import bindings_of, commands_of, datagram_of
from ..packets.frame import frame_order, has_header, may_have_header, messages_in
from ..packets.message import Message, learn_names
from ..packets.nlmsghdr import family_of, genlmsghdr, settled_direction
from ..packets.policy import learn_policy, untold_body, untold_words
from ..protocol import NETLINK, TO_KERNEL, direction_of
from ..secrets import is_keyed_family, is_keyed_protocol, may_carry_keys
from ..text import Text
from .nodes import DecodedFrame, DecodedMessage, Node, Note
from .readers import DecodeState, reader


def walk(
    data: bytes,
    context: Context | None = None,
    *,
    wire_length: int | None = None,
    directions: Sequence[str | None] = (),
) -> DecodedFrame:
    """Decode one frame (cooked header included); never raise on any bytes, never lose one.

    context       names and byte order known so far; it learns those in the frame
    wire_length   length of the frame before a snap length cut it
    directions    directions of its messages, if the caller knows them from the frames before
    """
    context = Context() if context is None else context
    if len(data) < SLL_HDR_LEN:
        return DecodedFrame(data, 0, 0, -1, context.order, [], (0, len(data)))
    packet_type, hardware, protocol = (int.from_bytes(data[at : at + 2], "big") for at in (0, 2, 14))
    end = len(data)
    room = max(wire_length or 0, end) - SLL_HDR_LEN
    order = frame_order(context, protocol, data, SLL_HDR_LEN, room)
    frame = DecodedFrame(data, packet_type, hardware, protocol, order, [], (end, end), is_keyed_protocol(protocol))
    if end == SLL_HDR_LEN or (end - SLL_HDR_LEN < NLMSG_HDRLEN <= room and may_have_header(protocol)):
        frame.trailing = (SLL_HDR_LEN, end)  # a snap length cut all messages, or left less than a header
        return frame
    if not has_header(protocol, data, SLL_HDR_LEN, end, order, room):
        frame.messages.append(walk_bare(data, end, protocol, order, packet_type, context))
    else:
        found, stop = messages_in(data, SLL_HDR_LEN, end, order)
        known = [*directions, *repeat(None, len(found) - len(directions))]
        frame.messages += [
            walk_place(data, place, protocol, order, context, packet_type, direction)
            for place, direction in zip(found, known, strict=False)
        ]
        frame.trailing = (stop, end)
    if frame.messages:
        frame.messages[-1].missing = SLL_HDR_LEN + room - end
    return frame


def walk_place(
    data: bytes,
    place: tuple[int, int, int],
    protocol: int,
    order: str,
    context: Context,
    packet_type: int,
    direction: str | None = None,
) -> DecodedMessage:
    """Decode one message of a frame.

    place   its start, its end, and its end with padding
    """
    start, end, following = place
    walked = walk_message(data, start, end, protocol, order, context, packet_type, direction=direction)
    if end < following and any(data[end:following]):
        walked.notes.append(Note("note", "padding", "padding is not zero", end, following - end))
    if start > SLL_HDR_LEN and _is_rest(walked):
        walked.keyed = walked.suspect = True
        walked.layers = sealed(walked.layers, data)
    return walked


def _is_rest(walked: DecodedMessage) -> bool:
    """Return whether a message after another may be the rest of that one, whose length was too small.

    It is of no known type, and of another type than the first.
    """
    unknown = walked.message is None if walked.protocol != NETLINK.GENERIC else walked.family is None
    place = SLL_HDR_LEN + 4
    first = int.from_bytes(walked.data[place : place + 2], "little" if walked.order == "<" else "big")
    other = walked.number not in (first, NLMSG_DONE, NLMSG_ERROR)
    return unknown and other and is_keyed_protocol(walked.protocol)


def walk_message(
    data: bytes,
    start: int,
    end: int,
    protocol: int,
    order: str,
    context: Context,
    packet_type: int = 4,
    echoed: bool = False,
    direction: str | None = None,
) -> DecodedMessage:
    """Decode the message at [start, end) of `data`, whose header is there.

    echoed      it is inside an acknowledgement
    direction   its direction, if the caller knows it from the messages before; else `context.requests` is asked
    """
    length, number, flags, seq, pid = STRUCT_NLMSGHDR_BY_ORDER[order].unpack_from(data, start)
    guess, known = direction_of(protocol, number, flags, seq, pid, packet_type)
    if direction is None and not (known or echoed):
        header = RequestHeader(protocol, length, number, flags, seq, pid)
        direction = settled_direction(context, header, guess, data, start, end, order)
    direction = direction or guess
    walked = DecodedMessage(data, start, end, protocol, order, direction, known, True, length, number, flags, seq, pid)
    walked.context = context
    state = DecodeState()
    if start + length > end:
        state.cut = end
    scope = {
        "nlmsg_type": number,
        "nlmsg_flags": flags,
        "to": "kernel" if direction == TO_KERNEL else "user",
        "protocol": protocol,
        "context": context,
    }
    if echoed:
        scope["echoed"] = True
    body = start + 16
    bindings = bindings_of(protocol, number)
    chosen = choose(bindings, direction, data[body : min(body + 1, end)], start + length - body, flags)
    walked.type_name = name_of(bindings, chosen, direction) or str(number)
    walked.title = chosen.title if chosen is not None else ""
    if protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE:
        _generic(walked, data, body, end, scope, state, context)
    elif chosen is not None and not (echoed and number in (NLMSG_ERROR, NLMSG_DONE)):
        _layer(walked, chosen.message, data, body, end, scope, state)
    else:
        state.keyed = may_carry_keys(protocol, number, None, None)
        walked.undecoded_span = (body, end)
    walked.notes = state.notes
    walked.keyed = state.keyed
    walked.damaged = state.keyed and (state.damaged or is_odd(walked))
    if walked.damaged:
        walked.layers = sealed(walked.layers, data)
    if start + length > end:
        walked.cut_at = state.cut
    return walked


def _generic(
    walked: DecodedMessage, data: bytes, at: int, end: int, scope: dict[str, Any], state: DecodeState, context: Context
) -> None:
    family = walked.family = family_of(context, walked.number)
    if walked.number == GENL_ID_CTRL and walked.direction == TO_KERNEL and "echoed" not in scope:
        context.trust.observe_request(walked.seq)
    if end - at < genlmsghdr.size_of:
        state.keyed = family is not None and is_keyed_family(family)
        walked.undecoded_span = (at, end)
        return
    command = data[at]
    after = at + genlmsghdr.size_of
    bindings = commands_of(family, command) if family is not None else []
    chosen = choose(bindings, walked.direction, data[after : min(after + 1, end)], walked.start + walked.length - after)
    name = name_of(bindings, chosen, walked.direction)
    header = _header_node(data, at, walked.order, name, family, scope, state)
    walked.layers.append(header)
    inner = {**scope, "cmd": command}
    if chosen is not None:
        body = chosen.message
    else:
        known = context.name(POLICY, walked.number)
        body = untold_body(family, known, command, walked.flags, walked.direction)
        if text := untold_words(family, walked.number, command, body):
            state.notes.append(Note("note", "unknown message", text, at, end - at))
    _layer(walked, body, data, after, end, inner, state)


def _header_node(
    data: bytes, at: int, order: str, name: str | None, family: str | None, scope: Mapping[str, Any], state: DecodeState
) -> Node:
    """Return the node of genlmsghdr with the command by name, and the family's name, which has no bytes of its own."""
    node = reader(layer_kind(genlmsghdr), order)(data, at, at + genlmsghdr.size_of, scope, state, 0)
    fields = list(node.value)
    if name is not None:
        fields[0] = fields[0]._replace(kind=command_kind(name, fields[0].value))
    if family is not None:
        fields.append(Node(FAMILY, at, at, family))
    return node._replace(value=fields)


class GenericCommand(U8):
    """The command of a generic message, by its family's name for it."""


FAMILY = Text(None).named("family")
_commands: dict[tuple[str, int], Kind] = {}


def command_kind(name: str, number: int) -> Kind:
    """Return the kind of genlmsghdr's cmd where the family has a name for it; the same object each time."""
    kind = _commands.get((name, number))
    if kind is None:
        names: type[Enum] = type("cmd", (Enum,), {})
        names.names, names.numbers = {number: name}, {name: number}
        kind = _commands[name, number] = GenericCommand(None, names).named("cmd")
    return kind


def _layer(
    walked: DecodedMessage,
    message: type[Message],
    data: bytes,
    at: int,
    end: int,
    scope: Mapping[str, Any],
    state: DecodeState,
) -> None:
    walked.message = message
    if walked.has_header:
        state.keyed = may_carry_keys(walked.protocol, walked.number, walked.family, message)
    if at >= end:
        return
    node = reader(layer_kind(message), walked.order)(data, at, end, scope, state, 0)
    walked.layers.append(node)
    if message.teaches is not None:
        values = node.value
        seq, pid, echoed = walked.seq, walked.pid, "echoed" in scope
        learn_names(walked.context, message, walked.direction, lambda name: _value(values, name), seq, pid, echoed)
        if may_teach(POLICY, walked.direction, echoed):
            learn_policy(walked.context, message.tell_policy(data[at:end], walked.order))


def _value(nodes: list[Node], name: str) -> Any:
    """Return the value of a header field, or of an attribute directly after the header, or None."""
    for node in nodes:
        if node.name == name:
            return node.value
        if node.name == "attrs":
            found = next((inner.value for inner in node.value if inner.name == name), None)
            if found is not None:
                return found
    return None


def walk_bare(data: bytes, end: int, protocol: int, order: str, packet_type: int, context: Context) -> DecodedMessage:
    """Decode a headerless datagram as one message."""
    direction, known = direction_of(protocol, 0, 0, 0, 0, packet_type)
    walked = DecodedMessage(
        data, SLL_HDR_LEN, end, protocol, order, direction, known, undecoded_span=(SLL_HDR_LEN, end), context=context
    )
    body = data[SLL_HDR_LEN:]
    whole = datagram_of(protocol, body)
    if whole is not None:
        walked.undecoded_span = (0, 0)
        state = DecodeState()
        _layer(walked, whole, data, SLL_HDR_LEN, end, {}, state)
        walked.notes = state.notes
    else:
        walked.keyed = is_keyed_protocol(protocol)
    return walked
