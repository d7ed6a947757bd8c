"""Hostile bytes: mutated captures never raise, never loop, never lose a byte."""

import os
from collections.abc import Callable
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scapy.config import conf

from nldissect.wire import (
    U32,
    Attrs,
    AttrSet,
    Context,
    DecodedMessage,
    Message,
    Nest,
    bind_message,
    nlmon,
    nlmsghdr,
    walk,
)
from nldissect.wire.decode.nodes import nodes_of
from tests.contracts import test_readers_agree
from tests.helpers import captures, reader_agreement
from tests.helpers.paths import CAPTURES

conf.debug_dissector = True


@cache
def corpus() -> list[bytes]:
    """A few frames of every capture, of every size."""
    frames: list[bytes] = []
    for path in sorted(CAPTURES.glob("*.pcap")):
        frames.extend(sorted(set(captures.frames(path.name)), key=len)[:-1:7])
    return [frame for frame in frames if len(frame) < 8000]


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A real frame with some bytes changed, a run copied elsewhere, or its end cut off."""
    frames = corpus()
    raw = bytearray(frames[draw(st.integers(0, len(frames) - 1))])
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(raw) - 1))
        raw[at] = draw(st.sampled_from([0, 1, 3, 4, 5, 0x7F, 0x80, 0xFF]) | st.integers(0, 255))
    if draw(st.booleans()):
        start, target = draw(st.integers(0, len(raw) - 1)), draw(st.integers(16, max(16, len(raw))))
        run = raw[start : start + draw(st.integers(1, 64))]
        raw[target : target + len(run)] = run
    if draw(st.booleans()):
        del raw[draw(st.integers(0, len(raw))) :]
    return bytes(raw) or b"\0"


def is_whole(message: DecodedMessage) -> bool:
    """Walk sets a cut message's tail apart and masks what may be a key; Scapy, which knows no capture, does not."""
    echoes = (node.value for node, _ in nodes_of(message) if isinstance(node.value, DecodedMessage))
    return message.cut_at is None and not message.damaged and not message.suspect and all(map(is_whole, echoes))


EXAMPLES = int(os.environ.get("NLDISSECT_EXAMPLES", "300"))
QUICK = settings(
    max_examples=EXAMPLES, derandomize=EXAMPLES == 300, deadline=None, suppress_health_check=list(HealthCheck)
)


def damaged(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test on lists of such frames (`frames`), fewer than of single ones."""
    count = max(EXAMPLES // 6, 1)
    few = settings(
        max_examples=count, derandomize=EXAMPLES == 300, deadline=None, suppress_health_check=list(HealthCheck)
    )
    return few(given(frames=st.lists(mutants(), min_size=1, max_size=40))(test))


@QUICK
@given(mutants())
def test_walk_loses_nothing(raw: bytes) -> None:
    assert test_readers_agree.lost(raw, Context()) == []


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
    assert test_readers_agree.lost(raw, Context()) == []


class LOOP(AttrSet):
    """A set that holds itself."""

    AGAIN = Nest(1, "self")
    END = U32(2)


class looping(Message):
    fields_desc = [Attrs("attrs", LOOP)]


bind_message(looping, 30, LOOPING=17)


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
    assert test_readers_agree.lost(raw, Context()) == []
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
    assert test_readers_agree.lost(raw, Context()) == []
