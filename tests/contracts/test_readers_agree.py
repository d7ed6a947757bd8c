"""The contract between the readers, over every shipped capture (DESIGN: "One declaration, three readers")."""

import pytest
from scapy.config import conf

from nldissect.wire import Context, DecodedMessage, Node, nlmon, nlmsghdr, walk
from tests.helpers import captures, paths, reader_agreement

conf.debug_dissector = True

CAPTURES = sorted(paths.CAPTURES.glob("*.pcap"))


@pytest.fixture(params=CAPTURES, ids=lambda path: path.stem)
def frames(request: pytest.FixtureRequest) -> list[bytes]:
    return list(captures.frames(request.param.name))


def test_scapy_rebuilds_the_same_bytes_and_agrees_with_walk(frames: list[bytes]) -> None:
    """Same names, same order, same values."""
    ours, theirs = Context(), Context()
    for raw in frames:
        packet, frame = nlmon(raw, _context=ours), walk(raw, theirs)
        assert raw == bytes(packet)
        messages = [item for item in packet.messages if isinstance(item, nlmsghdr)]
        walked = [item for item in frame.messages if item.has_header]
        assert len(messages) == len(walked)
        for message, one in zip(messages, walked, strict=True):
            assert (message.nlmsg_type, message.nlmsg_flags) == (one.number, one.flags)
            assert reader_agreement.tree_of_packet(message) == reader_agreement.tree_of_walked(one)


def test_every_byte_is_in_some_node(frames: list[bytes]) -> None:
    context = Context()
    for raw in frames:
        assert lost(raw, context) == []


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
