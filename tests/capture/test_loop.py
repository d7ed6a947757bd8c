"""The capture loop through a source without a device: what it writes, and what ends it."""

from __future__ import annotations

import io
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nldissect.capfile import PcapngWriter, PcapWriter, open_capture, writer_for
from nldissect.capture import Result
from nldissect.capture.loop import Loop, signals_as_file
from nldissect.capture.own_frames import SentRequests, socket_key
from nldissect.capture.source import BATCH, OnFrame
from nldissect.commands import parser
from nldissect.commands.capture.command import _print_counts, shows_messages
from nldissect.commands.reading import check_display_options
from nldissect.errors import CaptureError, NldissectError
from tests.helpers.fake_source import TIME, Fake, stopped, written


def test_frames_are_written_as_they_are() -> None:
    stream = io.BytesIO()

    result = Loop(Fake([b"one", b"two"], [b"three"]), PcapWriter(stream), count=3).run()

    assert [(TIME, b"one", 8), (TIME + 1000, b"two", 8), (TIME, b"three", 10)] == [
        (record.time, record.data, record.wire_length) for record in written(stream)
    ]
    assert Result(captured=3, received=3, dropped=0, cut=3, missing=15) == result


def test_frames_can_be_read_while_the_loop_runs(tmp_path: Path) -> None:
    source = Fake()
    out, into = os.pipe()
    writer = writer_for(tmp_path / "x.pcap")
    writer.flush()
    thread = threading.Thread(target=Loop(source, writer, stops=(out,)).run)
    thread.start()
    reader = open_capture(tmp_path / "x.pcap")

    for frame in (b"one", b"two"):
        source.more([frame])
        while not (records := list(reader)):
            assert thread.is_alive()
        assert [frame] == [record.data for record in records]
    os.close(into)
    thread.join(20)
    assert not thread.is_alive()


def test_count_ends_it_inside_a_batch() -> None:
    stream = io.BytesIO()

    result = Loop(Fake([b"one", b"two", b"three"]), PcapWriter(stream), count=2).run()

    assert [b"one", b"two"] == [record.data for record in written(stream)]
    assert 2 == result.captured


def test_duration_ends_it_without_traffic() -> None:
    assert Result() == Loop(Fake(), PcapWriter(io.BytesIO()), duration=0.02).run()


def test_frames_that_arrive_after_the_stop_are_written() -> None:
    """The kernel counted them before the stop, and hands its block over up to a block's time later."""
    source, stream = Fake(received=4, dropped=1), io.BytesIO()
    late = threading.Timer(0.03, source.more, [[b"late", b"later"]])
    last = threading.Timer(0.04, source.more, [[b"last"]])
    late.start()
    last.start()

    result = Loop(source, PcapWriter(stream), stops=(stopped(),)).run()

    assert [b"late", b"later", b"last"] == [record.data for record in written(stream)]
    assert Result(captured=3, received=4, dropped=1, cut=3, missing=15) == result
    late.join()
    last.join()


def test_frames_that_never_arrive_do_not_hold_the_end_up() -> None:
    result = Loop(Fake(received=7), PcapWriter(io.BytesIO()), stops=(stopped(),)).run()

    assert (0, 7) == (result.captured, result.received)


def test_full_batches_are_read_on_without_waiting() -> None:
    """libpcap holds the rest of a block, and its file is not readable then."""

    class Silent(Fake):
        def read(self, take: OnFrame) -> int:
            if len(self.batches) < 3:
                os.write(self._into, b"x")
            return super().read(take)

    source, stream = Silent([b"x"] * BATCH, [b"y"] * BATCH, [b"z"]), io.BytesIO()
    os.read(source.fileno(), 2)
    begin = time.monotonic()

    result = Loop(source, PcapWriter(stream), count=2 * BATCH + 1).run()

    assert 2 * BATCH + 1 == result.captured
    assert time.monotonic() - begin < 0.9  # the loop wakes up once a second anyway


@pytest.fixture
def handlers() -> Iterator[list[signal.Signals]]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield [*before]
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_it(handlers: list[signal.Signals], number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)
    stop = signals_as_file(*handlers)
    os.kill(os.getpid(), number)

    assert Result() == Loop(Fake(), PcapWriter(io.BytesIO()), stops=(stop,)).run()


def test_ignored_signal_stays_ignored(handlers: list[signal.Signals]) -> None:
    """nohup nldissect capture"""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop = signals_as_file(*handlers)
    os.kill(os.getpid(), signal.SIGHUP)

    assert [] == select.select([stop], [], [], 0)[0]


def test_full_disk_ends_it_and_is_told() -> None:
    result = Loop(Fake([b"one"]), writer_for("/dev/full")).run()

    assert "can't write /dev/full: No space left on device; 0 records kept in it" == result.error


def test_reader_of_our_output_that_leaves_ends_it_quietly() -> None:
    out, into = os.pipe()
    os.close(out)

    result = Loop(Fake([b"one"]), PcapWriter(io.FileIO(into, "w"))).run()

    assert result.error is None


def test_lost_device_ends_it_and_what_came_before_is_kept() -> None:
    class Lost(Fake):
        def read(self, take: OnFrame) -> int:
            if not self.batches:
                raise CaptureError("nlmon0: The interface disappeared; was the device removed?")
            return super().read(take)

    stream = io.BytesIO()
    source = Lost([b"one"])
    os.write(source._into, b"x")

    result = Loop(source, PcapWriter(stream)).run()

    assert "nlmon0: The interface disappeared; was the device removed?" == result.error
    assert [b"one"] == [record.data for record in written(stream)]


def test_counts_are_reported_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nldissect.capture.loop.REPORT_EVERY", 0.0)
    reports: list[tuple[int, int, int]] = []

    def report(result: Result) -> None:
        reports.append((result.captured, result.received, result.dropped))

    Loop(Fake([b"one"], [b"two"], dropped=6), PcapWriter(io.BytesIO()), count=2, report=report).run()

    assert [(0, 8, 6), (1, 8, 6)] == reports


def test_our_own_traffic_is_marked() -> None:
    def frame(protocol: int, port: int) -> bytes:
        return bytes(14) + protocol.to_bytes(2, "big") + bytes(12) + port.to_bytes(4, sys.byteorder)

    frames = [frame(4, 77), frame(4, 78), frame(0, 77), b"short"]
    stream = io.BytesIO()
    stream.close = lambda: None  # type: ignore[method-assign]
    own = {socket_key(4, 77): SentRequests(sequences=None)}
    writer = PcapngWriter(stream)
    assert 3 == Loop(Fake(frames), writer, count=3, own=own).run().captured  # what is our own does not count
    writer.close()
    assert [True, False, False, False] == [record.own for record in written(stream)]


def test_the_end_waits_for_all_that_was_there() -> None:
    """However long that takes to read: as long as it goes on, the end is not there."""

    class Slow(Fake):
        late = 1

        def read(self, take: OnFrame) -> int:
            time.sleep(0.05)
            return super().read(take)

    batches = [[b"x"] * BATCH] * 5 + [[b"x"]]
    stream = io.BytesIO()
    result = Loop(Slow(*batches), PcapWriter(stream), stops=(stopped(),)).run()
    assert 5 * BATCH + 1 == result.captured == len(written(stream))


def test_frames_of_our_own_stand_in_the_order_of_time() -> None:
    """The source is behind: a frame of our own, put later, is written before those of the source that come after it."""
    stream = io.BytesIO()
    stream.close = lambda: None  # type: ignore[method-assign]
    writer = PcapngWriter(stream)
    loop = Loop(Fake([b"first", b"second", b"third"]), writer, count=3)
    writer.add_interface("nlmon")
    number = writer.add_interface("processes")
    for name, stamp in ((b"own, last", TIME + 1_000_000), (b"own, between", TIME + 500)):
        loop.put(stamp, name, number, ["nldissect: own"])
    loop.run()
    loop.put_held()
    writer.close()
    expected = [b"first", b"own, between", b"second", b"third", b"own, last"]
    assert expected == [record.data for record in written(stream)]


@pytest.mark.parametrize(
    "shown, arguments",
    [
        (True, ""),
        (True, "-w x.pcapng --print"),
        (True, "-w x.pcapng -Y error"),
        (True, "-w x.pcapng -T text"),
        (True, "-w x.pcapng -T ndjson"),
        (True, "-w x.pcapng -T fields -e error"),
        (True, "-w x.pcapng -V"),
        (True, "-w x.pcapng -x"),
        (False, "-w x.pcapng"),
        (False, "-w x.pcapng -t a"),
        (False, "-w x.pcapng -Y error -q"),
        (False, "-w -"),
    ],
)
def test_what_is_written_is_shown_where_a_view_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, shown: bool, arguments: str
) -> None:
    """On a pipe, as a script has it."""
    monkeypatch.setattr("sys.stdout", io.StringIO())
    options = parser().parse_args(["capture", *arguments.split()])
    check_display_options(options)
    assert shown is shows_messages(options)


@pytest.mark.parametrize(
    "arguments, words",
    [("--print -q", "-q shows nothing"), ("--print -w -", "leave out --print"), ("-Y error -w -", "-f limits")],
)
def test_a_view_that_can_not_be_is_refused(arguments: str, words: str) -> None:
    with pytest.raises(NldissectError, match=words):
        check_display_options(parser().parse_args(["capture", *arguments.split()]))


def test_the_line_at_the_end_reads_as_no_loss(capsys: pytest.CaptureFixture[str]) -> None:
    """660 of 696 frames that the kernel gave, the others our own."""
    _print_counts(Result(captured=660, received=696, own=57))
    expected = "nldissect: 660 captured, 0 dropped by kernel, 57 more of the capture itself (--own shows them)\n"
    assert expected == capsys.readouterr().err
