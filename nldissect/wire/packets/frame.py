"""Frames: the 16-byte cooked header of an nlmon capture and the messages after it (LINKTYPE_NETLINK, 253).

A datagram holds one or more messages, each aligned to 4; the last may lack its padding, and bytes may trail. A message
is wherever 16 bytes are left and its length is at least 16, even if it reaches past the end of what was captured.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from struct import Struct as Codec
from typing import Any, ClassVar

from scapy.packet import Packet, Raw

from nldissect.errors import FieldError
from nldissect.uapi import ARPHRD_NETLINK, GENL_ID_CTRL, NLMSG_HDRLEN, SLL_HDR_LEN, nlmsg_align

from ..context import POLICY, Context, Env
from ..kind import Kind
from ..name_plans import may_teach
from ..numbers import Be16
from ..opaque import Blob
from ..protocol import NETLINK, PACKET, TO_KERNEL, is_headed
from .bindings import DATAGRAMS, datagram_of, ensure_protocol
from .fields import PacketsField
from .layer import Layer
from .lazy import LazyAttrList
from .message import Message, learn_names
from .nlmsghdr import nlmsghdr, protocol_of
from .payload import inherit_environment
from .policy import learn_policy

ECHO = NLMSG_HDRLEN + 4
"""Offset of the request in an NLMSG_ERROR, after the error number."""
_LENGTH = {"<": Codec("<I"), ">": Codec(">I")}


def plausible(length: int, room: int) -> bool:
    """Return whether nlmsg_len can be right in a datagram of which `room` bytes were sent."""
    return 16 <= length <= room + 3


def byte_order(data: bytes, start: int, room: int, guess: str) -> str:
    """Return the byte order of a datagram: the guess, unless only the other one gives a plausible first length.

    start   offset of the datagram in `data`
    room    bytes of the datagram that were sent
    guess   "<" or ">"
    """
    if len(data) - start < 4:
        return guess
    other = ">" if guess == "<" else "<"
    if plausible(_LENGTH[guess].unpack_from(data, start)[0], room):
        return guess
    return other if plausible(_LENGTH[other].unpack_from(data, start)[0], room) else guess


def messages_in(data: bytes | bytearray, start: int, end: int, order: str) -> tuple[list[tuple[int, int, int]], int]:
    """Return (start, end, end with padding) of each message in [start, end), and the offset after the last.

    The end is that of the captured part.
    """
    unpack = _LENGTH[order].unpack_from
    found = []
    at = start
    while at + 16 <= end:
        length = unpack(data, at)[0]
        if length < 16:
            break
        stop = min(at + length, end)
        following = min(at + nlmsg_align(length), end)
        found.append((at, stop, following))
        at = following
    return found, at


def has_header(protocol: int, data: bytes, start: int, end: int, order: str, room: int) -> bool:
    """Return whether a datagram begins with nlmsghdr: not uevents, nor datagrams that user space sent without one.

    room    bytes of the datagram that were sent
    """
    if protocol in DATAGRAMS or end - start < NLMSG_HDRLEN:
        return False
    if may_have_header(protocol):
        return int(_LENGTH[order].unpack_from(data, start)[0]) >= 16
    return plausible(int(_LENGTH[order].unpack_from(data, start)[0]), room)


def may_have_header(protocol: int) -> bool:
    """Return whether everything that a protocol sends begins with nlmsghdr."""
    return is_headed(protocol, protocol in DATAGRAMS)


def frame_order(context: Context, protocol: int, data: bytes, start: int, room: int) -> str:
    """Return the byte order of one datagram, and remember it in the context; load the protocol's tables."""
    ensure_protocol(protocol)
    if context.fixed_order or protocol in DATAGRAMS:
        return context.order
    order = byte_order(data, start, room, context.order)
    context.byte_order = "little" if order == "<" else "big"
    return order


class MessagesKind(Kind):
    """The messages of a datagram."""

    shape: ClassVar[str] = "list"


class MessagesField(PacketsField):
    """Messages to the end of the frame; trailing bytes are Raw."""

    def addfield(self, pkt: Any, s: bytes, val: Any) -> bytes:
        parts = [s]
        for item in val if isinstance(val, list) else [val]:
            if not isinstance(item, Packet):
                parts.append(bytes(item or b""))
                continue
            adopt_order(item, pkt)
            raw = bytes(item)
            parts.append(raw)
            if isinstance(item, nlmsghdr):
                parts.append(bytes(-len(raw) % 4) if item.pad is None else item.pad)
        return b"".join(parts)

    def any2i(self, pkt: Any, x: Any) -> Any:
        return [x] if isinstance(x, Packet) else x


def adopt_order(item: Packet, frame: Layer) -> None:
    """Give a message that is put into a frame the frame's byte order and protocol; dissected ones have them."""
    if isinstance(item, Layer) and item.parent is not frame:
        inherit_environment(item, frame, {})
        inner = item.payload
        while isinstance(inner, Layer):
            object.__setattr__(inner, "_env", item._env)
            inner = inner.payload


class nlmon(Message):
    """One captured datagram: cooked header and messages. `_context` has the names that earlier frames gave.

    Where a NetlinkSocket received it:
    source   address of the sender
    group    number of the multicast group through which it came, or 0
    nsid     network namespace from which it came, if that is another one
    """

    __slots__ = ["group", "nsid", "source"]
    fields_desc = [
        Be16.of("sll_pkttype", PACKET),
        Be16.of("sll_hatype"),
        Be16.of("sll_halen"),
        Blob.of("sll_addr", 8, "unused on netlink"),
        Be16.of("sll_protocol", NETLINK),
        MessagesField("messages", MessagesKind().named("messages"), []),
    ]

    def __init__(self, _pkt: bytes = b"", *args: Any, **fields: Any) -> None:
        for name, value in (("source", None), ("group", 0), ("nsid", None)):
            object.__setattr__(self, name, value)
        context = fields.pop("_context", None)
        room = fields.pop("_room", None)
        if _pkt or context is not None:
            context = context or Context()
            values = {} if room is None else {"room": room}
            fields["_env"] = Env(context.order, context.protocol, context, None, values)
        if not _pkt:
            fields = {"sll_pkttype": PACKET.OUTGOING, "sll_hatype": ARPHRD_NETLINK} | fields
        super().__init__(_pkt, *args, **fields)

    def _carry(self, other: Any) -> Any:
        for name in ("source", "group", "nsid"):
            object.__setattr__(other, name, getattr(self, name))
        return super()._carry(other)

    def do_dissect(self, s: bytes) -> bytes:
        head, body = s[:SLL_HDR_LEN], s[SLL_HDR_LEN:]
        for field, (start, end) in zip(self.fields_desc, ((0, 2), (2, 4), (4, 6), (6, 14), (14, 16)), strict=False):
            if end > len(head):
                self._missing = (*self._missing, field.name)
                continue
            self.fields[field.name] = self._take(field.name, field.kind, head[start:end])
        self.explicit = 1
        if self._missing:
            self._missing = (*self._missing, "messages")
            return s[sum(field.kind.size for field in self.fields_desc if field.name in self.fields) :]
        self.fields["messages"] = self.dissect_messages(body)
        return b""

    def dissect_messages(self, body: bytes) -> list[Packet]:
        """Return the messages of a datagram as packets; the context learns the names in them."""
        context, protocol = self._env.context or Context(), self.sll_protocol
        room = self._env.values.get("room", len(body))
        order = frame_order(context, protocol, body, 0, room)
        values = self._env.values | {"sll_pkttype": self.sll_pkttype}
        self._env = env = Env(order, protocol, context, None, values)
        if not body:
            return []
        if not has_header(protocol, body, 0, len(body), order, room):
            whole = datagram_of(protocol, body)
            return [whole(body, _parent=self, _internal=1) if whole else Raw(body, _internal=1)]
        found, stop = messages_in(body, 0, len(body), order)
        packets: list[Packet] = []
        for start, end, following in found:
            packet = nlmsghdr(body[start:end], _env=env, _parent=self, _internal=1)
            if body[end:following] != bytes(-(end - start) % 4):
                packet.pad = body[end:following]
            packets.append(packet)
            seq, pid = packet.nlmsg_seq, packet.nlmsg_pid
            if (protocol, packet.nlmsg_type, packet._env.direction) == (NETLINK.GENERIC, GENL_ID_CTRL, TO_KERNEL):
                context.trust.observe_request(seq)
            for layer in packet.iterpayloads():
                if isinstance(layer, Message) and layer.teaches is not None:
                    learn_names(context, type(layer), packet._env.direction, partial(field_value, layer), seq, pid)
                    if may_teach(POLICY, packet._env.direction):
                        learn_policy(context, layer.tell_policy(layer.original, order))
        return packets + ([Raw(body[stop:], _internal=1)] if stop < len(body) else [])

    def _again(self) -> Layer:
        return type(self)(bytes(self), _context=self._env.context)

    def iter_layers(self) -> Iterator[Packet]:
        """Yield every layer of every message, in order."""
        for item in self.getfieldval("messages"):
            yield from item.iterpayloads()

    def layers(self) -> list[type[Packet]]:
        return [type(self), *(type(layer) for layer in self.iter_layers())]

    def summary(self, intern: int = 0) -> str:
        protocol = NETLINK.names.get(self.sll_protocol, str(self.sll_protocol))
        return " ".join([protocol, "; ".join(item.summary() for item in self.getfieldval("messages"))])

    def sprintf(self, fmt: str, relax: int = 1) -> str:
        """Return the text of Scapy's sprintf; a layer in the format is looked for in the first message that has it."""
        for item in self.getfieldval("messages"):
            text = str(item.sprintf(fmt, relax))
            if "??" not in text:
                return text
        return str(super().sprintf(fmt, relax))

    def hashret(self) -> bytes:
        messages = self.getfieldval("messages")
        return bytes(messages[0].hashret()) if messages else b""

    def answers(self, other: Any) -> int:
        """Return whether a message of the frame answers `other`, or one of its messages."""
        mine = self.getfieldval("messages")
        return int(any(item.answers(other) for item in mine if isinstance(item, nlmsghdr)))


def framed(message: nlmsghdr) -> nlmon:
    """Return the frame that nlmon would capture of one message.

    Its cooked header is that of the message's own frame, else has only the protocol, see `protocol_of`; FieldError if
    that is unknown.
    """
    whole = message.parent if isinstance(message.parent, nlmon) else None
    raw = bytes(message)
    if whole is not None:
        header = {field.name: whole.getfieldval(field.name) for field in nlmon.fields_desc[:-1]}
    else:
        protocol = protocol_of(message)
        if protocol is None:
            raise FieldError(
                "a message alone does not say its protocol; put it into nlmon(sll_protocol=..., messages=[...])"
            )
        header = {"sll_protocol": protocol}
    frame = nlmon(**header, messages=[raw])
    frame.time = message.time or getattr(whole, "time", 0)  # a message's time is its frame's
    frame.wirelen = SLL_HDR_LEN + max(message.nlmsg_len, len(raw))
    frame.sniffed_on = getattr(whole, "sniffed_on", None)
    frame.comments = getattr(whole, "comments", None)
    return frame


def field_value(layer: Layer, name: str) -> Any:
    """Return a field of a header, or the value of the first attribute of that name directly after it, or None."""
    if name in layer.fieldtype:
        return layer.getfieldval(name)
    for field in layer.fields_desc:
        items = layer.getfieldval(field.name)
        if isinstance(items, LazyAttrList) and (item := items.first(name)) is not None:
            return item.getfieldval("value")
    return None
