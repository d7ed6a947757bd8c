"""Writing capture files: what Wireshark and tcpdump read back, and what a full disk leaves."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nldissect.capfile import PcapngWriter, PcapWriter, open_capture, writer_for
from nldissect.errors import FileError
from tests.helpers import paths
from tests.helpers.skips import needs

TIME = 1763930784_636504007
FRAME = bytes.fromhex("00040338000000000000000000000000") + bytes(range(21))


def tshark(path: Path, *fields: str) -> list[list[str]]:
    needs("tshark")
    wanted = [word for field in fields for word in ("-e", field)]
    command = ["tshark", "-r", path, "-T", "fields", *wanted]
    return [
        line.split("\t")
        for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    ]


@pytest.mark.parametrize("nanosecond", [False, True])
def test_pcap(tmp_path: Path, nanosecond: bool) -> None:
    path = tmp_path / "x.pcap"
    with writer_for(path, nanosecond=nanosecond) as writer:
        writer.write(TIME, FRAME, 1000)
        writer.write(TIME + 1000, b"", comments=["lost, pcap has no place"])

    reader = open_capture(path)
    records = list(reader)

    kept = TIME if nanosecond else TIME // 1000 * 1000
    assert [(kept, FRAME, 1000), (kept + 1000, b"", 0)] == [(r.time, r.data, r.wire_length) for r in records]
    assert reader.finish() is None
    assert (253, 262144, 9 if nanosecond else 6, sys.byteorder) == (
        records[0].interface.linktype,
        records[0].interface.snaplen,
        records[0].interface.decimals,
        records[0].interface.byte_order,
    )
    text = "1763930784.636504007" if nanosecond else "1763930784.636504000"
    assert [text, "37", "1000"] == tshark(path, "frame.time_epoch", "frame.cap_len", "frame.len")[0]


def test_pcapng(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    with PcapngWriter(
        path.open("wb"), hardware="vm", system="Linux 6.12", application="nldissect 0", comments=["whole file"]
    ) as writer:
        first = writer.add_interface("nlmon0", snaplen=96)
        second = writer.add_interface("blue/nlmon1", decimals=6)
        writer.write(TIME, FRAME, 1000, comments=["one", "two ✓"], interface=first)
        writer.write(TIME, FRAME[:18], interface=second)
        writer.statistics(TIME, 12, 3, first)

    reader = open_capture(path)
    one, two = list(reader)

    assert ("nlmon0", 96, "1763930784.636504007") == (one.interface.name, one.interface.snaplen, one.time_text)
    assert ("blue/nlmon1", "1763930784.636504") == (two.interface.name, two.time_text)
    assert (("one", "two ✓"), FRAME, 1000) == (one.comments, one.data, one.wire_length)
    assert (FRAME[:18], 18) == (two.data, two.wire_length)
    assert {"hardware": "vm", "os": "Linux 6.12", "application": "nldissect 0"} == reader.section
    assert ["whole file"] == reader.comments
    assert [("nlmon0", 12, 3)] == [(s.interface.name, s.received, s.dropped) for s in reader.statistics]
    assert reader.finish() is None

    rows = tshark(path, "frame.time_epoch", "frame.interface_name", "frame.cap_len", "frame.len", "frame.comment")
    assert [
        ["1763930784.636504007", "nlmon0", "37", "1000", "one,two ✓"],
        ["1763930784.636504000", "blue/nlmon1", "18", "18", ""],
    ] == [[*row, ""][:5] for row in rows]


def test_pcapng_that_capinfos_understands(tmp_path: Path) -> None:
    needs("capinfos")
    path = tmp_path / "x.pcapng"
    with PcapngWriter(path.open("wb"), system="Linux 6.12", application="nldissect 0") as writer:
        writer.write(TIME, FRAME)
        writer.statistics(TIME, 12, 3)

    told = subprocess.run(["capinfos", path], capture_output=True, text=True, check=True).stdout

    assert "Capture oper-sys:    Linux 6.12" in told
    assert "Capture application: nldissect 0" in told
    assert "Encapsulation = Linux Netlink" in told
    assert "Time precision = nanoseconds (9)" in told
    assert "Number of stat entries = 1" in told


@pytest.mark.parametrize(
    ("name", "magic"),
    [
        ("x.pcapng", b"\x0a\x0d\x0d\x0a"),
        ("X.PCAPNG", b"\x0a\x0d\x0d\x0a"),
        ("x.pcap", 0xA1B2C3D4.to_bytes(4, sys.byteorder)),
        ("x", 0xA1B2C3D4.to_bytes(4, sys.byteorder)),
    ],
)
def test_name_says_the_format(tmp_path: Path, name: str, magic: bytes) -> None:
    writer_for(tmp_path / name).close()

    assert magic == (tmp_path / name).read_bytes()[:4]


def test_new_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        writer_for(tmp_path / "x.pcap").close()
    finally:
        os.umask(umask)

    assert 0o600 == stat.S_IMODE((tmp_path / "x.pcap").stat().st_mode)


def test_standard_output() -> None:
    script = "from nldissect.capfile import writer_for\nwith writer_for('-') as w: w.write(0, b'frame')"

    out = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout

    assert [b"frame"] == [record.data for record in open_capture(io.BytesIO(out))]


def test_flush_makes_a_readable_file(tmp_path: Path) -> None:
    writer = writer_for(tmp_path / "x.pcap")
    reader = None
    for number in range(3):
        writer.write(TIME, bytes([number]))
        writer.flush()
        reader = reader or open_capture(tmp_path / "x.pcap")
        assert [bytes([number])] == [record.data for record in reader]
    assert 3 == writer.records
    writer.close()


def test_full_device() -> None:
    writer = writer_for("/dev/full")
    writer.write(TIME, FRAME)

    with pytest.raises(FileError, match="^can't write /dev/full: No space left on device; 0 records kept in it$"):
        writer.flush()
    with pytest.raises(FileError, match="No space left"):  # and it stays so
        writer.write(TIME, FRAME)
    writer.close()


class Limited(io.FileIO):
    """A disk with room for so many bytes, which takes the part of a write that fits."""

    room = 200

    def write(self, data: memoryview) -> int:  # type: ignore[override]
        if not self.room:
            raise OSError(28, "No space left on device")
        part = data[: min(self.room, 70)]
        self.room -= len(part)
        return super().write(part) or 0


@pytest.mark.parametrize(("kind", "kept"), [(PcapWriter, 3), (PcapngWriter, 1)])
def test_full_disk_leaves_whole_records(tmp_path: Path, kind: type[PcapWriter] | type[PcapngWriter], kept: int) -> None:
    """pcap: 24 bytes, then 53 a record; pcapng: 52 and 32 bytes, then 72 a packet."""
    path = tmp_path / "x"
    writer = kind(Limited(path, "w"))
    writer.write(TIME, FRAME)
    writer.flush()
    for _ in range(9):
        writer.write(TIME, FRAME)

    with pytest.raises(FileError, match=f"No space left on device; {kept} records? kept in it$"):
        writer.flush()
    writer.close()

    reader = open_capture(path)
    assert [FRAME] * kept == [record.data for record in reader]
    assert reader.finish() is None


def test_reader_that_leaves() -> None:
    out, into = os.pipe()
    writer = PcapWriter(io.FileIO(into, "w"))
    writer.flush()
    os.close(out)
    writer.write(TIME, FRAME)

    with pytest.raises(BrokenPipeError):
        writer.flush()
    writer.close()


def test_buffered_stream_keeps_its_earlier_bytes(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as stream:
        stream.write(b"before")
        writer = PcapWriter(stream)
        writer.write(TIME, FRAME)
        writer.flush()
        stream.write(b"after")

    data = (tmp_path / "x").read_bytes()
    assert data.startswith(b"before") and data.endswith(FRAME + b"after")


@pytest.mark.parametrize("time", [-1, 2**32 * 10**9])
def test_time_that_pcap_can_not_hold(time: int) -> None:
    with pytest.raises(FileError, match=r"write a \.pcapng"):
        PcapWriter(io.BytesIO()).write(time, b"")


def test_time_after_2106_in_pcapng() -> None:
    stream = io.BytesIO()
    writer = PcapngWriter(stream)
    writer.write(2**32 * 10**9 + 5, b"late")
    writer.flush()

    assert [2**32 * 10**9 + 5] == [record.time for record in open_capture(io.BytesIO(stream.getvalue()))]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("{tmp}/no/such/x.pcap", "no directory for .*x.pcap; make it first"),
        ("{tmp}", "can't write .*: Is a directory"),
        ("{tmp}/a\nb/x", r"no directory for '.*a\\nb/x'; "),
    ],
)
def test_places_that_can_not_be_written(tmp_path: Path, path: str, line: str) -> None:
    with pytest.raises(FileError, match=line) as caught:
        writer_for(path.format(tmp=tmp_path))
    assert "\n" not in str(caught.value)


def test_copy_of_a_capture_is_the_capture(tmp_path: Path) -> None:
    """pcap to pcapng and back gives the same bytes."""
    original = paths.CAPTURES / "vlan_add.pcap"
    with writer_for(tmp_path / "x.pcapng") as writer:
        for record in open_capture(original):
            writer.write(record.time, record.data, record.wire_length)
    with writer_for(tmp_path / "x.pcap") as writer:
        for record in open_capture(tmp_path / "x.pcapng"):
            writer.write(record.time, record.data, record.wire_length)

    assert original.read_bytes() == (tmp_path / "x.pcap").read_bytes()
