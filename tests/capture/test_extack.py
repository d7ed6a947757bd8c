"""The tracepoint netlink:netlink_extack: its lines, joined to refusals, kept in files, shown; and on a real kernel."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from nldissect.capfile import PcapngWriter
from nldissect.capture.extack import tracepoint
from nldissect.capture.extack.join import ExtackMatcher, ExtackSource
from nldissect.capture.extack.tracepoint import ExtackText
from nldissect.errors import CaptureError
from tests.helpers.cli import complaint, run
from tests.helpers.skips import missing_programs

TRACE = """\
         python3-16684   [000] ..... 14259.319815: netlink_extack: msg=Nexthop has invalid gateway
 a name-with -x-99      [001] d..1. 15.000001: netlink_extack: msg=Unknown device type
      ip-7     (      7) [001] ..... 16.5: netlink_extack: msg=x: y = z
CPU:1 [LOST 12 EVENTS]
          <...>-8       [001] ..... 17.000000: sched_switch: prev_comm=x
"""
"""The first is real, of Linux 6.18; the others after kernel/trace/trace_output.c, with record-tgid in the third."""

COOKED = struct.pack(">HHHQH", 4, 824, 0, 0, 0)
SECOND = 10**9


def request(sequence: int = 1, flags: int = 5, port: int = 0, extra: bytes = b"") -> bytes:
    return COOKED + struct.pack("=IHHII", 32 + len(extra), 16, flags, sequence, port) + bytes(16) + extra


def refusal(of: bytes, error: int = 22, port: int = 700, flags: int = 0) -> bytes:
    head = of[16:32]
    return COOKED + struct.pack("=IHHIIi", 36, 2, flags, int.from_bytes(head[8:12], sys.byteorder), port, -error) + head


def test_lines() -> None:
    assert [
        ExtackText(14_259_319_815_000, 16684, "python3", "Nexthop has invalid gateway"),
        ExtackText(15_000_001_000, 99, "a name-with -x", "Unknown device type"),
        ExtackText(16_500_000_000, 7, "ip", "x: y = z"),
    ] == list(tracepoint.parse(TRACE))


@pytest.mark.parametrize(
    ("told", "task", "expected"),
    [
        ([ExtackText(150, 700, "ip", "a")], None, ["nldissect: extack a ip[700]"]),
        ([ExtackText(150, 7, "ip", "a"), ExtackText(160, 7, "ip", "b c")], None, ["nldissect: extack b%20c ip[7]"]),
        ([ExtackText(150, 7, "ip", "a"), ExtackText(160, 8, "tc", "b")], None, []),  # whose?
        ([ExtackText(150, 7, "ip", "a"), ExtackText(160, 700, "tc", "b")], None, ["nldissect: extack b tc[700]"]),
        ([ExtackText(150, 7, "ip", "a"), ExtackText(160, 8, "tc", "b")], 7, ["nldissect: extack a ip[7]"]),
        ([ExtackText(150, 7, "ip", "a")], 8, []),
        ([ExtackText(99, 7, "ip", "a")], None, []),
        ([ExtackText(201, 7, "ip", "a")], None, []),
        ([], None, []),
    ],
)
def test_words_between_request_and_refusal_are_about_it(
    told: list[ExtackText], task: int | None, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nldissect.capture.extack.join.SLACK", 0)
    joiner = ExtackMatcher()
    joiner.add_text(told)

    assert [] == joiner.match(100, request(), task)
    assert expected == joiner.match(200, refusal(request()), 12345)


def test_what_gets_no_words() -> None:
    """Acks, refusals that carry words, refusals of what was not seen; and the same words twice."""
    joiner = ExtackMatcher()
    joiner.match(100, request())
    joiner.add_text([ExtackText(150, 7, "ip", "a")])

    assert [] == joiner.match(200, refusal(request(), 0))
    assert [] == joiner.match(200, refusal(request(), flags=0x200))
    assert [] == joiner.match(200, refusal(request(9)))
    assert [] == joiner.match(200, COOKED) == joiner.match(200, b"") == joiner.match(200, refusal(request())[:38])
    assert 1 == len(joiner.match(200, refusal(request())))
    assert [] == joiner.match(200, refusal(request()))


def test_a_dump_that_is_refused_and_a_batch() -> None:
    joiner = ExtackMatcher()
    joiner.add_text([ExtackText(150_000, 7, "ip", "a"), ExtackText(450_000, 7, "nft", "b")])
    joiner.match(100_000, request(3, 0x301))
    done = COOKED + struct.pack("=IHHIIi", 20, 3, 2, 3, 700, -22)
    assert ["nldissect: extack a ip[7]"] == joiner.match(200_000, done)

    joiner.match(400_000, request(4) + request(5)[16:] + request(6)[16:])
    assert ["nldissect: extack b nft[7]"] == joiner.match(500_000, refusal(request(5)))


class Fake:
    """A source of two frames and a tracepoint that speaks between them."""

    origins, late = (), 0

    def read(self, take: Callable[..., None] | None = None) -> Any:
        if take is None:
            return [ExtackText(150, 7, "ip", "a")]
        take(100, 48, request())
        take(200, 52, refusal(request()), 0, ["said before"])
        return 2

    def fileno(self) -> int:
        return 5

    def counts(self) -> tuple[int, int]:
        return 2, 0

    def close(self) -> None:
        pass


def test_a_source_with_words() -> None:
    taken: list[tuple[int, Sequence[str]]] = []
    source = ExtackSource(Fake(), Fake())  # type: ignore[arg-type]
    count = source.read(lambda stamp, wire, data, origin=0, comments=(), /: taken.append((stamp, list(comments))))

    assert (2, 5, (2, 0)) == (count, source.fileno(), source.counts())
    assert [(100, []), (200, ["said before", "nldissect: extack a ip[7]"])] == taken


def written(path: Path, count: int) -> None:
    """`count` refusals of as many requests, the last with words, and one of another request that says its own."""
    stream = io.BytesIO()
    writer = PcapngWriter(stream)
    filler = struct.pack("=HH", 804, 20) + b"x" * 800  # IFLA_IFALIAS
    for number in range(count):
        words = ["nldissect: extack Nexthop%20has%20invalid%20gateway ip[7]"] if number == count - 1 else []
        writer.write(SECOND + number, request(number + 1, extra=filler))
        writer.write(SECOND + number, refusal(request(number + 1, extra=filler)), None, words)
    writer.flush()
    path.write_bytes(stream.getvalue())


def read(*arguments: str, stdin: bytes | None = None) -> str:
    return run(*arguments, stdin=stdin).stdout.decode()


def test_words_are_shown_and_found_in_small_and_in_large_files(tmp_path: Path) -> None:
    """Files of a megabyte are read by columns: the same lines and objects come out."""
    small, large = tmp_path / "small.pcapng", tmp_path / "large.pcapng"
    written(small, 2)
    written(large, 1200)
    ends = "EINVAL (Invalid argument) for RTM_NEWLINK: Nexthop has invalid gateway (tracepoint)"

    assert [False, False, False, True] == [line.endswith(ends) for line in read("read", str(small)).splitlines()]
    shown = read("read", str(large))
    assert 1 == shown.count("(tracepoint)")
    assert shown == read("read", "-", stdin=large.read_bytes())
    assert 1 == read("read", str(large), "-T", "ndjson").count('"tracepoint":"Nexthop')
    objects = [json.loads(line) for line in read("read", str(small), "-T", "ndjson").splitlines()]
    assert [None, "Nexthop has invalid gateway"] == [
        one["layers"]["nlmsgerr"].get("tracepoint") for one in objects if "nlmsgerr" in one["layers"]
    ]
    for path in (small, large):
        found = read("read", str(path), "-Y", 'extack contains "gateway"', "-T", "fields", "-e", "extack")
        assert "Nexthop has invalid gateway\n" == found
        assert 'Invalid argument: "Nexthop has invalid gateway"' in read("stats", str(path), "errors")
    assert '"Nexthop has invalid gateway"' in read("exchanges", str(small))


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tracepoint, "ROOTS", (tmp_path / "a", tmp_path / "b"))
    monkeypatch.setattr(tracepoint, "FILESYSTEMS", tmp_path / "filesystems")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (tmp_path / "filesystems").write_text("nodev\tproc\n")
    with pytest.raises(CaptureError, match="has no tracepoints .CONFIG_FTRACE.; leave --extack out"):
        tracepoint.root()
    (tmp_path / "filesystems").write_text("nodev\ttracefs\n")
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 1000)
        with pytest.raises(CaptureError, match="root alone may; use sudo"):
            tracepoint.root()
    with pytest.raises(CaptureError, match="run `mount -t tracefs tracefs /sys/kernel/tracing`"):
        tracepoint.root()
    (tmp_path / "b/events").mkdir(parents=True)
    with pytest.raises(CaptureError, match="has no tracepoint netlink:netlink_extack; leave --extack out"):
        tracepoint.root()
    (tmp_path / "b" / tracepoint.EVENT).mkdir(parents=True)
    assert tmp_path / "b" == tracepoint.root()
    (tmp_path / "b/instances/nldissect-4194304").mkdir(parents=True)
    (tmp_path / f"b/instances/nldissect-{os.getpid()}").mkdir()
    (tmp_path / "b/instances/theirs").mkdir()
    tracepoint.remove_leftovers(tmp_path / "b")
    assert {f"nldissect-{os.getpid()}", "theirs"} == {one.name for one in (tmp_path / "b/instances").iterdir()}


def test_groups_show_no_refusals() -> None:
    told = "nldissect: --extack is about refusals, which no group shows; add -i nlmon, or leave it out"
    assert told == complaint("capture", "-g", "route/link", "--extack")


def test_clocks() -> None:
    """The same moment by both clocks, to some milliseconds even on a machine with much to do."""
    assert abs(time.monotonic_ns() + tracepoint.since_boot() - time.time_ns()) < SECOND


IN_TRACEFS = ["unshare", "--mount", "sh", "-c", 'mount -t tracefs tracefs /sys/kernel/tracing && exec "$@"', "-"]
"""Runs a command where tracefs is mounted, for this command alone."""


def no_tracepoint() -> str:
    """Return why the tracepoint can't be had on this host; "" if it can."""
    if reason := missing_programs("unshare"):
        return reason
    event = f"/sys/kernel/tracing/{tracepoint.EVENT}"
    told = subprocess.run([*IN_TRACEFS, "test", "-d", event], capture_output=True, text=True, check=False)
    return f"this host: no tracepoint netlink_extack {told.stderr.strip()}" if told.returncode else ""


@pytest.mark.skipif(bool(no_tracepoint()), reason=no_tracepoint())
def test_a_real_kernel_says_why_to_a_program_that_never_asked() -> None:
    """No NETLINK_EXT_ACK: the refusal is a bare errno, and the words come from the tracepoint."""
    asks = """
import socket, struct
kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
gateway = struct.pack("=HH4sHH4s", 8, 1, bytes([1, 2, 3, 4]), 8, 5, bytes([240, 9, 9, 9]))
kernel.send(struct.pack("=IHHIIBBBBBBBBI", 44, 24, 0x605, 1, 0, 2, 32, 0, 0, 254, 3, 0, 1, 0) + gateway)
kernel.recv(8192)
"""
    program = f"""
import subprocess, sys
from pathlib import Path
from nldissect.capture.extack import tracepoint
from nldissect.capture.janitor import Janitor
instance = tracepoint.Tracepoint()
with Janitor(instance.remove):
    assert instance.path.is_dir()
    instance.close()
assert not instance.path.exists()
asks = [sys.executable, "-S", "-I", "-c", {asks!r}]
subprocess.run([sys.executable, "-m", "nldissect", "run", "--extack", "--", *asks], check=True)
left = (tracepoint.root() / "instances").iterdir()
print([one.name for one in left if not Path("/proc", one.name.partition("-")[2]).exists()])
"""
    ours = [*IN_TRACEFS, sys.executable, "-c", program]
    done = subprocess.run(ours, capture_output=True, text=True, check=True)

    assert "for RTM_NEWROUTE: Nexthop has invalid gateway (tracepoint)\n" in done.stderr
    assert "[]" == done.stdout.splitlines()[-1]
