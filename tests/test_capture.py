"""The capture loop through a source without a device; and what is said when capturing can't start."""

from __future__ import annotations

import errno
import gzip
import io
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nldissect.capture import Capture, Result, doctor, host, nlmon, privileges
from nldissect.capture.loop import Loop, describe, signals_as_file
from nldissect.capture.private import user_namespaces_remedy
from nldissect.capture.source import BATCH, Origin, Take
from nldissect.errors import CaptureError
from nldissect.record import PcapngWriter, PcapWriter, Record, open_capture, writer_for

TIME = 1763930784_636504000


class Fake:
    """Gives frames by batches, one batch a read. Like a ring it is readable while it holds a batch."""

    origins = (Origin("fake"),)
    late = 0

    def __init__(self, *batches: list[bytes], received: int | None = None, dropped: int = 0) -> None:
        self.batches = list(batches)
        self.received = sum(map(len, batches)) + dropped if received is None else received
        self.dropped = dropped
        self._out, self._into = os.pipe()
        os.set_blocking(self._out, False)
        if batches:
            os.write(self._into, b"x" * len(batches))

    def fileno(self) -> int:
        return self._out

    def more(self, batch: list[bytes]) -> None:
        self.batches.append(batch)
        os.write(self._into, b"x")

    def read(self, take: Take) -> int:
        if not self.batches:
            return 0
        os.read(self._out, 1)
        batch = self.batches.pop(0)
        for number, data in enumerate(batch):
            take(TIME + 1000 * number, len(data) + 5, data)
        return len(batch)

    def counts(self) -> tuple[int, int]:
        return self.received, self.dropped

    def close(self) -> None:
        os.close(self._out)
        os.close(self._into)


def written(stream: io.BytesIO) -> list[Record]:
    return list(open_capture(io.BytesIO(stream.getvalue())))


def stopped() -> int:
    """A file that is readable from the start."""
    out, into = os.pipe()
    os.write(into, b"x")
    os.close(into)
    return out


def test_frames_are_written_as_they_are() -> None:
    stream = io.BytesIO()

    result = Loop(Fake([b"one", b"two"], [b"three"]), PcapWriter(stream), count=3).run()

    assert [(TIME, b"one", 8), (TIME + 1000, b"two", 8), (TIME, b"three", 10)] == [
        (record.time, record.data, record.wire_length) for record in written(stream)
    ]
    assert Result(captured=3, received=3, dropped=0) == result


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
    assert Result(captured=3, received=4, dropped=1) == result
    late.join()
    last.join()


def test_frames_that_never_arrive_do_not_hold_the_end_up() -> None:
    result = Loop(Fake(received=7), PcapWriter(io.BytesIO()), stops=(stopped(),)).run()

    assert (0, 7) == (result.captured, result.received)


def test_full_batches_are_read_on_without_waiting() -> None:
    """libpcap holds the rest of a block, and its file is not readable then."""

    class Silent(Fake):
        def read(self, take: Take) -> int:
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
        def read(self, take: Take) -> int:
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


def refusal(**options: object) -> str:
    with pytest.raises(CaptureError) as caught:
        Capture(**options).__enter__()  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_interface_that_is_no_nlmon_device() -> None:
    assert "lo is loopback (type 772), not nlmon; leave out -i and one is made for you" == refusal(interface="lo")


def test_interface_that_is_not_there() -> None:
    assert refusal(interface="nope0").startswith("no interface nope0 here; ")


def test_network_namespace_that_is_not_there() -> None:
    assert "no network namespace nope; see `ip netns list`, or name a pid or a path" == refusal(netns="nope")


def test_user_that_is_not_there() -> None:
    assert "no user nobody-here on this host; see `getent passwd`" == refusal(user="nobody-here")


def test_failed_start_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    refusal(interface="nope0")

    assert [] == list(tmp_path.iterdir())


def test_device_without_privilege() -> None:
    """A process without any capability asks the real kernel."""
    script = (
        "from nldissect.capture import nlmon, privileges\n"
        "privileges.keep_only()\n"
        "try: nlmon.create()\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    ways = f"{host.SUDO}, or `{host.ambient_line()}`"
    assert f"CaptureError making an nlmon device needs CAP_NET_ADMIN; {ways}\n" == told


@pytest.mark.skipif(
    host.nlmon_state() != "absent" or not host.effective_capabilities() >> host.CAP_NET_ADMIN & 1,
    reason="needs a kernel without nlmon, and CAP_NET_ADMIN to be told so",
)
def test_device_on_a_kernel_without_nlmon() -> None:
    release = os.uname().release
    told = refusal()

    assert "nlmon" in told and release in told
    assert "`sudo modprobe nlmon`" in told or "`nldissect read`" in told


def kernel_at(root: Path, *, option: str | None = None, dep: str = "", builtin: str = "", loaded: bool = False) -> Path:
    """The files by which a kernel tells of nlmon."""
    modules = root / "lib/modules" / os.uname().release
    modules.mkdir(parents=True)
    (modules / "modules.dep").write_text(dep)
    (modules / "modules.builtin").write_text(builtin)
    (root / "proc").mkdir()
    if option is not None:
        line = f"CONFIG_NLMON={option}" if option != "n" else "# CONFIG_NLMON is not set"
        (root / "proc/config.gz").write_bytes(gzip.compress(f"CONFIG_NET=y\n{line}\n".encode()))
    if loaded:
        (root / "sys/module/nlmon").mkdir(parents=True)
    return root


EXTRA = "the kernel's extra modules package"


@pytest.mark.parametrize(
    ("files", "state", "reason", "remedy"),
    [
        ({"loaded": True}, "loaded", "makes no device of it", "see `dmesg`"),
        ({"dep": "kernel/net/nlmon.ko.xz:\n"}, "loadable", "module nlmon is not loaded", "run `sudo modprobe nlmon`"),
        ({"dep": "kernel/x.ko: kernel/net/nlmon.ko\n"}, "absent", "knows no nlmon", "try `sudo modprobe nlmon`"),
        ({"builtin": "kernel/drivers/net/nlmon.ko\n"}, "built in", "makes no device of it", "see `dmesg`"),
        ({"option": "y"}, "built in", "makes no device of it", "see `dmesg`"),
        ({"option": "n"}, "absent", "was built without nlmon (CONFIG_NLMON)", None),
        ({"option": "m"}, "absent", "is not installed", f"install {EXTRA}, then `sudo modprobe nlmon`"),
        ({}, "absent", "knows no nlmon", "try `sudo modprobe nlmon`"),
    ],
)  # fmt: skip
def test_what_the_kernel_tells_of_nlmon(
    tmp_path: Path, files: dict[str, object], state: str, reason: str, remedy: str | None
) -> None:
    root = kernel_at(tmp_path, **files)  # type: ignore[arg-type]

    assert state == host.nlmon_state(root)
    told, line = host.kernel_lacks_nlmon(root)
    assert reason in told
    assert remedy == line


def test_other_refusals_keep_the_kernel_s_words() -> None:
    told = str(nlmon.refused(OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))))

    assert "making an nlmon device failed: No buffer space available; see `nldissect doctor`" == told


def test_final_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.delenv("SUDO_UID", raising=False)
    nobody = privileges.final_user("nobody")
    assert nobody is not None and "nobody" == nobody.pw_name
    assert privileges.final_user(None) is None
    assert privileges.final_user("root") is None

    monkeypatch.setenv("SUDO_UID", str(nobody.pw_uid))
    assert nobody == privileges.final_user(None)
    assert privileges.final_user("root") is None
    for odd in ("0", "", "4294967294", "me"):
        monkeypatch.setenv("SUDO_UID", odd)
        assert privileges.final_user(None) is None

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert privileges.final_user(None) is None
    with pytest.raises(CaptureError, match="becoming user nobody needs root; use sudo, or leave out --user"):
        privileges.final_user("nobody")


def test_doctor_looks_at_everything() -> None:
    checks = doctor.checks()

    names = ["kernel", "netlink", "nlmon", "groups", "CAP_NET_ADMIN", "CAP_NET_RAW", "user namespaces", "pcapy"]
    assert [*names, "devices", "leftovers", "room", "wireshark"] == [check.name for check in checks]
    told = {check.name: check for check in checks}
    assert os.uname().release in told["kernel"].text
    assert told["netlink"].ok
    assert "libpcap version" in told["pcapy"].text
    assert (host.nlmon_state() != "absent") == told["nlmon"].ok
    assert (host.effective_capabilities() >> host.CAP_NET_RAW & 1 == 1) == told["CAP_NET_RAW"].ok
    assert all("\n" not in check.text for check in checks)


def test_doctor_without_capabilities() -> None:
    script = (
        "from nldissect.capture import doctor, privileges\n"
        "privileges.keep_only()\n"
        "print(*((c.name, c.ok, c.remedy) for c in doctor.checks() if c.name.startswith('CAP')), sep='\\n')\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    line = f"{host.SUDO}, or `{host.ambient_line()}`"
    assert f"{('CAP_NET_ADMIN', False, line)}\n{('CAP_NET_RAW', False, line)}\n" == told


APPARMOR = "apparmor_restrict_unprivileged_userns"


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
        (f"kernel/{APPARMOR}", "1", f"sudo sysctl -w kernel.{APPARMOR}=0"),
        ("user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=10000"),
        ("user/max_user_namespaces", "63449", None),
    ],
)  # fmt: skip
def test_what_forbids_user_namespaces(tmp_path: Path, name: str, value: str, line: str | None) -> None:
    path = tmp_path / "proc/sys" / name
    path.parent.mkdir(parents=True)
    path.write_text(value + "\n")

    assert line == user_namespaces_remedy(tmp_path)


class Timed(Fake):
    """Frames with times of their own: (seconds after TIME, bytes)."""

    def __init__(self, name: str, *batches: list[tuple[float, bytes]], late: int = 0) -> None:
        super().__init__(*([data for _, data in batch] for batch in batches))
        self.origins = (Origin(name, netns=name),)
        self.late = late
        self._times = [[TIME + int(second * 1e9) for second, _ in batch] for batch in batches]

    def read(self, take: Take) -> int:
        times = iter(self._times.pop(0) if self._times else ())
        return super().read(lambda stamp, wire, data, *_: take(next(times), wire, data))


def merged(*sources: Timed, count: int | None = None, stops: tuple[int, ...] = ()) -> list[Record]:
    stream = io.BytesIO()
    stream.close = lambda: None  # type: ignore[method-assign]
    writer = PcapngWriter(stream)
    for source in sources:
        describe(writer, source.origins[0])
    result = Loop(sources, writer, count=count, stops=stops).run()
    writer.close()
    records = written(stream)
    assert len(records) == result.captured
    assert [(source.origins[0].name, *source.counts()) for source in sources] == result.sources
    return records


def test_several_sources_are_merged_by_time() -> None:
    one = Timed("one", [(0, b"a"), (3, b"d"), (4, b"e")])
    other = Timed("other", [(1, b"b"), (2, b"c"), (5, b"f")])
    records = merged(one, other, count=6)
    assert [b"a", b"b", b"c", b"d", b"e", b"f"] == [record.data for record in records]
    assert ["one@one", "other@other", "other@other", "one@one", "one@one", "other@other"] == [
        record.interface.name for record in records
    ]
    assert ["one", "other"] == [records[place].interface.space for place in (0, 1)]


def test_a_frame_waits_for_those_that_are_still_on_their_way() -> None:
    """The kernel hands over a block of a device's ring some time after the first frame in it."""
    now = (time.time_ns() - TIME) / 1e9
    device = Timed("device", late=3600_000_000_000)
    group = Timed("group", [(now, b"later")])

    def come() -> None:
        device._times.append([TIME + int((now - 1) * 1e9)])
        device.more([b"earlier"])

    thread = threading.Timer(0.2, come)
    thread.start()
    records = merged(group, device, count=2)
    thread.join()
    assert [b"earlier", b"later"] == [record.data for record in records]


def test_a_frame_waits_for_a_source_that_is_behind() -> None:
    """A full batch may be followed by more: until that is read, nothing later than its last frame is written."""
    behind = Timed("behind", [(number / 1e6, b"behind") for number in range(BATCH)], [(1, b"behind")])
    ahead = Timed("ahead", [(0.5, b"ahead")])
    records = merged(ahead, behind, count=BATCH + 2)
    assert [b"behind"] * BATCH + [b"ahead", b"behind"] == [record.data for record in records]


def test_a_clock_that_stepped_back_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps of the time to come are written all the same, when they have waited long enough."""
    monkeypatch.setattr("nldissect.capture.loop.LONGEST", 0.05)
    later = 3600 + (time.time_ns() - TIME) / 1e9
    records = merged(Timed("one", [(later, b"a")]), Timed("other", [(later + 1, b"b")]), count=2)
    assert [b"a", b"b"] == [record.data for record in records]


def test_what_waits_is_written_at_the_end() -> None:
    later = 3600 + (time.time_ns() - TIME) / 1e9
    records = merged(Timed("one", [(later, b"a")]), Timed("other", []), stops=(stopped(),))
    assert [b"a"] == [record.data for record in records]


def test_our_own_traffic_is_marked() -> None:
    def frame(protocol: int, port: int) -> bytes:
        return bytes(14) + protocol.to_bytes(2, "big") + bytes(12) + port.to_bytes(4, sys.byteorder)

    frames = [frame(4, 77), frame(4, 78), frame(0, 77), b"short"]
    stream = io.BytesIO()
    stream.close = lambda: None  # type: ignore[method-assign]
    own = {(4).to_bytes(2, "big") + (77).to_bytes(4, sys.byteorder)}
    writer = PcapngWriter(stream)
    assert 3 == Loop(Fake(frames), writer, count=3, own=own).run().captured  # what is our own does not count
    writer.close()
    assert [True, False, False, False] == [record.own for record in written(stream)]


def test_the_end_waits_for_all_that_was_there() -> None:
    """However long that takes to read: as long as it goes on, the end is not there."""

    class Slow(Fake):
        late = 1

        def read(self, take: Take) -> int:
            time.sleep(0.05)
            return super().read(take)

    batches = [[b"x"] * BATCH] * 5 + [[b"x"]]
    stream = io.BytesIO()
    result = Loop(Slow(*batches), PcapWriter(stream), stops=(stopped(),)).run()
    assert 5 * BATCH + 1 == result.captured == len(written(stream))
