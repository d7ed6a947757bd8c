"""Where captures are read from: growing files, pipes, packed files, and files that are no capture."""

from __future__ import annotations

import gzip
import io
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nldissect.capfile import (
    Reader,
    follow,
    open_capture,
)
from nldissect.errors import FileError
from tests.helpers.pcap_bytes import FRAMES, described, packet, pcap, pcap_record, read, section
from tests.helpers.skips import needs


def test_every_cut_of_a_gzip(tmp_path: Path) -> None:
    data, ends = pcap(), []
    for frame in FRAMES:
        data += pcap_record(frame)
        ends.append(len(data))
    packed = gzip.compress(data, mtime=0)

    for at in range(len(packed)):
        try:
            records, cut = read(packed[:at])
        except FileError as error:
            assert str(error) and "\n" not in str(error)
            continue
        assert FRAMES[: len(records)] == [record.data for record in records]
        assert cut is not None and "gzip data ends early" in cut
    assert (FRAMES, None) == ([record.data for record in read(packed)[0]], read(packed)[1])


def test_leaving_a_loop_early_loses_nothing() -> None:
    reader = open_capture(io.BytesIO(pcap() + b"".join(pcap_record(frame) for frame in FRAMES)))

    for record in reader:
        if record.number == 2:
            break

    assert [3, 4] == [record.number for record in reader]


def test_growing_file(tmp_path: Path) -> None:
    path = tmp_path / "grows.pcap"
    path.write_bytes(pcap())
    reader = open_capture(path)
    assert [] == list(reader)

    with path.open("ab") as file:
        for number, frame in enumerate(FRAMES, start=1):
            data = pcap_record(frame)
            file.write(data[:18])
            file.flush()
            if len(data) > 18:
                assert [] == list(reader)
            file.write(data[18:])
            file.flush()
            assert [(number, frame)] == [(record.number, record.data) for record in reader]
    assert not reader.over
    assert reader.finish() is None


def test_growing_gzip(tmp_path: Path) -> None:
    path = tmp_path / "grows.pcap.gz"
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb") as file:
        file.write(pcap() + pcap_record(b"one"))
        file.flush()
        raw.flush()
        reader = open_capture(path)
        assert [b"one"] == [record.data for record in reader]
        file.write(pcap_record(b"two"))
        file.flush()
        raw.flush()
        assert [b"two"] == [record.data for record in reader]
    assert [] == list(reader)
    assert reader.finish() is None


def test_gzip_members_follow_one_another() -> None:
    packed = gzip.compress(pcap() + pcap_record(b"one")) + gzip.compress(pcap_record(b"two")) + bytes(512)

    records, cut = read(packed)

    assert [b"one", b"two"] == [record.data for record in records]
    assert cut is None


def test_damaged_gzip() -> None:
    packed = bytearray(gzip.compress(pcap() + b"".join(pcap_record(os.urandom(1000)) for _ in range(2000))))
    packed[len(packed) // 2 :] = bytes(100) + os.urandom(len(packed) // 2 - 100)

    records, cut = read(bytes(packed))

    assert 0 < len(records) < 2000
    assert cut is not None and "gzip data" in cut


@pytest.mark.parametrize("window", [4096, 1 << 20])
def test_what_stands_before_the_damage_of_a_gzip_is_read(window: int) -> None:
    """The sum at the end does not fit, or bytes are wrong before it: what unpacks is as much as gzip -dc gives."""
    frames = [number.to_bytes(4, "big") * 10 for number in range(5000)]
    packed = gzip.compress(pcap() + b"".join(map(pcap_record, frames)), mtime=0)
    for place, lost in ((len(packed) - 8, False), (len(packed) * 3 // 4, True)):
        damaged = packed[:place] + bytes(255 - one for one in packed[place:])
        unpacked = subprocess.run(["gzip", "-dc"], input=damaged, capture_output=True).stdout
        reader = open_capture(io.BytesIO(damaged), window=window)
        records = [record.data for record in reader]
        assert "damaged" in (reader.finish() or "") and lost == (len(records) < len(frames))
        expected = [record.data for record in read(unpacked)[0]]
        assert 1000 < len(expected) and expected == records[: len(expected)]


def test_gzip_that_unpacks_to_a_great_deal_stays_small() -> None:
    packed = gzip.compress(pcap() + pcap_record(b"") + struct.pack("<IIII", 0, 0, 0, 0) * 3_000_000)

    reader = open_capture(io.BytesIO(packed))

    assert 3_000_001 == sum(len(window.starts) for window in reader.windows())
    assert len(reader._buffer) < 2 << 20


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_a_large_record_makes_no_large_windows(form: str) -> None:
    """It stands alone in the one that had to grow for it; those behind it are as they were asked for."""
    large, small = bytes(300_000), [struct.pack("<I", number) for number in range(2000)]
    if form == "pcap":
        data = pcap() + b"".join(pcap_record(frame) for frame in (b"first", large, *small))
    else:
        data = section() + described() + b"".join(packet(frame, 0) for frame in (b"first", large, *small))
    reader = open_capture(io.BytesIO(data), window=4096)
    windows = [[record.data for record in window.records()] for window in reader.windows()]
    assert [b"first", large, *small] == [data for window in windows for data in window]
    assert [large] in windows
    assert max(map(len, windows)) < 4096 // 16 and len(reader._buffer) < 5000


def test_zstd(tmp_path: Path) -> None:
    needs("zstd")
    path = tmp_path / "x.pcap.zst"
    data = pcap() + b"".join(pcap_record(frame) for frame in FRAMES)
    path.write_bytes(subprocess.run(["zstd", "-c"], input=data, capture_output=True, check=True).stdout)
    assert FRAMES == [record.data for record in open_capture(path)]


def test_zstd_without_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("compression.zstd", "backports.zstd", "zstandard"):
        monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(FileError, match="packed with zstd, which this Python lacks; `pip install zstandard`"):
        open_capture(io.BytesIO(b"\x28\xb5\x2f\xfd" + bytes(30)))


@pytest.mark.parametrize("kind", [io.FileIO, io.BufferedReader])
def test_pipe_gives_records_as_they_come(kind: type[io.FileIO] | type[io.BufferedReader]) -> None:
    out, into = os.pipe()
    reader: list[Reader] = []
    seen: list[bytes] = []
    arrived = threading.Event()

    def consume() -> None:
        raw = io.FileIO(out)
        reader.append(open_capture(raw if kind is io.FileIO else io.BufferedReader(raw)))
        for record in reader[0]:
            seen.append(record.data)
            arrived.set()

    thread = threading.Thread(target=consume, daemon=True)
    thread.start()
    os.write(into, pcap() + pcap_record(b"first"))
    assert arrived.wait(20)
    assert [b"first"] == seen  # and the pipe is still open
    os.write(into, pcap_record(b"second") + b"rest")
    os.close(into)
    thread.join(20)

    assert [b"first", b"second"] == seen
    assert reader[0].over
    assert "cut short in record 3 at byte 67: 4 bytes of 16 are there" == reader[0].finish()


def test_standard_input() -> None:
    script = "from nldissect.capfile import open_capture; r = open_capture('-'); print(r.name, [x.data for x in r])"

    got = subprocess.run(
        [sys.executable, "-c", script], input=pcap() + pcap_record(b"x"), capture_output=True, check=True
    )

    assert b"standard input [b'x']\n" == got.stdout


def test_follow_until_ended(tmp_path: Path) -> None:
    path = tmp_path / "grows.pcap"
    path.write_bytes(pcap() + pcap_record(b"first"))
    ended = threading.Event()
    reader = open_capture(path)
    records = follow(reader, ended.is_set, 0.001)
    assert b"first" == next(records).data

    with path.open("ab") as file:
        file.write(pcap_record(b"second") + pcap_record(b"third")[:10])
    ended.set()

    assert [b"second"] == [record.data for record in records]
    assert reader.cut is not None and "record 3" in reader.cut


def test_follow_ends_with_a_pipe() -> None:
    out, into = os.pipe()
    os.write(into, pcap() + pcap_record(b"x"))
    os.close(into)
    with open(out, "rb", buffering=0) as stream:
        assert [b"x"] == [record.data for record in follow(open_capture(stream), lambda: False)]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "is empty"),
        (b"\x7fELF" + bytes(60), "is no capture: neither pcap nor pcapng"),
        (b"abc", "is no capture"),
        (pcap()[:10], "cut short: 10 bytes of the 24 byte pcap header"),
        (section()[:10], "header is cut short or damaged"),
        (pcap()[:4] + b"\x01\x00" + pcap()[6:], "pcap of version 1.4"),
        (b"BZh91AY&SY" + bytes(30), "bzip2"),
        (b"\xfd7zXZ\x00" + bytes(30), "xz"),
        (gzip.compress(b""), "is empty"),
        (gzip.compress(pcap())[:12], "gzip data ends early"),
        (b"\x1f\x8b" + b"\xff" * 40, "gzip data is damaged"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_files_that_are_no_capture(tmp_path: Path, data: bytes, line: str) -> None:
    path = tmp_path / "odd"
    path.write_bytes(data)

    with pytest.raises(FileError, match=line) as caught:
        open_capture(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_files_that_do_not_open(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="^no file .*missing.pcap; "):
        open_capture(tmp_path / "missing.pcap")
    with pytest.raises(FileError, match="is a directory; "):
        open_capture(tmp_path)
    with pytest.raises(FileError, match="can't open"):
        open_capture("a\0b")
    with pytest.raises(FileError) as caught:
        open_capture("two\nlines")
    assert "\n" not in str(caught.value)


def test_file_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "secret.pcap"
    path.write_bytes(pcap())
    path.chmod(0)
    script = (
        "from nldissect.capture.privileges import keep_only\n"
        "from nldissect.capfile import open_capture\n"
        "keep_only()\n"  # root may read everything
        f"try: open_capture({str(path)!r})\n"
        "except Exception as error: print(error)\n"
    )

    got = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert f"{path} may not be read by this user; ask its owner, or use sudo\n" == got.stdout


def test_file_that_stops_being_readable() -> None:
    class Broken(io.RawIOBase):
        left = pcap() + pcap_record(b"one")

        def readinto(self, room: bytearray) -> int:  # type: ignore[override]
            if not self.left:
                raise OSError(5, "Input/output error")
            size = min(len(room), len(self.left))
            room[:size] = self.left[:size]
            self.left = self.left[size:]
            return size

    reader = open_capture(Broken())  # type: ignore[arg-type]

    assert [b"one"] == [record.data for record in reader]
    assert reader.over
    assert "cut short after 1 record: can't be read further: Input/output error" == reader.finish()
