"""Messages of NETLINK_ROUTE as its tests look at them: from captures, or from bytes written down as hex."""

from __future__ import annotations

from typing import Any

from nldissect.render.summaries.summary import SummaryTexts, body_of
from nldissect.wire import Context, DecodedMessage, Message, nlmon, walk
from tests.helpers.captures import frames, plain

COOKED = bytes.fromhex("0004 0338 0000 0000000000000000 0000")


def body(message: DecodedMessage) -> dict[str, Any]:
    """The message's own layer as plain values."""
    found: dict[str, Any] = plain(message.layers[-1])
    return found


def attrs(message: DecodedMessage) -> dict[str, Any]:
    """The attributes behind its header."""
    found: dict[str, Any] = body(message)["attrs"]
    return found


def line(message: DecodedMessage) -> str:
    """Its summary."""

    return body_of(message, None, SummaryTexts(message.context))


def packets(name: str, layer: type[Message]) -> list[Any]:
    """Every layer of that class in a capture, dissected by Scapy."""
    context = Context()
    messages = [message for frame in frames(name) for message in nlmon(frame, _context=context).messages]
    return [message[layer] for message in messages if layer in message]


def from_hex(text: str) -> DecodedMessage:
    """The one message whose bytes (nlmsghdr included, of a little-endian host) these are; it must rebuild."""
    frame = COOKED + bytes.fromhex(text)
    assert frame == bytes(nlmon(frame, _context=Context("little")))
    (message,) = walk(frame, Context("little")).messages
    return message


def attribute(number: int, payload: bytes) -> bytes:
    """One attribute with its padding, little-endian."""
    return (4 + len(payload)).to_bytes(2, "little") + number.to_bytes(2, "little") + payload + bytes(-len(payload) % 4)


def from_body(number: int, payload: bytes, flags: int = 1) -> DecodedMessage:
    """The message of that type and body."""
    header = (16 + len(payload)).to_bytes(4, "little") + number.to_bytes(2, "little") + flags.to_bytes(2, "little")
    return from_hex((header + bytes(8) + payload).hex())
