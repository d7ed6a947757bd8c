"""Blocks against walk: frames, messages, byte order, direction and meaning of every capture and of hostile bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.stream.frames import FrameStream, StreamFrame
from nldissect.wire import DecodedMessage
from tests.helpers.column_hits import WINDOW
from tests.helpers.messages import write
from tests.helpers.mutants import QUICK, mutants
from tests.helpers.paths import CAPTURES

MUTANTS = settings(QUICK, max_examples=QUICK.max_examples // 3)


def compare(path: Path, window: int = WINDOW) -> int:
    """Assert that blocks say what walk says of every frame and message; how many messages there were."""
    source, capture = BlockReader(str(path), window=window), FrameStream(str(path))
    walked = capture.frames()
    count = 0
    for block in source.blocks():
        for index in range(len(block.frames.start)):
            seen = next(walked)
            assert frame_as_walked(seen) == frame_in(block, index)
            first = int(block.messages.frame_first[index])
            told = [message_in(block, first + place) for place in range(int(block.messages.frame_count[index]))]
            assert [message_as_walked(message, place) for place, message in enumerate(seen.frame.messages, 1)] == told
        assert block.messages.frame.tolist() == sorted(block.messages.frame.tolist())
        count += len(block)
    assert next(walked, None) is None
    assert source.finish() == capture.finish()
    return count


def frame_as_walked(seen: StreamFrame) -> tuple[object, ...]:
    frame, record = seen.frame, seen.record
    time = NO_TIME if record.time is None else record.time
    wire = record.wire_length + len(frame.data) - len(record.data)
    return (
        seen.number, time, frame.data, wire, frame.protocol, frame.packet_type, frame.order, frame.trailing[0],
        len(frame.messages),
    )  # fmt: skip


def frame_in(block: Block, index: int) -> tuple[object, ...]:
    return (
        int(block.frames.number[index]), int(block.frames.time[index]), block.frame_bytes(index),
        int(block.frames.wire_length[index]), int(block.frames.protocol[index]), int(block.frames.packet_type[index]),
        ">" if block.frames.big_endian[index] else "<",
        int(block.messages.frame_end[index] - block.frames.start[index]),
        int(block.messages.frame_count[index]),
    )  # fmt: skip


def message_as_walked(message: DecodedMessage, place: int) -> tuple[object, ...]:
    name = message.type_name if message.has_header else ""
    header = (message.length, message.number, message.flags, message.seq, message.pid)
    return (
        place, message.start, message.end, *header, not message.has_header, message.direction,
        message.direction_known, message.message, message.family, name,
    )  # fmt: skip


def message_in(block: Block, index: int) -> tuple[object, ...]:
    base = block.frames.start[block.messages.frame[index]]
    meaning = block.message_types[int(block.headers.message_type[index])]
    columns = (block.headers.length, block.headers.type, block.headers.flags, block.headers.seq, block.headers.pid)
    header = (int(column[index]) for column in columns)
    return (
        int(block.messages.number[index]), int(block.messages.start[index] - base),
        int(block.messages.end[index] - base), *header,
        bool(block.messages.headerless[index]), DIRECTIONS[block.headers.direction[index]],
        bool(block.headers.direction_known[index]), meaning.message,
        meaning.family, meaning.type_name,
    )  # fmt: skip


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_every_capture(path: Path) -> None:
    assert compare(path)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("blocks") / "frames.pcap"


@MUTANTS
@given(st.lists(mutants(), min_size=1, max_size=12), st.none() | st.integers(16, 400))
def test_mutants(scratch: Path, frames: list[bytes], snap: int | None) -> None:
    compare(write(scratch, *frames, snap=snap))
