"""Bytes of a frame that the walk says nothing about."""

from __future__ import annotations

from nldissect.wire import Context, DecodedMessage, Node, walk


def lost(raw: bytes, context: Context) -> list[int]:
    """Offsets of bytes that are in no node, no header, no note, and not zero padding either."""
    frame = walk(raw, context)
    seen = bytearray(len(raw))
    seen[:16] = bytes([1]) * min(16, len(raw))
    mark(seen, *frame.trailing)
    for message in frame.messages:
        mark_message(seen, message)
    return [at for at, (byte, known) in enumerate(zip(raw, seen, strict=True)) if byte and not known]


def mark(seen: bytearray, start: int, end: int) -> None:
    seen[start:end] = bytes([1]) * (end - start)


def mark_message(seen: bytearray, message: DecodedMessage) -> None:
    if message.has_header:
        mark(seen, message.start, message.start + 16)
    mark(seen, *message.undecoded_span)
    if message.cut_at is not None:
        mark(seen, message.cut_at, message.end)
    for note in message.notes:
        if note.text == "padding is not zero":
            mark(seen, note.offset, note.offset + note.length)
    for node in message.layers:
        mark_node(seen, node)


def mark_node(seen: bytearray, node: Node) -> None:
    mark(seen, node.whole, node.start)
    if isinstance(node.value, DecodedMessage):
        mark_message(seen, node.value)
    elif isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
        for inner in node.value:
            mark_node(seen, inner)
    else:
        mark(seen, node.start, node.end)
