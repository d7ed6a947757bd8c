"""The other byte order: real messages written again as a big-endian host would, and read back."""

import pytest
from scapy.config import conf

from nldissect.wire import Context, nlmon, nlmsghdr, walk
from tests.helpers import captures, reader_agreement
from tests.helpers.captures import SUBJECTS

conf.debug_dissector = True


def test_a_message_of_a_big_endian_host() -> None:
    """RTM_NEWLINK, ifi_index 2, IFLA_MTU 1500, in the bytes an s390x host has on its wire."""
    raw = bytes.fromhex(
        "00040338 0000 0000000000000000 0000"
        "00000028 0010 0000 00000007 00000000"
        "00 00 0001 00000002 00000041 00000000"
        "0008 0004 000005dc"
    )
    frame = walk(raw, Context(byte_order="little"))
    message = frame.messages[0]

    assert (">", 16, 7) == (frame.order, message.number, message.seq)
    assert 1500 == message.find("IFLA_MTU").value
    assert 0x41 == message.find("ifi_flags").value
    packet = nlmon(raw)
    assert 1500 == packet["IFLA_MTU"].value
    packet["IFLA_MTU"].value = 9000
    assert bytes.fromhex("00080004 00002328") == bytes(packet)[-8:]
    assert raw[:-4] == bytes(packet)[:-4]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_captures_written_in_the_other_order(subject: str) -> None:
    here, there = Context(), Context()
    for data in captures.frames(f"{subject}.pcap"):
        frame = nlmon(data, _context=here)
        before = [reader_agreement.tree_of_packet(item) for item in frame.messages if isinstance(item, nlmsghdr)]
        frame._env.order = ">"
        for item in frame.messages:
            for layer in item.iterpayloads():
                if hasattr(layer, "_env"):
                    layer._env.order = ">"
        swapped = walk(bytes(frame), there)
        assert ">" == swapped.order
        assert before == [reader_agreement.tree_of_walked(message) for message in swapped.messages]
