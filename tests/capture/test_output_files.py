"""What a capture writes: limits, files that follow one another, what each begins and ends with. No device, no clock."""

from __future__ import annotations

import errno
import io
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nldissect.capfile import PcapWriter, open_capture
from nldissect.capfile.comments import format_comment, numbered_names
from nldissect.capture.control.channel import Channel
from nldissect.capture.control.commands import STATISTICS, Control, InterruptiblePipe
from nldissect.capture.follow_files import FileFollower
from nldissect.capture.loop import Loop
from nldissect.capture.output_files import FileStart, Limits, NumberedFiles, Output, PrivateFiles, SingleFile, checked
from nldissect.errors import CaptureError, FileError
from tests.helpers.fake_source import TIME, Fake

TABLE = [(TIME, 40, b"t" * 40, 0, ()), (TIME, 30, b"u" * 30, 0, ())]


class Clock:
    """time.monotonic, set by hand; the time of day may go back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.day = 1000.0, 1_795_000_000.0
        monkeypatch.setattr("nldissect.capture.output_files.time.monotonic", lambda: self.now)
        monkeypatch.setattr("nldissect.capture.output_files.time.time_ns", lambda: int(self.day * 1e9))
        localtime = time.gmtime
        monkeypatch.setattr(
            "nldissect.capture.output_files.time.strftime",
            lambda form: _strftime(form, localtime(self.day)),
            raising=False,
        )


_strftime = time.strftime


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def output(path: Path, **options: object) -> Output:
    made = Output(
        NumberedFiles(str(path)) if "ring" in options else SingleFile(str(path)), frames=lambda: TABLE, **options
    )  # type: ignore[arg-type]
    made.add_interface("nlmon0", comments=[format_comment("netns", "-", 4026532281)])
    made.begin()
    return made


def fill(writer: Output, numbers: range) -> None:
    """Records of 100 bytes that say which they are."""
    for number in numbers:
        if writer.done:
            break
        writer.write(TIME + number * 1000, f"{number:100}".encode(), 120)
        writer.flush()


def held(path: Path) -> list[int]:
    """The numbers in a file, behind the table that it begins with."""
    with open_capture(path) as reader:
        records = list(reader)
        assert reader.finish() is None
    assert [data for _, _, data, *_ in TABLE] == [record.data for record in records[:2]]
    return [int(record.data) for record in records[2:]]


@pytest.mark.parametrize("suffix", [".pcapng", ".pcap", ""])
def test_ring_loses_and_doubles_nothing(tmp_path: Path, suffix: str) -> None:
    writer = output(tmp_path / f"x{suffix}", ring=Limits(filesize=1000))

    fill(writer, range(40))
    writer.close()

    files = sorted(tmp_path.iterdir())
    assert [made.name for made in writer.made] == [str(path) for path in files]
    assert list(range(40)) == [number for path in files for number in held(path)]
    assert all(path.suffix == suffix and len(path.stem) == len("x_00001_20261125211200") for path in files)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    sizes = [path.stat().st_size for path in files]
    assert all(1000 <= size < 1300 + 200 for size in sizes[:-1])  # the record that fills it, and statistics


def test_ring_keeps_the_last_files_and_counts_what_it_let_go(tmp_path: Path) -> None:
    (tmp_path / "x_00000_20200101000000.pcapng").write_text("somebody else's")
    writer = output(tmp_path / "x.pcapng", ring=Limits(filesize=1000, files=3))

    fill(writer, range(40))
    writer.close()

    other, *files = sorted(tmp_path.iterdir())
    assert "somebody else's" == other.read_text()
    kept = [number for path in files for number in held(path)]
    assert 3 == len(files)
    assert list(range(40 - len(kept), 40)) == kept
    assert 40 - len(kept) == writer.let_go


def test_each_file_explains_itself(tmp_path: Path) -> None:
    told = {0x14: "ethtool"}
    counts = [(10, 1)]
    writer = output(
        tmp_path / "x.pcapng",
        ring=Limits(filesize=1000),
        said=lambda: [format_comment("family", number, name) for number, name in told.items()],
        learnt=lambda number: [format_comment("interface", 1, "lo")],
        counts=lambda number: counts[-1],
    )
    second = writer.add_interface(
        "route", comments=[format_comment("netns", "blue", 7)], description="multicast groups route/link"
    )
    fill(writer, range(2))
    told[0x15] = "late"
    fill(writer, range(2, 20))
    counts.append((30, 4))
    writer.write(TIME, b"x" * 100, interface=second)
    writer.close()

    first, *_, last = sorted(tmp_path.iterdir())
    with open_capture(first) as reader:
        list(reader)
        assert {0x14: "ethtool"} == numbered_names(reader.section_comments, "family")
        assert {1: "lo"} == numbered_names(reader.interfaces[0].comments, "interface")
        assert {0x14: "ethtool", 0x15: "late"} == numbered_names(reader.comments, "family")
        assert [("nlmon0", None), ("route", "multicast groups route/link")] == [
            (one.name, one.description) for one in reader.interfaces
        ]
        assert [(10, 1), (10, 1)] == [(one.received, one.dropped) for one in reader.statistics]
        assert f"Linux {os.uname().release}" == reader.section["os"]
    with open_capture(last) as reader:
        records = list(reader)
        assert {0x14: "ethtool", 0x15: "late"} == numbered_names(reader.section_comments, "family")
        assert "route" == records[-1].interface.name
        assert [(20, 3), (20, 3)] == [(one.received, one.dropped) for one in reader.statistics]  # since it began


def test_files_change_by_time_without_traffic(tmp_path: Path, clock: Clock) -> None:
    writer = output(tmp_path / "x.pcap", ring=Limits(duration=10))

    assert 10 == writer.tick()
    clock.now += 9
    assert 1 == writer.tick()
    fill(writer, range(1))
    clock.now, clock.day = clock.now + 1, clock.day - 3600  # the clock steps back: numbers sort all the same
    assert 10 == writer.tick()
    clock.now += 25
    writer.tick()
    writer.close()

    assert [[0], [], []] == [held(path) for path in sorted(tmp_path.iterdir())]


def test_limits_of_all(tmp_path: Path, clock: Clock) -> None:
    by_size = output(tmp_path / "size.pcap", stop=Limits(filesize=1000))
    by_files = output(tmp_path / "files.pcap", ring=Limits(filesize=1000), stop=Limits(files=2))
    by_time = output(tmp_path / "time.pcap", ring=Limits(duration=1), stop=Limits(files=2))

    for writer in (by_size, by_files):
        fill(writer, range(100))
        assert writer.done
        writer.close()
    clock.now += 1
    assert (1, False) == (by_time.tick(), by_time.done)
    clock.now += 1
    assert (None, True) == (by_time.tick(), by_time.done)
    by_time.close()

    assert 1000 <= (tmp_path / "size.pcap").stat().st_size < 1116
    numbers = [number for path in sorted(tmp_path.glob("files*")) for number in held(path)]
    assert list(range(len(numbers))) == numbers
    assert [2, 2] == [len([*tmp_path.glob(f"{name}_*")]) for name in ("files", "time")]


def test_the_loop_ends_at_a_limit(tmp_path: Path) -> None:
    """In the middle of a batch: what came after is not written, as with -c."""
    writer = output(tmp_path / "x.pcap", stop=Limits(filesize=1000))

    result = Loop(Fake([f"{n:100}".encode() for n in range(30)]), writer).run()
    writer.close()

    assert list(range(result.captured)) == held(tmp_path / "x.pcap")
    assert 0 < result.captured < 10


def test_the_loop_turns_to_the_next_file_in_time(tmp_path: Path) -> None:
    writer = output(tmp_path / "x.pcap", ring=Limits(duration=0.05), stop=Limits(files=3))
    begin = time.monotonic()

    assert 0 == Loop(Fake(), writer).run().captured
    writer.close()

    assert 0.15 <= time.monotonic() - begin
    assert [[], [], []] == [held(path) for path in sorted(tmp_path.iterdir())]


def test_named_file_is_overwritten_and_numbered_ones_never(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(b"older" * 1000)
    output(path).close()
    assert [] == held(path)

    for _ in "ab":  # two captures begun within the same second
        writer = output(path, ring=Limits(filesize=300))
        fill(writer, range(3))
        writer.close()
    files = sorted(tmp_path.glob("x_*"))
    assert [[0, 1], [2], [0, 1], [2]] == [held(one) for one in files]
    assert ["x_00001", "x_00002", "x_00003", "x_00004"] == [one.stem.rpartition("_")[0] for one in files]


@pytest.mark.parametrize(
    ("write", "stop", "ring", "line"),
    [
        (None, {}, {"duration": 1}, "-b writes several files; name them with -w NAME"),
        ("-", {}, {"filesize": 1000}, "-b writes several files; name them with -w NAME"),
        ("x", {}, {"files": 3}, "add -b filesize:KB or -b duration:S"),
        ("x", {"files": 3}, {}, "-a files:N goes with several files; add -b filesize:KB or -b duration:S"),
    ],
)  # fmt: skip
def test_limits_that_do_not_go_together(
    write: str | None, stop: dict[str, int], ring: dict[str, int], line: str
) -> None:
    with pytest.raises(CaptureError) as caught:
        checked(write, Limits(**stop), Limits(**ring))
    assert line in str(caught.value)


def test_size_of_all_is_that_of_a_file_of_a_ring() -> None:
    """dumpcap -a filesize:KB -b files:N"""
    assert (Limits(), Limits(filesize=5000, files=2)) == checked("x", Limits(filesize=5000), Limits(files=2))


def private(tmp_path: Path, told: list[FileStart]) -> Output:
    """The files of a capture without -w, with little room."""
    folder = os.open(tmp_path, os.O_RDONLY)
    begun = told.append
    writer = Output(
        PrivateFiles(str(tmp_path), folder), ring=Limits(filesize=2000, files=4), frames=lambda: TABLE, begun=begun
    )
    writer.add_interface("nlmon0")
    writer.begin()
    return writer


def test_private_files_are_followed_and_let_go(tmp_path: Path) -> None:
    told: list[FileStart] = []
    writer = private(tmp_path, told)
    ended = threading.Event()
    follower = FileFollower(told, ended.is_set)
    records = iter(follower)
    assert [b"t" * 40, b"u" * 30] == [next(records).data for _ in range(2)]

    fill(writer, range(20))
    assert len(told) == 2
    assert list(range(20)) == [int(next(records).data) for _ in range(20)]  # over the end of the first file
    fill(writer, range(20, 100))  # meanwhile the oldest go, the one that is read among them
    assert 4 == len([*tmp_path.iterdir()])
    writer.close()
    ended.set()
    rest = list(records)

    numbers = [int(record.data) for record in rest]
    gone = next(after for before, after in zip([19, *numbers], numbers, strict=False) if after != before + 1)
    assert numbers[-1] == 99
    assert follower.let_go == 80 - len(numbers) > 0
    assert writer.let_go >= gone - 20
    assert [number + 3 for number in numbers] == [record.number for record in rest]  # two frames of the table, from 1


def test_full_disk_at_a_new_file_keeps_the_older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = output(tmp_path / "x.pcap", ring=Limits(filesize=1000))
    fill(writer, range(5))

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("nldissect.capfile.writer.os.open", full)
    with pytest.raises(FileError, match="No space left on device"):
        fill(writer, range(5, 40))
    monkeypatch.undo()

    (path,) = tmp_path.iterdir()
    numbers = held(path)
    assert list(range(len(numbers))) == numbers and len(numbers) >= 5


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, Control]]:
    """The other end of a capture process's line, and its orders."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
    before = {number: signal.getsignal(number) for number in numbers}
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    yield ours, Control(theirs)
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)
    ours.close()
    theirs.close()


def test_orders_by_signal_and_line(line: tuple[socket.socket, Control]) -> None:
    ours, orders = line
    said: list[str] = []
    orders.statistics, orders.flush = lambda: said.append("counts"), lambda: said.append("flush")

    def obey() -> list[bool]:
        ready = select.select([*orders.files], [], [], 5)[0]
        return [orders.files[one]() for one in ready]

    os.kill(os.getpid(), signal.SIGUSR1)
    assert [False] == obey()
    os.kill(os.getpid(), signal.SIGUSR2)
    assert [False] == obey()
    ours.send(STATISTICS)
    assert [False] == obey()
    assert ["counts", "flush", "counts"] == said
    ours.shutdown(socket.SHUT_WR)
    assert [True] == obey() and orders.stopped


def test_reader_that_sleeps_holds_up_no_end(
    line: tuple[socket.socket, Control], monkeypatch: pytest.MonkeyPatch
) -> None:
    """nldissect capture -w - | (a stopped process)"""
    monkeypatch.setattr("nldissect.capture.control.commands.GRACE", 0.05)
    ours, orders = line
    out, into = os.pipe()
    writer = PcapWriter(InterruptiblePipe(into, orders), name="standard output")
    stopper = threading.Timer(0.1, ours.shutdown, [socket.SHUT_WR])
    stopper.start()

    with pytest.raises(FileError, match="can't write standard output: its reader takes nothing; [0-9]+ records kept"):
        for _ in range(1000):
            writer.write(TIME, b"x" * 1000)
            writer.flush()
    stopper.join()
    os.close(into)
    with open_capture(io.FileIO(out)) as reader:
        assert 10 < len(list(reader)) < 1000


def test_slow_reader_gets_everything(line: tuple[socket.socket, Control]) -> None:
    out, into = os.pipe()
    writer = PcapWriter(InterruptiblePipe(into, line[1]), name="standard output")
    found: list[bytes] = []

    def read() -> None:
        with open_capture(io.FileIO(out)) as reader:
            for record in reader:
                found.append(record.data[:4])

    reading = threading.Thread(target=read)
    reading.start()
    for number in range(300):
        writer.write(TIME, f"{number:04}".encode() * 500)
    writer.flush()
    os.close(into)
    reading.join(20)
    assert [f"{number:04}".encode() for number in range(300)] == found


def test_listener_that_sleeps_hears_of_every_file_later() -> None:
    """The capture process does not wait for it; counts that are stale are left out."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    line = Channel(theirs)
    for number in range(1000):
        line.send("file", {"name": f"{number}"})
        line.send("progress", {"captured": number})
    ours.setblocking(False)
    told = []
    while len(told) < 1000:
        try:
            text = ours.recv(1 << 16).decode()
        except BlockingIOError:
            line.send("progress", {"captured": 0})
            continue
        if text.startswith('["file"'):
            told.append(int(text.split('"')[-2]))
    assert list(range(1000)) == told
    ours.close()
    line.send("end", {})  # nobody there
    theirs.close()
