"""Statistics: messages over time."""

from __future__ import annotations

import struct
from collections import Counter
from pathlib import Path

import pytest

from tests.helpers.cli import lines
from tests.helpers.messages import REQUEST, ROUTE, error, frame, link, write
from tests.helpers.pcap_bytes import SECONDS, block, described, packet, section
from tests.helpers.stats import MS, START, at_times, rate_of, stats


def test_rate_in_round_buckets(tmp_path: Path) -> None:
    """A message each 10 ms for a second: 50 ms is the first round step that makes 40 lines or fewer."""
    rate = rate_of(at_times(tmp_path / "even.pcap", *range(0, 1_000_001, 10_000)))
    assert 50 * MS == rate.step
    assert [(50 * MS * place, 5, 160) for place in range(20)] + [(1000 * MS, 1, 32)] == [
        (bucket.start, bucket.messages, bucket.bytes) for bucket in rate.buckets
    ]
    found = stats(tmp_path / "even.pcap", "rate")["rate"]
    assert ("0.050000000", 0) == (found["step"], found["timeless"])
    assert {"start": "0.950000000", "messages": 5, "bytes": 160, "directions": {"notification": 5},
            "messages_per_second": 100, "bytes_per_second": 3200} == found["buckets"][19]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "step", "count"),
    [(1, 1_000, 2), (39, 1_000, 40), (40, 2_000, 21), (79, 2_000, 40), (80, 5_000, 17), (199, 5_000, 40),
     (200, 10_000, 21), (3_600_000_000, 100 * 10**9, 37), (86400 * 365 * 10**6, 10**15, 32)],
)  # fmt: skip
def test_rate_takes_the_smallest_round_step_with_40_lines(tmp_path: Path, last: int, step: int, count: int) -> None:
    """Times in microseconds; no bucket is narrower than one."""
    rate = rate_of(at_times(tmp_path / "span.pcap", 0, last))
    assert (step, count) == (rate.step, len(rate.buckets))
    assert (1, 1) == (rate.buckets[0].messages, rate.buckets[-1].messages)
    assert 2 == sum(bucket.messages for bucket in rate.buckets)


def test_rate_widens_its_buckets_without_losing_a_message(tmp_path: Path) -> None:
    """Microseconds first, then minutes, in many windows."""
    times = [*range(500), *range(10**6, 10**9, 10**6)]
    rate = rate_of(at_times(tmp_path / "wide.pcap", *times), window=4096)
    assert 50 * 10**9 == rate.step
    wanted = Counter(time // (50 * 10**6) for time in times)
    assert [wanted[place] for place in range(20)] == [bucket.messages for bucket in rate.buckets]


def test_rate_counts_directions(tmp_path: Path) -> None:
    request = link(1, flags=REQUEST, seq=1)
    path = write(tmp_path / "ways.pcap", frame(ROUTE, request), frame(ROUTE, error(0, request)), frame(ROUTE, link(1)))
    rate = rate_of(path)
    assert (1, 1, 1, 0) == tuple(map(sum, zip(*(bucket.directions for bucket in rate.buckets), strict=True)))


def test_rate_where_times_go_back(tmp_path: Path) -> None:
    rate = rate_of(at_times(tmp_path / "back.pcap", 1000, 2000, 0))
    assert (-1 * MS, 1 * MS) == (rate.buckets[0].start, rate.buckets[-1].start)
    found = stats(tmp_path / "back.pcap")["overview"]
    assert (f"{SECONDS}.000000", f"{SECONDS}.002000", 1) == (found["first"], found["last"], found["backwards"])
    assert "1 frame earlier than the one before" in "\n".join(lines("stats", tmp_path / "back.pcap"))


def test_rate_where_all_times_are_one(tmp_path: Path) -> None:
    for count in (1, 3):
        path = at_times(tmp_path / "one.pcap", *[5] * count)
        rate = rate_of(path)
        assert (None, [count]) == (rate.step, [bucket.messages for bucket in rate.buckets])
        (bucket,) = stats(path, "rate")["rate"]["buckets"]
        assert "messages_per_second" not in bucket
        assert ["time", "messages", "bytes", "*"] == lines("stats", path, "rate")[0].split()


def test_frames_without_a_time_are_counted_apart(tmp_path: Path) -> None:
    """Simple Packet Blocks of pcapng carry none."""
    data = frame(ROUTE, link(1))
    simple = block(3, struct.pack("<I", len(data)) + data)
    mixed = tmp_path / "mixed.pcapng"
    mixed.write_bytes(section() + described() + simple + packet(data, START // 1000) + simple)
    rate = rate_of(mixed)
    assert (2, [1]) == (rate.timeless, [bucket.messages for bucket in rate.buckets])
    assert 2 == stats(mixed)["overview"]["timeless"]
    none = tmp_path / "none.pcapng"
    none.write_bytes(section() + described() + simple)
    found = stats(none)
    assert {"timeless": 1, "buckets": []} == found["rate"]
    assert "first" not in found["types"][0] and "first" not in found["overview"]
    text = lines("stats", none)
    assert "Time        frames carry none" in text
    assert "no messages with a time" in text


def test_the_longest_bar_is_the_busiest_line(tmp_path: Path) -> None:
    path = at_times(tmp_path / "bars.pcap", *[0] * 8, *[1000] * 4, *[2000])
    text = lines("stats", path, "rate")
    bars = [line.count("█") for line in text if "█" in line]
    assert (bars[0], bars[0]) == (2 * bars[1], 8 * bars[2])
    assert 80 == max(map(len, text))
    assert bars == [line.count("#") for line in lines("stats", path, "rate", PYTHONIOENCODING="ascii") if "#" in line]
