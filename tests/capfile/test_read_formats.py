"""Reading capture files: every form that pcap, pcapng and their link types come in."""

from __future__ import annotations

import io
import struct
import subprocess
from pathlib import Path

import pytest

from nldissect.capfile import (
    Interface,
    Record,
    check_link_type,
    netlink_frame,
    netlink_window,
    open_capture,
    time_text,
)
from nldissect.errors import FileError
from tests.helpers.paths import CAPTURES
from tests.helpers.pcap_bytes import (
    FRAMES,
    MICRO,
    SECONDS,
    block,
    described,
    option,
    packet,
    pcap,
    pcap_record,
    read,
    section,
)
from tests.helpers.skips import needs

VLAN = CAPTURES / "vlan_add.pcap"


def tshark(path: Path) -> list[tuple[str, int, int]]:
    needs("tshark")
    fields = ["-T", "fields", "-e", "frame.time_epoch", "-e", "frame.cap_len", "-e", "frame.len"]
    lines = subprocess.run(["tshark", "-r", path, *fields], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [(line.split("\t")[0], int(line.split("\t")[1]), int(line.split("\t")[2])) for line in lines if line]


@pytest.mark.parametrize("form", ["pcap", "nsecpcap", "modpcap", "pcapng"])
def test_same_records_as_wireshark(tmp_path: Path, form: str) -> None:
    """editcap -F FORM"""
    needs("editcap")
    path = tmp_path / "x"
    subprocess.run(["editcap", "-F", form, VLAN, path], check=True)
    original = VLAN.read_bytes()

    reader = open_capture(path)
    records = list(reader)

    digits = 9 if form == "nsecpcap" else 6
    assert tshark(path) == [
        (record.time_text + "0" * (9 - digits), len(record.data), record.wire_length)  # type: ignore[operator]
        for record in records
    ]
    assert list(range(1, len(records) + 1)) == [record.number for record in records]
    at = 24
    for record in records:
        assert original[at + 16 : at + 16 + len(record.data)] == record.data
        at += 16 + len(record.data)
    assert at == len(original)
    assert reader.finish() is None
    assert (253, "little") == (records[0].interface.linktype, records[0].interface.byte_order)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("magic", "fraction", "text", "nanoseconds"),
    [
        (0xA1B2C3D4, 636504, "1763930784.636504", 636_504_000),
        (0xA1B23C4D, 636504007, "1763930784.636504007", 636_504_007),
        (0xA1B2CD34, 5, "1763930784.000005", 5_000),
    ],
)
def test_pcap_magics(order: str, magic: int, fraction: int, text: str, nanoseconds: int) -> None:
    data = pcap(order, magic)
    for frame in FRAMES:
        more = bytes(8) if magic == 0xA1B2CD34 else b""
        head = struct.pack(f"{order}IIII", SECONDS, fraction, len(frame), len(frame) + 4)
        data += head + more + frame

    records, cut = read(data)

    assert FRAMES == [record.data for record in records]
    assert {text} == {record.time_text for record in records}
    assert SECONDS * 10**9 + nanoseconds == records[0].time
    assert len(FRAMES[0]) + 4 == records[0].wire_length
    assert {"<": "little", ">": "big"}[order] == records[0].interface.byte_order
    assert cut is None


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng_blocks(order: str) -> None:
    ticks = SECONDS * 10**6 + MICRO
    data = section(order, option(3, b"Linux 6.12", order) + option(1, b"about the file", order))
    data += described(order, option(2, b"nlmon0", order) + option(9, b"\x06", order) + option(0, b"", order))
    data += described(order, option(2, b"any", order) + option(9, b"\x09", order), linktype=113, snaplen=96)
    data += packet(
        FRAMES[0], ticks, order, options=option(1, b"first", order) + option(1, "zweite \u2713".encode(), order)
    )
    data += block(0x0BAD, b"who knows", order) + block(4, bytes(12), order)
    data += packet(FRAMES[1], ticks * 1000 + 7, order, interface=1)
    data += block(2, struct.pack(f"{order}HHIIII", 0, 9, ticks >> 32, ticks & 0xFFFFFFFF, 3, 5) + b"old\0", order)
    data += block(3, struct.pack(f"{order}I", 18) + FRAMES[0][:18], order)
    counts = option(4, struct.pack(f"{order}Q", 12), order) + option(5, struct.pack(f"{order}Q", 3), order)
    data += block(5, struct.pack(f"{order}III", 1, 0, 0) + counts, order)

    reader = open_capture(io.BytesIO(data))
    first, second, old, simple = list(reader)

    assert "nlmon0" == first.interface.name
    assert ("first", "zweite ✓") == first.comments
    assert "1763930784.636504" == first.time_text
    assert ("any", 113, 96) == (second.interface.name, second.interface.linktype, second.interface.snaplen)
    assert "1763930784.636504007" == second.time_text
    assert (b"old", 5, "1763930784.636504") == (old.data, old.wire_length, old.time_text)
    assert (FRAMES[0][:18], 18, None, None) == (simple.data, simple.wire_length, simple.time, simple.time_text)
    assert ["about the file"] == reader.comments
    assert {"os": "Linux 6.12"} == reader.section
    assert [("any", 12, 3)] == [(s.interface.name, s.received, s.dropped) for s in reader.statistics]
    assert reader.finish() is None


def test_simple_packet_is_cut_by_the_snap_length() -> None:
    data = section() + described(snaplen=6) + block(3, struct.pack("<I", 100) + b"sixbyt")

    records, cut = read(data)

    assert [(b"sixbyt", 100)] == [(record.data, record.wire_length) for record in records]
    assert cut is None


def test_simple_packets_at_the_start_of_the_buffer() -> None:
    """A one-block buffer refills with each block at its very start, where the four words have to find room."""
    frames = [bytes([n]) * 4000 for n in range(1, 6)]
    data = section() + described() + b"".join(block(3, struct.pack("<I", 4000) + frame) for frame in frames)

    reader = open_capture(io.BytesIO(data), window=4096)

    assert frames == [record.data for record in reader]
    assert reader.finish() is None


@pytest.mark.parametrize(
    ("tsresol", "ticks", "text", "nanoseconds"),
    [
        (0, 1763930784, "1763930784", 0),
        (3, 1763930784636, "1763930784.636", 636_000_000),
        (9, 1763930784636504007, "1763930784.636504007", 636_504_007),
        (12, 1_636504007999, "1.636504007", 636_504_007),
        (0x80 | 10, 1763930784 * 1024 + 512, "1763930784.5000", 500_000_000),
        (0x80 | 20, 1763930784 * 2**20 + 1, "1763930784.0000009", 953),
    ],
)
def test_resolution(tsresol: int, ticks: int, text: str, nanoseconds: int) -> None:
    records, _ = read(section() + described(options=option(9, bytes([tsresol]))) + packet(b"", ticks))

    assert text == records[0].time_text
    assert nanoseconds == records[0].time % 10**9  # type: ignore[operator]


def test_time_offset() -> None:
    options = option(14, struct.pack("<q", -1000)) + option(9, b"\x09")
    records, _ = read(section() + described(options=options) + packet(b"", 5) + packet(b"", 1001 * 10**9))

    assert [-1000 * 10**9 + 5, 10**9] == [record.time for record in records]
    assert ["-999.999999995", "1.000000000"] == [record.time_text for record in records]


def test_time_text_is_exact() -> None:
    assert "1763930784.636504999" == time_text(1763930784636504999, 9)
    assert "1763930784.636504" == time_text(1763930784636504999, 6)
    assert "0.000001" == time_text(1999, 6)


def test_sections_of_both_byte_orders() -> None:
    data = section("<") + described("<", option(2, b"one")) + packet(b"a", 1, "<")
    data += section(">") + described(">", option(2, b"two", ">")) + packet(b"b", 2, ">") + packet(b"c", 3, ">")

    reader = open_capture(io.BytesIO(data))
    records = list(reader)

    assert [(b"a", "one", "little"), (b"b", "two", "big"), (b"c", "two", "big")] == [
        (record.data, record.interface.name, record.interface.byte_order) for record in records
    ]
    assert [1000, 2000, 3000] == [record.time for record in records]
    assert [1, 2, 3] == [record.number for record in records]


def test_windows_hold_what_records_hold() -> None:
    data = section() + described(options=option(2, b"a")) + described(options=option(2, b"b") + option(9, b"\x09"))
    data += packet(FRAMES[0], 10) + packet(FRAMES[1], 20, interface=1) + block(3, struct.pack("<I", 3) + b"abc")
    data += packet(FRAMES[2], 30, options=option(1, b"why"))
    expected = list(open_capture(io.BytesIO(data)))

    seen: list[Record] = []
    for window in open_capture(io.BytesIO(data), window=4096).windows():
        for number, at in zip(window.numbers, window.starts, strict=True):
            captured, wire = struct.unpack_from("<II", window.buffer, at - 8)
            assert expected[number - 1].data == bytes(window.buffer[at : at + captured])
            assert expected[number - 1].wire_length == wire
            assert data[window.offset + at :].startswith(expected[number - 1].data)
        seen += window.records()
    assert expected == seen


def sll2(hatype: int, payload: bytes = b"payload") -> bytes:
    return struct.pack(">HHIHBB8s", 16, 0, 3, hatype, 4, 0, bytes(8)) + payload


COOKED = bytes.fromhex("0004 0338 0000 0000000000000000 0010") + b"payload"


@pytest.mark.parametrize("linktype", [113, 276, 253])
def test_netlink_among_a_capture_on_any(linktype: int) -> None:
    ethernet = bytes.fromhex("0004 0001 0006 0011223344550000 0800") + b"payload"
    if linktype == 276:
        frames = [sll2(1), sll2(824), b"short", sll2(824, b"")]
        expected = [None, COOKED, None, COOKED[:16]]
    elif linktype == 113:
        frames, expected = [ethernet, COOKED, b"abc", COOKED[:16]], [None, COOKED, None, COOKED[:16]]
    else:
        frames = expected = [COOKED, b"abc"]
    data = pcap(linktype=linktype) + b"".join(pcap_record(frame, wire=len(frame) + 4) for frame in frames)

    assert expected == [netlink_frame(record) for record in open_capture(io.BytesIO(data))]
    got = []
    for window in open_capture(io.BytesIO(data)).windows():
        got += list(netlink_window(window).records())
    kept = [(number, frame) for number, frame in enumerate(expected, start=1) if frame is not None]
    assert kept == [(record.number, record.data) for record in got]
    assert {4} == {record.wire_length - len(record.data) for record in got}
    assert {f"{SECONDS}.{MICRO}"} == {record.time_text for record in got}


def test_windows_of_several_interfaces() -> None:
    data = section() + described(linktype=1) + described(linktype=276) + described(linktype=253)
    data += packet(b"ethernet", 1) + packet(sll2(824), 2, interface=1, options=option(1, b"note"))
    data += packet(COOKED, 3, interface=2)

    (window,) = open_capture(io.BytesIO(data)).windows()
    records = list(netlink_window(window).records())

    assert [(2, 276, 2000, COOKED, ("note",)), (3, 253, 3000, COOKED, ())] == [
        (record.number, record.interface.linktype, record.time, record.data, record.comments) for record in records
    ]


def test_interfaces_alike_in_all_but_their_namespace() -> None:
    data = section()
    for inode in (b"4026532000", b"4026532001"):
        data += described(options=option(1, b"nldissect: netns - " + inode))
    records, _ = read(data + packet(FRAMES[0], 1) + packet(FRAMES[1], 2, interface=1))
    assert ["4026532000", "4026532001"] == [record.interface.space for record in records]


@pytest.mark.parametrize("linktype", [253, 113, 276])
def test_link_types_read(linktype: int) -> None:
    check_link_type(Interface(linktype, 0, 6, None, "little"), "x.pcap")


def test_link_types_not_read() -> None:
    with pytest.raises(
        FileError, match=r"^x.pcap holds Ethernet \(link type 1\), not netlink; capture on an nlmon device$"
    ):
        check_link_type(Interface(1, 0, 6, None, "little"), "x.pcap")
    with pytest.raises(FileError, match=r"^x.pcap holds link type 147, not netlink"):
        check_link_type(Interface(147, 0, 6, None, "little"), "x.pcap")


def test_link_type_beside_frame_check_bits() -> None:
    (record,) = open_capture(io.BytesIO(pcap(linktype=0xF400_00FD) + pcap_record(b"")))

    assert 253 == record.interface.linktype


def test_interfaces_are_known_before_the_first_record() -> None:
    assert [253] == [i.linktype for i in open_capture(io.BytesIO(pcap())).interfaces]
    assert [1] == [i.linktype for i in open_capture(io.BytesIO(section() + described(linktype=1))).interfaces]
