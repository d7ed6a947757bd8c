"""The contract between the readers, over every shipped capture (DESIGN: "One declaration, three readers")."""

import pytest
from scapy.config import conf

from nldissect.wire import Context, nlmon, nlmsghdr, walk
from tests.helpers import captures, paths, reader_agreement
from tests.helpers.lost_bytes import lost

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
