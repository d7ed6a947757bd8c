"""Hostile bytes: mutated captures never raise, never loop, never lose a byte."""

from hypothesis import given
from hypothesis import strategies as st
from scapy.config import conf

from nldissect.wire import (
    Context,
    DecodedMessage,
    nlmon,
    nlmsghdr,
    walk,
)
from nldissect.wire.decode.nodes import nodes_of
from tests.helpers import lost_bytes, reader_agreement
from tests.helpers.mutants import QUICK, mutants

conf.debug_dissector = True


def is_whole(message: DecodedMessage) -> bool:
    """Walk sets a cut message's tail apart and masks what may be a key; Scapy, which knows no capture, does not."""
    echoes = (node.value for node, _ in nodes_of(message) if isinstance(node.value, DecodedMessage))
    return message.cut_at is None and not message.damaged and not message.suspect and all(map(is_whole, echoes))


@QUICK
@given(mutants())
def test_walk_loses_nothing(raw: bytes) -> None:
    assert lost_bytes.lost(raw, Context()) == []


@QUICK
@given(mutants())
def test_scapy_rebuilds_and_agrees(raw: bytes) -> None:
    packet, frame = nlmon(raw), walk(raw, Context())
    assert raw == bytes(packet)
    messages = [item for item in packet.messages if isinstance(item, nlmsghdr)]
    for message, one in zip(messages, [item for item in frame.messages if item.has_header], strict=True):
        if is_whole(one):
            assert reader_agreement.tree_of_packet(message) == reader_agreement.tree_of_walked(one)


@QUICK
@given(st.binary(min_size=1, max_size=200))
def test_noise(raw: bytes) -> None:
    assert raw == bytes(nlmon(raw))
    assert lost_bytes.lost(raw, Context()) == []


def test_deep_nesting_ends() -> None:
    """3000 attributes inside each other: 20 are opened, the rest is kept as bytes, with a note."""
    body = b""
    for _ in range(3000):
        body = (len(body) + 4).to_bytes(2, "little") + b"\x01\x80" + body
    raw = bytes.fromhex("0004033800000000000000000000001e") + (16 + len(body)).to_bytes(4, "little")
    raw += bytes.fromhex("11000100 00000000 00000000") + body

    message = walk(raw, Context()).messages[0]
    assert ["LOOP_AGAIN: nested more than 20 deep"] == [note.text for note in message.notes]
    assert raw == bytes(nlmon(raw))
    assert lost_bytes.lost(raw, Context()) == []
    assert reader_agreement.tree_of_packet(nlmon(raw).messages[0]) == reader_agreement.tree_of_walked(message)


def test_acknowledgements_of_acknowledgements_end() -> None:
    """NLMSG_ERROR that echoes an NLMSG_ERROR that echoes ... : opened once."""
    message = b""
    for _ in range(900):
        message = (
            (20 + len(message)).to_bytes(4, "little") + bytes.fromhex("02000000 01000000 00000000 eaffffff") + message
        )
    raw = bytes.fromhex("00040338000000000000000000000000") + message
    assert raw == bytes(nlmon(raw))
    assert lost_bytes.lost(raw, Context()) == []
