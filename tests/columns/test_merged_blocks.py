"""Blocks of several captures: numbered as all their frames in order of time, and few of them held at once."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.merged_numbers import MergedFrames, merged_numbers
from nldissect.columns.merged_blocks import merged_blocks
from tests.helpers.cli import lines
from tests.helpers.messages import ROUTE, frame, link
from tests.helpers.pcap_bytes import block, described, packet, section
from tests.helpers.stats import at_times

WINDOW = 4096
FRAME = frame(ROUTE, link(1))


def readers_of(paths: list[Path]) -> list[BlockReader]:
    return [BlockReader(str(path), window=WINDOW) for path in paths]


def numbers_of(paths: list[Path]) -> list[list[int]]:
    """The numbers of each file's frames, from the blocks of all."""
    found: list[list[int]] = [[] for _ in paths]
    for place, one in merged_blocks(readers_of(paths)):
        found[place] += one.frames.number.tolist()
    return found


def expected(paths: list[Path]) -> list[list[int]]:
    """The same from all times together."""
    times: list[Array] = []
    for reader in readers_of(paths):
        times.append(np.concatenate([one.frames.time for one in reader.blocks()]))
    return [numbers.tolist() for numbers in merged_numbers(times)]


@pytest.mark.parametrize("seed", range(8))
def test_numbers_are_those_of_all_frames_together(seed: int, tmp_path: Path) -> None:
    """Files of one block and of many, dense and sparse, with equal times and times that go back."""
    chance = random.Random(seed)
    paths = []
    for place in range(chance.randint(2, 4)):
        spread = chance.choice([20, 1000, 10**6])
        times = [chance.randrange(spread) for _ in range(chance.choice([1, 30, 700]))]
        if chance.random() < 0.7:
            times.sort()
        paths.append(at_times(tmp_path / f"{place}.pcap", *times))

    found = numbers_of(paths)

    assert expected(paths) == found
    assert sorted(number for some in found for number in some) == [*range(1, sum(map(len, found)) + 1)]


def test_numbers_are_those_that_read_prints(tmp_path: Path) -> None:
    """Frames without a time stay after the one before; simple packet blocks have none."""
    simple = block(3, struct.pack("<I", len(FRAME)) + FRAME)
    untimed = tmp_path / "untimed.pcapng"
    untimed.write_bytes(section() + described() + simple * 200)
    mixed = tmp_path / "mixed.pcapng"
    timed = [packet(FRAME, 1763930784 * 10**6 + time) for time in range(150)]
    mixed.write_bytes(section() + described() + simple * 100 + b"".join(one + simple for one in timed))
    paths = [at_times(tmp_path / "timed.pcap", *range(0, 400, 2)), untimed, mixed]

    rows = [
        line.split("\t") for line in lines("read", *paths, "-T", "fields", "-e", "frame.number", "-e", "frame.file")
    ]

    assert [[int(number) for number, file in rows if file == str(path)] for path in paths] == numbers_of(paths)


class CountingReader(BlockReader):
    """Counts the blocks that were read."""

    count = 0

    def blocks(self, part: int = 0, parts: int = 1) -> Iterator[Block]:
        for one in super().blocks(part, parts):
            self.count += 1
            yield one


def test_one_block_of_a_file_is_held(tmp_path: Path) -> None:
    """The next one is read when the one before was used, however many there are."""
    paths = [at_times(tmp_path / f"{place}.pcap", *range(place, 4000, 3)) for place in range(3)]
    readers = [CountingReader(str(path), window=WINDOW) for path in paths]
    used = [0] * len(paths)
    for place, _ in merged_blocks(readers):
        used[place] += 1
        assert all(reader.count <= count + 1 for reader, count in zip(readers, used, strict=True))
    assert [reader.count for reader in readers] == used and min(used) > 10


def test_frames_of_the_file_are_found_by_their_own_numbers(tmp_path: Path) -> None:
    paths = [at_times(tmp_path / f"{place}.pcap", *range(place, 600, 2)) for place in range(2)]
    frames = [MergedFrames() for _ in paths]
    blocks: list[Block] = []
    for place, one in merged_blocks(readers_of(paths)):
        frames[place].add(one)
        blocks.append(one)
    assert len(blocks) > 4
    assert [1, 3, 599] == [frames[0].shown(number) for number in (1, 2, 300)]
    assert [2, 4, 600] == [frames[1].shown(number) for number in (1, 2, 300)]
    assert 7 == MergedFrames().shown(7)  # a capture alone


def test_a_capture_alone_keeps_its_numbers(tmp_path: Path) -> None:
    path = at_times(tmp_path / "one.pcap", 3, 2, 1)
    ((place, one),) = merged_blocks(readers_of([path]))
    assert (0, [1, 2, 3], None) == (place, one.frames.number.tolist(), one.number_in_file)
