"""Frames with a known key in them, and damaged lengths and types around it."""

from __future__ import annotations

import random
from collections.abc import Iterator

from nldissect.render.names import message_name
from nldissect.wire import Context, DecodedMessage, walk
from nldissect.wire.attr_set import NLATTR
from nldissect.wire.decode.nodes import Node, nodes_of, path_to
from tests.helpers.captures import frames

SEEN = 8
"""So many bytes of a key in a row are a leak."""
SMALLEST = 12
"""Shorter secrets of captures are not looked for: too likely to stand somewhere else."""


def planted(name: str, most: int) -> tuple[list[bytes], list[tuple[bytes, DecodedMessage, Node]], bytes]:
    """Frames that name what the others need; `most` frames with a key in one of their messages, which begins like the
    bytes given last: letters, so that it can be found as text too."""
    key = "".join(random.Random(name).choices("ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ", k=SMALLEST)).encode()
    context = Context()
    names: list[bytes] = []
    found: list[tuple[bytes, DecodedMessage, Node]] = []
    seen: set[tuple[str, str]] = set()
    for frame in frames(name):
        for message in walk(frame, context).messages:
            if message.family == "nlctrl":
                names.append(frame)
            secrets = [node for node, _ in nodes_of(message) if node.kind.secret and node.end - node.start >= SMALLEST]
            where = message_name(message), str(message.direction)
            if secrets and where not in seen and len(found) < most:
                seen.add(where)
                raw = bytearray(frame)
                for node in secrets:
                    size = node.end - node.start
                    raw[node.start : node.end] = (key * size)[:size]
                (again,) = [one for one in walk(bytes(raw), context).messages if one.start == message.start]
                at = secrets[0].start
                found.append((bytes(raw), again, next(node for node, _ in nodes_of(again) if node.start == at)))
    return names, found, key


def damaged(frame: bytes, message: DecodedMessage, key: Node) -> Iterator[tuple[str, bytes]]:
    """The frame with one thing wrong at a time, and what it is."""
    order = "little" if message.order == "<" else "big"

    def put(at: int, size: int, value: int) -> bytes:
        raw = bytearray(frame)
        raw[at : at + size] = (value % (1 << 8 * size)).to_bytes(size, order)  # type: ignore[arg-type]
        return bytes(raw)

    for by in (-40, -36, -32, -20, -16, -12, -8, -5, -4, -3, -1, 1, 3, 4, 8, 16, 64, 1 << 20):
        yield f"nlmsg_len {by:+}", put(message.start, 4, message.length + by)
    for length in (0, 15, 16, 17, 20):
        yield f"nlmsg_len {length}", put(message.start, 4, length)
    for number in (1, 2, 3, 4, 15):
        yield f"nlmsg_type {number}", put(message.start + 4, 2, number)
    for flags in (0, 1, 2, 0x300, 0xFFFF):
        yield f"nlmsg_flags {flags:#x}", put(message.start + 6, 2, flags)
    holders = [node for node in path_to(message.layers, key.start) if node.number is not None]
    siblings = [node for node, _ in nodes_of(message) if node.number is not None and node.end < key.start]
    for node in [*holders, *siblings[-1:]]:
        if node.kind.set is None or node.kind.set.header is not NLATTR:
            continue
        size = node.end - node.whole
        for by in (-33, -32, -17, -16, -8, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 8, 12, 16, 20, 32, 36, 40, 44):
            yield f"{node.name} {by:+}", put(node.whole, 2, size + by)
        for length in (0, 1, 3, 4, 5, 0xFFFF):
            yield f"{node.name} {length}", put(node.whole, 2, length)
        for number in (0, 2, 0x2FFF):
            yield f"{node.name} is {number}", put(node.whole + 2, 2, number)
    for less in (1, 4, 5, 8, 16, 20):
        yield f"cut by {less}", frame[:-less]
        if message.end - message.start - less > 16:
            short = bytearray(put(message.start, 4, message.length - less))
            yield f"ends {less} early", bytes(short[:-less])
    wrapped = frame[:16] + (36 + message.length).to_bytes(4, order) + b"\2\0\0\0" + frame[24:32]  # type: ignore[arg-type]
    echo = bytearray(frame[message.start :])
    yield "echoed", wrapped + bytes(4) + bytes(echo)
    for by in (-36, -20, -8, -4, 4, 8):
        echo[:4] = (message.length + by).to_bytes(4, order)  # type: ignore[arg-type]
        yield f"echoed, nlmsg_len {by:+}", wrapped + bytes(4) + bytes(echo)
    struct = bytearray(frame)
    del struct[message.start + 16 : message.start + 20]
    yield "four bytes less behind the header", bytes(struct)


def leaks(text: bytes, key: bytes) -> bool:
    """Whether bytes of the key stand in some output: as they are, or in hexadecimal of whatever form."""
    parts = {(key * 3)[at : at + SEEN] for at in range(len(key))}
    digits = text.translate(None, b" :,\n").replace(b"0x", b"").replace(b"\\x", b"").lower()
    return any(part in text or part.hex().encode() in digits for part in parts)
