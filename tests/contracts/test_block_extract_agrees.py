"""One large file by columns, -T fields, -T csv, -w and -q: what frame by frame gives, in one process and in two."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nldissect.cli import main
from nldissect.errors import FileError
from nldissect.render.columnar import workers
from tests.helpers.large_captures import repeated
from tests.helpers.messages import frame, link, message, write
from tests.helpers.paths import CAPTURES
from tests.helpers.pcap_bytes import block, described, packet, pcap, pcap_record, read, section
from tests.helpers.sizes import SetSizes

CELLS = ["-T", "fields", "-e", "frame.number", "-e", "nlmsg_type", "-e", "IFLA_IFNAME", "-e", "error", "-e", "notes"]

Run = Callable[..., tuple[int, bytes, bytes]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, sizes: SetSizes) -> Iterator[Run]:
    """Status, output and errors of `read` by columns in so many processes, or (0) frame by frame."""

    def read(path: Path, *options: str, processes: int = 1) -> tuple[int, bytes, bytes]:
        monkeypatch.setenv("NLDISSECT_NATIVE", "0")  # the core leaves few fields
        sizes(
            numpy_from=0 if processes else 1 << 60,
            second_process_from=0 if processes == 2 else 1 << 60,
            processors=2,
            extract_window=4096,
            extract_messages=100,  # some windows become larger
        )
        capfdbinary.readouterr()
        status = main(["read", str(path), *options])
        return status, *capfdbinary.readouterr()

    yield read


@pytest.mark.parametrize(
    "options",
    [
        CELLS,
        [*CELLS, "-Y", "error or IFLA_MTU > 1400"],
        [*CELLS, "-Y", "not nlmsg_type == RTM_NEWLINK", "-E", "header=y"],
        [*CELLS, "-c", "7"],
        [*CELLS, "-Y", "frame.time_relative > 20ms", "-c", "3"],
        ["-T", "csv", "-e", "genlmsghdr.cmd", "-e", "IFLA_LINKINFO", "-e", "frame.time_relative"],
        ["-q", "-Y", "IFLA_MTU == 3"],
        ["-q", "-Y", "IFLA_MTU == 1500"],
    ],
    ids=lambda options: " ".join(options[-3:]),
)
@pytest.mark.parametrize("name", ["tour", "errors", "ethtool", "uevent"])
def test_the_same_as_frame_by_frame(name: str, options: list[str], run: Run, tmp_path: Path) -> None:
    path = repeated(CAPTURES / f"{name}.pcap", tmp_path / "large.pcap", 2)
    expected = run(path, *options, processes=0)
    assert expected == run(path, *options, processes=1)
    assert expected == run(path, *options, processes=2)


def test_frames_without_messages_have_their_lines(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "x.pcap", frame(0), frame(0, link(1)), frame(0), b"\0\4\3", frame(0, link(2)), frame(0))
    options = ["-T", "fields", "-e", "frame.number", "-e", "nlmsg_type", "-e", "frame.len"]
    expected = run(path, *options, processes=0)
    assert b"1\t\t16\n2\tRTM_NEWLINK\t48\n3\t\t16\n4\t\t3\n5\tRTM_NEWLINK\t48\n6\t\t16\n" == expected[1]
    assert expected == run(path, *options)
    chosen = run(path, *options, "-Y", "frame.len < 20 or ifi_index == 2")
    assert chosen == run(path, *options, "-Y", "frame.len < 20 or ifi_index == 2", processes=0)
    assert [b"1", b"3", b"4", b"5", b"6"] == [line.split(b"\t")[0] for line in chosen[1].splitlines()]


def test_times_count_from_the_first_frame_that_has_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    timed = packet(frame(0, link(2)), 5_000_000), packet(frame(0, link(3)), 7_000_000)
    simple = block(3, struct.pack("<I", 48) + frame(0, link(1)))
    path.write_bytes(section() + described() + simple + b"".join(timed))
    options = ["-T", "fields", "-e", "ifi_index", "-e", "frame.time_relative"]
    expected = run(path, *options, processes=0)
    assert b"1\t\n2\t0.000000\n3\t2.000000\n" == expected[1]
    assert expected == run(path, *options)


def test_matching_frames_are_written_byte_for_byte(run: Run, tmp_path: Path) -> None:
    source, out = CAPTURES / "tour.pcap", tmp_path / "out.pcap"
    assert (0, b"", b"") == run(source, "-Y", "error", "-w", str(out))
    kept = {(one.time, one.data) for one in read(out.read_bytes())[0]}
    assert kept == {(one.time, one.data) for one in read(source.read_bytes())[0] if one.number in (119, 123)}


def test_a_cut_file_is_told_after_every_whole_record(run: Run, tmp_path: Path) -> None:
    whole = (CAPTURES / "tour.pcap").read_bytes()
    (tmp_path / "cut.pcap").write_bytes(whole[:-5])
    status, out, errors = run(tmp_path / "cut.pcap", *CELLS, processes=2)
    assert 1 == status and b"cut short in record" in errors
    assert run(CAPTURES / "tour.pcap", *CELLS)[1].startswith(out) and out.count(b"\n") > 100


def test_a_file_of_which_nothing_can_be_read_prints_no_header(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.pcap.gz"
    path.write_bytes(b"\x1f\x8b\x08" + bytes(7) + b"\xff" * 500)
    expected = run(path, "-T", "csv", "-e", "frame.number", processes=0)
    assert (2, b"", 1) == (expected[0], expected[1], expected[2].count(b"\n"))
    assert expected == run(path, "-T", "csv", "-e", "frame.number")
    assert expected == run(path, "-T", "csv", "-e", "frame.number", processes=2)


def test_what_the_child_stumbles_over_is_not_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    def make(part: int, parts: int) -> Iterator[Iterator[bytes]]:
        yield iter([b"one"])
        if part:
            raise ValueError("a bug")
        yield iter([b"two"])

    with pytest.raises(ChildProcessError):
        list(workers.ordered(make, 2))
    assert "ValueError: a bug" in capfd.readouterr().err


def test_what_is_wrong_with_a_file_is_told_by_the_parent_alone(capfd: pytest.CaptureFixture[str]) -> None:
    parent = os.getpid()

    def make(part: int, parts: int) -> Iterator[Iterator[bytes]]:
        if os.getpid() != parent:
            raise FileError("x is damaged")
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)  # let the child meet it first
        raise FileError("x is damaged")
        yield iter(())

    with pytest.raises(FileError):
        list(workers.ordered(make, 2))
    assert "" == capfd.readouterr().err


def test_no_other_thread_is_there_at_a_fork() -> None:
    """What another thread holds at that moment stays locked in the child (fork(2)); Python 3.12 and newer warn."""
    program = f"""
import os, sys
from nldissect.cli import main
from nldissect.sizes import SIZES
fork = os.fork
os.fork = lambda: (print("threads:", len(os.listdir("/proc/self/task")), file=sys.stderr), fork())[1]
SIZES.numpy_from, SIZES.second_process_from, SIZES.processors = 0, 0, 2
os.environ["NLDISSECT_NATIVE"] = "0"
sys.exit(main(["read", {str(CAPTURES / "tour.pcap")!r}, "-T", "fields", "-e", "IFLA_IFNAME"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CAPTURES.parent, capture_output=True, text=True, check=True
    )
    assert ("threads: 1\n", 256) == (done.stderr, done.stdout.count("\n"))


def test_pieces_keep_their_order_and_may_be_large() -> None:
    def make(part: int, parts: int) -> Iterator[Iterator[bytes]]:
        for number in range(part, 9, parts):
            yield iter([bytes([number]) * (number * 300_000), b"", b"."])

    expected = b"".join(b"".join(piece) for piece in make(0, 1))
    assert expected == b"".join(workers.ordered(make, 2)) == b"".join(workers.ordered(make, 1))


def test_times_far_away_do_not_end_the_reading(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap() + pcap_record(frame(0, message(16, bytes(16)))))
    assert run(path, "-T", "fields", "-e", "frame.time") == run(path, "-T", "fields", "-e", "frame.time", processes=0)
