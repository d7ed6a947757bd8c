"""Messages of any protocol from bytes written down as hex: real ones too rare for a capture of their own."""

from __future__ import annotations

from nldissect.wire import NETLINK_GENERIC, Context, DecodedMessage, nlmon, walk

FAMILY = 0x1C


def frame_of(protocol: int, raw: bytes) -> bytes:
    """A frame of one datagram."""
    return bytes.fromhex("0004 0338 0000 0000000000000000") + protocol.to_bytes(2, "big") + raw


def from_hex(protocol: int, text: str, family: str | None = None) -> DecodedMessage:
    """The one message with these bytes (nlmsghdr included, of a little-endian host); Scapy must rebuild them."""
    frame = frame_of(protocol, bytes.fromhex(text))
    assert frame == bytes(nlmon(frame, _context=knowing(family)))
    (message,) = walk(frame, knowing(family)).messages
    return message


def knowing(family: str | None) -> Context:
    """A context that knows one generic family."""
    context = Context("little")
    if family is not None:
        context.learn("genl", FAMILY, family)
    return context


def attribute(number: int, payload: bytes) -> bytes:
    """One attribute with its padding, little-endian."""
    return (4 + len(payload)).to_bytes(2, "little") + number.to_bytes(2, "little") + payload + bytes(-len(payload) % 4)


def u32(value: int) -> bytes:
    """Four bytes, little-endian."""
    return value.to_bytes(4, "little")


def of_body(protocol: int, number: int, body: bytes, flags: int = 0) -> DecodedMessage:
    """The message of that type and body; without flags it goes to user space."""
    header = u32(16 + len(body)) + number.to_bytes(2, "little") + flags.to_bytes(2, "little") + u32(7) + u32(99)
    return from_hex(protocol, (header + body).hex())


def of_command(family: str, command: int, body: bytes, flags: int = 0) -> DecodedMessage:
    """The message of a generic family; without flags it goes to user space."""
    header = u32(20 + len(body)) + FAMILY.to_bytes(2, "little") + flags.to_bytes(2, "little") + u32(7) + u32(99)
    return from_hex(NETLINK_GENERIC, (header + bytes([command, 1, 0, 0]) + body).hex(), family)
