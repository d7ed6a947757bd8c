"""Capture files that are cut, damaged or hostile: what is whole is read, and the rest is said in one line."""

from __future__ import annotations

import gzip
import io
import os
import struct
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nldissect.capfile import (
    netlink_frame,
    open_capture,
)
from nldissect.errors import FileError
from tests.helpers.pcap_bytes import FRAMES, block, described, option, packet, pcap, pcap_record, read, section


def whole_records(cut: int, ends: list[int]) -> int:
    return sum(end <= cut for end in ends)


def test_every_cut_of_a_pcap() -> None:
    data, ends, frames = pcap(), [], [FRAMES[0], FRAMES[2], FRAMES[1]]
    for frame in frames:
        data += pcap_record(frame)
        ends.append(len(data))

    for at in range(24, len(data) + 1):
        records, cut = read(data[:at])
        whole = whole_records(at, ends)
        assert frames[:whole] == [record.data for record in records]
        begins = ends[whole - 1] if whole else 24
        assert (cut is None) == (at == begins)
        if cut is not None:
            total = 16 + len(frames[whole]) if at - begins >= 16 else 16
            assert f"cut short in record {whole + 1} at byte {begins}: {at - begins} bytes of {total} are there" == cut


def test_every_cut_of_a_pcapng() -> None:
    data = section() + described(options=option(2, b"nlmon0"))
    bounds, ends = [28, len(data)], []
    for number, frame in enumerate(FRAMES):
        data += packet(frame, number, options=option(1, b"note"))
        ends.append(len(data))
        data += block(5, bytes(12))
        bounds += [ends[-1], len(data)]

    for at in range(24, len(data) + 1):
        records, cut = read(data[:at])
        whole = whole_records(at, ends)
        assert FRAMES[:whole] == [record.data for record in records]
        assert (cut is None) == (at in bounds)
        if cut is not None:
            begins = max([bound for bound in bounds if bound < at], default=0)
            assert f" at byte {begins}: {at - begins} bytes of " in cut


@pytest.mark.parametrize(
    ("tail", "line"),
    [
        (
            pcap_record(b"")[:8] + b"\xff\xff\xff\xff" * 2,
            "damaged after 1 record, at byte 60: it claims to hold 4294967295",
        ),
        (
            bytes(8) + b"\x00\x00\x00\x10\x00\x00\x00\x00" + b"x" * 50,
            "cut short in record 2 at byte 60: 66 bytes of 268435472",
        ),
    ],
)
def test_garbage_after_pcap_records(tail: bytes, line: str) -> None:
    records, cut = read(pcap() + pcap_record(FRAMES[0][:20]) + tail)

    assert [FRAMES[0][:20]] == [record.data for record in records]
    assert cut is not None and cut.startswith(line)


@pytest.mark.parametrize(
    ("tail", "line"),
    [
        (packet(b"x", 0)[:-4] + b"\x40\0\0\0", "a block that begins as 36 bytes long and ends as 64"),
        (struct.pack("<III", 6, 8, 8), "a block that claims to be 8 bytes long"),
        (struct.pack("<III", 6, 0xFFFFFFFC, 0), "a block that claims to be 4294967292 bytes long"),
        (packet(b"", 0, interface=7), "a packet of interface 7, which the file does not describe"),
        (block(6, struct.pack("<IIIII", 0, 0, 0, 500, 500) + b"four"), "a packet of 500 bytes in a block of 36"),
        (block(6, b"four"), "a packet block of 16 bytes"),
        (block(3, b""), "a packet block of 12 bytes"),
        (block(0x0A0D0D0A, bytes(16)), "a section without byte order magic"),
    ],
)
def test_garbage_after_pcapng_packets(tail: bytes, line: str) -> None:
    good = section() + described() + packet(b"good", 1)

    records, cut = read(good + tail + packet(b"unreached", 2))

    assert [b"good"] == [record.data for record in records]
    assert f"damaged after 1 record, at byte {len(good)}: {line}" == cut


def test_hostile_length_allocates_no_more_than_is_there() -> None:
    reader = open_capture(io.BytesIO(pcap() + struct.pack("<IIII", 0, 0, 256 << 20, 256 << 20) + bytes(3 << 20)))

    assert [] == list(reader)
    assert len(reader._buffer) <= 8 << 20
    assert (
        reader.finish() == f"cut short in record 1 at byte 24: {(3 << 20) + 16} bytes of {(256 << 20) + 16} are there"
    )


def test_record_larger_than_the_window() -> None:
    frames = [os.urandom(3_000_000), b"small", os.urandom(1_500_000)]
    data = pcap() + b"".join(pcap_record(frame) for frame in frames)

    assert frames == [record.data for record in open_capture(io.BytesIO(data))]


@pytest.mark.parametrize("data", [pcap(), section(), section() + described()])
def test_capture_of_nothing(data: bytes) -> None:
    assert ([], None) == read(data)


SEEDS = [
    pcap() + b"".join(pcap_record(frame) for frame in FRAMES),
    pcap(">", 0xA1B2CD34) + b"".join(pcap_record(frame + bytes(8), ">") for frame in FRAMES),
    section(">", option(1, b"note", ">"))
    + described(">", option(9, b"\x89", ">"))
    + packet(FRAMES[0], 1 << 60, ">", options=option(1, b"note", ">"))
    + block(3, struct.pack(">I", 4) + b"abcd", ">")
    + block(5, struct.pack(">III", 0, 0, 0) + option(4, bytes(8), ">"), ">"),
]
SEEDS.append(gzip.compress(SEEDS[0], mtime=0))


@settings(max_examples=400, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    edits=st.lists(st.tuples(st.integers(0, 400), st.sampled_from([0, 1, 4, 0x7F, 0x80, 0xFF])), max_size=6),
    copied=st.tuples(st.integers(0, 300), st.integers(0, 300)),
    cut=st.integers(0, 500),
)
@example(seed=SEEDS[-1], edits=[(104, 0x80)], copied=(0, 6), cut=0)  # zlib tells of damage in the call after
def test_odd_bytes_never_raise_or_loop(
    seed: bytes, edits: list[tuple[int, int]], copied: tuple[int, int], cut: int
) -> None:
    data = bytearray(seed + seed[copied[0] : sum(copied)])
    for at, value in edits:
        data[at % len(data)] = value
    begin = time.monotonic()
    try:
        reader = open_capture(io.BytesIO(bytes(data[:-cut] if cut else data)))
    except FileError as error:
        assert "\n" not in str(error)
        return
    records = list(reader)
    reader.finish()

    assert all(record.number == index for index, record in enumerate(records, start=1))
    assert sum(len(record.data) for record in records) <= len(data) * (100 if seed is SEEDS[3] else 1)
    assert reader.cut is None or "\n" not in reader.cut
    for record in records:
        assert record.time_text is None or "." in record.time_text or record.time_text.lstrip("-").isdigit()
        netlink_frame(record)
    assert [] == list(reader)
    assert time.monotonic() - begin < 5
